"""Several gaps are dealt with at a time; documents are listed by tag, age and use."""

from __future__ import annotations

from typing import Any

import simcord

from bot.client.client import CoalitionBot
from tests.bot.world import World, raw, response, text
from tests.contracts import walk

_ASKED = ("How do I unclog a sink?", "Which planet has the most moons?", "Who won in 1998?")


def _selects(shown: simcord.InteractionResult) -> dict[str, dict[str, Any]]:
    return {
        str(each["custom_id"]): dict(each)
        for each in walk(raw(shown)["components"])
        if each.get("type") == 3
    }


async def test_several_gaps_are_dismissed_together(world: World, mo: simcord.MemberActor) -> None:
    for each in _ASKED:
        await world.ann.slash(world.channel, "ask", question=each)
    shown = await mo.slash(world.channel, "gaps-several")
    select = _selects(shown)["gaps:several:off_subject"]
    chosen = [each["value"] for each in select["options"]][:2]
    left = await mo.select(response(shown), chosen, custom_id="gaps:several:off_subject")
    assert "Hors sujet" in text(left)
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    assert len(await bot.gaps.groups(world.guild.id)) == len(_ASKED) - 2


async def test_documents_are_listed_by_tag_and_by_use(
    world: World, mo: simcord.MemberActor
) -> None:
    for name, tag in (("forge", "ateliers"), ("chorale", "musique")):
        content = (
            f"---\ntitle: La {name}\nlanguage: fr\ntags: [{tag}]\n---\n\n"
            f"La {name} ouvre le jeudi à dix-huit heures, et ferme à vingt heures."
        )
        await mo.slash(world.channel, "knowledge add", file=(f"{name}.md", content.encode()))
    await world.zoe.slash(world.channel, "ask", question="Quand ouvre la forge ?")
    tagged = await mo.slash(world.channel, "knowledge list", tag="MUSIQUE")
    assert "La chorale" in text(tagged) and "La forge" not in text(tagged)
    unused = await mo.slash(world.channel, "knowledge list", which="never_quoted")
    assert "La chorale" in text(unused) and "La forge" not in text(unused)
    none = await mo.slash(world.channel, "knowledge list", which="due")
    assert "n’est ainsi" in text(none)
