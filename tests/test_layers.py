"""The packages of each room and their one direction, by every import there is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = (
    ("bot.__main__",),
    ("bot.cli",),
    ("bot.operations",),
    ("bot.cogs",),
    ("bot.client",),
    ("bot.components", "bot.guilds"),
    ("bot.answering", "bot.process"),
    ("bot.telemetry",),
    ("bot.storage",),
    ("bot.config",),
    ("bot.locales",),
    ("bot.drafts", "bot.errors", "bot.question_lines", "bot.tables"),
    ("index.evaluation", "index.comparing"),
    ("index.building",),
    ("index.search",),
    ("index.results", "index.explanation", "index.language", "index.reading"),
    ("index.segments",),
    ("index.quotes",),
    ("index.calibration",),
    ("index.ranking",),
    ("index.readers",),
    ("index.encoders",),
    ("index.files",),
    ("index.errors",),
)
"""Top first. A package imports what stands below it, and nothing beside or above it."""
LEVELS = {name: level for level, names in enumerate(LAYERS) for name in names}
ROOMS = {"bot", "index", "knowledge"}
"""Their own `__init__` is a face, which knows everything below it."""


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {
    _module(path): path for room in sorted(ROOMS) for path in sorted((ROOT / room).rglob("*.py"))
}


def _defined_in(name: str) -> str | None:
    """The module that a name of an import is, or stands in."""
    module = name if name in MODULES else name.rpartition(".")[0]
    return module if module in MODULES else None


def _package(module: str) -> str | None:
    """The package of a module; None for a room's face and for other rooms."""
    return next((each for each in LEVELS if f"{module}.".startswith(f"{each}.")), None)


def _imported(path: Path) -> Iterator[tuple[int, str]]:
    """Lines and names of all that is imported, also in functions and for types alone."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@pytest.mark.parametrize(
    "module", [each for each in MODULES if not f"{each}.".startswith("knowledge.")]
)
def test_nothing_imports_what_stands_above_or_beside_it(module: str) -> None:
    package = _package(module)
    assert package is not None or module in ROOMS, f"{module} is in no package: see LAYERS"
    if package is None:
        return

    wrong = [
        f"line {line}: {name}"
        for line, name in _imported(MODULES[module])
        if (other := _package(name)) not in {None, package} and LEVELS[other] <= LEVELS[package]
    ]

    assert not wrong, f"{package} must not import what stands above or beside it"


@pytest.mark.parametrize("folder", sorted({each.parent for each in MODULES.values()}))
def test_a_folder_has_no_circle(folder: Path) -> None:
    """Its modules and folders, each taken as one, import each other in one direction."""
    inside = _module(folder) + "."
    graph: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        own = _child(module, inside)
        if own is None:
            continue
        named = (_defined_in(name) for _, name in _imported(path))
        others = {_child(each, inside) for each in named if each is not None}
        graph.setdefault(own, set()).update(each for each in others - {own} if each is not None)

    # Its error names the circle.
    TopologicalSorter(graph).prepare()


def _child(module: str, inside: str) -> str | None:
    """The module or folder right in a folder that a module is, or stands in."""
    if not module.startswith(inside):
        return None
    return inside + module.removeprefix(inside).partition(".")[0]
