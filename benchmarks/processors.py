r"""How far the served encoder's tokens differ between processors, with the test questions.

    qemu-x86_64-static -cpu Haswell "$(readlink -f .venv/bin/python)" -m benchmarks.processors \
        write EXPORT haswell.npz 20
    python -m benchmarks.processors write EXPORT here.npz 20
    python -m benchmarks.processors compare here.npz haswell.npz

EXPORT is an exported model, `models/exported-…` of a data folder. Under qemu a question takes
seconds to a minute.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import yaml

from index.encoders.exported.encoder import ExportedEncoder

_QUESTIONS = Path(__file__).parent.parent / "tests" / "data" / "questions.yaml"


def write(export: Path, target: Path, count: int) -> None:
    """Keep the token vectors of so many questions, evenly drawn; each as soon as it is there."""
    questions = [each["question"] for each in yaml.safe_load(_QUESTIONS.read_text("utf-8"))]
    encoder = ExportedEncoder.open(export)
    found = {}
    for number, question in enumerate(questions[:: len(questions) // count][:count]):
        found[str(number)] = encoder.encode_queries([question])[0].tokens
        np.savez(target, **found)  # type: ignore[arg-type]
    encoder.close()


def compare(one: Path, other: Path) -> None:
    """Print how alike the questions that both have are."""
    with np.load(one) as first, np.load(other) as second:
        both = [(first[each], second[each]) for each in first.files if each in second.files]
    cosines = []
    for here, there in both:
        # As an export is compared: without what all tokens have in common.
        centred = [each - here.mean(0) for each in (here, there)]
        lengths = np.linalg.norm(centred[0], axis=1) * np.linalg.norm(centred[1], axis=1)
        cosines.extend((centred[0] * centred[1]).sum(1) / lengths)
    print(f"{len(both)} questions, {sum(map(np.array_equal, *zip(*both, strict=True)))} equal;")
    print(f"tokens' cosine {np.mean(cosines):.6f} in the mean, {np.min(cosines):.6f} at the least")


if __name__ == "__main__":
    what, *files = sys.argv[1:]
    if what == "write":
        write(Path(files[0]), Path(files[1]), int(files[2]))
    else:
        compare(Path(files[0]), Path(files[1]))
