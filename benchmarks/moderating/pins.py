"""Print which questions a pin would answer: `python -m benchmarks.moderating.pins [half]`.

Each question about the article is pinned in turn, and the others of its half are asked. One
that asks for the same (the same fragments of the article answer it) should get the pin; one
that asks for something else (no fragment is shared, or nothing answers it) should not.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.answering.startup import open_index
from bot.config import read_config
from index.evaluation import read_cases
from index.reading import ALIKE

_QUESTIONS = Path("tests/data/questions.yaml")
_BOUNDS = (0.88, 0.90, 0.92, ALIKE, 0.94, 0.96)


def main() -> None:
    """Measure and print."""
    half = sys.argv[1] if len(sys.argv) > 1 else "develop"
    index = open_index(read_config(None), print)
    cases = [each for each in read_cases(_QUESTIONS, index) if half in each.tags]
    embeddings = index.embed([each.question for each in cases])
    likeness = embeddings @ embeddings.T
    same: list[float] = []
    translated: list[float] = []
    other: list[float] = []
    for pinned, asked in permutations(range(len(cases)), 2):
        wanted, got = set(cases[pinned].expect), set(cases[asked].expect)
        if not wanted:
            continue
        if wanted == got:
            alike = cases[pinned].language is cases[asked].language
            (same if alike else translated).append(float(likeness[pinned, asked]))
        elif not wanted & got:
            other.append(float(likeness[pinned, asked]))
    table = Table("cosine from", "the same, one language", "the same, two languages", "another")
    for bound in _BOUNDS:
        table.add_row(f"{bound:.2f}", *(_share(each, bound) for each in (same, translated, other)))
    table.add_row("pairs", *(str(len(each)) for each in (same, translated, other)))
    Console().print(table)


def _share(values: Sequence[float], bound: float) -> str:
    return f"{100 * float(np.mean(np.array(values) >= bound)):.2f} %"


if __name__ == "__main__":
    main()
