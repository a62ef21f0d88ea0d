"""Draws the picture of `/stats`, in a process of its own.

It reads JSON from standard input and writes PNG to standard output. Matplotlib takes a second
and 60 MB, which the bot itself never spends.
"""

from __future__ import annotations

import json
import sys
from typing import Any

_COLOURS = {"answer": "#2E7D5B", "closest": "#C98A1B", "none": "#80848E"}
_INK = "#1F2328"
_TEXT = 17.0
"""Points, of a picture that is 432 points wide."""
_MOST_DAYS = 5
"""Dates below the picture."""


def draw(data: dict[str, Any]) -> None:
    """Write the picture.

    Args:
        data: `days`, the dates in words; for each outcome in `outcomes` a `label` and `counts`,
            one a day; `title`.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    mpl.rcParams["font.size"] = _TEXT
    # A phone shows it about 300 points wide: its words must still be read there.
    figure = Figure(figsize=(6, 4.5), dpi=160, layout="constrained")
    axes = figure.add_subplot()
    days = range(len(data["days"]))
    below = [0] * len(days)
    for outcome, drawn in data["outcomes"].items():
        axes.bar(days, drawn["counts"], 0.9, below, color=_COLOURS[outcome], label=drawn["label"])
        below = [low + count for low, count in zip(below, drawn["counts"], strict=True)]
    step = max(1, -(-len(days) // _MOST_DAYS))
    axes.set_xticks(list(days)[::step], data["days"][::step])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.set_ylim(0, max([*below, 1]) * 1.08)
    axes.tick_params(colors=_INK, length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="y", color="#D0D7DE", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_title(data["title"], loc="left", color=_INK, fontsize=_TEXT * 1.15)
    figure.legend(frameon=False, ncols=1, loc="outside lower left", labelcolor=_INK)
    figure.savefig(sys.stdout.buffer, format="png")


if __name__ == "__main__":
    draw(json.load(sys.stdin.buffer))
