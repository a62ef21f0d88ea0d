"""Members find a document among many, by its tag, its title, a heading or its words."""

from __future__ import annotations

import simcord

from tests.bot.world import World, raw, response, text

_POOL = (
    "---\ntitle: House rules of the pool\nlanguage: en\ntags: [rules, sport]\n---\n\n"
    "## Lockers\n\nEvery locker takes a coin of one euro, which comes back when it is emptied.\n\n"
    "## Goggles\n\nLost goggles are kept at the desk for three weeks."
)
_CHOIR = (
    "---\ntitle: Statuts de la chorale\nlanguage: fr\ntags: statuts, musique\n---\n\n"
    "## Cotisation\n\nLa cotisation est de trente euros par an, payable à la rentrée."
)


async def _filled(world: World, mo: simcord.MemberActor) -> None:
    for name, content in (("pool.md", _POOL), ("chorale.md", _CHOIR)):
        await mo.slash(world.channel, "knowledge add", file=(name, content.encode()))


async def test_three_taps_lead_from_topics_to_a_passage(
    world: World, mo: simcord.MemberActor
) -> None:
    await _filled(world, mo)
    listed = await world.zoe.slash(world.channel, "topics")
    assert "House rules of the pool" in text(listed) and "Statuts de la chorale" in text(listed)
    assert "Étiquettes" in text(listed)
    narrowed = await world.zoe.slash(world.channel, "topics", tag="SPORT")
    assert "House rules" in text(narrowed) and "chorale" not in text(narrowed)
    opened = await world.zoe.click(response(narrowed), label="Ouvrir")
    assert "Lockers" in text(opened) and "Goggles" in text(opened)
    newest = await world.zoe.click(response(listed), label="Les plus récents d’abord")
    assert "Les plus cités d’abord" in str(raw(newest))


async def test_topics_are_searched_while_somebody_types(
    world: World, mo: simcord.MemberActor
) -> None:
    await _filled(world, mo)
    for typed in ("house r", "RULES", "goggl", "coin of one euro"):
        (first, *_) = await world.ann.autocomplete(world.channel, "topics", "search", typed)
        assert first["name"] == "House rules of the pool", typed
    opened = await world.ann.slash(world.channel, "topics", search=first["value"])
    assert "Lockers" in text(opened)
    unknown = await world.zoe.slash(world.channel, "topics", search="xyzzy")
    assert "Aucun document n’a «\u00a0xyzzy\u00a0»" in text(unknown)
    gone = await world.ann.slash(world.channel, "topics", tag="xyzzy")
    assert "No document has the tag “xyzzy”" in text(gone)


async def test_read_opens_a_passage_by_heading_and_by_words(
    world: World, mo: simcord.MemberActor
) -> None:
    await _filled(world, mo)
    for typed in ("goggles", "kept at the desk"):
        offered = await world.ann.autocomplete(world.channel, "read", "document", typed)
        assert offered[0]["name"] == "Goggles · House rules of the pool", typed
    read = await world.ann.slash(world.channel, "read", document=offered[0]["value"])
    assert "three weeks" in text(read)


async def test_tags_that_cannot_be_used_are_named(world: World, mo: simcord.MemberActor) -> None:
    broken = _POOL.replace("[rules, sport]", "{a: b}")
    shown = await mo.slash(world.channel, "knowledge add", file=("p.md", broken.encode()))
    assert "tags" in text(shown) and "une liste" in text(shown)
