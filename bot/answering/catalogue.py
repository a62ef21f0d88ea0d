"""The documents of an index, to be found by their tags, titles, headings and words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.suggestions import folded
from index import Index
from knowledge import Document, Language, Passage

_FEWEST_LETTERS = 3
"""Letters from which passages are looked for by their words."""


class Order(StrEnum):
    """Which documents come first."""

    ASKED = "asked"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A document.

    Attributes:
        document: The document.
        tags: Its tags, those of all its editions.
        changed: When it was last changed, or else published; None where nothing says that.
    """

    document: Document
    tags: tuple[str, ...]
    changed: dt.date | None

    @property
    def first(self) -> str:
        """The id of its first passage, by which buttons name it."""
        return self.document.passages[0].id

    def title(self, language: Language) -> str:
        """Its title in a language, or in the one that it has."""
        return self.document.editions.get(language, self.document.original).about.title


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document.

    Attributes:
        entry: The document.
        passage: The passage; None for the whole.
        heading: What it stands under; blank for the whole, and where nothing is above it.
    """

    entry: Entry
    passage: Passage | None = None
    heading: str = ""


class Catalogue:
    """All documents of an index. It may be used from any thread."""

    def __init__(self, index: Index, changed: Mapping[str, dt.date]) -> None:
        """Look at all documents.

        Args:
            index: The index.
            changed: By slug when documents of the server were last changed.
        """
        self._index = index
        self.entries = tuple(
            Entry(each, each.tags, changed.get(each.slug, each.original.about.published))
            for each in index.documents
        )
        self._by_slug = {each.document.slug: each for each in self.entries}
        self._titles = [
            (each, [folded(edition.about.title) for edition in each.document.editions.values()])
            for each in self.entries
        ]
        self._headings = [
            (Place(each, passage, heading), folded(heading))
            for each in self.entries
            for passage in each.document.passages
            for heading in dict.fromkeys(_headings(passage))
        ]

    @property
    def tags(self) -> tuple[tuple[str, int], ...]:
        """All tags with the number of their documents, those of most documents first."""
        counts = Counter(tag for each in self.entries for tag in each.tags)
        return tuple(sorted(counts.items(), key=lambda each: (-each[1], folded(each[0]))))

    def of(self, slug: str) -> Entry | None:
        """The document of a slug."""
        return self._by_slug.get(slug)

    def holding(self, passage: str) -> Entry | None:
        """The document that a passage stands in."""
        found = self._index.passage(passage)
        return None if found is None else self._by_slug.get(found.document.slug)

    def listed(
        self, order: Order, quoted: Mapping[str, int], tag: str = ""
    ) -> list[tuple[Entry, int]]:
        """Documents with how often they were quoted.

        Args:
            order: Which come first.
            quoted: How often each passage was.
            tag: A tag that they must have; blank for all.
        """
        sought = folded(tag)
        found = [
            (each, sum(quoted.get(passage.id, 0) for passage in each.document.passages))
            for each in self.entries
            if not sought or any(folded(own) == sought for own in each.tags)
        ]

        def newest(each: tuple[Entry, int]) -> int:
            return -(each[0].changed or dt.date.min).toordinal()

        if order is Order.NEWEST:
            return sorted(found, key=newest)
        return sorted(found, key=lambda each: (-each[1], newest(each)))

    def documents(self, typed: str) -> list[Entry]:
        """Documents whose title or tag contains what is typed; those that begin with it first."""
        sought = folded(typed).strip()
        ranked = [
            (min(rank), at, each)
            for at, (each, titles) in enumerate(self._titles)
            if (rank := [_rank(sought, title) for title in titles if sought in title])
        ]
        found = [each for *_, each in sorted(ranked, key=lambda each: each[:2])]
        tagged = (each for each in self.entries if sought in map(folded, each.tags))
        return list(dict.fromkeys((*found, *tagged)))

    def found(self, typed: str, most: int) -> list[Place]:
        """Places for what is typed: by title, then by heading, then by the words of passages."""
        places: dict[tuple[str, str | None], Place] = {}

        def add(found: Iterable[Place]) -> None:
            for each in found:
                if len(places) == most:
                    return
                passage = None if each.passage is None else each.passage.id
                places.setdefault((each.entry.document.slug, passage), each)

        add(map(Place, self.documents(typed)))
        sought = folded(typed).strip()
        if len(sought) >= _FEWEST_LETTERS:
            add(place for place, heading in self._headings if sought in heading)
            add(
                Place(self._by_slug[each.document.slug], each.passage, _heading(each.passage))
                for each in self._index.worded(typed, most)
            )
        return list(places.values())


def _rank(sought: str, title: str) -> int:
    """0 where a title begins with what is sought, 1 where a word of it does, else 2."""
    if title.startswith(sought):
        return 0
    return 1 if f" {sought}" in title else 2


def _headings(passage: Passage) -> list[str]:
    return [text.headings[-1] for text in passage.texts.values() if text.headings]


def _heading(passage: Passage) -> str:
    return next(iter(_headings(passage)), "")
