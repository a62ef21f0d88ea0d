"""Documents whose review is due: nobody has looked in time whether they still hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.storage import Questions
from index import Index
from knowledge import Document

SOON = dt.timedelta(days=7)
"""How long before its day a review is called due."""


@dataclass(frozen=True, slots=True)
class Due:
    """A document that is to be reviewed.

    Attributes:
        document: The document.
        day: The day by which.
        quoted: How often it was quoted since that day.
    """

    document: Document
    day: dt.date
    quoted: int


async def due_documents(index: Index, questions: Questions, now: dt.datetime) -> tuple[Due, ...]:
    """What is to be reviewed by now or within a week; what was quoted most since comes first.

    Args:
        index: Has the documents.
        questions: What was asked.
        now: The moment, in UTC.

    Raises:
        StorageError: The questions cannot be read.
    """
    found = []
    for document in index.documents:
        day = document.review_by
        if day is None or day > (now + SOON).date():
            continue
        since = dt.datetime.combine(day, dt.time(), dt.UTC)
        quoted = await questions.quoted_since(since) if since <= now else {}
        count = sum(quoted.get(each.id, 0) for each in document.passages)
        found.append(Due(document, day, count))
    return tuple(sorted(found, key=lambda each: (-each.quoted, each.day)))
