"""Whether a confidence is what it says, and what near-topic questions get.

Measured on written documents that no confidence was fitted on, in knowledge bases from one
passage to all of them, with a third of the questions near-topic. Beside the confidence of today
stand the one before it, which knew only score and margin, and that one with its bound raised
until it keeps as many right answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from rich.table import Table

from index import Encoder, Index, Outcome, Strictness, build_index
from index.building.build import known_in
from index.building.fitting import (
    NEAR_SHARE,
    Trial,
    WrittenDocument,
    WrittenEncodings,
    ask_written,
    bundled_documents,
    encoded_questions,
    read_written,
)
from index.calibration.calibration import POINTS, Standing
from index.evaluation import Case, read_cases
from index.ranking.courtesies import without_courtesies
from index.ranking.ranking import CANDIDATES
from index.search import best_signals
from knowledge import Language, Library, PassageLimits, read_library

ARTICLES = Path("knowledge/articles")
QUESTIONS = Path("tests/data/questions.yaml")
BEFORE_BOUND = 0.3
BANDS = 10
_KEPT = 0.95
FEWEST = 50
"""Answers that a band needs before its error counts."""


class Judged(NamedTuple):
    """A question, and how sure each way is of its best passage.

    Attributes:
        group: The size of the base, or the name of a set.
        language: The language of the question.
        answerable: Whether a passage answers it.
        right: Whether the best passage does.
        shown: Whether it reaches the threshold.
        before: The confidence by score and margin alone.
        now: The confidence.
        weight: How much it counts.
    """

    group: str
    language: Language
    answerable: bool
    right: bool
    shown: bool
    before: float
    now: float
    weight: float = 1.0


Way: TypeAlias = Callable[[Judged], float]


def before(standing: Standing) -> float:
    """The confidence of 2026-11-24: a logistic model over score and margin."""
    logit = 0.161 * standing.score + 1.904 * standing.margin - 1.967
    return 1.0 / (1.0 + math.exp(-logit))


def unseen_documents(folder: Path) -> tuple[WrittenDocument, ...]:
    """The written documents of a folder that no confidence was fitted on."""
    fitted = {_title(each) for each in bundled_documents()}
    every = [each for path in sorted(folder.glob("*.jsonl")) for each in read_written(path)]
    return tuple(each for each in every if _title(each) not in fitted)


def _title(written: WrittenDocument) -> str:
    return written.document.original.about.title


def judged_documents(
    written: Sequence[WrittenDocument], encoder: Encoder, cache: Path
) -> list[Judged]:
    """Ask written documents, in bases of every size.

    Args:
        written: The documents.
        encoder: The encoder.
        cache: Where their encodings are kept.
    """
    documents = tuple(each.document for each in written)
    build_index(Library(documents, (), "written"), encoder, cache)
    index = Index.open(cache, encoder)
    encodings = WrittenEncodings(
        known_in(cache, encoder),
        encoded_questions(encoder, written, lambda _count: None),
        index.reference,
    )
    trials = list(ask_written(written, (), encodings))
    return judged_trials(trials, index)


def judged_trials(trials: Sequence[Trial], index: Index) -> list[Judged]:
    """What each way says of questions that were asked; every size of base counts alike."""
    totals: dict[tuple[int, bool], int] = {}
    for each in trials:
        totals[each.size, each.answerable] = totals.get((each.size, each.answerable), 0) + 1
    shares = {True: 1 - NEAR_SHARE, False: NEAR_SHARE}
    return [
        Judged(
            SIZES_NAMED.get(each.size, "all passages"),
            each.question.language,
            each.answerable,
            each.right,
            each.shown,
            before(each.standing),
            index.confidence.of(each.signals),
            shares[each.answerable] / totals[each.size, each.answerable],
        )
        for each in trials
    ]


SIZES_NAMED = {0: "1 passage", 1: "about 4", 4: "about 16", 23: "about 100"}


def judged_set(
    name: str,
    index: Index,
    questions: Iterable[tuple[str, frozenset[str]]],
    language: Language,
) -> list[Judged]:
    """What each way says of the questions of a set.

    Args:
        name: Names the set.
        index: The index that is asked.
        questions: Each with the ids of the passages that answer it; none for near-topic ones.
        language: Their language.
    """
    every = list(questions)
    threshold = index.segments.thresholds[language]
    found = []
    for start in range(0, len(every), 32):
        batch = every[start : start + 32]
        encoded = index.encoder.encode_queries([without_courtesies(text) for text, _ in batch])
        for (text, gold), each in zip(batch, encoded, strict=True):
            query = index.segments.query(without_courtesies(text), each, language)
            ranked = index.segments.rank(query, threshold.noise, CANDIDATES)
            different = index.segments.different(ranked)
            standing = threshold.standing([one.score for one in different])
            signals = best_signals(index.segments, query, different, standing, language)
            now = index.confidence.of(signals)
            shown = threshold.judge(standing, now, Strictness.BALANCED) is not Outcome.NONE
            right = index.segments.at(ranked[0].passage).passage.id in gold
            found.append(Judged(name, language, bool(gold), right, shown, before(standing), now))
    return found


def judged_article(encoder: Encoder, cache: Path) -> list[Judged]:
    """Ask the article the half of its questions that is only looked at for reports."""
    folder = cache / "article"
    build_index(read_library(ARTICLES, PassageLimits()), encoder, folder)
    index = Index.open(folder, encoder)
    found: list[Judged] = []
    for language in Language:
        asked = [
            (case.question, expected_passages(case, index))
            for case in read_cases(QUESTIONS, index)
            if case.language is language
            and "report" in case.tags
            and ("near-topic" in case.tags or case.answerable)
        ]
        found += judged_set(f"article {language}", index, asked, language)
    return found


def expected_passages(case: Case, index: Index) -> frozenset[str]:
    """The ids of the passages that answer a question; none for a near-topic one."""
    return frozenset(
        passage.id
        for document in index.documents
        for passage in document.passages
        if case.answerable and case.is_met_by(document, passage)
    )


def price_table(judged: Sequence[Judged]) -> Table:
    """What each way answers of near-topic questions, and how many right answers it keeps."""
    points = [POINTS[each].confidence for each in Strictness]
    table = Table(
        "asked of",
        f"before, from {BEFORE_BOUND}: right answers / near-topic answered",
        *(
            f"now, from {each} ({name}): kept / near"
            for each, name in zip(points, Strictness, strict=True)
        ),
        *(f"before, raised to keep as many as from {each}: near" for each in points),
        "near at 95 % kept: raised / now",
    )
    for group in dict.fromkeys(each.group for each in judged):
        own = [each for each in judged if each.group == group]
        right = [each for each in own if each.right and each.shown]
        near = [each for each in own if not each.answerable]
        total = sum(each.before >= BEFORE_BOUND for each in right)
        now, raised = [], []
        for point in points:
            count = sum(each.now >= point for each in right)
            kept = f"{100 * count / total:.1f}" if total else "–"
            now.append(f"{kept} / {_answered(near, _now, point)}")
            raised.append(_answered(near, _before, _bound(right, _before, count)))
        most = math.ceil(_KEPT * total)
        equal = " / ".join(
            _answered(near, way, _bound(right, way, most)) for way in (_before, _now)
        )
        first = f"{total} / {_answered(near, _before, BEFORE_BOUND)}"
        table.add_row(group, first, *now, *raised, equal)
    return table


def _answered(near: Sequence[Judged], said: Way, bound: float) -> str:
    """The share of near-topic questions that get an answer, in percent."""
    hits = sum(each.shown and said(each) >= bound for each in near)
    return f"{100 * hits / len(near):.1f}" if near else "–"


def _bound(right: Sequence[Judged], said: Way, count: int) -> float:
    """From where so many right answers are given."""
    every = sorted(map(said, right), reverse=True)
    return every[min(count, len(every)) - 1] if count and every else 1.0


def reliability_table(judged: Sequence[Judged]) -> Table:
    """Said against right, in tenths, by group and language; passages that are shown."""
    table = Table(
        "shown", *(f".{low}–" for low in range(BANDS)), f"largest error of bands from {FEWEST}"
    )
    shown = [each for each in judged if each.shown]
    rows: dict[str, list[Judged]] = {"all": shown}
    for language in Language:
        rows[f"{language}"] = [each for each in shown if each.language is language]
    for group in dict.fromkeys(each.group for each in shown):
        rows[group] = [each for each in shown if each.group == group]
    for name, own in rows.items():
        for way, said in (("before", _before), ("now", _now)):
            table.add_row(f"{name}, {way}", *_bands(own, said))
    return table


def _before(judged: Judged) -> float:
    return judged.before


def _now(judged: Judged) -> float:
    return judged.now


def _bands(judged: Sequence[Judged], said: Way) -> list[str]:
    cells, worst = [], 0.0
    for number in range(BANDS):
        own = [each for each in judged if min(int(said(each) * BANDS), BANDS - 1) == number]
        mass = sum(each.weight for each in own)
        if not own:
            cells.append("–")
            continue
        mean = sum(said(each) * each.weight for each in own) / mass
        right = sum(each.right * each.weight for each in own) / mass
        if len(own) >= FEWEST:
            worst = max(worst, abs(mean - right))
        cells.append(f"{mean:.2f}→{right:.2f} ({len(own)})")
    return [*cells, f"{worst:.3f}"]
