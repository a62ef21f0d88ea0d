"""Reading the first passages before one is quoted: which are read, and what that changes.

The evidence comes first: what does not reach the threshold is not read. Where the first passage
stands clearly before what says something else it is read alone, elsewhere the next few are read
too. Their scores are then added up with the reader's, and the order follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.calibration.calibration import Standing
from index.ranking.ranking import RankedPassage
from index.readers.reader import Reader
from index.segments.segments import Segments

MOST_READ = 5
"""Passages that are read where it is not clear which answers."""
CLEAR_MARGIN = 1.5
"""From this margin on, in deviations of noise, the first passage is read alone."""
REACH = 2.5
"""How far below the first a passage may stay to be read, in deviations of noise."""
_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage that was read.

    Attributes:
        ranked: The passage.
        logit: What the reader gave for it, before the sigmoid.
    """

    ranked: RankedPassage
    logit: float

    def score(self, weight: float) -> float:
        """What it is ranked by once it is read.

        Args:
            weight: What a logit counts in deviations of noise.
        """
        return self.ranked.score + weight * self.logit


class Reading:
    """Reads passages with one reader; safe to use from several threads."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        # What is asked again is often asked in another language or after an index has grown.
        self._logit = lru_cache(maxsize=_REMEMBERED)(self._read)

    def of(
        self,
        question: str,
        segments: Segments,
        different: Sequence[RankedPassage],
        standing: Standing,
    ) -> list[ReadPassage]:
        """Read the passages that may answer, best first by their own scores.

        Args:
            question: What was asked, without courtesies.
            segments: What it was asked of.
            different: Passages that say different things, best first.
            standing: How the best stands.

        Raises:
            ReaderError: The reader failed.
        """
        return [
            ReadPassage(each, self._logit(question, read_text(segments, each)))
            for each in worth_reading(different, standing)
        ]

    def _read(self, question: str, passage: str) -> float:
        return float(self.reader.scores(question, [passage])[0])


def worth_reading(
    different: Sequence[RankedPassage], standing: Standing
) -> Sequence[RankedPassage]:
    """The passages that may answer: one where that is clear, else the first few.

    Args:
        different: Passages that say different things, best first.
        standing: How the best stands.
    """
    if standing.margin >= CLEAR_MARGIN:
        return different[:1]
    least = different[0].score - REACH
    return [each for each in different[:MOST_READ] if each.score >= least]


def read_text(segments: Segments, ranked: RankedPassage) -> str:
    """A passage as it is read: the text of it that fits best, under its titles."""
    text = segments.text(ranked.text.text)
    return f"{text.title}\n{text.content}" if text.title else text.content


def with_first(different: Sequence[RankedPassage], first: RankedPassage) -> list[RankedPassage]:
    """The same passages with one of them before the others."""
    return [first, *(each for each in different if each.passage != first.passage)]


def reordered(
    different: Sequence[RankedPassage], read: Sequence[ReadPassage], weight: float
) -> list[RankedPassage]:
    """The same passages, those that were read first, by what they have then.

    Args:
        different: Passages, best first.
        read: Those of them that were read.
        weight: What a logit counts in deviations of noise.
    """
    ordered = sorted(read, key=lambda each: (-each.score(weight), each.ranked.passage))
    first = [each.ranked for each in ordered]
    known = {each.passage for each in first}
    return [*first, *(each for each in different if each.passage not in known)]
