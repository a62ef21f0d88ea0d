"""Measuring contenders in turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Sample:
    """Repeated measurements of one thing, all in one unit."""

    values: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.values)

    @property
    def p10(self) -> float:
        """What one in ten does not reach: what a quiet machine would give."""
        return self._tenths()[0]

    @property
    def p90(self) -> float:
        """What one in ten exceeds."""
        return self._tenths()[-1]

    def times(self, factor: float) -> Sample:
        """The same in another unit."""
        return Sample(tuple(factor * each for each in self.values))

    def written(self, unit: str) -> str:
        """The median with its unit, and the spread where there is one."""
        p50, p10, p90 = (_number(each) for each in (self.p50, self.p10, self.p90))
        return f"{p50} {unit} ({p10}–{p90})" if p10 != p90 else f"{p50} {unit}".strip()

    def _tenths(self) -> list[float]:
        return quantiles(self.values, n=10, method="inclusive")


class Pair(NamedTuple):
    """The plain recipe and the product, measured in turn."""

    plain: Sample
    product: Sample

    @property
    def ratio(self) -> float:
        """How many times the product's median the plain recipe's is."""
        return self.plain.p50 / self.product.p50

    def times(self, factor: float) -> Pair:
        """The same in another unit."""
        return Pair(self.plain.times(factor), self.product.times(factor))


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def in_turn(pairs: Sequence[tuple[Callable[[], float], Callable[[], float]]]) -> Pair:
    """Take measurements of the plain recipe and the product in turn.

    Args:
        pairs: For each round what measures the one and the other; which goes first changes.
    """
    plain: list[float] = []
    product: list[float] = []
    for number, (one, other) in enumerate(pairs):
        if number % 2:
            product.append(other())
            plain.append(one())
        else:
            plain.append(one())
            product.append(other())
    return Pair(Sample(tuple(plain)), Sample(tuple(product)))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004
