"""What a search gives: an outcome, and passages with all that a reader needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from index.calibration.calibration import Outcome
from index.calibration.small_talk import SmallTalkKind
from index.encoders.encoder import FloatArray
from index.quotes import Located, Quote
from index.ranking.ranking import RankedPassage
from index.ranking.telling import Telling
from knowledge import Document, Language, Passage


@dataclass(frozen=True)
class Match:
    """A passage that was found.

    Attributes:
        located: The passage and its document.
        score: What passages are ranked by.
        confidence: The probability that the passage answers; None for a runner-up, for which
            none is calibrated.
        why: Where the score comes from.
        find_telling: Finds `telling`.
        read: What a reader gave for it, before the sigmoid; None where it was not read.
    """

    located: Located
    score: float
    confidence: float | None
    why: RankedPassage
    find_telling: Callable[[], Telling] = field(repr=False, compare=False)
    read: float | None = None

    @property
    def document(self) -> Document:
        """The document that it stands in."""
        return self.located.document

    @property
    def passage(self) -> Passage:
        """The passage."""
        return self.located.passage

    @cached_property
    def telling(self) -> Telling:
        """Which sentences answer best.

        Found when it is first asked for, since few passages are shown.
        """
        return self.find_telling()

    def quote(self, language: Language) -> Quote:
        """The passage in `language`, or in the other one where it has only that.

        Its telling sentence is marked.

        Raises:
            NotVerbatimError: The quote does not stand in the document.
        """
        return self.located.quote(language, self.telling)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the outcome was judged by.

    Attributes:
        evidence: How much speaks for the first match.
        needed: How much had to.
    """

    evidence: float
    needed: float


@dataclass(frozen=True, slots=True)
class Result:
    """What a question found.

    Attributes:
        language: The language of the question.
        outcome: What can be said of the first match.
        matches: Passages, best first.
        verdict: What the outcome was judged by.
        embedding: What the question means: float32 (dimension,), of length 1.
        small_talk: What the message is instead of a question, if it is none.
    """

    language: Language
    outcome: Outcome
    matches: tuple[Match, ...]
    verdict: Verdict
    embedding: FloatArray = field(compare=False, repr=False)
    small_talk: SmallTalkKind | None = None


@dataclass(frozen=True, slots=True)
class RememberedResults:
    """How many searches were answered from memory, and how many were not."""

    hits: int
    misses: int
