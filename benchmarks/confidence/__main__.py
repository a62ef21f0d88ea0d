"""Find anew what the bot comes with: `python -m benchmarks.confidence [FOLDER]`.

With a folder of written documents, those for calibration are copied into
`index/data/written.jsonl` first. Then the weights of the bundled encoder are fitted on them and
written to `index/data/confidence.json`: the same code and the same documents that find the
weights of any other encoder when an index is built.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index import EncoderChoice, open_encoder
from index.building.assembly import Meter
from index.building.fitting import bundled_documents, fit_confidence, fitting_size
from index.calibration.reference import encode_reference, stored_reference

DATA = Path("index/data")


def main() -> None:
    """Copy, fit, write, print."""
    if len(sys.argv) > 1:
        _copy(Path(sys.argv[1]))
    cache = Path("data") / "benchmarks" / "confidence"
    cache.mkdir(parents=True, exist_ok=True)
    encoder = open_encoder(EncoderChoice(), Path("data") / "models", print)
    reference = stored_reference(cache, encoder) or encode_reference(
        cache, encoder, lambda _count: None
    )
    found = fit_confidence(encoder, reference, Meter(None, fitting_size()))
    text = json.dumps([found.model_dump()], indent=1)
    (DATA / "confidence.json").write_text(f"{text}\n", "utf-8")
    table = Table(
        "signal", "weight", title=f"{found.encoder}, {len(bundled_documents())} documents"
    )
    for name, weight in {"(intercept)": found.intercept, **found.weights}.items():
        table.add_row(name, f"{weight:+.4f}")
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
