"""The shared sets, as libraries and questions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from knowledge import Document, Edition, FrontMatter, Language, Library, Passage, PassageText, Span
from knowledge.passages.sentences import sentence_spans

SHARED = Path(__file__).parents[3] / "shared" / "evaluation"


@dataclass(frozen=True, slots=True)
class Question:
    """A question.

    Attributes:
        text: What is asked.
        gold: The ids of the passages that answer it.
        answer: The words of the answer, where the set has them.
    """

    text: str
    gold: frozenset[str]
    answer: str | None


@dataclass(frozen=True, slots=True)
class BenchmarkSet:
    """Passages in one language, and questions about them in both.

    Attributes:
        name: The name of its folder.
        language: The language of the passages.
        library: The passages.
        questions: The questions of each language.
        near: Questions in the language of the passages that none answers.
    """

    name: str
    language: Language
    library: Library
    questions: dict[Language, tuple[Question, ...]]
    near: tuple[Question, ...]


def read_sets(folder: Path) -> tuple[BenchmarkSet, ...]:
    """Read both sets.

    Raises:
        OSError: A file is missing.
    """
    english, french = Language.ENGLISH, Language.FRENCH
    return (
        _read(folder / "squad", english, {english: "questions", french: "translated"}),
        _read(folder / "cnil", french, {french: "questions", english: "questions_en"}),
    )


def _read(folder: Path, language: Language, questions: dict[Language, str]) -> BenchmarkSet:
    passages = _lines(folder / "passages.jsonl")
    unanswerable = folder / "unanswerable.jsonl"
    near = _lines(unanswerable) if unanswerable.exists() else []
    digest = hashlib.sha256((folder / "passages.jsonl").read_bytes()).hexdigest()
    documents = tuple(
        _document(f"{folder.name}-{number}", title or folder.name, list(group), language)
        for number, (title, group) in enumerate(groupby(passages, key=lambda each: each["title"]))
    )
    return BenchmarkSet(
        folder.name,
        language,
        Library(documents, (), digest),
        {
            asked: tuple(
                Question(each["q"], frozenset(map(str, each["gold"])), each.get("ans"))
                for each in _lines(folder / f"{name}.jsonl")
            )
            for asked, name in questions.items()
        },
        tuple(Question(each["q"], frozenset(), None) for each in near),
    )


def _document(
    slug: str, title: str, passages: list[dict[str, Any]], language: Language
) -> Document:
    """A document of passages, as it would be read from a file; the set's ids are kept."""
    text = ""
    made: list[Passage] = []
    for number, passage in enumerate(passages, 1):
        start = len(text)
        text += passage["text"].strip()
        span = Span(start, len(text))
        own = PassageText(span, sentence_spans(text, span, language), "")
        made.append(Passage(str(passage["id"]), number, {language: own}))
        text += "\n\n"
    about = FrontMatter(title=title, language=language)
    return Document(slug, {language: Edition(about, text)}, tuple(made))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
