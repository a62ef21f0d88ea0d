"""Notes behind the blocks that refer to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from knowledge.blocks.blocks import Block, Note, marks_in
from knowledge.blocks.richtext import MarkKind


def with_notes_in_place(blocks: Iterable[Block]) -> list[Block]:
    """Blocks, each with the notes right behind it that it is the first to refer to."""
    every = [*blocks]
    return [every[at] for at in order_of(every)]


def order_of(blocks: Sequence[Block]) -> Sequence[int]:
    """The numbers of blocks in the order that `with_notes_in_place` gives them.

    A note that none refers to stays where it stands.
    """
    notes: dict[str, int] = {}
    for at, each in enumerate(blocks):
        if isinstance(each, Note):
            notes.setdefault(each.mark, at)
    if not notes:
        return range(len(blocks))
    behind: defaultdict[int, list[int]] = defaultdict(list)
    placed: set[int] = set()
    for at, each in enumerate(blocks):
        for mark in () if isinstance(each, Note) else marks_in((each,)):
            note = notes.get(mark.target) if mark.kind is MarkKind.NOTE else None
            if note is not None and note not in placed:
                placed.add(note)
                behind[at].append(note)
    order: list[int] = []
    for at in range(len(blocks)):
        if at not in placed:
            order.append(at)
        order += behind[at]
    return order
