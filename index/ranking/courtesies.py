"""What is asked, without what is said around it: greetings, thanks, apologies."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import yaml

from index.ranking.terms import folded_words

_LEAST_WORDS = 2
"""Fewer words than that are no question by themselves: the message stays whole."""


class _Courtesies(NamedTuple):
    """What may stand before and after a question, over folded words."""

    before: re.Pattern[str]
    after: re.Pattern[str]


@lru_cache(maxsize=1)
def _courtesies() -> _Courtesies:
    text = (resources.files("index") / "data" / "courtesies.yaml").read_text("utf-8")
    found = yaml.load(text, Loader=yaml.CSafeLoader)
    before = "|".join(map(_uncaptured, found["before"]))
    after = "|".join(map(_uncaptured, (*found["after"], found["before"][0])))
    people = rf"(?: (?:{_uncaptured(found['people'])})(?= |$))*+"
    # Atomic and possessive: no message takes long, however often it greets.
    return _Courtesies(
        re.compile(rf"(?>(?:{before}){people}(?: |$))++"),
        re.compile(rf"(?>(?:^| )(?:{after})(?= |$){people})++$"),
    )


def _uncaptured(pattern: str) -> str:
    """The same pattern with groups that capture nothing.

    Python 3.11 fails at those that capture within possessive ones.
    """
    return pattern.replace("(", "(?:")


def only_courtesies(text: str) -> bool:
    """Whether `text` is nothing but greetings, thanks and apologies."""
    folded = " ".join(each.word for each in folded_words(text))
    patterns = _courtesies()
    first = patterns.before.match(folded)
    rest = folded[first.end() :] if first else folded
    return not rest or patterns.after.match(rest) is not None


def without_courtesies(question: str) -> str:
    """What `question` asks, without greetings, thanks and apologies at its ends.

    It stays whole where next to nothing would be left: who only greets, greets.
    """
    words = list(folded_words(question))
    folded = " ".join(each.word for each in words)
    patterns = _courtesies()
    first = patterns.before.match(folded)
    start = first.end() if first else 0
    last = patterns.after.search(folded, start)
    end = last.start() if last else len(folded)
    # Where each word starts among the folded ones.
    at, kept = 0, []
    for word, left, right in words:
        if at >= start and at + len(word) <= end:
            kept.append((left, right))
        at += len(word) + 1
    if len(kept) < _LEAST_WORDS or len(kept) == len(words):
        return question
    # What follows the last word, up to a space, belongs to it: a question mark, a bracket.
    left = kept[0][0] if kept[0][0] != words[0][1] else 0
    rest = question[kept[-1][1] :] if kept[-1][1] == words[-1][2] else ""
    if not rest:
        rest = (re.match(r"\s?\?|[)\]»”\"]*", question[kept[-1][1] :]) or [""])[0]
    return question[left : kept[-1][1]] + rest
