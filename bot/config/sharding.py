"""Which part of Discord's servers a process is connected for.

A server belongs to the shard `(id >> 22) % count`. Direct messages belong to shard 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import ConfigError
from bot.locales import Words

_MOST = 32_767
_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_CLUSTER = re.compile(r"(\d{1,5})/(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of one process.

    Attributes:
        count: How many there are in all; the same in every process.
        ids: Which of them this process runs, counted from 0.
    """

    count: int
    ids: tuple[int, ...]

    @property
    def all_here(self) -> bool:
        """Whether no other process runs any."""
        return len(self.ids) == self.count


ONE = Shards(1, (0,))
"""Where nothing is said of shards."""


def read_shards(count: int | None, ids: str | None, cluster: str | None) -> Shards:
    """What the command line says of shards.

    Args:
        count: How many there are in all; None for one.
        ids: Such as `0-3` or `0,5-7`; None for all, or for those of the cluster.
        cluster: `2/4` for the second of four equal parts of the shards.

    Raises:
        ConfigError: They cannot be meant so.
    """
    if count is None:
        if ids is not None or cluster is not None:
            raise ConfigError(Words("error.shards_uncounted"))
        return ONE
    if not 1 <= count <= _MOST:
        raise ConfigError(Words("error.shard_count", count=count, most=_MOST))
    if ids is not None and cluster is not None:
        raise ConfigError(Words("error.shards_or_cluster"))
    if cluster is not None:
        return Shards(count, _of_cluster(count, cluster))
    return Shards(count, tuple(range(count)) if ids is None else _listed(count, ids))


def _of_cluster(count: int, cluster: str) -> tuple[int, ...]:
    found = _CLUSTER.fullmatch(cluster)
    number, clusters = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= clusters <= count:
        raise ConfigError(Words("error.cluster_unclear", cluster=repr(cluster), count=count))
    return tuple(range((number - 1) * count // clusters, number * count // clusters))


def _listed(count: int, ids: str) -> tuple[int, ...]:
    chosen: set[int] = set()
    for part in ids.split(","):
        found = _RANGE.fullmatch(part.strip())
        first, last = (found[1], found[2] or found[1]) if found else ("1", "0")
        if not int(first) <= int(last) < count:
            raise ConfigError(Words("error.shards_unclear", ids=repr(ids), last=count - 1))
        chosen.update(range(int(first), int(last) + 1))
    return tuple(sorted(chosen))
