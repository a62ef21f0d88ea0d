"""Measuring an index with questions whose answers are known."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.calibration.calibration import Outcome
from index.errors import EvaluationError
from index.language import LanguageDetector
from index.results import Match, Result
from index.search import Index
from knowledge import Document, Language, Passage
from knowledge.located_yaml import LocatedYaml, YamlError, first_problem, parse_yaml

DEPTH = 10
"""How many passages are looked at for the mean reciprocal rank."""
RECALL_DEPTH = 5


class Case(BaseModel):
    """A question and what must come first for it.

    Attributes:
        question: The question.
        language: Its language; None lets it be detected.
        expect: Words to the letter, any of which the best passage must contain in one of
            its texts; empty, without `document`, where the question must not be answered.
        document: The slug of the document that the best passage must stand in.
        tags: Names under which cases can be chosen and compared.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1)
    language: Language | None = None
    expect: tuple[str, ...] = ()
    document: str | None = None
    tags: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _says_what_is_expected(cls, value: object) -> object:
        if isinstance(value, dict) and not {"expect", "document"} & value.keys():
            raise ValueError("a question needs `expect` or `document`; `expect: []` means none")
        return value

    @property
    def answerable(self) -> bool:
        """Whether a passage answers the question."""
        return bool(self.expect) or self.document is not None

    def is_met_by(self, document: Document, passage: Passage) -> bool:
        """Whether that passage is one that is expected."""
        if self.document is not None:
            return document.slug == self.document
        texts = [
            text.span.of(document.editions[language].text)
            for language, text in passage.texts.items()
        ]
        return any(words in text for words in self.expect for text in texts)


def read_cases(path: Path, index: Index) -> tuple[Case, ...]:
    """Read questions from YAML (a list) or JSON lines.

    Args:
        path: The file; one that ends in .jsonl holds an object on each line.
        index: The index that will be asked; what is expected must occur in it.

    Raises:
        EvaluationError: The file cannot be used; names every mistake with its line.
    """
    try:
        source = _parsed(path, path.read_text("utf-8-sig"))
    except YamlError as error:
        raise EvaluationError(f"{path.name}, line {error.line}: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"{path} cannot be read ({error}). Give the path of a UTF-8 file of questions."
        ) from error
    if not isinstance(source.value, list) or not source.value:
        raise EvaluationError(
            f"{path.name} holds no list of questions. Write one item for each question, with "
            "`question:` and `expect:`."
        )
    cases: list[Case] = []
    mistakes: list[str] = []
    seen: dict[str, int | None] = {}
    for position, item in enumerate(source.value):
        line = source.line((position,))
        try:
            case = Case.model_validate(item)
        except ValidationError as error:
            mistakes.append(f"line {line}: {first_problem(error, source)}")
            continue
        key = " ".join(case.question.casefold().split())
        if key in seen:
            mistakes.append(f"line {line}: “{case.question}” stands on line {seen[key]} already.")
        seen.setdefault(key, line)
        mistakes += [f"line {line}: {each}" for each in _not_there(case, index)]
        cases.append(case)
    if mistakes:
        listed = "\n  ".join(mistakes)
        raise EvaluationError(f"{path.name} has {len(mistakes)} mistakes:\n  {listed}")
    return tuple(cases)


def _parsed(path: Path, text: str) -> LocatedYaml:
    if path.suffix != ".jsonl":
        return parse_yaml(text)
    values: list[object] = []
    lines: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            values.append(json.loads(line))
        except ValueError as error:
            raise YamlError(f"this is not valid JSON ({error}).", number) from error
        lines[(len(values) - 1,)] = number
    return LocatedYaml(values, lines)


def _not_there(case: Case, index: Index) -> Iterator[str]:
    slugs = {document.slug for document in index.documents}
    if case.document is not None and case.document not in slugs:
        yield f"there is no document “{case.document}”."
    for words in case.expect:
        alone = case.model_copy(update={"expect": (words,), "document": None})
        if not any(
            alone.is_met_by(document, passage)
            for document in index.documents
            for passage in document.passages
        ):
            yield f"“{words}” occurs in no passage."


class Interval(NamedTuple):
    """The two ends of an interval."""

    low: float
    high: float


class Share(NamedTuple):
    """So many out of so many."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share; not a number where there is nothing to have a share of."""
        return self.hits / self.total if self.total else math.nan

    def interval(self) -> Interval:
        """The 95 % interval by Wilson (1927), which holds for few cases and for extremes."""
        if not self.total:
            return Interval(math.nan, math.nan)
        z, n, p = 1.959964, self.total, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return Interval(max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True, slots=True)
class Asked:
    """A case, what was found for it, and where what was expected came.

    Attributes:
        rank: The place of the first expected passage, counted from 1; None where it is not
            among the first `DEPTH`, or where none is expected.
    """

    case: Case
    result: Result
    rank: int | None

    @property
    def first(self) -> Match | None:
        """The passage that came first."""
        return self.result.matches[0] if self.result.matches else None

    @property
    def answered(self) -> bool:
        """Whether the outcome is `answer`."""
        return self.result.outcome is Outcome.ANSWER


@dataclass
class Scores:
    """The figures of a group of cases; abstentions are counted, never dropped."""

    asked: list[Asked] = field(default_factory=list)

    def _answerable(self) -> list[Asked]:
        return [each for each in self.asked if each.case.answerable]

    def _unanswerable(self) -> list[Asked]:
        return [each for each in self.asked if not each.case.answerable]

    @property
    def accuracy(self) -> Share:
        """Answerable questions whose best passage is right, whatever the outcome."""
        return self._of_answerable(each.rank == 1 for each in self._answerable())

    @property
    def recall(self) -> Share:
        """Answerable questions with a right passage among the first five."""
        ranks = (each.rank for each in self._answerable())
        return self._of_answerable(rank is not None and rank <= RECALL_DEPTH for rank in ranks)

    @property
    def reciprocal_rank(self) -> float:
        """The mean of 1/rank over answerable questions; 0 past the tenth place."""
        ranks = [each.rank for each in self._answerable()]
        return sum(1 / rank for rank in ranks if rank) / len(ranks) if ranks else math.nan

    @property
    def answered(self) -> Share:
        """Answerable questions that are answered."""
        return self._of_answerable(each.answered for each in self._answerable())

    @property
    def right_of_answered(self) -> Share:
        """Of those, the share whose passage is right."""
        answered = [each for each in self._answerable() if each.answered]
        return Share(sum(each.rank == 1 for each in answered), len(answered))

    @property
    def false_answers(self) -> Share:
        """Unanswerable questions that are answered all the same."""
        unanswerable = self._unanswerable()
        return Share(sum(each.answered for each in unanswerable), len(unanswerable))

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How often each outcome came."""
        return Counter(each.result.outcome for each in self.asked)

    def _of_answerable(self, hits: Iterable[bool]) -> Share:
        return Share(sum(hits), len(self._answerable()))


@dataclass(frozen=True)
class Evaluation:
    """The cases as they were asked."""

    asked: tuple[Asked, ...]

    @property
    def total(self) -> Scores:
        """All cases together."""
        return Scores(list(self.asked))

    def by_language(self) -> dict[str, Scores]:
        """Cases by the language of the question and of the best passage's original."""
        groups: dict[str, Scores] = {}
        for each in self.asked:
            groups.setdefault(_pair(each), Scores()).asked.append(each)
        return dict(sorted(groups.items()))

    def by_tag(self) -> dict[str, Scores]:
        """Cases by tag; a case with several tags counts under each."""
        groups: dict[str, Scores] = {}
        for each in self.asked:
            for tag in each.case.tags:
                groups.setdefault(tag, Scores()).asked.append(each)
        return dict(sorted(groups.items()))

    def misses(self) -> list[Asked]:
        """Answerable cases whose first passage is wrong, and false answers."""
        return [
            each
            for each in self.asked
            if (each.rank != 1 if each.case.answerable else each.answered)
        ]


def _pair(asked: Asked) -> str:
    first = asked.first
    if first is None:
        return str(asked.result.language)
    return f"{asked.result.language}→{first.document.original.about.language}"


def evaluate(index: Index, cases: Sequence[Case], detector: LanguageDetector) -> Evaluation:
    """Ask every case and look where what it expects comes.

    Args:
        index: The index to ask.
        cases: What to ask.
        detector: Tells the language of cases that do not say it.
    """
    languages = [
        case.language or detector.detect(case.question, Language.ENGLISH).language for case in cases
    ]
    results = index.search_many([case.question for case in cases], languages, DEPTH)
    return Evaluation(
        tuple(
            Asked(case, result, _rank(case, result))
            for case, result in zip(cases, results, strict=True)
        )
    )


def _rank(case: Case, result: Result) -> int | None:
    if not case.answerable:
        return None
    places = (
        place
        for place, match in enumerate(result.matches, 1)
        if case.is_met_by(match.document, match.passage)
    )
    return next(places, None)
