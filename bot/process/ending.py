"""Ending in time, whatever a thread still does."""

from __future__ import annotations

import logging
import os
import threading

log = logging.getLogger(__name__)


def end_within(seconds: float) -> None:
    """Have this process end, with status 0, after so many seconds at the latest.

    Python waits at its end for every thread, and nothing can stop one that is stuck. All that
    is written survives an end at any moment.
    """
    timer = threading.Timer(seconds, _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    log.warning("Something has not ended by itself in time; it is left.")
    logging.shutdown()
    os._exit(0)
