"""Find anew what the bot comes with: `python -m benchmarks.confidence [FOLDER] [--reader READER]`.

With a folder of written documents, those for calibration are copied into
`index/data/written.jsonl` first. Then the weights of the bundled encoder are fitted on them and
written to `index/data/confidence.json`: the same code and the same documents that find the
weights of any other encoder when an index is built. With `--reader bundled` those of the bundled
pair are written beside them; those of another reader are only printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index import EncoderChoice, ReaderChoice, open_encoder, open_reader
from index.building.assembly import Meter
from index.building.fitting import bundled_documents, fit_confidence, fitting_size
from index.calibration.reference import encode_reference, stored_reference
from index.readers.reader import BUNDLED, NONE

DATA = Path("index/data")


def main() -> None:
    """Copy, fit, write, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.confidence")
    parser.add_argument("folder", nargs="?", type=Path, help="written documents")
    parser.add_argument("--reader", default=NONE, help="bundled, a folder, or a hub's name")
    chosen = parser.parse_args()
    if chosen.folder is not None:
        _copy(chosen.folder)
    cache = Path("data") / "benchmarks" / "confidence"
    cache.mkdir(parents=True, exist_ok=True)
    encoder = open_encoder(EncoderChoice(), Path("data") / "models", print)
    reference = stored_reference(cache, encoder) or encode_reference(
        cache, encoder, lambda _count: None
    )
    reader = open_reader(ReaderChoice(chosen.reader), Path("data") / "models", print)
    pairs = [
        fit_confidence(encoder, reference, Meter(None, fitting_size(each)), each)
        for each in dict.fromkeys((None, reader))
    ]
    bundled = pairs if chosen.reader == BUNDLED else pairs[:1]
    text = json.dumps([each.model_dump() for each in bundled], indent=1)
    (DATA / "confidence.json").write_text(f"{text}\n", "utf-8")
    for found in pairs:
        title = f"{found.encoder}, {found.reader}, {len(bundled_documents())} documents"
        table = Table("signal", "weight", title=title)
        for name, weight in {"(intercept)": found.intercept, **found.weights}.items():
            table.add_row(name, f"{weight:+.4f}")
        table.add_row("(a logit, in the ranking)", f"{found.reading:+.4f}")
        Console().print(table)


def _copy(folder: Path) -> None:
    try:
        split = import_module("training.split")
    except ModuleNotFoundError:
        sys.exit("training/ is not there, which says what is for calibration. Nothing was changed.")
    lines = [
        line
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        if split.split_of(json.loads(line)["title"]) is split.Split.CALIBRATION
    ]
    if not lines:
        sys.exit(f"{folder} has no written documents (*.jsonl). Nothing was changed.")
    (DATA / "written.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
