"""Print how fast and how small answering is.

    python -m benchmarks.speed [questions] [processes] [building] [searching]

Without a part, all are measured.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.speed import answering, processes, searching, subjects
from benchmarks.speed.answering import THREADS, Subject
from benchmarks.speed.machine import disk, load_average, machine_facts
from benchmarks.speed.timing import Pair, Sample
from bot.answering.startup import open_index
from bot.config import Config, read_config
from index import Encoder, EncoderChoice, EncoderError, open_encoder
from index.encoders.bundled import BUNDLED_REVISION
from index.encoders.exported.encoder import ExportedEncoder
from index.encoders.sentence_transformer import load_sentence_transformer
from knowledge import CoalitionBotError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_PARTS = ("questions", "processes", "building", "searching")
_BUILT = 1_000
_TOKENS = 230


class Row(NamedTuple):
    """A line of the table; less is better unless `more_is_better`."""

    name: str
    figures: Pair
    unit: str
    reach: str
    more_is_better: bool = False

    @property
    def gain(self) -> float:
        """How many times better the product is."""
        return 1 / self.figures.ratio if self.more_is_better else self.figures.ratio


def main(parts: Sequence[str]) -> None:
    """Measure the given parts and print."""
    if unknown := set(parts) - set(_PARTS):
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(_PARTS)}.")
    console = Console(width=160)
    console.print("\n".join(machine_facts()), highlight=False)
    config = read_config(None)
    index = open_index(config, print)
    encoder = open_encoder(EncoderChoice(), config.models_folder, print)
    if not isinstance(encoder, ExportedEncoder):
        raise EncoderError("The model could not be exported; there is nothing to compare.")
    model = load_sentence_transformer(EncoderChoice(), config.models_folder).model
    asked = [subjects.article(index, model)]
    try:
        asked.append(subjects.shared_set(config.data_folder / "benchmarks", encoder, model))
    except (CoalitionBotError, OSError) as error:
        console.print(f"Without the shared set, which `benchmarks.quality` indexes: {error}")
    measures: dict[str, Callable[[], Iterable[Row]]] = {
        "questions": lambda: _questions(asked),
        "processes": lambda: _processes(config, asked[0]),
        "building": lambda: [_build(config, model, encoder, asked[0])],
    }
    rows = [row for part, measure in measures.items() if part in parts for row in measure()]
    console.print("Medians (one in ten is below – one in ten is above); contenders take turns.")
    console.print(_table(rows))
    if "searching" in parts:
        found = list(searching.searches(searching.SIZES, THREADS))
        console.print(searching.table(found, THREADS))
    console.print(f"load average at the end: {load_average()}", highlight=False)


def _questions(asked: Sequence[Subject]) -> Iterator[Row]:
    for each in asked:
        took = answering.one_thread(each)
        name = f"question to ranked passages, 1 thread, {each.name}"
        yield Row(name, took.times(1000), "ms", "≤ 4 ms, ≥ 6 times")
    for each in asked:
        rates = answering.throughput(each, rounds=3)
        name = f"questions per second, {THREADS} threads, {each.name}"
        yield Row(name, rates, "", "≥ 10 times as many", more_is_better=True)


def _processes(config: Config, asked: Subject) -> Iterator[Row]:
    questions = [question for question, _ in asked.questions]
    model = config.models_folder / BUNDLED_REVISION
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        asked.plain.write(folder, subjects.passages_of(asked.index), model)
        cold = processes.cold_start(questions[0], folder, rounds=3)
        yield Row("`ask` from cold start to printed answer", cold.time, "s", "≤ 1.0 s")
        yield Row("the same: memory at the most", cold.peak, "MB", "")
        resident = processes.memory(questions, folder, rounds=2)
        name = f"resident memory after {len(questions)} answers (product: connected to a stand-in)"
        yield Row(name, resident, "MB", "≤ 220 MB")
        plain = disk(model) + disk(folder)
    exports = config.models_folder.glob("exported-*")
    product = disk(config.index_folder) + sum(disk(each) for each in exports)
    size = Pair(Sample((plain,) * 2), Sample((product,) * 2))
    yield Row("disk: the model that answers, and the index", size, "MB", "≤ 150 MB")


def _build(config: Config, model: SentenceTransformer, encoder: Encoder, asked: Subject) -> Row:
    def tokens(text: str) -> int:
        return len(encoder.encode_passages([text])[0].offsets)

    words = " ".join(subjects.passages_of(asked.index)).split()
    passages = answering.long_passages(words, _BUILT, _TOKENS, tokens)
    mean = sum(map(tokens, passages)) / len(passages)
    took = answering.building(model, encoder, passages, config.index_folder, rounds=2)
    name = f"{_BUILT:,} passages of {mean:.0f} tokens into an index, {THREADS} threads"
    return Row(name, took, "s", "≤ 40 s")


def _table(rows: Sequence[Row]) -> Table:
    table = Table("", "plain recipe", "product", "times better", "to reach")
    for row in rows:
        plain, product = (each.written(row.unit) for each in row.figures)
        table.add_row(row.name, plain, product, f"{row.gain:.1f}", row.reach)
    return table


if __name__ == "__main__":
    try:
        main(sys.argv[1:] or _PARTS)
    except CoalitionBotError as error:
        sys.exit(str(error))
