"""Tables of questions and answers that are brought along, and of questions that are taken out."""

from __future__ import annotations

import csv
import io

import pytest
import simcord

from bot.tables import MOST_ROWS, RowProblem, TableError, read_answers
from tests.bot.world import World, buttons, response, text, with_permission

_GOOD = (
    "Question;Réponse\n"
    "Où est le four à pain ?;Le four à pain est derrière la salle des fêtes.\n"
    "Qui a la clé du four ?;La boulangère garde la clé du four.\n"
)


async def test_a_table_is_added(world: World, mo: simcord.MemberActor) -> None:
    table = ("four.csv", _GOOD.encode("cp1252"))
    added = await mo.slash(world.channel, "knowledge import", file=table)
    assert "Ajouté sous `four`" in text(added)
    asked = await world.zoe.slash(world.channel, "ask", question="Où est le four à pain ?")
    assert "derrière la salle des fêtes" in text(asked)


async def test_bad_rows_are_named_and_the_moderator_chooses(
    world: World, mo: simcord.MemberActor
) -> None:
    bad = "Sans réponse ?;\n;Sans question.\n"
    table = ("four.csv", (_GOOD + bad).encode())
    shown = await mo.slash(world.channel, "knowledge import", file=table)
    said = text(shown)
    assert "Lignes inutilisables : 2" in said.replace("\u00a0", " ")
    assert "ligne 4" in said and "ligne 5" in said
    added = await mo.click(response(shown), label="Ajouter le reste")
    assert "passages : 2" in text(added).replace("\u00a0", " ")


async def test_what_is_no_table_is_said(world: World, mo: simcord.MemberActor) -> None:
    for content in (b"a,b\n1,2\n", b"\x00\x01\x02", b""):
        table = ("x.csv", content)
        shown = await mo.slash(world.channel, "knowledge import", file=table)
        assert "Enregistrer" not in buttons(shown)
        assert text(shown)


async def test_questions_are_taken_out_without_formulas(world: World) -> None:
    mod = with_permission(world, "mod", "manage_messages")
    await world.ann.slash(world.channel, "ask", question="=SUM(1;2) who is part of it?")
    given = await mod.slash(world.channel, "export", what="questions")
    assert "rows: 1" in text(given)


def test_ten_bad_rows_of_ten_thousand_are_found_with_their_lines() -> None:
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(["question", "answer", "language"])
    bad = set(range(7, MOST_ROWS, MOST_ROWS // 10))
    for number in range(MOST_ROWS):
        answer = "" if number in bad else f"Answer\nnumber {number}"
        table.writerow([f"Question {number}?", answer, "en"])
    found = read_answers(file.getvalue())
    assert (len(found.rows), len(found.bad)) == (MOST_ROWS - len(bad), len(bad))
    assert {each.problem for each in found.bad} == {RowProblem.NO_ANSWER}
    assert found.bad[0].line == 1 + 2 * 7 + 1
    with pytest.raises(TableError, match="too_many_rows"):
        read_answers(file.getvalue() + "One more?,Too many.,en\n")
