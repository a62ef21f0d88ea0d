"""Whether a full stop ends a sentence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.passages.abbreviations import Abbreviations, Words
from knowledge.spans import Span

_OPENING = re.compile(r"[«“„‹\"'‘(\[*_`¿¡\s]*+")
_WORD = re.compile(r"[^\W_]*+(?:-[^\W_]+)*+")
_CAPITAL_NEXT = re.compile(r"['’\s]\s*+(?P<letter>[^\W\d_])")
# What stands before a word without a blank: what opens, and "l'", "qu'".
_BEFORE_A_WORD = re.compile(
    r"(?:.*[(\[«“„\"‘*_`])?(?:(?:[cdjlmnst]|qu|lorsqu|puisqu)['’])?", re.IGNORECASE
)
# An abbreviation, or what begins a provision, has no more characters.
_LONGEST = 40
_ITEM = re.compile(
    r"[\W_]*(?:[A-Z]?\d{1,3}(?:[.-]\d{1,3})*|[a-z]|x{0,3}(?:ix|iv|v?i{0,3}))", re.IGNORECASE
)
_PROVISION = re.compile(
    r"[\W_]*(?P<word>[^\W\d_]+(?:-[^\W\d_]+)?|§)\.?\s*"
    r"(?:[a-z]|[ivxlc]+|[A-Z]?\d{1,3}(?:er|re|bis|ter|[.-]\d{1,3})*)",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}")
_GLUED = re.compile(r"[^\W\d_]{3,}\.(?P<letter>[A-Z])")
_CLIPPED = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,}", re.IGNORECASE)
_HOUR = re.compile(r"\d{0,2}[hm]")
_MINUTES = re.compile(r"\d\d(?!\d)[^\S\n]*+(?P<word>[^\W\d_]*)")


def ends_sentence(text: str, sentence: Span, mark: str, end: int, known: Abbreviations) -> bool:
    """Whether a full stop, or the like, ends a sentence, by what is before it and after it.

    Args:
        text: The text.
        sentence: The sentence as it is before the mark.
        mark: The full stop, or "!", "?", "…", or several of them.
        end: Where the next word begins, or what opens before it.
        known: The words of the text's language.
    """
    after = _After.read(text, end)
    if not after.may_begin:
        return False
    if mark != ".":
        return True
    written = text[max(sentence.start, sentence.end - _LONGEST) : sentence.end]
    if sentence.length < _LONGEST and _is_a_number(written, known):
        return False
    return _ends(_Before.read(written), after, known)


def _is_a_number(sentence: str, known: Abbreviations) -> bool:
    """Whether a sentence has but its number: "1", "IV", "Article 3"."""
    provision = _PROVISION.fullmatch(sentence)
    named = provision is not None and provision["word"] in known.provisions
    return named or _ITEM.fullmatch(sentence) is not None


@dataclass(frozen=True, slots=True)
class _Before:
    """The words before a full stop.

    Attributes:
        word: The last one.
        previous: The one before it.
    """

    word: str
    previous: str

    @classmethod
    def read(cls, written: str) -> _Before:
        previous, word = ["", "", *written.split()][-2:]
        return cls(_bare(word), "" if _bare(word) != word else _bare(previous))

    def is_one_of(self, words: Words) -> bool:
        """Whether the word, or both, is an abbreviation of a list."""
        return self.word in words or f"{self.previous} {self.word}" in words

    @property
    def is_initial(self) -> bool:
        return len(self.word) == 1 and self.word.isupper()

    @property
    def is_clipped(self) -> bool:
        """Whether it has no vowel and is no acronym: "fn", "Dpt"."""
        return _CLIPPED.fullmatch(self.word) is not None and not self.word.isupper()

    @property
    def is_dotted(self) -> bool:
        return _DOTTED.fullmatch(self.word) is not None


def _bare(word: str) -> str:
    """A word without what opens before it, and "L" of "art.L"."""
    opening = _BEFORE_A_WORD.match(word)
    bare = word if opening is None else word[opening.end() :]
    glued = _GLUED.fullmatch(bare)
    return bare if glued is None else glued["letter"]


@dataclass(frozen=True, slots=True)
class _After:
    """What follows a full stop.

    Attributes:
        text: The text.
        at: Where the next word begins.
        word: The next word.
    """

    text: str
    at: int
    word: str

    @classmethod
    def read(cls, text: str, end: int) -> _After:
        opening = _OPENING.match(text, end)
        at = end if opening is None else opening.end()
        word = _WORD.match(text, at)
        return cls(text, at, "" if word is None else word[0])

    @property
    def may_begin(self) -> bool:
        """Whether a sentence may begin so: no small letter, no comma, no dash."""
        sign = self.text[self.at : self.at + 1]
        is_item = self.word == sign and sign.isalpha() and self.next in {",", ";", ")"}
        if sign.isalnum():
            return not sign.islower() and not is_item
        return sign != "" and (sign in "§#@" or unicodedata.category(sign) in {"Sc", "So"})

    @property
    def is_number(self) -> bool:
        return self.word[:1].isdigit()

    @property
    def is_letter(self) -> bool:
        """Whether it is a letter or a Roman number, and no word of one letter or "L'État"."""
        return self.word.isupper() and self.next not in {"'", "’"}

    @property
    def next(self) -> str:
        """The character after the word."""
        return self.text[self.at + len(self.word) : self.at + len(self.word) + 1]

    def opens_a_sentence(self, known: Abbreviations) -> bool:
        """Whether the next word is one that sentences begin with, and no letter of a name."""
        if self.next == "." and (len(self.word) == 1 or self.word in known.numbered):
            return False
        return self.word in known.openings

    def goes_on_with_a_name(self, known: Abbreviations) -> bool:
        """Whether "La Fontaine" follows, and not "La séance"."""
        found = _CAPITAL_NEXT.match(self.text, self.at + len(self.word))
        return self.word in known.particles and found is not None and found["letter"].isupper()

    def is_minutes(self, known: Abbreviations) -> bool:
        """Whether "30" is of a time or a length ("9 h. 30 précises"), and not what is counted."""
        found = _MINUTES.match(self.text, self.at)
        if found is None:
            return False
        word = found["word"]
        return not word or word[0].isupper() or word in known.times


def _ends(before: _Before, after: _After, known: Abbreviations) -> bool:
    """Whether a word with a full stop ends a sentence, where a sentence may begin next."""
    if len(before.word) == 1 and before.previous in known.labelled:
        return True
    is_time = _HOUR.fullmatch(before.word) is not None and after.is_minutes(known)
    if is_time or before.is_one_of(known.leading):
        return False
    if before.is_one_of(known.closing):
        return after.word not in known.days
    is_abbreviation = before.is_clipped or before.is_one_of(known.other)
    is_initial = before.is_initial or (before.is_dotted and not is_abbreviation)
    if is_initial or is_abbreviation:
        opens = not after.is_number and after.opens_a_sentence(known)
        return opens and not (is_initial and after.goes_on_with_a_name(known))
    return before.word not in known.numbered or not (after.is_number or after.is_letter)
