"""Whether what is kept can be read, and is intact."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config
from bot.locales import Words
from bot.operations.doctor.findings import Finding, bad, doubtful, good
from bot.storage import StorageError
from bot.storage.opening import using_engine

if TYPE_CHECKING:
    from bot.storage.sql.engines import Replica


async def examine_database(config: Config, seconds: float) -> Finding:
    """Open the database, without changing it, and look for damage.

    Args:
        config: Says where it is.
        seconds: How long that may take.
    """
    subject = "database"
    place = config.database_place
    shown = str(place.resolve()) if isinstance(place, Path) else Words("doctor.the_server")
    if isinstance(place, Path) and not place.exists():
        return good(subject, Words("doctor.database_later", place=shown))
    try:
        async with using_engine(place) as engine, asyncio.timeout(seconds):
            await engine.check()
            refused = None if engine.replica is None else await _refused(engine.replica)
    except StorageError as error:
        return bad(subject, Words("doctor.error", error=error), Words("doctor.again"))
    except TimeoutError:
        advice = Words("doctor.database_busy")
        return bad(
            subject, Words("doctor.database_slow", seconds=round(seconds), place=shown), advice
        )
    if refused is not None:
        advice = Words("doctor.replica")
        return doubtful(subject, Words("doctor.error", error=refused), advice)
    return good(subject, Words("doctor.database", place=shown))


async def _refused(replica: Replica) -> StorageError | None:
    """Why the replica does not serve; None where it does."""
    position = await replica.position()
    try:
        async with replica.reading(position):
            return None
    except StorageError as error:
        return error
