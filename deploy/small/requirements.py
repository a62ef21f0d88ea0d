"""Print what the small set-up needs, as pyproject.toml has it.

    python deploy/small/requirements.py [EXTRA…]
    python deploy/small/requirements.py --first

The small set-up answers, adds documents and runs, by the bundled model alone. It is made of the
dependencies of the whole, less those that `[tool.small]` names; so there is no list to keep.
`--first` prints instead what is only needed until the model has been made ready.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def requirements(
    extras: Sequence[str] = (), *, first: bool = False, pyproject: Path = PYPROJECT
) -> list[str]:
    """The requirements of the small set-up, as pip reads them.

    Args:
        extras: What else it is to have, such as `postgresql`.
        first: Whether to give those that are only needed until the model is ready.
        pyproject: The project's file.
    """
    content = tomllib.loads(pyproject.read_text("utf-8"))
    small = content["tool"]["small"]
    every = {_name(each): each for each in content["project"]["dependencies"]}
    unknown = [each for part in small.values() for each in part if each not in every]
    if unknown:
        sys.exit(
            f"[tool.small] in {pyproject} names {', '.join(unknown)}, which no dependency is. "
            "Take it out there."
        )
    if first:
        return [every[each] for each in small["first"]]
    left_out = {*small["without"], *small["first"]}
    kept = [each for name, each in every.items() if name not in left_out]
    optional = content["project"]["optional-dependencies"]
    if missing := [each for each in extras if each not in optional]:
        sys.exit(f"There is no extra {', '.join(missing)}; there are {', '.join(optional)}.")
    return [*kept, *(each for extra in extras for each in optional[extra])]


def _name(requirement: str) -> str:
    found = _NAME.match(requirement)
    assert found is not None  # noqa: S101 - hatchling has read it
    return found[0]


if __name__ == "__main__":
    given = sys.argv[1:]
    chosen = requirements(first=True) if given == ["--first"] else requirements(given)
    sys.stdout.write("\n".join(chosen) + "\n")
