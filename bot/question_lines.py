"""Curated questions as moderators type them: passages with their questions, a line each.

    # 1 · The rooms are open on Saturdays from nine …
    When can I come?
    Quand puis-je venir ?

The number names the passage; the words behind it are there to be recognised.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from knowledge import Document, Language, Passage
from knowledge.passages.dividing import LONGEST_QUESTION

_HEAD = re.compile(r"#+\s*(?P<number>\d{1,5})\b.*")
_SHOWN = 60
_FEWEST = 20
"""Characters from which words are tried as the name of a passage."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why a line cannot be used.

    Attributes:
        key: The phrase that says it, under `questions`.
        line: The number of the line, counted from 1.
        text: The line.
        most: The number of passages, or of characters, that there may be.
    """

    key: str
    line: int
    text: str
    most: int


class LineError(Exception):
    """Lines that cannot be used as questions."""

    def __init__(self, problem: LineProblem) -> None:
        super().__init__(f"line {problem.line}: {problem.key}")
        self.problem = problem


def is_yaml(text: str) -> bool:
    """Whether questions are written as the file has them."""
    return re.match(r"\s*(#[^\n]*\n\s*)*-\s+(passage|fr|en)\s*:", text) is not None


def lines_of(document: Document) -> str:
    """The questions of a document, a line each, under the passages that they are asked of."""
    parts = []
    for passage in document.passages:
        text = _text(document, passage)
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"
        asked = [each for some in passage.questions.values() for each in some]
        parts.append("\n".join([f"# {passage.number} · {shown}", *asked]))
    return "\n\n".join(parts)


def questions_file(document: Document, text: str, language_of: Callable[[str], Language]) -> str:
    """The questions file that typed lines stand for.

    Args:
        document: The document, with the questions that its own headings ask.
        text: The lines.
        language_of: Tells the language of a question.

    Raises:
        LineError: A line cannot be used.
    """
    found = _read(text, len(document.passages))
    entries: list[dict[str, Any]] = []
    for number, asked in sorted(found.items()):
        passage = document.passages[number - 1]
        by_language: dict[str, list[str]] = defaultdict(list)
        for question in dict.fromkeys(asked):
            by_language[language_of(question).value].append(question)
        entries.append({"passage": _name(document, passage), **by_language})
    return yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1 << 16)


def _read(text: str, passages: int) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    number = 1 if passages == 1 else None
    for at, line in enumerate(text.splitlines(), 1):
        words = " ".join(line.split())
        if not words:
            continue
        if head := _HEAD.fullmatch(words):
            number = int(head["number"])
            if not 1 <= number <= passages:
                raise LineError(LineProblem("no_passage", at, words, passages))
            continue
        if number is None:
            raise LineError(LineProblem("above", at, words, passages))
        if not 2 <= len(words) <= LONGEST_QUESTION:  # noqa: PLR2004 - as the file takes them
            raise LineError(LineProblem("length", at, words, LONGEST_QUESTION))
        found[number].append(words)
    return found


def _text(document: Document, passage: Passage) -> str:
    language, text = next(iter(passage.texts.items()))
    return " ".join(text.span.of(document.editions[language].text).split())


def _name(document: Document, passage: Passage) -> str:
    """Words that stand in a passage and in no other."""
    language, text = next(iter(passage.texts.items()))
    whole = text.span.of(document.editions[language].text)
    others = [
        each.texts[other].span.of(document.editions[other].text)
        for each in document.passages
        if each.id != passage.id
        for other in each.texts
    ]
    line = whole.splitlines()[0]
    for words in (line[:length] for length in range(_FEWEST, len(line), _FEWEST)):
        if words == words.strip() and not any(words in each for each in others):
            return words
    return line if not any(line in each for each in others) else whole
