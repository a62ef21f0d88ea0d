"""What the operator may do with all that is kept of a server: hand it out, or erase it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

from bot.config import DatabaseServer
from bot.errors import FolderError
from bot.locales import Words
from bot.storage import StorageGoneError, open_storage


async def export_guild(place: Path | DatabaseServer, guild: int, target: Path) -> dict[str, int]:
    """Write all that is kept of a server into a JSON file that its owner alone can read.

    Args:
        place: The database.
        guild: The server.
        target: The file; it must not be there.

    Returns:
        How many rows of each kind there are; none where nothing is kept.

    Raises:
        StorageError: The database cannot be used.
        FolderError: The file cannot be written.
    """
    expect_database(place)
    async with open_storage(place) as storage:
        exported = await storage.privacy.export(guild)
    counts = {name: len(rows) for name, rows in exported.items() if rows}
    if counts:
        _write(target, exported)
    return counts


async def erase_guild(place: Path | DatabaseServer, guilds_folder: Path, guild: int) -> bool:
    """Delete all that is kept of a server; returns whether there was anything.

    Args:
        place: The database.
        guilds_folder: Where what is computed from servers' documents is, in folders of their own.
        guild: The server.

    Raises:
        StorageError: The database cannot be used.
        FolderError: A folder cannot be deleted.
    """
    expect_database(place)
    async with open_storage(place) as storage:
        erased = await storage.privacy.erase(guild)
    folder = guilds_folder / str(guild)
    try:
        await asyncio.to_thread(shutil.rmtree, folder)
    except FileNotFoundError:
        return erased
    except OSError as error:
        raise FolderError(
            Words("error.folder_not_deleted", folder=folder, reason=error.strerror)
        ) from error
    return True


def expect_database(place: Path | DatabaseServer) -> None:
    """See that there is a database, before anything is asked or done.

    Raises:
        StorageGoneError: There is none.
    """
    if isinstance(place, Path) and not place.exists():
        raise StorageGoneError(Words("error.no_database", place=place))


def _write(target: Path, exported: dict[str, Any]) -> None:
    text = json.dumps(exported, ensure_ascii=False, indent=2) + "\n"
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise FolderError(Words("error.export_there", target=target)) from error
    except OSError as error:
        raise FolderError(
            Words("error.export_unwritable", target=target, reason=error.strerror)
        ) from error
