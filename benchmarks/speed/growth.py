"""How time, memory and disk grow with the number of passages.

    python -m benchmarks.speed.growth PICTURE.svg [SIZE…]

Passages are made of five sentences each, drawn from those of a shared set (`squad`), in one
document of one language; the questions are the set's.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.quality.sets import SHARED
from benchmarks.speed.answering import one_article
from benchmarks.speed.machine import disk, load_average, machine_facts, resident
from benchmarks.speed.timing import Sample, seconds
from bot.answering.startup import open_index
from bot.config import read_config
from index import Encoder, EncoderChoice, Index, build_index, open_encoder
from knowledge import Language, PassageLimits, read_library

SIZES = (10, 100, 1_000, 4_000)
_SENTENCES = 5
_ASKED = 100


class Grown(NamedTuple):
    """One size.

    Attributes:
        passages: How many passages.
        building: Seconds to build the index.
        asking: Milliseconds from a question to its ranked passages.
        memory: MB that a process occupies which has answered.
        size: MB on disk.
    """

    passages: int
    building: float
    asking: Sample
    memory: float
    size: float


def main(picture: Path, sizes: Sequence[int]) -> None:
    """Measure, print and draw."""
    console = Console(width=130)
    console.print("\n".join(machine_facts()), highlight=False)
    config = read_config(None)
    open_index(config, print)
    encoder = open_encoder(EncoderChoice(), config.models_folder, print)
    sentences = _sentences()
    grown = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            grown.append(_grown(size, sentences, encoder, config.index_folder, Path(folder)))
    table = Table("passages", "built in", "a question, 1 thread", "memory", "on disk")
    for each in grown:
        table.add_row(
            f"{each.passages:,}",
            f"{each.building:.1f} s",
            each.asking.written("ms"),
            f"{each.memory:.0f} MB",
            f"{each.size:.1f} MB",
        )
    console.print(table)
    console.print(f"load average at the end: {load_average()}", highlight=False)
    _draw(grown, picture)


def _grown(size: int, sentences: Sequence[str], encoder: Encoder, known: Path, root: Path) -> Grown:
    random = np.random.default_rng(size)
    passages = [" ".join(random.choice(sentences, _SENTENCES)) for _ in range(size)]
    library = read_library(one_article(root / "articles", passages), PassageLimits(80, 100_000))
    folder = root / "index"
    folder.mkdir()
    # What every index knows silence by is encoded once for all.
    for reference in known.glob("reference-*"):
        shutil.copy(reference, folder)
    building = seconds(lambda: build_index(library, encoder, folder))
    command = [sys.executable, "-m", "benchmarks.speed.growth", "--ask", str(folder)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603
    asked = json.loads(ran.stdout)
    return Grown(size, building, Sample(tuple(asked["ms"])), asked["memory"], disk(folder))


def _ask(folder: Path) -> None:
    """In a process of its own, so that memory is what one index takes."""
    encoder = open_encoder(EncoderChoice(), read_config(None).models_folder, print)
    index = Index.open(folder, encoder)
    took = []
    for question in _questions():
        start = time.perf_counter()
        index.search(question, Language.ENGLISH)
        took.append(1000 * (time.perf_counter() - start))
    print(json.dumps({"ms": took, "memory": resident()}))


def _questions() -> list[str]:
    lines = (SHARED / "squad" / "questions.jsonl").read_text("utf-8").splitlines()
    return [str(json.loads(line)["q"]) for line in lines[:: len(lines) // _ASKED]][:_ASKED]


def _sentences() -> list[str]:
    lines = (SHARED / "squad" / "passages.jsonl").read_text("utf-8").splitlines()
    texts = [str(json.loads(line)["text"]) for line in lines]
    return [each.strip() for text in texts for each in text.split(". ") if each.strip()]


def _draw(grown: Sequence[Grown], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "growth"
    figure, rows = plt.subplots(1, 3, figsize=(9, 3), layout="constrained")
    passages = [each.passages for each in grown]
    asked = [each.asking for each in grown]
    rows[0].plot(passages, [each.p50 for each in asked], marker="o")
    rows[0].fill_between(
        passages, [each.p10 for each in asked], [each.p90 for each in asked], alpha=0.2
    )
    rows[0].set(title="a question, 1 thread (ms)")
    rows[1].plot(passages, [each.memory for each in grown], marker="o", label="memory")
    rows[1].plot(passages, [each.size for each in grown], marker="s", label="index on disk")
    rows[1].set(title="memory and disk (MB)")
    rows[1].legend()
    rows[2].plot(passages, [each.building for each in grown], marker="o")
    rows[2].set(title="building the index (s)", yscale="log")
    for axes in rows:
        axes.set(xlabel="passages", xscale="log")
        axes.grid(alpha=0.3)
        axes.set_ylim(bottom=None if axes is rows[2] else 0)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    if sys.argv[1] == "--ask":
        _ask(Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]] or SIZES)
