"""Tables that moderators take out and bring along: CSV, as spreadsheets of any country write it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge import Language

MOST_ROWS = 10_000
LONGEST_ANSWER = 20_000
_LONGEST_QUESTION = 300
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_QUESTION = {"question", "questions", "q"}
_ANSWER = {"answer", "answers", "reponse", "reponses", "a", "r"}
_LANGUAGE = {"language", "lang", "langue"}


class RowProblem(StrEnum):
    """Why a row cannot be used."""

    NO_QUESTION = "no_question"
    NO_ANSWER = "no_answer"
    LONG_QUESTION = "long_question"
    LONG_ANSWER = "long_answer"
    LANGUAGE = "language"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used.

    Attributes:
        line: The line of the file where it ends, counted from 1.
        problem: Why.
        seen: What stands there.
    """

    line: int
    problem: RowProblem
    seen: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question and its answer; the language is None where the table does not say it."""

    question: str
    answer: str
    language: Language | None


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """What a table has."""

    rows: tuple[AnswerRow, ...]
    bad: tuple[BadRow, ...]


class TableError(Exception):
    """A file that is no table of questions and answers.

    Attributes:
        problem: The phrase that says why, under `table`.
        seen: What stands there.
    """

    def __init__(self, problem: str, seen: str = "") -> None:
        super().__init__(f"{problem}: {seen}")
        self.problem = problem
        self.seen = seen


def written(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as a file that spreadsheets open: UTF-8 with a mark, and no cell is a formula."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(titles)
    table.writerows([_harmless(each) for each in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def read_answers(text: str) -> AnswerTable:
    """Questions and answers of a table with a line of titles.

    Raises:
        TableError: It is no such table, or has too many rows.
    """
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    table = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=separator)
    rows: list[AnswerRow] = []
    bad: list[BadRow] = []
    try:
        titles = [_plain(each) for each in next(table, [])]
        columns = [
            next((at for at, each in enumerate(titles) if each in names), None)
            for names in (_QUESTION, _ANSWER, _LANGUAGE)
        ]
        if columns[0] is None or columns[1] is None:
            raise TableError("no_titles", ", ".join(titles))
        known: set[str] = set()
        for cells in table:
            if not any(each.strip() for each in cells):
                continue
            if len(rows) + len(bad) == MOST_ROWS:
                raise TableError("too_many_rows")
            question, answer, language = (
                "" if at is None or at >= len(cells) else cells[at].strip() for at in columns
            )
            question = " ".join(question.split())
            problem = _problem(question, answer, language, known)
            if problem is None:
                known.add(question.casefold())
                code = language.lower()[:2]
                rows.append(AnswerRow(question, answer, Language(code) if code else None))
            else:
                seen = language if problem is RowProblem.LANGUAGE else question or answer
                bad.append(BadRow(table.line_num, problem, seen))
    except csv.Error as error:
        raise TableError("damaged", str(table.line_num)) from error
    return AnswerTable(tuple(rows), tuple(bad))


def _problem(question: str, answer: str, language: str, known: set[str]) -> RowProblem | None:
    found = {
        RowProblem.NO_QUESTION: not question,
        RowProblem.NO_ANSWER: not answer,
        RowProblem.LONG_QUESTION: len(question) > _LONGEST_QUESTION,
        RowProblem.LONG_ANSWER: len(answer) > LONGEST_ANSWER,
        RowProblem.LANGUAGE: bool(language) and language.lower()[:2] not in set(Language),
        RowProblem.TWICE: question.casefold() in known,
    }
    return next((problem for problem, is_so in found.items() if is_so), None)


def _plain(title: str) -> str:
    parts = unicodedata.normalize("NFKD", title.strip().lower())
    return "".join(each for each in parts if not unicodedata.combining(each))
