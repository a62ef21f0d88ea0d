"""The memory of this process: what it may take, and what it can give back."""

from __future__ import annotations

import ctypes
import gc
import sys

from bot.errors import MemoryLimitError
from bot.locales import Words

LEAST_ADDRESS_SPACE = 768 << 20
"""Bytes of address space that answering takes, several times the memory that it occupies:
libraries are mapped whole, and threads reserve more than they use. Measured with `ulimit -v`;
with less, native libraries end the process without a word."""


def check_address_space() -> None:
    """Refuse to start where the limit of this process cannot suffice.

    Raises:
        MemoryLimitError: Says the limit, what is needed, and what to limit instead.
    """
    if sys.platform == "win32":
        return
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < LEAST_ADDRESS_SPACE:
        raise MemoryLimitError(
            Words("error.address_space", limit=limit >> 20, needed=LEAST_ADDRESS_SPACE >> 20)
        )


def give_back_memory() -> None:
    """Return free memory to the operating system, where the C library can (glibc).

    Opening an index and a language detector unpacks more than stays; glibc keeps what was
    freed for later, which on a small server is an eighth of all that the bot takes.
    """
    gc.collect()
    give_back_freed()


def give_back_freed() -> None:
    """Return what was freed; takes some milliseconds, in which other threads go on."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def spare_what_is_loaded() -> None:
    """Leave what is there now out of garbage collection, since it stays until the end.

    A full collection holds up every thread for as long as it looks through all objects: half of
    them were loaded before the first question. What is garbage by then stays too; there is none to
    speak of right after `give_back_memory`.
    """
    gc.freeze()
