"""What a reader gains: beside none, and beside a confidence raised to as many right answers.

Each question is asked without the reader and with it. A reader counts only by what it gains over a
confidence that is merely raised: fewer near-topic questions answered at as many right answers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.quality.honesty import (
    ARTICLES,
    QUESTIONS,
    SIZES_NAMED,
    expected_passages,
    unseen_documents,
)
from benchmarks.quality.sets import SHARED, read_sets
from index import (
    Encoder,
    EncoderChoice,
    Index,
    Outcome,
    Reader,
    ReaderChoice,
    Result,
    build_index,
    open_encoder,
    open_reader,
)
from index.building.assembly import Meter
from index.building.build import known_in
from index.building.fitting import (
    WrittenEncodings,
    ask_written,
    encoded_questions,
    fit_confidence,
    fitting_size,
)
from index.calibration.calibration import POINTS, Strictness
from index.calibration.confidence import Confidence, keep_confidence, known_confidence
from index.calibration.reference import encode_reference, stored_reference
from index.evaluation import read_cases
from index.reading import Reading
from knowledge import Language, Library, PassageLimits, read_library

CACHE = Path("data") / "benchmarks"
WRITTEN = Path("training/documents")
_BOUND = POINTS[Strictness.BALANCED].confidence


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to a question one way.

    Attributes:
        right: Whether the first passage answers.
        sure: The confidence; 0 where no passage is shown.
    """

    right: bool
    sure: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A question that was asked both ways.

    Attributes:
        group: What it was asked of.
        answerable: Whether a passage answers it.
        without, read: What was said without the reader and with it.
    """

    group: str
    answerable: bool
    without: Said
    read: Said


def compare_readers(choice: ReaderChoice, every: int) -> None:
    """Ask everything both ways and print what a reader gains.

    Args:
        choice: The reader.
        every: One question in so many is asked of sets and articles, one document in so many of
            the written ones.
    """
    encoder = open_encoder(EncoderChoice(), Path("data") / "models", print)
    reader = open_reader(choice, Path("data") / "models", print)
    if reader is None:
        sys.exit("There is nothing to compare with no reader. Name one.")
    fitted = confidence_of_pair(encoder, reader)
    console = Console(width=150)
    console.print(f"{reader.name}: a logit counts {fitted.reading} deviations of noise")
    found = list(_of_written(encoder, reader, fitted, every))
    console.print(gain_table(found))
    found += _of_article(encoder, reader, fitted, every)
    if SHARED.is_dir():
        found += _of_sets(encoder, reader, fitted, every)
    else:
        console.print(f"The shared sets are not there: {SHARED}.")
    console.print(gain_table(found))


def confidence_of_pair(encoder: Encoder, reader: Reader) -> Confidence:
    """The weights of a pair, found once."""
    cache = CACHE / "confidence"
    cache.mkdir(parents=True, exist_ok=True)
    known = known_confidence(cache, encoder.name, reader.name)
    if known is None:
        reference = stored_reference(cache, encoder) or encode_reference(
            cache, encoder, lambda _count: None
        )
        known = fit_confidence(encoder, reference, Meter(None, fitting_size(reader)), reader)
        keep_confidence(cache, known)
    return known


def gain_table(compared: Sequence[Compared]) -> Table:
    """For each group what the reader gains, in percent."""
    table = Table(
        "asked of",
        "answerable, near",
        "first right: without → read",
        "right answers: without → read",
        "near answered: without → read",
        "raised to as many right answers",
    )
    for group in dict.fromkeys(each.group for each in compared):
        own = [each for each in compared if each.group == group]
        asked = [each for each in own if each.answerable]
        near = [each for each in own if not each.answerable]
        right = sum(each.read.right and each.read.sure >= _BOUND for each in asked)
        sure = sorted((each.without.sure for each in asked if each.without.right), reverse=True)
        raised = sure[min(right, len(sure)) - 1] if right and sure else 1.0
        table.add_row(
            group,
            f"{len(asked)}, {len(near)}",
            _change(
                _percent(each.without.right for each in asked),
                _percent(each.read.right for each in asked),
            ),
            _change(
                _percent(each.without.right and each.without.sure >= _BOUND for each in asked),
                _percent(each.read.right and each.read.sure >= _BOUND for each in asked),
            ),
            _change(
                _percent(each.without.sure >= _BOUND for each in near),
                _percent(each.read.sure >= _BOUND for each in near),
            ),
            f"{_percent(each.without.sure >= raised for each in near)} (from {raised:.2f})",
        )
    return table


def _change(before: str, after: str) -> str:
    return f"{before} → {after}"


def _percent(hits: Iterable[bool]) -> str:
    every = list(hits)
    return f"{100 * sum(every) / len(every):.1f}" if every else "–"


def _of_written(
    encoder: Encoder, reader: Reader, fitted: Confidence, every: int
) -> Iterator[Compared]:
    """Written documents that nothing was fitted on, in bases of every size."""
    if not WRITTEN.is_dir():
        print(f"{WRITTEN} is not there: written documents were not asked.")
        return
    from training.split import Split, split_of

    written = [
        each
        for each in unseen_documents(WRITTEN)
        if split_of(each.document.original.about.title) is Split.TEST
    ][::every]
    documents = tuple(each.document for each in written)
    folder = CACHE / "written-test"
    build_index(Library(documents, (), "written"), encoder, folder)
    index = Index.open(folder, encoder)
    encodings = WrittenEncodings(
        known_in(folder, encoder),
        encoded_questions(encoder, written, lambda _count: None),
        index.reference,
    )
    for trial in ask_written(written, (), encodings, Reading(reader)):
        read = trial.after(fitted.reading)
        across = trial.question.language not in trial.about.document.editions
        size = SIZES_NAMED.get(trial.size, "all")
        sure = index.confidence.of(trial.signals) if trial.shown else 0.0
        for group in (f"written, {size}", "written, across" if across else "written, within"):
            yield Compared(
                group,
                trial.answerable,
                Said(trial.right, sure),
                Said(read.right, fitted.of(read.signals) if trial.shown else 0.0),
            )


def _of_article(
    encoder: Encoder, reader: Reader, fitted: Confidence, every: int
) -> Iterator[Compared]:
    """The half of the article's questions that is only looked at for reports."""
    folder = CACHE / "article"
    without, read = _indexes(
        read_library(ARTICLES, PassageLimits()), folder, encoder, reader, fitted
    )
    for language in Language:
        asked = [
            (case.question, expected_passages(case, without))
            for case in read_cases(QUESTIONS, without)
            if case.language is language
            and "report" in case.tags
            and ("near-topic" in case.tags or case.answerable)
        ]
        yield from _asked(f"article {language}", asked[::every], language, without, read)


def _of_sets(
    encoder: Encoder, reader: Reader, fitted: Confidence, every: int
) -> Iterator[Compared]:
    for each in read_sets(SHARED):
        without, read = _indexes(each.library, CACHE / each.name, encoder, reader, fitted)
        for language, questions in each.questions.items():
            near = each.near if language is each.language else ()
            asked = [(one.text, one.gold) for one in (*questions[::every], *near[::every])]
            name = f"{each.name} {language}→{each.language}"
            yield from _asked(name, asked, language, without, read)


def _indexes(
    library: Library, folder: Path, encoder: Encoder, reader: Reader, fitted: Confidence
) -> tuple[Index, Index]:
    """The same index without the reader and with it."""
    folder.mkdir(parents=True, exist_ok=True)
    keep_confidence(folder, fitted)
    build_index(library, encoder, folder)
    return Index.open(folder, encoder), Index.open(folder, encoder, reader=reader)


def _asked(
    group: str,
    asked: Sequence[tuple[str, frozenset[str]]],
    language: Language,
    without: Index,
    read: Index,
) -> Iterator[Compared]:
    for question, gold in asked:
        both = [each.search(question, language) for each in (without, read)]
        yield Compared(group, bool(gold), *(_said(each, gold) for each in both))


def _said(result: Result, gold: frozenset[str]) -> Said:
    first = result.matches[0]
    shown = result.outcome is not Outcome.NONE
    return Said(first.passage.id in gold, (first.confidence or 0.0) if shown else 0.0)
