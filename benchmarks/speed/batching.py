"""What encoding questions together would gain: `python -m benchmarks.speed.batching`.

The exported model reads one text at a time. How the time of one grows with its tokens says
what two questions of half the tokens would save at the most if they were read as one: nothing
is padded, and attention is left out of account.
"""

from __future__ import annotations

import time

from rich.console import Console
from rich.table import Table

from benchmarks.speed.machine import load_average, machine_facts
from benchmarks.speed.timing import Sample
from bot.config import read_config
from index import Encoder, EncoderChoice, open_encoder

_LENGTHS = (10, 14, 20, 28, 40, 56, 80)
_ROUNDS = 60


def main() -> None:
    """Measure and print."""
    console = Console(width=130)
    console.print("\n".join(machine_facts()), highlight=False)
    encoder = open_encoder(EncoderChoice(), read_config(None).models_folder, print)
    taken = _taken(encoder)
    table = Table(
        "tokens",
        "one text, processor time",
        "two of half the tokens",
        "saved by reading both as one",
    )
    for length, sample in taken.items():
        halves = taken.get(length // 2)
        cells = [f"{length}", sample.times(1000).written("ms")]
        if halves is not None:
            cells.append(f"{2000 * halves.p50:.3g} ms")
            cells.append(f"{1 - sample.p50 / (2 * halves.p50):.0%}")
        table.add_row(*cells)
    console.print(table)
    console.print(f"load average at the end: {load_average()}", highlight=False)


def _taken(encoder: Encoder) -> dict[int, Sample]:
    """Seconds of processor time to encode a question of so many tokens; lengths take turns."""
    texts = {length: _question(encoder, length) for length in _LENGTHS}
    values: dict[int, list[float]] = {length: [] for length in _LENGTHS}
    for _ in range(_ROUNDS):
        for length, text in texts.items():
            start = time.thread_time()
            encoder.encode_queries([text])
            values[length].append(time.thread_time() - start)
    return {length: Sample(tuple(each)) for length, each in values.items()}


def _question(encoder: Encoder, tokens: int) -> str:
    words: list[str] = []
    while len(encoder.encode_queries([" ".join(words)])[0].offsets) < tokens:
        words.append("market")
    return " ".join(words)


if __name__ == "__main__":
    main()
