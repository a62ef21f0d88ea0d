"""Notes behind the blocks that refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from knowledge.blocks.blocks import Block, Note, marks_in
from knowledge.blocks.richtext import MarkKind


def placed(blocks: Iterable[Block], notes: Sequence[Note]) -> Iterator[Block]:
    """Blocks, each with the notes that it is the first to refer to; notes of none at the end."""
    left = {each.mark: each for each in notes}
    for block in blocks:
        yield block
        for mark in marks_in((block,)):
            if mark.kind is MarkKind.NOTE and mark.target in left:
                yield left.pop(mark.target)
    yield from left.values()
