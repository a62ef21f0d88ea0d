"""Curated questions: what an editor expects readers to ask about a passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from knowledge.documents import Source, read_text
from knowledge.errors import DocumentError, DocumentProblem, Place
from knowledge.language import Language
from knowledge.located_yaml import YamlError, first_problem, parse_yaml
from knowledge.passages.dividing import LONGEST_QUESTION, Passage

QUESTIONS_FILE = "questions.yaml"
_Question: TypeAlias = Annotated[str, Field(min_length=2, max_length=LONGEST_QUESTION)]


class _Entry(BaseModel):
    """The questions of one passage, which is named by words that only it contains."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    passage: str = Field(min_length=1)
    fr: tuple[_Question, ...] = ()
    en: tuple[_Question, ...] = ()


@dataclass(frozen=True, slots=True)
class CuratedPassages:
    """Passages with their curated questions, and what could not be attached."""

    passages: tuple[Passage, ...]
    problems: tuple[DocumentError, ...]


def attach_questions(
    path: Path,
    passages: Sequence[Passage],
    sources: Sequence[Source],
    content: str | None = None,
) -> CuratedPassages:
    """Give passages the questions that a sidecar file has for them.

    An entry that names no passage, or several, is left out and named.

    Args:
        path: A YAML list of entries with `passage` (words that occur in exactly one
            passage), `fr` and `en` (lists of questions).
        passages: The document's passages.
        sources: The document's sources.
        content: What the file holds; None reads it from the disk.

    Raises:
        DocumentError: The file cannot be read or is not such a list.
    """
    try:
        listed = parse_yaml(read_text(path) if content is None else content)
    except YamlError as error:
        raise error.in_document(Place(path, error.line)) from error
    try:
        entries = TypeAdapter(tuple[_Entry, ...]).validate_python(
            () if listed.value is None else listed.value
        )
    except ValidationError as error:
        problem = first_problem(error, listed)
        raise problem.in_document(Place(path, problem.line)) from error

    problems: list[DocumentError] = []
    # What the document itself asks gives way to an editor.
    asked: set[str] = set()
    found: dict[str, dict[Language, list[str]]] = defaultdict(lambda: defaultdict(list))
    for position, entry in enumerate(entries):
        place = Place(path, listed.line((position,)))
        matching = [passage for passage in passages if _contains(passage, sources, entry.passage)]
        if len(matching) != 1:
            seen = f"{len(matching)} passages" if matching else "no passage"
            problems.append(
                DocumentError(
                    place,
                    f"“{entry.passage}” occurs in {seen}. "
                    "Name a passage by words that occur in it alone, letter for letter.",
                    DocumentProblem.SEVERAL_PASSAGES if matching else DocumentProblem.NO_PASSAGE,
                    words=entry.passage,
                    count=len(matching),
                )
            )
            continue
        for language, questions in ((Language.FRENCH, entry.fr), (Language.ENGLISH, entry.en)):
            for number, question in enumerate(" ".join(each.split()) for each in questions):
                if question.casefold() in asked:
                    twice = Place(path, listed.line((position, language.value, number)))
                    problems.append(
                        DocumentError(
                            twice,
                            f"“{question}” is asked twice. Keep one of the two.",
                            DocumentProblem.ASKED_TWICE,
                            question=question,
                        )
                    )
                    continue
                asked.add(question.casefold())
                found[matching[0].id][language].append(question)
    return CuratedPassages(
        tuple(
            replace(
                passage,
                questions=_together(passage, found[passage.id], asked),
            )
            for passage in passages
        ),
        tuple(problems),
    )


def _together(
    passage: Passage, found: Mapping[Language, Sequence[str]], asked: Collection[str]
) -> dict[Language, tuple[str, ...]]:
    """The questions that an editor has for a passage, and those that stand above it."""
    together = {language: tuple(questions) for language, questions in found.items()}
    for language, questions in passage.questions.items():
        own = tuple(each for each in questions if each.casefold() not in asked)
        if own:
            together[language] = (*together.get(language, ()), *own)
    return together


def _contains(passage: Passage, sources: Sequence[Source], words: str) -> bool:
    return any(
        words in passage.texts[source.language].span.of(source.text)
        for source in sources
        if source.language in passage.texts
    )
