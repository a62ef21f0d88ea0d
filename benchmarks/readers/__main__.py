"""Print what reading costs: `python -m benchmarks.readers FOLDER`.

One, three and five passages of the articles are read with a question: by the product in int8, and
by sentence-transformers' `CrossEncoder` with the same weights in float32, which pads them to one
length. Both have one thread and take turns. Times are of the processor, which a busy machine bends
less than those of the clock; ratios bend least. The last column reads passages that are all as long
as the longest: what padding to one length costs, the other way to be sure that no score depends on
its neighbours.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from index import EncoderChoice, Reader, ReaderChoice, ReaderError, open_encoder, open_reader
from index.readers.packed import PackedReader, is_packed
from knowledge import Language, PassageLimits, read_library

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

ARTICLES = Path("knowledge/articles")
QUESTION = "Why was the coalition founded, and who may join it?"
COUNTS = (1, 3, 5)
ROUNDS = 15


def main() -> None:
    """Measure and print."""
    if len(sys.argv) != 2:  # noqa: PLR2004
        sys.exit("Name the folder of a reader: a CrossEncoder, or a packed one.")
    folder = Path(sys.argv[1])
    models = Path("data") / "models"
    # A packed reader shares the vocabulary of its export.
    open_encoder(EncoderChoice(), models, print)
    try:
        reader = open_reader(ReaderChoice(str(folder)), models, print)
    except ReaderError as error:
        sys.exit(str(error))
    if reader is None:
        sys.exit("None is no reader.")
    passages = _passages()
    with tempfile.TemporaryDirectory() as unpacked:
        if is_packed(folder):
            PackedReader.read(folder).unpack(Path(unpacked))
            folder = Path(unpacked)
        original = _original(folder)
        Console().print(_table(reader, original, passages))


def _passages() -> list[str]:
    library = read_library(ARTICLES, PassageLimits())
    return [
        text.span.of(document.editions[Language.ENGLISH].text)
        for document in library.documents
        for passage in document.passages
        if (text := passage.texts.get(Language.ENGLISH)) is not None
    ]


def _original(folder: Path) -> CrossEncoder:
    import torch
    from sentence_transformers import CrossEncoder

    torch.set_num_threads(1)
    model: CrossEncoder = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    return model


def _table(reader: Reader, original: CrossEncoder, passages: list[str]) -> Table:
    tokenizer: Any = original.tokenizer
    tokens = [len(tokenizer(each)["input_ids"]) for each in passages]
    longest = passages[max(range(len(passages)), key=tokens.__getitem__)]
    table = Table(
        "passages",
        "product, int8",
        "CrossEncoder, float32",
        "ratio",
        "product, all as long as the longest",
        title=f"{reader.name}: ms of one thread, median of {ROUNDS}; passages of "
        f"{min(tokens)} to {max(tokens)} tokens, {median(tokens):.0f} at the median",
    )
    for count in COUNTS:
        ours, theirs, padded = [], [], []
        for start in range(ROUNDS):
            some = [passages[(start + each) % len(passages)] for each in range(count)]
            pairs = [(QUESTION, each) for each in some]
            ours.append(_seconds(partial(reader.scores, QUESTION, some)))
            theirs.append(_seconds(partial(original.predict, pairs)))
            padded.append(_seconds(partial(reader.scores, QUESTION, [longest] * count)))
        table.add_row(
            str(count),
            f"{1000 * median(ours):.1f}",
            f"{1000 * median(theirs):.1f}",
            f"{median(ours) / median(theirs):.2f}",
            f"{1000 * median(padded):.1f}",
        )
    return table


def _seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


if __name__ == "__main__":
    main()
