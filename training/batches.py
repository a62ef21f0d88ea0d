"""Batches of pairs of like length, so that short ones are not filled up to long ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from sentence_transformers.base.sampler import DefaultBatchSampler

from training.pairs import Pair


def in_batches(rounds: Iterable[Sequence[Pair]], batch: int, seed: int) -> list[Pair]:
    """All pairs of `rounds` in an order whose successive batches are of like length.

    Args:
        rounds: The pairs of each round; a round comes after the other.
        batch: How many are in a batch.
        seed: The order of the batches within a round.
    """
    chance = Random(seed)
    ordered: list[Pair] = []
    over: list[Pair] = []
    for pairs in rounds:
        # The noise keeps the same pairs from meeting in a batch every round.
        length = [len(each.question) + len(each.passage) + 60 * chance.random() for each in pairs]
        order = sorted(range(len(pairs)), key=length.__getitem__)
        batches = [order[start : start + batch] for start in range(0, len(order), batch)]
        # A batch that is not full would shift all that follow: what it has comes at the end.
        if len(batches[-1]) < batch:
            over += [pairs[each] for each in batches.pop()]
        chance.shuffle(batches)
        ordered += [pairs[each] for one in batches for each in one]
    return ordered + over


class InOrder(DefaultBatchSampler):
    """Takes a data set's rows as they come."""

    def __iter__(self) -> Iterator[list[int]]:
        rows = len(self.sampler)  # type: ignore[arg-type]
        for start in range(0, rows, self.batch_size):
            yield list(range(start, min(start + self.batch_size, rows)))
