"""Whether a full stop ends a sentence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.abbreviations import Abbreviations
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
_HOUR = re.compile(r"\d{0,2}h")
_MINUTES = re.compile(r"[0-5]\d(?!\d)[^\S\n]*+(?P<word>[^\W\d_]*)")


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
        if written[-1:].isspace():
            return cls("", "")
        previous, word = ["", "", *written.split()][-2:]
        return cls(_bare(word), "" if _bare(word) != word else _bare(previous))


def _bare(word: str) -> str:
    opening = _BEFORE_A_WORD.match(word)
    return word if opening is None else word[opening.end() :]


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
        if sign.isalnum():
            return not sign.islower()
        return not sign or sign in "§#@" or unicodedata.category(sign) in {"Sc", "So"}

    @property
    def is_number(self) -> bool:
        return self.word[:1].isdigit()

    @property
    def next(self) -> str:
        """The character after the word."""
        return self.text[self.at + len(self.word) : self.at + len(self.word) + 1]

    def opens_a_sentence(self, known: Abbreviations) -> bool:
        """Whether the next word is one that sentences begin with, and no letter of a name."""
        if len(self.word) == 1 and (self.next == "." or not self.next):
            return False
        return self.word in known.openings

    def goes_on_with_a_name(self, known: Abbreviations) -> bool:
        """Whether "La Fontaine" follows, and not "La séance"."""
        found = _CAPITAL_NEXT.match(self.text, self.at + len(self.word))
        return self.word in known.particles and found is not None and found["letter"].isupper()

    def is_minutes(self, known: Abbreviations) -> bool:
        """Whether "30" is of a time ("9 h. 30 précises"), and not of what is counted."""
        found = _MINUTES.match(self.text, self.at)
        if found is None:
            return False
        word = found["word"]
        return not word or word[0].isupper() or word in known.times


def _ends(before: _Before, after: _After, known: Abbreviations) -> bool:
    """Whether a word with a full stop ends a sentence, where a sentence may begin next."""
    word, both = before.word, f"{before.previous} {before.word}"
    if after.is_number and _HOUR.fullmatch(word) and after.is_minutes(known):
        return False
    if before.previous in known.labelled and len(word) == 1:
        return True
    if word in known.leading or both in known.leading:
        return False
    if len(word) == 1 and word.isalpha():
        return _ends_after_letter(before, after, known)
    if word in known.closing:
        return after.word not in known.days
    if word in known.numbered:
        is_letter = len(after.word) == 1 and after.next not in "'’"
        return not after.is_number and not is_letter and after.opens_a_sentence(known)
    if word in known.other or both in known.other:
        return not after.is_number and after.opens_a_sentence(known)
    if _DOTTED.fullmatch(word):
        return not after.is_number and _begins_anew(after, known)
    return True


def _ends_after_letter(before: _Before, after: _After, known: Abbreviations) -> bool:
    """Whether a letter ends a sentence: "17 h", "il y a", but not an initial and not "p. 3"."""
    if before.word.isupper():
        return not after.is_number and _begins_anew(after, known)
    if before.previous[-1:].isdigit() or before.word not in known.numbered:
        return True
    return not after.is_number and after.opens_a_sentence(known)


def _begins_anew(after: _After, known: Abbreviations) -> bool:
    return after.opens_a_sentence(known) and not after.goes_on_with_a_name(known)
