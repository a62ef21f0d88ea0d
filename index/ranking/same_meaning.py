"""Whether two questions surely ask the same, so that what was settled for one holds for the other.

One cosine cannot tell: questions about a dog and a cat, a Saturday and a Sunday, how many and
when have cosines of .95 to .97. So words decide first, and meaning only confirms: both ask for the
same kind of thing, each content word of one stands in the other, and numbers and what turns a
question round are equal. docs/quality.md says how often that is right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import yaml

from index.ranking.asking import asked_part
from index.ranking.terms import fold

LIKENESS = 0.90
"""The least cosine of two questions that ask the same."""
READ = 0.5
"""The least that a reader of question and passage gives, where one has read."""
_STEM = 5
_ENDING = 3
_LONG = 7
_SHORTEST = 3
_YES_OR_NO = "yes or no"
_MEAN = "mean"
_NOT = re.compile(r"n['’]t\b")
_OR_NOT = re.compile(r" (?:ou pas|ou non|or not|or nah)$")
_IS_IT = re.compile(r"\best ce qu(?:e|i)?\b")


class _QuestionWords(NamedTuple):
    """By what questions are compared."""

    asks: tuple[tuple[str, re.Pattern[str]], ...]
    empty: frozenset[str]
    light: frozenset[str]
    turns: frozenset[str]
    meaning: re.Pattern[str]
    helping: re.Pattern[str]


@lru_cache(maxsize=1)
def _question_words() -> _QuestionWords:
    text = (resources.files("index") / "data" / "question_words.yaml").read_text("utf-8")
    found = yaml.load(text, Loader=yaml.CSafeLoader)
    asks = ((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in found["asks"].items())
    empty = frozenset(" ".join(found["empty"].values()).split())
    light, turns = (frozenset(found[each].split()) for each in ("light", "turns"))
    meaning, helping = (re.compile(rf"\b(?:{found[each]})\b") for each in ("meaning", "helping"))
    return _QuestionWords(tuple(asks), empty, light, turns, meaning, helping)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a question asks for, by its words.

    Attributes:
        kind: The kind of thing: a person, a time, yes or no.
        content: The words that say which, folded, in order.
        turns: The words that turn it round.
        numbers: The numbers in it.
    """

    kind: str
    content: tuple[str, ...]
    turns: frozenset[str]
    numbers: frozenset[str]


@lru_cache(maxsize=1 << 13)
def asked_for(question: str) -> AskedFor:
    """What `question` asks for, without politeness and what is said around it."""
    words = _question_words()
    plain = " ".join(re.findall(r"\w+", _NOT.sub(" not", fold(asked_part(question)))))
    plain = _OR_NOT.sub("", plain)
    if not plain.startswith("qu est"):
        plain = _IS_IT.sub(" ", plain)
    places = ((found.start(), kind) for kind, each in words.asks if (found := each.search(plain)))
    kind = min(places, key=lambda each: each[0], default=(0, _YES_OR_NO))[1]
    plain = words.meaning.sub(_MEAN, plain)
    every = words.helping.sub(_without_help, plain).split()
    left_out = words.empty | words.turns
    if kind != _YES_OR_NO:
        left_out |= words.light
    return AskedFor(
        kind,
        tuple(dict.fromkeys(each for each in every if each not in left_out)),
        words.turns.intersection(every),
        frozenset(each for each in every if any(sign.isdigit() for sign in each)),
    )


def _without_help(found: re.Match[str]) -> str:
    """What stood before a verb that only helps to ask."""
    return found.group().rpartition(" ")[0]


def asks_the_same(
    one: str, other: str, likeness: float, *, least: float = LIKENESS, read: float | None = None
) -> bool:
    """Whether two questions surely ask the same.

    Args:
        one: A question.
        other: Another, of any language; of two languages, none is sure.
        likeness: The cosine of their embeddings.
        least: The least of it.
        read: What a reader gives for one of them and the passage that answers the other, in
            [0, 1]; None where none has read.
    """
    if likeness < least or (read is not None and read < READ):
        return False
    first, second = asked_for(one), asked_for(other)
    if (first.kind, first.turns, first.numbers) != (second.kind, second.turns, second.numbers):
        return False
    if not first.content or not second.content:
        return False
    return _covers(first, second) and _covers(second, first) and not _turned_round(first, second)


def _covers(one: AskedFor, other: AskedFor) -> bool:
    return all(any(_same_word(each, word) for word in one.content) for each in other.content)


def _turned_round(one: AskedFor, other: AskedFor) -> bool:
    """Whether who does and who suffers may be exchanged: “who sued” and “who did … sue”."""
    if one.kind != "person" or not 1 < len(one.content) == len(other.content):
        return False
    return not all(map(_same_word, one.content, other.content))


@lru_cache(maxsize=1 << 14)
def _same_word(one: str, other: str) -> bool:
    """Whether two folded words are one, but for an ending or a slip of the pen."""
    if one == other:
        return True
    if any(each.isdigit() for each in one + other) or one[0] != other[0]:
        return False
    short, long = sorted((one, other), key=len)
    common = _common(one, other)
    if common >= _STEM and len(long) - common <= _ENDING:
        return True
    if short + "s" == long and len(short) >= _SHORTEST:
        return True
    return len(short) >= _LONG and _one_slip(one, other)


def _one_slip(one: str, other: str) -> bool:
    """Whether a letter is missing, wrong, or exchanged with the next."""
    start = _common(one, other)
    left, right = one[start:], other[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def _common(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
