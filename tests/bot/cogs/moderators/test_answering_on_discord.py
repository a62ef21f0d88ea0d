"""Questions and answers without YAML: in a window, from a message, a line each."""

from __future__ import annotations

import simcord

from tests.bot.world import World, response, text, with_permission

_QUESTION = "Où ranger les rames du club d’aviron ?"
_VESTS = "Les gilets se rendent mouillés à l’intendante, qui les fait sécher."
_MORE = "Un second paragraphe, assez long pour être à lui seul un passage du document."
_LINES = (
    "# 1\nOù vont les rames après la sortie ?\n\n# 2 · Les gilets\n"
    "Qui sèche les gilets ?\nWho dries the life jackets?"
)
_ANSWER = "Les rames se rangent au sec, sur le râtelier bleu du hangar à bateaux."


async def test_a_question_and_its_answer_are_written_in_a_window(
    world: World, mo: simcord.MemberActor
) -> None:
    window = await mo.slash(world.channel, "knowledge answer")
    added = await mo.submit_modal(window, {"title": _QUESTION, "text": _ANSWER})
    assert "est ajouté" in text(added)
    asked = await world.zoe.slash(world.channel, "ask", question=_QUESTION)
    assert "râtelier bleu" in text(asked)
    offered = await world.zoe.autocomplete(world.channel, "ask", "question", "Où ranger les")
    assert offered[0]["name"] == _QUESTION


async def test_questions_are_typed_a_line_each(world: World, mo: simcord.MemberActor) -> None:
    window = await mo.slash(world.channel, "knowledge add")
    await mo.submit_modal(
        window,
        {
            "title": "Aviron",
            "text": f"{_ANSWER}\n\n## Gilets\n\n{_VESTS}",
        },
    )
    window = await mo.slash(world.channel, "knowledge questions", document="aviron")
    saved = await mo.submit_modal(window, {"text": _LINES})
    assert "version 2" in text(saved)
    offered = await world.zoe.autocomplete(world.channel, "ask", "question", "Où vont les ra")
    assert offered[0]["name"] == "Où vont les rames après la sortie ?"
    offered = await world.ann.autocomplete(world.channel, "ask", "question", "Who dries")
    assert offered[0]["name"] == "Who dries the life jackets?"


async def test_lines_that_cannot_be_used_are_named(world: World, mo: simcord.MemberActor) -> None:
    window = await mo.slash(world.channel, "knowledge add")
    await mo.submit_modal(
        window,
        {
            "title": "Aviron",
            "text": f"{_ANSWER}\n\n{_MORE}",
        },
    )
    window = await mo.slash(world.channel, "knowledge questions", document="aviron")
    refused = await mo.submit_modal(window, {"text": "# 9\nQuoi ?"})
    assert "Ligne 1" in text(refused) and "aucun passage n’a ce numéro" in text(refused)


async def test_a_message_is_added_once_a_moderator_has_seen_the_quote(world: World) -> None:
    mod = with_permission(world, "mod", "manage_messages")
    message = await world.ann.send(world.channel, f"{_ANSWER}")
    shown = await mod.context_menu(world.channel, "Add to documents", message)
    assert "râtelier bleu" in text(shown) and "ann" in text(shown)
    added = await mod.click(response(shown), label="Save")
    assert "is added" in text(added)
    asked = await world.zoe.slash(world.channel, "ask", question=_QUESTION)
    assert "râtelier bleu" in text(asked)
