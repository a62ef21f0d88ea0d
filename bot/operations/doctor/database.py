"""Whether what is kept can be read, and is intact."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config
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
    shown = str(place.resolve()) if isinstance(place, Path) else "the server of `database.url`"
    if isinstance(place, Path) and not place.exists():
        return good(subject, f"It is made at {shown} when the bot first starts.")
    try:
        async with using_engine(place) as engine, asyncio.timeout(seconds):
            await engine.check()
            refused = None if engine.replica is None else await _refused(engine.replica)
    except StorageError as error:
        return bad(subject, str(error), "Then run `coalition-bot doctor` again.")
    except TimeoutError:
        advice = "Look whether something else keeps it busy."
        return bad(subject, f"It did not answer within {seconds:.0f} s: {shown}.", advice)
    if refused is not None:
        advice = "Reports are read from the first meanwhile; everything else is as it should be."
        return doubtful(subject, str(refused), advice)
    return good(subject, f"It is intact: {shown}.")


async def _refused(replica: Replica) -> StorageError | None:
    """Why the replica does not serve; None where it does."""
    position = await replica.position()
    try:
        async with replica.reading(position):
            return None
    except StorageError as error:
        return error
