"""Which of a server's documents are listed, and in what order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Self

from bot.answering.suggestions import folded
from bot.components.buttons import KeptButton
from bot.storage import DocumentState
from knowledge import Document


class Which(StrEnum):
    """Which documents a moderator wishes to see."""

    ALL = "all"
    OLDEST = "oldest"
    NEVER_QUOTED = "never_quoted"
    DUE = "due"


class ListedPage(
    KeptButton,
    template=r"knowledge:list:(?P<at>\d{1,5}):(?P<which>all|oldest|never_quoted|due)"
    r":(?P<tag>[^\n]{0,40})",
):
    """Goes to another page of the documents that were chosen."""

    @classmethod
    def turning(cls, label: str, at: int, which: Which, tag: str) -> Self:
        """The button that goes to the page `at`, counted from 0."""
        return cls(label, f"knowledge:list:{at}:{which}:{tag}")


def chosen(
    states: Sequence[DocumentState],
    documents: Mapping[str, Document],
    quoted: Mapping[str, int],
    *,
    which: Which,
    tag: str,
    today: dt.date,
) -> list[DocumentState]:
    """The documents that a moderator wishes to see.

    Args:
        states: All of the server's.
        documents: Those of them that can be read, by their slugs.
        quoted: How often each passage was quoted.
        which: Which are wished for.
        tag: A tag that they must have; blank for any.
        today: The day, in UTC.
    """
    sought = folded(tag)
    found = [
        each
        for each in states
        if not sought or sought in map(folded, _tags(documents.get(each.slug)))
    ]
    if which is Which.NEVER_QUOTED:
        found = [each for each in found if not _quoted(documents.get(each.slug), quoted)]
    if which is Which.DUE:
        days = {each.slug: _review(documents.get(each.slug)) for each in found}
        found = [each for each in found if days[each.slug] <= today]
        return sorted(found, key=lambda each: (days[each.slug], each.slug))
    if which is not Which.ALL:
        return sorted(found, key=lambda each: (each.changed, each.slug))
    return found


def _tags(document: Document | None) -> tuple[str, ...]:
    return () if document is None else document.tags


def _review(document: Document | None) -> dt.date:
    return (None if document is None else document.review_by) or dt.date.max


def _quoted(document: Document | None, quoted: Mapping[str, int]) -> int:
    passages = () if document is None else document.passages
    return sum(quoted.get(each.id, 0) for each in passages)
