"""Print how well each system answers the shared sets: `python -m benchmarks.quality`.

With `--reader FOLDER` only a reader is compared: with none, with a confidence raised until it gives
as many right answers, and with the reader. `--every N` asks one question in N.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.quality.application import installed
from benchmarks.quality.honesty import (
    Judged,
    judged_article,
    judged_documents,
    judged_set,
    price_table,
    reliability_table,
    unseen_documents,
)
from benchmarks.quality.reading import compare_readers
from benchmarks.quality.sets import SHARED, BenchmarkSet, Question, read_sets
from benchmarks.quality.systems import Found, Systems
from index import Encoder, EncoderChoice, ReaderChoice, open_encoder
from index.encoders.sentence_transformer import load_sentence_transformer
from index.evaluation import Share

DATA = Path("data")
WRITTEN = Path("training/documents")
_RECALL_DEPTH = 5
_BINS = 10


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality")
    parser.add_argument("--reader", metavar="FOLDER", help="bundled, a folder, or a hub's name")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one question in N")
    chosen = parser.parse_args()
    if chosen.reader is not None:
        compare_readers(ReaderChoice(chosen.reader), chosen.every)
        return
    if not SHARED.is_dir():
        sys.exit(f"The shared sets are not there: {SHARED}. Nothing was measured.")
    sets = read_sets(SHARED)
    encoder = open_encoder(EncoderChoice(), DATA / "models", print)
    plain = load_sentence_transformer(EncoderChoice(), DATA / "models")
    systems = {each.name: Systems(each, encoder, plain, DATA / "benchmarks") for each in sets}
    console = Console(width=150)
    if not installed():
        console.print("txtai is not installed; `pip install '.[benchmark]'` brings it.")
    console.print("acc@1 / MRR@10 / recall@5 in %")
    console.print(_quality(sets, systems))
    console.print("The product in % with 95 % intervals; unrelated: questions of the other set")
    console.print(_silence(sets, systems))
    console.print("Of the answers given with a confidence, the share that is right (how many)")
    console.print(_reliability(sets, systems))
    console.print("The telling sentence, in %: how often one is marked, and holds the answer")
    console.print(_telling(sets, systems))
    _print_honesty(sets, systems, encoder, console)


def _print_honesty(
    sets: Sequence[BenchmarkSet], systems: dict[str, Systems], encoder: Encoder, console: Console
) -> None:
    judged: list[Judged] = []
    for each in sets:
        for language, questions in each.questions.items():
            # Only one set has questions that its passages seem to answer.
            near = each.near if language is each.language else ()
            asked = [(one.text, one.gold) for one in (*questions, *near)]
            name = f"{each.name} {language}→{each.language}"
            judged += judged_set(name, systems[each.name].index, asked, language)
    judged += judged_article(encoder, DATA / "benchmarks")
    console.print("What near-topic questions get, and what it costs, in %")
    console.print(price_table(judged))
    console.print("Said → right (how many), of the passages shown")
    console.print(reliability_table(judged))
    if not WRITTEN.is_dir():
        console.print(f"{WRITTEN} is not there: written documents were not measured.")
        return
    written = judged_documents(unseen_documents(WRITTEN), encoder, DATA / "benchmarks" / "written")
    console.print("The same of written documents that nothing was fitted on, a third near-topic")
    console.print(price_table(written))
    console.print(reliability_table(written))


def _quality(sets: Sequence[BenchmarkSet], systems: dict[str, Systems]) -> Table:
    rows: dict[str, list[str]] = {
        name: [] for name in ("BM25 alone", "plain vectors", "txtai hybrid", "product")
    }
    names: list[str] = []
    for each in sets:
        own = systems[each.name]
        for language, questions in each.questions.items():
            names.append(f"{each.name} {language}→{each.language} ({len(questions)})")
            asked_of = (own.words, own.plain, own.application, own.product)
            for cells, ask in zip(rows.values(), asked_of, strict=True):
                cells.append(
                    _figures(questions, ask([asked.text for asked in questions], language))
                )
    table = Table("system", *names)
    for name, cells in rows.items():
        table.add_row(name, *cells)
    return table


def _figures(questions: Sequence[Question], found: Sequence[Found]) -> str:
    ranks = [_rank(*each) for each in zip(questions, found, strict=True)]
    first = sum(rank == 1 for rank in ranks)
    reciprocal = sum(1 / rank for rank in ranks if rank)
    recalled = sum(0 < rank <= _RECALL_DEPTH for rank in ranks)
    return " / ".join(f"{100 * each / len(ranks):.1f}" for each in (first, reciprocal, recalled))


def _rank(question: Question, found: Found) -> int:
    """The place of the first right passage, counted from 1; 0 past the last."""
    places = (place for place, each in enumerate(found.ids, 1) if each in question.gold)
    return next(places, 0)


def _silence(sets: Sequence[BenchmarkSet], systems: dict[str, Systems]) -> Table:
    table = Table("asked", "right kept", "right: answer", "unrelated shown", "unrelated: answer")
    for own, other in ((sets[0], sets[1]), (sets[1], sets[0])):
        for language, questions in own.questions.items():
            ask = systems[own.name].product
            found = ask([each.text for each in questions], language)
            right = [
                each
                for question, each in zip(questions, found, strict=True)
                if _rank(question, each) == 1
            ]
            unrelated = ask([each.text for each in other.questions[language]], language)
            table.add_row(
                f"{own.name} {language}→{own.language}",
                _percent([each.shown for each in right]),
                _percent([each.answered for each in right]),
                _percent([each.shown for each in unrelated]),
                _percent([each.answered for each in unrelated]),
            )
    return table


def _reliability(sets: Sequence[BenchmarkSet], systems: dict[str, Systems]) -> Table:
    """Said confidence against the share that is right, over all questions that have an answer."""
    said: dict[str, list[tuple[float, bool]]] = {}
    for each in sets:
        for language, questions in each.questions.items():
            found = systems[each.name].product([asked.text for asked in questions], language)
            said[f"{each.name} {language}"] = [
                (one.result.matches[0].confidence or 0.0, _rank(question, one) == 1)
                for question, one in zip(questions, found, strict=True)
                if one.result is not None
            ]
    table = Table("set", *(f"{low / 10:.1f}-" for low in range(_BINS)), "error")
    for name, pairs in said.items():
        cells, error = [], 0.0
        for number in range(_BINS):
            own = [each for each in pairs if min(int(each[0] * _BINS), _BINS - 1) == number]
            if not own:
                cells.append("–")
                continue
            mean = sum(confidence for confidence, _ in own) / len(own)
            right = sum(hit for _, hit in own) / len(own)
            error += abs(mean - right) * len(own) / len(pairs)
            cells.append(f"{right:.2f} ({len(own)})")
        table.add_row(name, *cells, f"{error:.3f}")
    return table


def _telling(sets: Sequence[BenchmarkSet], systems: dict[str, Systems]) -> Table:
    """How often the marked sentence holds the answer, where the passage is right."""
    table = Table("asked", "marked", "right of marked")
    for each in sets:
        for language, questions in each.questions.items():
            found = systems[each.name].product([asked.text for asked in questions], language)
            marked: list[bool] = []
            hits: list[bool] = []
            for question, one in zip(questions, found, strict=True):
                if not question.answer or one.result is None or _rank(question, one) != 1:
                    continue
                match = one.result.matches[0]
                text = match.passage.texts[each.language]
                edition = match.document.editions[each.language].text
                held = [question.answer in each.of(edition) for each in text.sentences]
                if len(held) < 2 or not any(held):  # noqa: PLR2004
                    continue
                number = match.telling[each.language]
                marked.append(number is not None)
                if number is not None:
                    hits.append(held[number])
            if marked:
                name = f"{each.name} {language}→{each.language}"
                table.add_row(name, _percent(marked), _percent(hits))
    return table


def _percent(hits: Sequence[bool]) -> str:
    share = Share(sum(hits), len(hits))
    low, high = share.interval()
    return f"{100 * share.value:.1f} ({100 * low:.1f}–{100 * high:.1f}) of {share.total}"


if __name__ == "__main__":
    main()
