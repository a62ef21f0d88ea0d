"""The rooms and their one direction: bot, index, knowledge."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_MODULE = 500
FORBIDDEN = {
    "knowledge": {"index", "bot", "discord", "typer", "rich", "training"},
    "index": {"bot", "discord", "typer", "rich", "training"},
    "bot": {"tests", "benchmarks", "training"},
    "training": {"bot", "tests", "benchmarks"},
}


def _modules(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imported(path: Path) -> Iterator[str]:
    """The first names of all that a module imports, also within functions."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}, line {node.lineno}: relative import"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("path", _modules(*FORBIDDEN), ids=_named)
def test_nothing_imports_what_stands_above_it(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]

    assert FORBIDDEN[room].isdisjoint(_imported(path))


def test_every_room_has_modules() -> None:
    assert all(_modules(room) for room in FORBIDDEN)


@pytest.mark.parametrize(
    "path", _modules("bot", "index", "knowledge", "tests", "training"), ids=_named
)
def test_no_module_is_too_long_to_read(path: Path) -> None:
    assert path.read_bytes().count(b"\n") <= LONGEST_MODULE
