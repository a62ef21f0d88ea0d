"""Text fragments: the part of an address that names words of a page, so that it opens there.

`#:~:text=[prefix-,]start[,end][,-suffix]` (https://wicg.github.io/scroll-to-text-fragment/). A
browser takes the first place that fits: `start`, or all from `start` to the next `end`. Each of
the four terms stands within one block and one line of the page; white space alone may stand
between a prefix and its start, and a range may cross anything.

A page is set by others: non-breaking spaces, quotation marks and dashes are often not those of
the text, menus and teasers stand beside it. So what is chosen is short, avoids signs that pages
set differently, and is the only place in the article even for a browser that overlooks case,
accents and kinds of quotation marks. `python -m benchmarks.links` opens it in browsers.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice, pairwise
from typing import NamedTuple
from urllib.parse import quote as percent_encoded

from knowledge import Span
from knowledge.visible import visible

_TOKEN = re.compile(r"\S+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_ALIKE = {
    **dict.fromkeys("’‘‚‛ʼ´`", "'"),
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "œ": "oe",
    "æ": "ae",
}
_HAS_ALIKE = re.compile(f"[{''.join(_ALIKE)}]")
_CHANGEABLE = re.compile(r'[œæ…‐‑‒–—―−"«»“”„*_`|\\<>\[\]#^~]|\.\.|--', re.IGNORECASE)
"""What pages set otherwise than a text, and not every browser takes for alike."""
_LONGEST_TERM = 24
_LONGEST_BESIDE = 12
_FEWEST, _FEWEST_AT_END = 3, 2
"""Words that tell a term from those of menus and teasers, which are not known here."""
# Costs, in characters.
_MISSING_WORD = 20
_ANOTHER_TERM = 8
_RISK = 70
_CROSSING = 150
"""A prefix or suffix on another line: figures and marks of items may stand between."""
_LATER, _LEFT_OUT = 25, 15
"""That the mark begins later or ends earlier, and each word that it leaves out."""
_CHEAP = 40
_MOST_LEFT_OUT = 8


class _Token(NamedTuple):
    """What stands between white space.

    Attributes:
        start, end: Its characters in the text.
        word, word_end: The same without punctuation at its ends; equal where nothing is left.
        line: The number of its line.
        folded: The same four places in the folded text, in order.
    """

    start: int
    word: int
    word_end: int
    end: int
    line: int
    folded: tuple[int, int, int, int]

    @property
    def is_word(self) -> bool:
        return self.word < self.word_end


class _Term(NamedTuple):
    """A candidate: a term with its prefix and suffix.

    Attributes:
        cost: Its length, and what speaks against it.
        folded: Where the prefix, the term, what follows it, and what follows the suffix start
            in the folded text.
        parts: The prefix, the term and the suffix; empty where there is none.
    """

    cost: int
    folded: tuple[int, int, int, int]
    parts: tuple[str, str, str]


@dataclass(frozen=True)
class PageText:
    """A text as the reader of its page sees it.

    Attributes:
        text: The text.
        lines: Its blocks, in order, those with line breaks line by line: no paragraph, heading,
            item, cell or line goes on in another. What stands in none of them, such as the mark
            of an item, is not among the words of the page.
        beside: What else is known to stand on the page, such as its title.
    """

    text: str
    lines: tuple[Span, ...]
    beside: str = ""

    def fragment(self, span: Span) -> str | None:
        """The shortest `text=…` that names the words of `span`, and no other place.

        Returns:
            None where there is none: no words, or words that stand twice between the same words.
        """
        first = bisect_right(self.lines, span.start, key=lambda each: each.end)
        last = bisect_left(self.lines, span.end, key=lambda each: each.start) - 1
        tokens = [
            token
            for line in range(max(first - 1, 0), min(last + 2, len(self.lines)))
            for token in self._tokens(line)
        ]
        return _Search(self, tokens).best(span)

    def places(self, start: int, end: int, after: int = 0) -> Iterator[int]:
        """Where the words from `start` to `end` of the folded text stand in it after `after`."""
        return _places(self._folded[start:end], self._folded, after)

    def is_beside(self, start: int, end: int) -> bool:
        """Whether these words stand beside the text, too."""
        return any(True for _ in _places(self._folded[start:end], self._folded_beside))

    def _tokens(self, line: int) -> Iterator[_Token]:
        folded = self._folded_starts[line]
        for found in _TOKEN.finditer(self.text, *self.lines[line]):
            start, end = found.span()
            word, word_end = start, end
            while word < end and not self.text[word].isalnum():
                word += 1
            while word_end > word and not self.text[word_end - 1].isalnum():
                word_end -= 1
            marks = (start, word, word_end, end)
            lengths = [len(_folded(self.text[one:other])) for one, other in pairwise(marks)]
            one, two, three, four = accumulate(lengths, initial=folded)
            yield _Token(*marks, line, (one, two, three, four))
            folded = four + 1

    @cached_property
    def _folded_lines(self) -> tuple[str, ...]:
        return tuple(_folded(" ".join(each.of(self.text).split())) for each in self.lines)

    @cached_property
    def _folded_beside(self) -> str:
        return f" {_folded(' '.join(self.beside.split()))} "

    @cached_property
    def _folded_starts(self) -> tuple[int, ...]:
        return tuple(accumulate((len(each) + 1 for each in self._folded_lines), initial=0))

    @cached_property
    def _folded(self) -> str:
        """The words as the most lenient browser compares them, a space between any two."""
        return " ".join(self._folded_lines)


class _Search:
    """The search for the best fragment, among the tokens around a span."""

    def __init__(self, page: PageText, tokens: Sequence[_Token]) -> None:
        self._page = page
        self._tokens = tokens

    def best(self, span: Span) -> str | None:
        within = [
            number
            for number, each in enumerate(self._tokens)
            if each.is_word and each.word < span.end and each.word_end > span.start
        ]
        if not within:
            return None
        first, last = within[0], within[-1]
        found = [each for each in (self._whole(first, last), self._range(first, last)) if each]
        return f"text={min(found)[1]}" if found else None

    def _whole(self, first: int, last: int) -> tuple[int, str] | None:
        """All words as one term, where they stand on one line."""
        if self._line(first) != self._line(last) or last - first >= _LONGEST_TERM:
            return None

        def others() -> Iterator[_Term]:
            for before in self._before(first):
                for after in self._after(last):
                    yield self._term(first, last, before, after)
            for begin, cost in self._later(first, last):
                for end, more in self._later(last, begin):
                    if end > begin:
                        yield self._term(begin, end, cost=cost + more)

        term = _cheapest([self._term(first, last)], others, self._is_only_place)
        return None if term is None else (term.cost, _fragment(*term.parts))

    def _range(self, first: int, last: int) -> tuple[int, str] | None:
        """The first words, and the last ones where they come next."""
        start = self._start(first, last)
        if start is None:
            return None
        end = self._end(first, last, start.folded[2])
        if end is None:
            return None
        (prefix, first_words, _), (_, last_words, suffix) = start.parts, end.parts
        written = _fragment(prefix, first_words, suffix, last_words)
        return start.cost + end.cost + _ANOTHER_TERM, written

    def _start(self, first: int, last: int) -> _Term | None:
        def terms(begin: int, before: Sequence[int] = (0,), cost: int = 0) -> Iterator[_Term]:
            # A word is left for the end.
            for end in self._on_line(begin, range(begin, min(last, begin + _LONGEST_TERM))):
                for count in before:
                    yield self._term(begin, end, before=count, cost=cost)

        def others() -> Iterator[_Term]:
            yield from terms(first, self._before(first))
            for begin, cost in self._later(first, last):
                yield from terms(begin, cost=cost)

        return _cheapest(terms(first), others, self._is_only_place)

    def _end(self, first: int, last: int, at: int) -> _Term | None:
        """The last words, where they are the first such after a place in the folded text."""

        def terms(end: int, after: Sequence[int] = (0,), cost: int = 0) -> Iterator[_Term]:
            for begin in self._on_line(end, range(end, max(first, end - _LONGEST_TERM), -1)):
                if self._tokens[begin].folded[0] > at:
                    for count in after:
                        yield self._term(begin, end, after=count, fewest=_FEWEST_AT_END, cost=cost)

        def others() -> Iterator[_Term]:
            yield from terms(last, self._after(last))
            for end, cost in self._later(last, first):
                yield from terms(end, cost=cost)

        def comes_next(term: _Term) -> bool:
            _, begin, _, suffix_end = term.folded
            return next(self._page.places(begin, suffix_end, at), None) == begin

        return _cheapest(terms(last), others, comes_next)

    def _is_only_place(self, term: _Term) -> bool:
        begin, _, _, end = term.folded
        only = list(islice(self._page.places(begin, end), 2)) == [begin]
        return only and not self._page.is_beside(begin, end)

    def _later(self, edge: int, towards: int) -> Iterator[tuple[int, int]]:
        """Words near an edge of what is sought, and what it costs to leave out those beyond."""
        step = 1 if towards > edge else -1
        for left_out in range(min(_MOST_LEFT_OUT, abs(towards - edge)) + 1):
            token = edge + step * left_out
            if self._tokens[token].is_word:
                yield token, (_LATER + _LEFT_OUT * left_out) * (left_out > 0)

    def _line(self, token: int) -> int:
        return self._tokens[token].line

    def _on_line(self, one: int, others: range) -> Iterator[int]:
        """Words that can end a term which begins at `one`, or begin one that ends there."""
        for other in others:
            if self._line(other) != self._line(one):
                return
            if self._tokens[other].is_word:
                yield other

    def _before(self, first: int) -> list[int]:
        """How many tokens a prefix may have."""
        others = range(first - 1, max(first - 1 - _LONGEST_BESIDE, -1), -1)
        return [0, *(first - each for each in self._on_line(first - 1, others))]

    def _after(self, last: int) -> list[int]:
        """How many tokens a suffix may have."""
        others = range(last + 1, min(last + 1 + _LONGEST_BESIDE, len(self._tokens)))
        return [0, *(each - last for each in self._on_line(last + 1, others))]

    def _term(
        self,
        first: int,
        last: int,
        before: int = 0,
        after: int = 0,
        *,
        fewest: int = _FEWEST,
        cost: int = 0,
    ) -> _Term:
        """The tokens `first` to `last`, with so many of those before and after."""
        opening, closing = self._tokens[first], self._tokens[last]
        begin, end = opening.word, closing.word_end
        folded = [opening.folded[1], opening.folded[1], closing.folded[2], closing.folded[2]]
        prefix = suffix = ""
        cost += _MISSING_WORD * max(0, fewest - (last - first + 1 + before + after))
        # White space alone may stand beside the other terms, so punctuation goes with the term.
        if before:
            beside = self._tokens[first - before]
            begin = opening.start
            prefix = self._shown(beside.word, self._tokens[first - 1].end)
            folded[:2] = beside.folded[1], opening.folded[0]
            cost += _ANOTHER_TERM + _CROSSING * (beside.line != opening.line)
        if after:
            beside = self._tokens[last + after]
            end = closing.end
            suffix = self._shown(self._tokens[last + 1].start, beside.word_end)
            folded[2:] = closing.folded[3], beside.folded[2]
            cost += _ANOTHER_TERM + _CROSSING * (beside.line != closing.line)
        cost += _RISK * (self._joins_before(first - before) + self._joins_after(last + after))
        shown = self._shown(begin, end)
        parts = (prefix, shown, suffix)
        cost += sum(len(each) + _RISK * _risks(each) for each in parts)
        return _Term(cost, (folded[0], folded[1], folded[2], folded[3]), parts)

    def _joins_before(self, token: int) -> bool:
        """Whether a narrow space may stand before, which for Chromium does not part words."""
        if not token or self._line(token - 1) != self._line(token):
            return False
        before, own = self._written(token - 1), self._written(token)
        return before.endswith("«") or _are_groups(before, own)

    def _joins_after(self, token: int) -> bool:
        if token + 1 == len(self._tokens) or self._line(token + 1) != self._line(token):
            return False
        own, after = self._written(token), self._written(token + 1)
        return after[0] in ";!?»" or _are_groups(own, after)

    def _written(self, token: int) -> str:
        return self._page.text[self._tokens[token].start : self._tokens[token].end]

    def _shown(self, start: int, end: int) -> str:
        return " ".join(visible(self._page.text[start:end]).split())


def _cheapest(
    usual: Iterable[_Term], others: Callable[[], Iterable[_Term]], fits: Callable[[_Term], bool]
) -> _Term | None:
    """The cheapest that fits; the others are looked at where no usual one is cheap."""
    found = next((each for each in sorted(usual) if fits(each)), None)
    if found is not None and found.cost < _CHEAP:
        return found
    every = sorted([*others(), *([] if found is None else [found])])
    return next((each for each in every if fits(each)), None)


def _places(wanted: str, text: str, after: int = 0) -> Iterator[int]:
    """Where whole words stand in a text."""
    found = text.find(wanted, after)
    while found >= 0:
        if not (_in_word(text, found) or _in_word(text, found + len(wanted))):
            yield found
        found = text.find(wanted, found + 1)


def _folded(text: str) -> str:
    plain = _HAS_ALIKE.sub(lambda sign: _ALIKE[sign.group()], visible(text).casefold())
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))


def _in_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _risks(term: str) -> int:
    """In how many places a page may have been set otherwise."""
    words = term.split()
    spaced = sum(not any(map(str.isalnum, each)) for each in words)
    grouped = sum(_are_groups(one, other) for one, other in pairwise(words))
    return spaced + grouped + len(_CHANGEABLE.findall(term))


def _are_groups(one: str, other: str) -> bool:
    """Whether two words may be parts of one number."""
    return one[-1].isdigit() and other[0].isdigit()


def _encoded(term: str) -> str:
    # A hyphen, a comma and an ampersand separate the parts of a fragment.
    return percent_encoded(term, safe="").replace("-", "%2D")


def _fragment(prefix: str, start: str, suffix: str, end: str = "") -> str:
    """The fragment of some terms; those that are empty are left out."""
    terms = (
        f"{_encoded(prefix)}-" if prefix else "",
        _encoded(start),
        _encoded(end),
        f"-{_encoded(suffix)}" if suffix else "",
    )
    return ",".join(each for each in terms if each)
