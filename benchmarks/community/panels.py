"""Print what panels cost with 200 and 2,000 documents: `python -m benchmarks.community.panels`.

Titles, headings, tags and words are those of the made community. Its vectors are drawn at random,
since no panel looks at them and encoding takes an hour. Milliseconds are those of a processor; the
worst of all pages and of all that is typed counts.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from discord import ui
from rich.console import Console
from rich.table import Table

from benchmarks.community.made import MadeDocument, community
from bot.answering.catalogue import Catalogue, Order
from bot.answering.startup import open_index
from bot.cogs.members.documents import documents_card, found_card
from bot.cogs.members.topics import headings_card
from bot.cogs.moderators.documents import cards
from bot.cogs.moderators.documents.listing import Which, chosen
from bot.config import read_config
from bot.guilds.catalogue import Catalogued
from bot.locales import Phrasebook, Phrasebooks
from bot.storage import DocumentState
from index import DocumentStore, Index
from index.building.assembly import EncodedTexts, text_key
from index.building.encodings import Encodings
from index.building.store import VersionedDocument
from index.ranking.late_interaction import TokenEncoding
from index.ranking.texts import TextKind, texts_of
from knowledge import Document, Language, PassageLimits, read_document

_COUNTS = (200, 2000)
_TYPED = (
    "r", "ru", "rul", "rules", "house rules", "règl", "règlement intérieur", "statuts", "minutes",
    "opening", "horaires", "cl", "belleville", "les tilleuls", "poterie", "swimming pool valmont",
    "deposit of the key", "combien coûte la cotisation", "the festival in the yard", "xyzzy",
)  # fmt: skip
_TOKENS = 4
_MOST_COMPONENTS, _MOST_LETTERS = 40, 4000


def _filled(base: Index, folder: Path, documents: Iterable[Document]) -> Index:
    """An index of documents beside the base, with vectors drawn at random."""
    drawn = np.random.default_rng(0)
    known, dimension = EncodedTexts(), base.encoder.dimension
    every = list(documents)
    for text in texts_of(every):
        count = len(text.sentences)
        vectors = drawn.standard_normal((count, dimension)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        tokens = _TOKENS * count
        starts = np.arange(0, tokens, _TOKENS, dtype=np.int32)
        known.texts[text_key(text)] = TokenEncoding(
            vectors.astype(np.float16),
            drawn.integers(0, 256, (tokens, dimension // 2)).astype(np.uint8),
            np.full(tokens, 0.01, np.float32),
            np.stack([starts, starts + _TOKENS], axis=1),
        )
        if text.kind is TextKind.QUESTION:
            known.questions[text.content] = vectors[0]
    store = DocumentStore(folder, base, "benchmark")
    put = [VersionedDocument(each, 1) for each in every]
    store.change(put, encodings=Encodings(known, {}, frozenset(), {}))
    return store.index


def _read(each: MadeDocument) -> Document:
    return read_document(each.slug, each.files, PassageLimits(), "benchmark").document


def measure(count: int, base: Index, folder: Path) -> Table:
    """Look at every panel of a server of so many documents."""
    table = Table(f"{count:,} documents", "ms, the worst", "ms, the median", "of")
    documents = [_read(each) for each in community(count, 1).documents]
    index = _filled(base, folder, documents)
    begun = time.process_time()
    catalogue = Catalogue(index, {each.slug: dt.date(2026, 5, 1) for each in documents})
    catalogue_took = 1000 * (time.process_time() - begun)
    quoted = {
        passage.id: number % 7 for number, each in enumerate(documents) for passage in each.passages
    }
    known = Catalogued(catalogue, quoted)
    own = {each.slug: each for each in documents}
    now = dt.datetime.now(dt.UTC)
    states = [DocumentState(each.slug, 1, 1, now, 1, removed=False) for each in documents]

    def timed(name: str, acts: Iterable[Callable[[], Any]]) -> None:
        took = []
        for act in acts:
            start = time.process_time()
            shown = act()
            took.append(1000 * (time.process_time() - start))
            if isinstance(shown, ui.LayoutView):
                assert shown.total_children_count <= _MOST_COMPONENTS, name  # noqa: S101
                assert shown.content_length() <= _MOST_LETTERS, name  # noqa: S101
        table.add_row(name, f"{max(took):.1f}", f"{np.median(took):.1f}", str(len(took)))

    def listed(which: Which, phrases: Phrasebook) -> ui.LayoutView:
        found = chosen(states, own, quoted, which=which, tag="", today=now.date())
        return cards.documents_card(found, own, 0, phrases)

    def sought(typed: str, phrases: Phrasebook) -> ui.LayoutView:
        return found_card(catalogue.documents(typed), typed, phrases)

    def shown(language: Language, phrases: Phrasebook) -> None:
        pages = range(0, count // 8, max(1, count // 80))
        for order in Order:
            acts = [partial(documents_card, known, order, at, "", phrases) for at in pages]
            timed(f"/topics, {order}, {language}", acts)
        tags = [tag for tag, _ in catalogue.tags[:20]]
        by_tag = [partial(documents_card, known, Order.ASKED, 0, tag, phrases) for tag in tags]
        timed(f"/topics tag, {language}", by_tag)
        timed(f"/topics search, {language}", [partial(sought, each, phrases) for each in _TYPED])
        headings = [partial(headings_card, each, 0, phrases) for each in documents[::20]]
        timed(f"headings of a document, {language}", headings)
        for which in Which:
            timed(f"/knowledge list {which}, {language}", [partial(listed, which, phrases)])

    for language in Language:
        shown(language, Phrasebooks.read()[language])
    timed(
        "what is offered while one types", [partial(catalogue.found, each, 25) for each in _TYPED]
    )
    table.add_row("the catalogue, in a worker, once a change", f"{catalogue_took:.1f}", "", "1")
    return table


def main() -> None:
    """Measure and print."""
    base = open_index(read_config(None), print)
    for count in map(int, sys.argv[1:]) if len(sys.argv) > 1 else _COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            Console(width=100).print(measure(count, base, Path(folder)))


if __name__ == "__main__":
    main()
