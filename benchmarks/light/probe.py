"""What is measured inside one version: `probe.py DATA WHAT [COUNT]` with that version on the path.

It imports only what both versions have, and prints one JSON object. Times are of a processor, in
seconds, since contenders share a machine with others.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from index import DocumentStore, EncoderChoice, Index, build_index, open_encoder
from index.building.encodings import encode_documents
from index.building.store import VersionedDocument
from knowledge import Language, Library, PassageLimits, read_library

_WORDS = 150
_ASKED = 60


def main() -> None:
    """Measure one thing."""
    data, what, *rest = sys.argv[1:]
    measures: dict[str, Callable[[Path, int], dict[str, float]]] = {
        "passages": _passages,
        "documents": _documents,
    }
    json.dump(measures[what](Path(data), int(rest[0])), sys.stdout)


def _took(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def _passages(data: Path, count: int) -> dict[str, float]:
    """An index of so many passages: its building, its size, and questions to it."""
    encoder = open_encoder(EncoderChoice(), data / "models", _tell)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = _library(folder / "articles", [_WORDS] * count, one_document=True)
        index_folder = folder / "index"
        build_index(_library(folder / "first", [_WORDS], one_document=True), encoder, index_folder)
        built = _took(lambda: build_index(library, encoder, index_folder))
        on_disk = sum(each.stat().st_size for each in index_folder.glob("*/*"))
        index = Index.open(index_folder, encoder)
        kept = encode_documents(library.documents[:1], index, {})
        in_database = sum(len(each.content) for each in kept.documents.values())
        questions = [f"What did Amazon do in {year}, and who said so?" for year in range(_ASKED)]
        ask: list[Callable[[], object]] = [
            partial(index.search_many, [each], [Language.ENGLISH]) for each in questions
        ]
        encode: list[Callable[[], object]] = [
            partial(encoder.encode_queries, [each]) for each in questions
        ]
        for each in (*ask[:5], *encode[:5]):
            each()
        answered = sorted(map(_took, ask[5:]))
        encoded = sorted(map(_took, encode[5:]))
        passages = len(library.passages)
        return {
            "built": built,
            "disk": on_disk / passages,
            "database": in_database / passages,
            "question": answered[len(answered) // 2],
            "encoded": encoded[len(encoded) // 2],
        }


def _documents(data: Path, count: int) -> dict[str, float]:
    """So many documents of thirty words put into a server from nothing, and one more."""
    encoder = open_encoder(EncoderChoice(), data / "models", _tell)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = _library(folder / "first", [_WORDS], one_document=True)
        build_index(first, encoder, folder / "index")
        base = Index.open(folder / "index", encoder)
        library = _library(folder / "documents", [30] * (count + 1), one_document=False)
        *most, last = [VersionedDocument(each, 1) for each in library.documents]
        store = DocumentStore(folder / "store", base, "as here")
        return {
            "built": _took(lambda: store.change(most)),
            "more": _took(lambda: store.change([last])),
        }


def _library(folder: Path, lengths: list[int], *, one_document: bool) -> Library:
    """Documents of the article's words, of so many each, or one of as many paragraphs."""
    article = Path(__file__).parents[2] / "knowledge" / "articles"
    words = " ".join(each.read_text("utf-8") for each in sorted(article.rglob("en.md"))).split()
    words = [each for each in words if each.isascii() and each.strip("-#*>|").isprintable()]
    plain = ["".join(sign for sign in each if sign.isalnum() or sign in ",.") for each in words]
    plain = [each for each in plain if each]
    texts, at = [], 0
    for number, length in enumerate(lengths):
        some = [plain[(at + each * (1 + number % 7)) % len(plain)] for each in range(length)]
        texts.append(" ".join(some).strip(" .,") + f" {number}.")
        at += length
    groups = [texts] if one_document else [[each] for each in texts]
    for number, paragraphs in enumerate(groups):
        path = folder / f"d{number}" / "en.md"
        path.parent.mkdir(parents=True)
        text = "\n\n".join(paragraphs)
        path.write_text(f"---\ntitle: T{number}\nlanguage: en\n---\n\n{text}\n", "utf-8")
    return read_library(folder, PassageLimits(80, 100_000))


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
