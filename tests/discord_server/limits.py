"""Rate limits: buckets of routes, and the limit over all of them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from zlib import crc32

_MAJOR = re.compile(r"^/(?:channels|guilds|webhooks)/\d+")
_ID = re.compile(r"/\d{5,}")
_EXEMPT = re.compile(r"^/(?:interactions|webhooks)/")
"""Responses to interactions are not counted over all."""


@dataclass(frozen=True)
class Limited:
    """That a request came too soon.

    Attributes:
        retry_after: Seconds to wait.
        everywhere: Whether it is the limit over all routes.
    """

    retry_after: float
    everywhere: bool


@dataclass(eq=False)
class Bucket:
    """So many requests in so many seconds."""

    name: str
    limit: int
    seconds: float
    used: int = 0
    resets: float = 0.0

    def take(self) -> float | None:
        """Take a place; None where there was one, else seconds until there is."""
        now = time.monotonic()
        if now >= self.resets:
            self.used, self.resets = 0, now + self.seconds
        if self.used >= self.limit:
            return self.resets - now
        self.used += 1
        return None

    def headers(self) -> dict[str, str]:
        """What Discord says of it in every answer."""
        left = max(self.resets - time.monotonic(), 0.0)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self.used),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass
class Limits:
    """The limits of the stand-in.

    Attributes:
        each: How many requests in how many seconds a bucket takes, by a regex of its route.
        closed_until: When the limit over all routes lets requests in again.
    """

    each: dict[str, tuple[int, float]] = field(
        default_factory=lambda: {r"^POST /channels/\d+/messages$": (5, 5.0)}
    )
    closed_until: float = 0.0
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def close_everywhere(self, seconds: float) -> None:
        """Refuse every request for so long, but responses to interactions."""
        self.closed_until = time.monotonic() + seconds

    def bucket(self, method: str, route: str) -> Bucket | None:
        """The bucket that a request belongs to."""
        line = f"{method} {route}"
        for pattern, (limit, seconds) in self.each.items():
            if re.search(pattern, line):
                major = _MAJOR.match(route)
                key = f"{method} {_ID.sub('/…', route)} {major.group() if major else ''}"
                name = f"{crc32(pattern.encode()):08x}"
                return self._buckets.setdefault(key, Bucket(name, limit, seconds))
        return None

    def refusal(self, route: str, bucket: Bucket | None) -> Limited | None:
        """Whether a request comes too soon."""
        left = self.closed_until - time.monotonic()
        if left > 0 and not _EXEMPT.match(route):
            return Limited(left, everywhere=True)
        wait = None if bucket is None else bucket.take()
        return None if wait is None else Limited(wait, everywhere=False)
