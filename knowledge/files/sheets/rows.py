"""From the rows of a sheet to blocks: questions and answers, or a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.blocks.blocks import Block, Entry, Paragraph, Table
from knowledge.blocks.richtext import RichText, plain
from knowledge.files.cells import titled
from knowledge.files.kinds import FileError, FileProblem

MOST_CELLS = 250_000
"""Cells of one file that have something in them."""
_QUESTIONS = {"question", "questions", "q", "faq question", "question posee", "demande", "ask"}
_ANSWERS = {"answer", "answers", "a", "reponse", "reponses", "r", "response", "responses"}
_TITLES_WITHIN = 10
"""Rows above those that have the titles of columns."""
_SEVERAL = 2
"""Cells that make a row of a table, and columns or rows that need no more to be one."""
_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class Rows:
    """What a sheet says.

    Attributes:
        blocks: Its blocks.
        titles: The titles of columns that are no part of them: “Question”, “Réponse”.
    """

    blocks: tuple[Block, ...] = ()
    titles: tuple[str, ...] = field(default=())


def read_rows(rows: Sequence[Sequence[str]], bold: Sequence[int] = ()) -> Rows:
    """Make blocks of the rows of a sheet.

    Args:
        rows: The cells of each row as they are shown, blank where there is nothing.
        bold: The rows, by their numbers from 0, that are set off as titles are.

    Raises:
        FileError: They are too many.
    """
    if sum(len(row) for row in rows) > MOST_CELLS:
        raise FileError(FileProblem.TOO_COSTLY)
    filled = [at for at, row in enumerate(rows) if any(each.strip() for each in row)]
    for number, at in enumerate(filled[:_TITLES_WITHIN]):
        columns = _faq_columns(rows[at])
        if columns is not None:
            above = tuple(_paragraphs(rows[each] for each in filled[:number]))
            below = [rows[each] for each in filled[number + 1 :]]
            return _faq(above, rows[at], below, columns)
    return Rows(tuple(_table([(at in bold, rows[at]) for at in filled])))


def _table(rows: Sequence[tuple[bool, Sequence[str]]]) -> Iterator[Block]:
    """Rows of one cell at the beginning and the end are paragraphs, the rest a table."""
    first, last = 0, len(rows)
    while first < last and _count(rows[first][1]) < _SEVERAL:
        first += 1
    while last > first and _count(rows[last - 1][1]) < _SEVERAL:
        last -= 1
    yield from _paragraphs(row for _, row in rows[:first])
    cells = [[plain(each) for each in row] for _, row in rows[first:last]]
    if cells:
        width = max(map(len, cells))
        even = [[*row, *[RichText()] * (width - len(row))] for row in cells]
        used = [at for at in range(width) if any(row[at] for row in even)]
        # The first row of a sheet has titles if it is set off, or looks like them.
        marked = int(rows[first][0] and len(cells) > 1)
        kept = [[row[at] for at in used] for row in even]
        yield titled(kept, marked=marked or int(_looks_titled(kept)), styled=True)
    yield from _paragraphs(row for _, row in rows[last:])


def _looks_titled(rows: Sequence[Sequence[RichText]]) -> bool:
    """Whether the first row of a sheet has short words of its own, in every column."""
    first = [each.text for each in rows[0]]
    return (
        len(rows) > _SEVERAL
        and len(set(first)) == len(first) > _SEVERAL
        and all(
            each and len(each) < _LONGEST_TITLE and not any(map(str.isdigit, each))
            for each in first
        )
    )


def _faq(
    above: tuple[Block, ...],
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    columns: tuple[int, int],
) -> Rows:
    question, answer = columns
    blocks: list[Block] = [*above]
    for row in rows:
        said: list[Block] = []
        if answer < len(row):
            said += [Paragraph(plain(each)) for each in _parts(row[answer])]
        others = [
            (titles[at] if at < len(titles) else "", each)
            for at, each in enumerate(row)
            if at not in columns and each.strip()
        ]
        if others:
            header = tuple(plain(title) for title, _ in others)
            said.append(Table(header, (tuple(plain(each) for _, each in others),)))
        term = plain(row[question]) if question < len(row) else RichText()
        blocks.append(Entry(term, tuple(said)))
    used = {at for row in rows for at, each in enumerate(row) if each.strip() and at not in columns}
    unused = [each for at, each in enumerate(titles) if at not in used and each.strip()]
    return Rows(tuple(blocks), tuple(unused))


def _parts(text: str) -> list[str]:
    """The paragraphs of a cell."""
    return [each for each in text.replace("\r\n", "\n").split("\n\n") if each.strip()]


def _faq_columns(row: Sequence[str]) -> tuple[int, int] | None:
    names = [_plain_name(each) for each in row]
    question = next((at for at, each in enumerate(names) if each in _QUESTIONS), None)
    answer = next((at for at, each in enumerate(names) if each in _ANSWERS), None)
    return None if question is None or answer is None else (question, answer)


def _plain_name(title: str) -> str:
    """The title of a column without accents, in small letters."""
    bare = unicodedata.normalize("NFD", title.strip().lower())
    return "".join(each for each in bare if not unicodedata.combining(each)).strip(" :?*")


def _count(row: Sequence[str]) -> int:
    return sum(1 for each in row if each.strip())


def _paragraphs(rows: Iterator[Sequence[str]]) -> Iterator[Block]:
    for row in rows:
        yield from (Paragraph(plain(each)) for each in row if each.strip())
