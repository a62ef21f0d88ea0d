"""Whether what is kept can be read, and is intact."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.config import Config
from bot.doctor.findings import Finding, bad, good
from bot.storage import StorageError
from bot.storage.opening import open_engine


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
        finally:
            await engine.engine.dispose()
    except StorageError as error:
        return bad(subject, str(error), "Then run `coalition-bot doctor` again.")
    except TimeoutError:
        advice = "Look whether something else keeps it busy."
        return bad(subject, f"It did not answer within {seconds:.0f} s: {shown}.", advice)
    return good(subject, f"It is intact: {shown}.")
