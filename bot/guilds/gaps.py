"""What is missing: questions that were not answered well, those together that ask the same."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.process.worker import Worker
from bot.storage import Gap, Meaning, Questions
from index import Index
from index.encoders.encoder import FloatArray
from index.ranking.same_meaning import LIKENESS, asks_the_same

MOST_GROUPED = 3000
"""Different texts, those asked most, that are compared with each other."""
_MOST_ENCODED = 200
"""Texts of which no embedding was kept and which are encoded for one panel."""


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Questions that mean about the same, none of them answered well.

    Attributes:
        gaps: Each of other words; the one asked most comes first and stands for all.
    """

    gaps: tuple[Gap, ...]

    @property
    def first(self) -> Gap:
        """The one that stands for all."""
        return self.gaps[0]

    @property
    def count(self) -> int:
        """How often any of them was asked."""
        return sum(each.count for each in self.gaps)

    @property
    def sought(self) -> tuple[str, ...]:
        """What members were looking for instead of what they were given."""
        return tuple(dict.fromkeys(words for each in self.gaps for words in each.sought))

    @property
    def url(self) -> str | None:
        """Where everybody can see one of the answers, if anywhere."""
        return next((each.url for each in self.gaps if each.url is not None), None)


def meaning_of(embedding: FloatArray, encoder: str) -> Meaning:
    """What is kept of what a question means.

    Args:
        embedding: float32 (dimension,).
        encoder: The name of the encoder that gave it.
    """
    return Meaning(_short(encoder), embedding.astype(np.float16).tobytes())


def _short(encoder: str) -> str:
    return hashlib.sha256(encoder.encode()).hexdigest()[:16]


def grouped(gaps: Sequence[Gap], embeddings: Sequence[FloatArray | None]) -> list[GapGroup]:
    """Put together what means the same, most asked first.

    Each gap joins the nearest group whose first question surely asks the same, or begins one:
    what settles a group settles one thing.

    Args:
        gaps: Most asked first.
        embeddings: For each float32 (dimension,), of length 1, or None for one that stays alone.
    """
    together: list[list[Gap]] = []
    alone: list[list[Gap]] = []
    # Those that began a group, one after the other.
    leaders = np.empty((0, 0), np.float32)
    for gap, embedding in zip(gaps, embeddings, strict=True):
        if embedding is None:
            alone.append([gap])
            continue
        if not together:
            leaders = np.empty((len(gaps), len(embedding)), np.float32)
        likeness = leaders[: len(together)] @ embedding
        near = np.flatnonzero(likeness >= LIKENESS)
        same = (
            at
            for at in near[np.argsort(-likeness[near], kind="stable")].tolist()
            if asks_the_same(together[at][0].text, gap.text, float(likeness[at]))
        )
        if (joined := next(same, None)) is not None:
            together[joined].append(gap)
        else:
            leaders[len(together)] = embedding
            together.append([gap])
    groups = [GapGroup(tuple(each)) for each in (*together, *alone)]
    return sorted(groups, key=lambda each: (-each.count, -each.first.at.timestamp()))


class GapFinder:
    """Finds what is missing in a server."""

    def __init__(
        self,
        questions: Callable[[int], Awaitable[Questions]],
        worker: Worker,
        index: Callable[[], Index],
    ) -> None:
        """Start.

        Args:
            questions: Gives what was asked in a server up to now.
            worker: Compares.
            index: Gives the index whose encoder says what questions mean.
        """
        self._questions = questions
        self._worker = worker
        self._index = index

    async def groups(self, guild: int) -> list[GapGroup]:
        """All groups of a server, most asked first.

        Raises:
            StorageError: The questions cannot be read.
            BusyError: Too much waits to be computed.
        """
        gaps = await (await self._questions(guild)).gaps(MOST_GROUPED)
        return await self._worker.run_for(guild, self._grouped, gaps)

    async def alike(self, guild: int, question: str) -> list[str]:
        """The ids of one question for each text of the group that a question is in."""
        for group in await self.groups(guild):
            identifiers = [each.question for each in group.gaps]
            if question in identifiers:
                return identifiers
        return [question]

    def _grouped(self, gaps: Sequence[Gap]) -> list[GapGroup]:
        index = self._index()
        embeddings = embeddings_kept([each.meaning for each in gaps], index.encoder.name)
        missing = [at for at, each in enumerate(embeddings) if each is None][:_MOST_ENCODED]
        if missing:
            found = index.embed([gaps[at].text for at in missing])
            for at, embedding in zip(missing, found, strict=True):
                embeddings[at] = embedding
        return grouped(gaps, embeddings)


def embeddings_kept(meanings: Iterable[Meaning | None], encoder: str) -> list[FloatArray | None]:
    """What is kept of what questions mean: float32 (dimension,) each, of length 1.

    Args:
        meanings: What is kept; None for nothing.
        encoder: The name of the encoder; what another gave is of no use.
    """
    named = _short(encoder)
    return [None if each is None or each.encoder != named else _vector(each) for each in meanings]


def _vector(meaning: Meaning) -> FloatArray:
    vector = np.frombuffer(meaning.vector, np.float16).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
