"""Pictures of what the dashboard's panels draw: `python -m tests.prometheus.pictures [folder]`.

The bot is asked for two minutes, Prometheus evaluates the dashboard's expressions, and matplotlib
draws what it says; that is the data of the panels, and not how Grafana shows it.
"""

from __future__ import annotations

import asyncio
import math
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import matplotlib as mpl
import yaml

mpl.use("Agg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from bot.answering.startup import open_index
from bot.config import read_config
from tests.conftest import ROOT
from tests.discord_server import DiscordServer
from tests.prometheus.busy import bot_telling, everything
from tests.prometheus.drawn import Expression, panels
from tests.prometheus.server import Prometheus

PORT = 18417
ROUNDS = 8
COLUMNS = 3
LABEL = (
    "What the expressions of the dashboard’s panels gave of a bot under test, of which questions "
    "are asked that fail,\nare slow and are too many on purpose. Evaluated by a real Prometheus, "
    "drawn by matplotlib; Grafana looks otherwise."
)


async def gathered(folder: Path) -> list[tuple[Expression, list[dict[str, Any]]]]:
    """Let everything happen several times; gives the curves of every expression."""
    data = folder / "data"
    shutil.copytree(ROOT / "data" / "models", data / "models")
    config = folder / "config.yaml"
    settings = {
        "data_folder": str(data),
        "knowledge": {"folder": str(ROOT / "knowledge" / "articles")},
    }
    config.write_text(yaml.safe_dump(settings))
    # The bot would build it too, which takes a while.
    await asyncio.to_thread(open_index, read_config(config), print)
    async with DiscordServer(checked=False) as discord:
        guild = discord.guild()
        async with (
            bot_telling(discord, config, PORT, int(guild.id)),
            Prometheus(folder / "prometheus", PORT) as prometheus,
        ):
            await prometheus.scraped()
            start = time.time()
            for number in range(ROUNDS):
                members = [discord.person(f"member-{number}-{each}", guild) for each in range(12)]
                await everything(discord, members)
                await prometheus.scraped(2)
            end = time.time()
            drawn = [(each, await prometheus.curves(each.text, start, end)) for each in panels()]
    return drawn


def draw(drawn: list[tuple[Expression, list[dict[str, Any]]]], file: Path) -> None:
    """Draw every panel, in the order in which the dashboard has them."""
    grouped = [list(group) for _, group in groupby(drawn, lambda each: each[0].title)]
    rows = math.ceil(len(grouped) / COLUMNS)
    figure = Figure(figsize=(15, 2.6 * rows + 0.8), dpi=80, layout="constrained")
    figure.suptitle(LABEL, fontsize=11, ha="left", x=0.01)
    places = list(figure.subplots(rows, COLUMNS).flat)
    for place, panel in zip(places, grouped, strict=False):
        _draw(place, panel)
    for place in places[len(grouped) :]:
        place.set_axis_off()
    figure.savefig(file)


def _draw(axes: Axes, panel: list[tuple[Expression, list[dict[str, Any]]]]) -> None:
    axes.set_title(panel[0][0].title, loc="left", fontsize=10)
    axes.yaxis.set_major_formatter(EngFormatter())
    start = min(at for _, curves in panel for curve in curves for at, _ in curve["values"])
    named = False
    for expression, curves in panel:
        for curve in curves:
            times = [at - start for at, _ in curve["values"]]
            values = [float(value) for _, value in curve["values"]]
            legend = _named(expression.legend, curve["metric"])
            named = named or bool(legend)
            axes.plot(times, values, label=legend or None)
    if named:
        axes.legend(fontsize=7, frameon=False, ncols=2)
    axes.set_ylim(bottom=0)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)


def _named(legend: str, labels: Mapping[str, str]) -> str:
    """A legend as Grafana fills it in."""
    return re.sub(r"\{\{(\w+)\}\}", lambda match: labels.get(match[1], ""), legend)


if __name__ == "__main__":
    chosen = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/metrics")
    chosen.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        curves_of = asyncio.run(gathered(Path(name)))
    draw(curves_of, chosen / "panels.png")
