"""Print where links open: `python -m benchmarks.links [--sample N]`.

Every sentence and passage of ten documents, on pages in eleven layouts, in Debian's Chromium and
Firefox (`apt-get install chromium firefox-esr`).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.links.browsers import CHROMIUM, FIREFOX, chromium, firefox
from benchmarks.links.layouts import LAYOUTS, page
from benchmarks.links.opening import Opening, Target, lines_of, opened, targets_of
from knowledge import Document, Library, PassageLimits, read_library
from knowledge.library import read_document

_DOCUMENTS = Path(__file__).parent / "documents"
_SEED = 21


class _Case(NamedTuple):
    document: str
    layout: str
    target: Target


def documents() -> list[Document]:
    """The bundled article in both languages, and eight others that are hard to link to."""
    limits = PassageLimits()
    bundled: Library = read_library(Path("knowledge/articles"), limits)
    found = []
    for document in bundled.documents:
        for language, edition in document.editions.items():
            about = edition.about.model_copy(
                update={"translated_from": None, "url": document.original.about.url}
            )
            text = f"---\n{_front(about.model_dump(mode='json'))}---\n{edition.text}"
            read = read_document(
                f"{document.slug}-{language}", {f"{language}.md": text}, limits, ""
            )
            found.append(read.document)
    for path in sorted(_DOCUMENTS.glob("*.md")):
        slug, own, _ = path.name.split(".")
        files = {f"{own}.md": path.read_text("utf-8")}
        found.append(read_document(slug, files, limits, "").document)
    return found


def _front(about: dict[str, object]) -> str:
    return "".join(f'{key}: "{value}"\n' for key, value in about.items() if value is not None)


async def _measure(cases: list[_Case], pages: Path, console: Console) -> None:
    for path, started in ((CHROMIUM, chromium), (FIREFOX, firefox)):
        if shutil.which(path) is None:
            console.print(f"{path} is not installed; nothing was measured with it.")
            continue
        counts: dict[str, Counter[Opening | None]] = defaultdict(Counter)
        async with started() as browser:
            begun = time.monotonic()
            for document, layout, target in cases:
                found = None
                if target.fragment is not None:
                    address = (pages / f"{document}.{layout}.html").as_uri()
                    found = await opened(browser, address, target)
                if found is not Opening.RIGHT:
                    console.print(
                        f"{browser.name}, {layout}, {document}: {found}: {target.fragment} for "
                        f"“{' '.join(target.words.split())[:80]}”",
                        markup=False,
                    )
                counts[layout][found] += 1
            took = time.monotonic() - begun
        console.print(_table(f"{browser.name}, {took:.0f} s", counts))


def _table(title: str, counts: Mapping[str, Counter[Opening | None]]) -> Table:
    table = Table("layout", "links", *Opening, "no place", title=title)
    total: Counter[Opening | None] = Counter()
    for layout in LAYOUTS:
        table.add_row(layout, *_cells(counts[layout]))
        total += counts[layout]
    table.add_section()
    table.add_row("all", *_cells(total))
    return table


def _cells(counts: Counter[Opening | None]) -> list[str]:
    total = counts.total()
    shares = (f"{counts[each]} ({100 * counts[each] / max(total, 1):.1f} %)" for each in Opening)
    return [str(total), *shares, str(counts[None])]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="so many of all cases, by chance")
    sample = parser.parse_args().sample
    console = Console(width=160)
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder)
        every = []
        for document in documents():
            about, lines = document.original.about, lines_of(document)
            for layout in LAYOUTS:
                content = page(layout, about.title, about.language, lines)
                (pages / f"{document.slug}.{layout}.html").write_text(content, "utf-8")
            every += [
                _Case(document.slug, layout, target)
                for target in targets_of(document)
                for layout in LAYOUTS
            ]
        cases = every
        if sample is not None and sample < len(every):
            cases = random.Random(_SEED).sample(every, sample)  # noqa: S311
        console.print(f"{len(cases)} of {len(every)} links: sentences and passages by layout")
        asyncio.run(_measure(cases, pages, console))


if __name__ == "__main__":
    main()
