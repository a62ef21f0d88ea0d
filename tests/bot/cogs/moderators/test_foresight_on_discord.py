"""What would be answered differently, shown before a change is saved."""

from __future__ import annotations

import simcord

from tests.bot.world import World, buttons, response, text, with_permission

_HOURS = (
    "## Opening hours\n\nThe pottery workshop opens on Saturdays at nine and closes at noon.\n\n"
    "## Prices\n\nA bag of clay costs eleven euros at the desk of the pottery workshop."
)
_QUESTION = "When does the pottery workshop open on Saturdays?"


async def _added(world: World, mo: simcord.MemberActor, title: str, body: str) -> None:
    window = await mo.slash(world.channel, "knowledge add")
    added = await mo.submit_modal(window, {"title": title, "text": body})
    assert "“" in text(added) or "«" in text(added)


async def _asked(world: World, question: str = _QUESTION) -> None:
    await world.ann.slash(world.channel, "ask", question=question)
    await world.env.bot.recorder.flush()  # type: ignore[attr-defined]


async def test_an_edit_shows_what_changes_and_waits(world: World, mo: simcord.MemberActor) -> None:
    await _added(world, mo, "Pottery", _HOURS)
    await _asked(world)
    window = await mo.slash(world.channel, "knowledge edit", document="pottery")
    changed = _HOURS.replace("at nine", "at half past ten")
    shown = await mo.submit_modal(window, {"text": changed})
    said = text(shown)
    assert "auraient une autre réponse" in said and _QUESTION in said
    assert "en d’autres mots" in said
    opened = await mo.click(response(shown), label="Ouvrir 1")
    assert "at nine" in text(opened) and "half past ten" in text(opened)
    asked = await world.ann.slash(world.channel, "ask", question=_QUESTION)
    assert "at nine" in text(asked), "nothing is saved before somebody says so"
    saved = await mo.click(response(shown), label="Enregistrer")
    assert "version 2" in text(saved)
    asked = await world.ann.slash(world.channel, "ask", question=_QUESTION)
    assert "half past ten" in text(asked)


async def test_a_cancelled_edit_gives_the_text_back(world: World, mo: simcord.MemberActor) -> None:
    await _added(world, mo, "Pottery", _HOURS)
    await _asked(world)
    window = await mo.slash(world.channel, "knowledge edit", document="pottery")
    shown = await mo.submit_modal(window, {"text": _HOURS.replace("at nine", "at ten")})
    cancelled = await mo.click(response(shown), label="Annuler")
    assert "Rien n’a été modifié" in text(cancelled)
    assert "Enregistrer" not in buttons(cancelled)
    assert "Ce que vous avez écrit est dans le fichier" in text(cancelled)
    asked = await world.ann.slash(world.channel, "ask", question=_QUESTION)
    assert "at nine" in text(asked)


async def test_what_no_question_minds_is_saved_at_once(
    world: World, mo: simcord.MemberActor
) -> None:
    await _added(world, mo, "Pottery", _HOURS)
    window = await mo.slash(world.channel, "knowledge edit", document="pottery")
    saved = await mo.submit_modal(window, {"text": _HOURS.replace("eleven", "twelve")})
    assert "version 2" in text(saved)


async def test_a_removal_shows_what_has_no_answer_any_more(world: World) -> None:
    mod = with_permission(world, "mod", "manage_messages")
    await _added(world, mod, "Pottery", _HOURS)
    await _asked(world)
    shown = await mod.slash(world.channel, "knowledge remove", document="pottery")
    said = text(shown)
    assert "Remove “Pottery”?" in said and "no answer any more: 1" in said
    assert f"“{_QUESTION}” → nothing" in said
    removed = await mod.click(response(shown), label="Remove")
    assert "is removed" in text(removed)


async def test_a_change_by_another_meanwhile_is_shown(
    world: World, mo: simcord.MemberActor
) -> None:
    mod = with_permission(world, "mod", "manage_messages")
    await _added(world, mo, "Pottery", _HOURS)
    await _asked(world)
    window = await mo.slash(world.channel, "knowledge edit", document="pottery")
    shown = await mo.submit_modal(window, {"text": _HOURS.replace("at nine", "at ten")})
    other = await mod.slash(world.channel, "knowledge edit", document="pottery")
    theirs = await mod.submit_modal(other, {"text": _HOURS.replace("at nine", "at seven")})
    await mod.click(response(theirs), label="Save")
    again = await mo.click(response(shown), label="Enregistrer")
    assert "a modifié entre-temps" in text(again)
    conflict = await mo.click(response(again), label="Enregistrer")
    assert "Rien n’est perdu" in text(conflict)
