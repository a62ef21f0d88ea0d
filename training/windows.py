"""Passages in parts: the sentence or two that answer a question, or only seem to.

A passage is read a sentence at a time before it is read whole: what makes an answer fills much of
what is read, and a step takes a third of the time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from random import Random

from knowledge import Language, Span
from knowledge.passages.sentences import sentence_spans

_WIDER = 0.5
_LIKEST = 0.7
_STEM = 4


def part_with(passage: str, language: str, span: str, chance: Random) -> str:
    """The sentences of `passage` that `span` stands in, now and then one more."""
    start = passage.index(span)
    end = start + len(span)
    sentences = _sentences(passage, language)
    held = [
        number for number, each in enumerate(sentences) if each.start < end and each.end > start
    ]
    return _joined(passage, sentences, held[0], held[-1], chance)


def part_without(passage: str, language: str, span: str, chance: Random) -> str | None:
    """A sentence or two of `passage` that `span` does not stand in; None where there is none."""
    start = passage.index(span)
    end = start + len(span)
    sentences = _sentences(passage, language)
    runs = [
        [each for each in sentences if each.end <= start],
        [each for each in sentences if each.start >= end],
    ]
    runs = [each for each in runs if each]
    if not runs:
        return None
    run = chance.choice(runs)
    number = chance.randrange(len(run))
    return _joined(passage, run, number, number, chance)


def part_like(passage: str, language: str, question: str, chance: Random) -> str:
    """A sentence or two of `passage`, mostly those that share most words with `question`."""
    sentences = _sentences(passage, language)
    number = chance.randrange(len(sentences))
    if chance.random() < _LIKEST:
        asked = _stems(question)
        shared = [len(asked & _stems(each.of(passage))) for each in sentences]
        number = max(range(len(sentences)), key=shared.__getitem__)
    return _joined(passage, sentences, number, number, chance)


def _joined(passage: str, sentences: Sequence[Span], first: int, last: int, chance: Random) -> str:
    if chance.random() < _WIDER:
        if chance.random() < _WIDER:
            first = max(0, first - 1)
        else:
            last = min(len(sentences) - 1, last + 1)
    return passage[sentences[first].start : sentences[last].end]


@lru_cache(maxsize=4096)
def _sentences(passage: str, language: str) -> tuple[Span, ...]:
    return sentence_spans(passage, Span(0, len(passage)), Language(language))


def _stems(text: str) -> set[str]:
    return {each[:_STEM] for each in re.findall(r"\w{4,}", text.lower())}
