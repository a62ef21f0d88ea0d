"""Print how often answers are right, by confidence: `python -m benchmarks.reliability`.

`python -m benchmarks.reliability docs/reliability.svg` draws the diagram too.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bot.answering.startup import open_index
from bot.config import Config
from index import LanguageDetector, Outcome
from index.evaluation import Asked, Share, evaluate, read_cases

QUESTIONS = Path("tests/data/questions.yaml")
_BINS = 5


class Bin(NamedTuple):
    """The answers whose confidence lies in one fifth.

    Attributes:
        said: The mean confidence.
        right: How many are right.
    """

    said: float
    right: Share


def main() -> None:
    """Measure, print, and draw where a path is given."""
    index = open_index(Config(), print)
    cases = read_cases(QUESTIONS, index)
    given = [
        each
        for each in evaluate(index, cases, LanguageDetector()).asked
        if each.result.outcome is not Outcome.NONE
    ]
    usual = [each for each in given if "near-topic" not in each.case.tags]
    rows = {
        "answerable and unrelated questions": _bins(usual),
        "near-topic questions too": _bins(given),
    }
    Console(width=150).print(_table(rows))
    if len(sys.argv) > 1:
        _draw(rows, Path(sys.argv[1]))


def _bins(given: Sequence[Asked]) -> list[Bin]:
    found = []
    for number in range(_BINS):
        own = [
            (confidence, each.rank == 1)
            for each in given
            if (first := each.first) is not None
            and (confidence := first.confidence) is not None
            and min(int(confidence * _BINS), _BINS - 1) == number
        ]
        if own:
            said = sum(confidence for confidence, _ in own) / len(own)
            found.append(Bin(said, Share(sum(right for _, right in own), len(own))))
    return found


def _table(rows: dict[str, list[Bin]]) -> Table:
    table = Table("passages shown", "said → right (95 %) of how many", "error")
    for name, bins in rows.items():
        total = sum(each.right.total for each in bins)
        error = sum(abs(each.said - each.right.value) * each.right.total for each in bins) / total
        cells = []
        for each in bins:
            low, high = each.right.interval()
            cells.append(
                f"{each.said:.2f} → {each.right.value:.2f} ({low:.2f}–{high:.2f}) of "
                f"{each.right.total}"
            )
        table.add_row(name, "\n".join(cells), f"{error:.3f}")
    return table


def _draw(rows: dict[str, list[Bin]], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    # The same figures give the same bytes.
    mpl.rcParams["svg.hashsalt"] = "reliability"
    figure, axes = plt.subplots(figsize=(6, 4.5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="what is said is so")
    for (name, bins), marker in zip(rows.items(), "os", strict=True):
        said = [each.said for each in bins]
        right = [each.right.value for each in bins]
        intervals = [each.right.interval() for each in bins]
        below = [value - each.low for value, each in zip(right, intervals, strict=True)]
        above = [each.high - value for value, each in zip(right, intervals, strict=True)]
        axes.errorbar(said, right, yerr=[below, above], marker=marker, capsize=3, label=name)
    axes.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1.02))
    axes.set_title("Passages shown for questions about the article, which nothing was fitted on")
    axes.title.set_fontsize(9)
    axes.legend(loc="upper left", fontsize=8)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
