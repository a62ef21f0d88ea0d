"""What a reader of a format gives: blocks, and an account of what was left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from knowledge.blocks.blocks import Block, texts_in
from knowledge.blocks.normalising import normal
from knowledge.language import Language

_FIRST_WORDS = 12


class Furniture(StrEnum):
    """What of a file is no part of what it says; each has its words in `bot/locales`."""

    MENU = "menu"
    HEADER = "header"
    FOOTER = "footer"
    ASIDE = "aside"
    OUTSIDE = "outside"
    """Beside what the page says is its main part."""
    SEARCH = "search"
    FORM = "form"
    """Fields and buttons."""
    COOKIES = "cookies"
    EDIT_LINKS = "edit_links"
    CONTENTS = "contents"
    """A table of contents, of figures; an index."""
    RUNNING_HEADS = "running_heads"
    PAGE_NUMBERS = "page_numbers"
    HIDDEN = "hidden"
    """What the format says is not shown."""
    COMMENTS = "comments"
    DELETED = "deleted"
    """Words that a tracked change takes out."""
    FRONT_MATTER = "front_matter"
    PICTURES = "pictures"
    EMPTY_PAGES = "empty_pages"
    """Pages without text: scans, most likely."""
    EQUATIONS = "equations"
    EMBEDDED = "embedded"
    """Something of another program: a chart, a video, a frame of another page."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that a reader left out; one for all of a kind.

    Attributes:
        what: What it is.
        words: How many words it has that can be seen; 0 where it is none (a picture).
        first_words: Its first words; blank where it has none.
        count: How many there are: menus, pictures, pages.
        places: Where, where that helps to find it: numbers of pages, from 1.
    """

    what: Furniture
    words: int = 0
    first_words: str = ""
    count: int = 1
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of itself; None where it does not."""

    title: str | None = None
    language: Language | None = None
    author: str | None = None
    published: dt.date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read; made by `Reading.of`.

    Attributes:
        blocks: What it says, in normal form.
        left_out: What is no part of that, in the order of reading.
        said: What it says of itself.
    """

    blocks: tuple[Block, ...]
    left_out: tuple[LeftOut, ...] = ()
    said: Said = Said()

    @classmethod
    def of(
        cls,
        blocks: Iterable[Block],
        left_out: Iterable[LeftOut] = (),
        said: Said | None = None,
    ) -> Reading:
        """Put what was found into normal form, all that was left out of a kind into one."""
        return cls(normal(blocks), by_kind(left_out), said or Said())

    @property
    def words(self) -> int:
        """How many words became blocks."""
        return sum(map(word_count, texts_in(self.blocks)))


def by_kind(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """All that was left out of a kind as one, in the order of the first of each kind."""
    kinds: dict[Furniture, LeftOut] = {}
    for each in left_out:
        before = kinds.get(each.what)
        kinds[each.what] = each if before is None else _together(before, each)
    return tuple(kinds.values())


def left_out(what: Furniture, text: str, places: Iterable[int] = ()) -> LeftOut:
    """The account of a text that was left out."""
    first, *more = [" ".join(text.split()[:_FIRST_WORDS]), *text.split()[_FIRST_WORDS:][:1]]
    return LeftOut(what, word_count(text), f"{first} …" if more else first, 1, tuple(places))


def word_count(text: str) -> int:
    """How many words a text has: runs without white space that have a letter or a digit."""
    return sum(any(map(str.isalnum, each)) for each in text.split())


def _together(first: LeftOut, more: LeftOut) -> LeftOut:
    return LeftOut(
        first.what,
        first.words + more.words,
        first.first_words or more.first_words,
        first.count + more.count,
        tuple(sorted({*first.places, *more.places})),
    )
