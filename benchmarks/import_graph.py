"""The imports of the rooms as a graph: `python -m benchmarks.import_graph [FOLDER]`.

FOLDER is a checkout, by default the current folder; an earlier one may be laid beside it with
`git worktree add FOLDER REVISION`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOMS = ("bot", "index", "knowledge")
Graph = Mapping[str, frozenset[str]]


def _modules(root: Path) -> dict[str, Path]:
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for room in ROOMS
        for path in sorted((root / room).rglob("*.py"))
    }


def _named(path: Path) -> Iterator[str]:
    """All that is imported, also in functions and for types alone."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _graph(modules: Mapping[str, Path]) -> Graph:
    def defined_in(name: str) -> str | None:
        module = name if name in modules else name.rpartition(".")[0]
        return module if module in modules else None

    return {
        module: frozenset(
            other
            for name in _named(path)
            if (other := defined_in(name)) not in {None, module, *ROOMS} and other is not None
        )
        for module, path in modules.items()
        if module not in ROOMS
    }


def _reachable(graph: Graph) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for each in graph[waiting.pop()] - seen:
                seen.add(each)
                waiting.append(each)
        found[start] = seen
    return found


def main() -> None:
    """Print the table."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
    modules = _modules(root)
    graph = _graph(modules)
    reachable = _reachable(graph)
    circles = {
        frozenset({each, *(other for other in reached if each in reachable[other])})
        for each, reached in reachable.items()
        if each in reached
    }
    inside = {each for circle in circles for each in circle}

    @cache
    def level(module: str) -> int:
        below = (level(each) for each in graph[module] if not {each, module} <= inside)
        return 1 + max(below, default=0)

    folders = [path.parent for module, path in modules.items() if path.name != "__init__.py"]
    table = Table("what", "count", title=f"Imports of {', '.join(ROOMS)}")
    for what, count in (
        ("files", len(folders)),
        ("folders", len(set(folders))),
        ("files in the fullest folder", max(map(folders.count, set(folders)))),
        ("arrows", sum(map(len, graph.values()))),
        ("levels", max(map(level, graph))),
        ("circles", len(circles)),
        ("files in circles", len(inside)),
    ):
        table.add_row(what, str(count))
    Console().print(table)


if __name__ == "__main__":
    main()
