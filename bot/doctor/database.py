"""Whether what is kept can be read, and is intact."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config
from bot.doctor.findings import Finding, bad, doubtful, good
from bot.storage import StorageError
from bot.storage.opening import open_engine

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
        engine = open_engine(place)
        try:
            async with asyncio.timeout(seconds):
                await engine.check()
                if engine.replica is not None:
                    await _examine_replica(engine.replica)
        finally:
            await engine.close()
    except _ReplicaError as error:
        advice = "Reports are read from the first meanwhile; everything else is as it should be."
        return doubtful(subject, str(error), advice)
    except StorageError as error:
        return bad(subject, str(error), "Then run `coalition-bot doctor` again.")
    except TimeoutError:
        advice = "Look whether something else keeps it busy."
        return bad(subject, f"It did not answer within {seconds:.0f} s: {shown}.", advice)
    return good(subject, f"It is intact: {shown}.")


class _ReplicaError(Exception):
    """The replica does not serve."""


async def _examine_replica(replica: Replica) -> None:
    position = await replica.position()
    try:
        async with replica.reading(position):
            pass
    except StorageError as error:
        raise _ReplicaError(str(error)) from None
