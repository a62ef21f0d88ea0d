"""Backups: one file with everything that cannot be rebuilt, checked when written and when read.

A backup is a zip archive: the database, with what every server added, the configuration, the
articles, and a manifest with the checksum of each. The token is not in it, and neither is what
can be rebuilt.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import fcntl
import hashlib
import os
import sqlite3
import tempfile
import zipfile
from contextlib import suppress
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.answering.startup import Say
from bot.config import Config, read_config
from bot.config.reading import CONFIG_FILE
from bot.errors import BackupError, RunningError
from bot.locales import Words
from bot.storage.opening import copy_storage, using_engine
from index.files import sync_file, sync_folder

if TYPE_CHECKING:
    from bot.storage.sql.engines import CopyProgress

_MANIFEST = "manifest.json"
_DATABASE = "database.db"
_ARTICLES = "articles"
_CHUNK = 1 << 20
_SIDE_FILES = ("-wal", "-shm", "-journal")
_OWNER_ALONE = 0o600


class BackupManifest(BaseModel):
    """What a backup holds.

    Attributes:
        format: How it is laid out.
        version: The version of the bot that wrote it.
        created: When.
        files: The SHA-256 of each file, in hexadecimal.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = 1
    version: str
    created: dt.datetime
    files: dict[str, str]


async def back_up(
    config: Config, settings: Path | None, target: Path | None, say: Say, progress: CopyProgress
) -> Path:
    """Write a backup, while the bot may be running; returns where it is.

    Args:
        config: Where everything is.
        settings: The file that `config` was read from; None takes the one in this folder.
        target: The file to write, which must be new; None takes a name with the time.
        say: Told what is in it.
        progress: Told how much of the database is copied.

    Raises:
        StorageError: The database cannot be read.
        BackupError: The backup cannot be written.
    """
    now = dt.datetime.now(dt.UTC)
    target = target or Path(f"coalition-bot-{now:%Y%m%d-%H%M%S}.zip")
    if target.exists():
        raise BackupError(Words("error.backup_there", target=target))
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    copy = target.with_name(f".{target.name}.{os.getpid()}.db")
    try:
        database = await _copied_database(config, copy, progress)
        await asyncio.to_thread(_write, part, config, settings or Path(CONFIG_FILE), database, now)
        manifest = await asyncio.to_thread(verified_backup, part)
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise BackupError(
            Words("error.backup_unwritable", target=target, reason=error.strerror or error)
        ) from error
    finally:
        part.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
    if database is None:
        say(Words("backup.no_database"))
    say(
        Words(
            "backup.written",
            target=target,
            files=len(manifest.files),
            size=target.stat().st_size / 1e6,
        )
    )
    say(Words("backup.no_token"))
    if CONFIG_FILE in manifest.files and config.database.has_password:
        say(Words("backup.password", file=CONFIG_FILE))
    return target


async def _copied_database(config: Config, copy: Path, progress: CopyProgress) -> Path | None:
    """A copy of the database as it is now, or None where there is none."""
    place = config.database_place
    if isinstance(place, Path) and not await asyncio.to_thread(place.exists):
        return None
    async with using_engine(place) as engine:
        await engine.backup(copy, progress)
    return copy


def _write(
    part: Path, config: Config, settings: Path, database: Path | None, now: dt.datetime
) -> None:
    files = {_DATABASE: database} if database is not None else {}
    if settings.is_file():
        files[CONFIG_FILE] = settings
    articles = config.knowledge.folder
    for path in sorted(articles.rglob("*")):
        if path.is_file():
            files[f"{_ARTICLES}/{path.relative_to(articles).as_posix()}"] = path
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ALONE)
    sums: dict[str, str] = {}
    with (
        os.fdopen(descriptor, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, path in files.items():
            digest = hashlib.sha256()
            with path.open("rb") as reading, archive.open(name, "w", force_zip64=True) as writing:
                while chunk := reading.read(_CHUNK):
                    digest.update(chunk)
                    writing.write(chunk)
            sums[name] = digest.hexdigest()
        manifest = BackupManifest(version=bot_version(), created=now, files=sums)
        archive.writestr(_MANIFEST, manifest.model_dump_json(indent=2))
    sync_file(part)


def bot_version() -> str:
    """The version of the bot that is installed; `unknown` where it runs uninstalled."""
    try:
        return metadata.version("coalition-bot")
    except metadata.PackageNotFoundError:
        return "unknown"


def verified_backup(path: Path) -> BackupManifest:
    """What a backup holds, every file of it compared with its checksum.

    Raises:
        BackupError: It is no backup, or not what was written.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = BackupManifest.model_validate_json(archive.read(_MANIFEST))
            for name, expected in manifest.files.items():
                digest = hashlib.sha256()
                with archive.open(name) as file:
                    while chunk := file.read(_CHUNK):
                        digest.update(chunk)
                if digest.hexdigest() != expected or not _is_ours(name):
                    raise BackupError(Words("error.backup_damaged", path=path, name=name))
    except OSError as error:
        raise BackupError(
            Words("error.backup_unreadable", path=path, reason=error.strerror)
        ) from error
    except (zipfile.BadZipFile, KeyError, ValidationError, EOFError, ValueError) as error:
        raise BackupError(Words("error.no_backup", path=path)) from error
    return manifest


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    inside = path.parts[0] == _ARTICLES and len(path.parts) > 1 and ".." not in path.parts
    return name in {_DATABASE, CONFIG_FILE} or inside


def restore(
    settings: Path | None, source: Path, say: Say, progress: CopyProgress, *, replace: bool
) -> None:
    """Put back what a backup holds; what is there is never overwritten.

    Args:
        settings: The configuration that says where everything belongs, put back first where it
            is missing; None takes the one in this folder.
        source: The backup.
        say: Told what was put back, and what was left as it is.
        progress: Told how much of the database is copied, where it goes to a server.
        replace: Whether to put the database in the place of one that is there, which is kept
            under another name.

    Raises:
        BackupError: The backup cannot be used, or a database is there.
        StorageError: The server of the database cannot be used, or has something in it.
        RunningError: The bot is running.
        ConfigError: The configuration cannot be used.
    """
    manifest = verified_backup(source)
    settings = settings or Path(CONFIG_FILE)
    try:
        with zipfile.ZipFile(source) as archive:
            if CONFIG_FILE in manifest.files:
                _put_beside(settings, archive.read(CONFIG_FILE), say)
            config = read_config(settings) if settings.exists() else Config().beside(Path())
            _refuse_while_running(config.data_folder)
            if _DATABASE in manifest.files:
                _restore_database(archive, config, say, progress, replace=replace)
            for name in manifest.files:
                if name.startswith(f"{_ARTICLES}/"):
                    path = config.knowledge.folder / PurePosixPath(name).relative_to(_ARTICLES)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    _put_beside(path, archive.read(name), say)
    except OSError as error:
        raise BackupError(
            Words("error.backup_not_put_back", source=source, reason=error.strerror or error)
        ) from error
    say(
        Words(
            "backup.restored", day=f"{manifest.created:%Y-%m-%d}", time=f"{manifest.created:%H:%M}"
        )
    )


def _restore_database(
    archive: zipfile.ZipFile, config: Config, say: Say, progress: CopyProgress, *, replace: bool
) -> None:
    place = config.database_place
    if not isinstance(place, Path):
        if replace:
            raise BackupError(Words("error.replace_is_for_files"))
        with tempfile.TemporaryDirectory(prefix="coalition-bot-") as folder:
            copy = Path(folder) / _DATABASE
            _extract_database(archive, copy)
            copied = asyncio.run(copy_storage(copy, place, progress))
        say(Words("backup.back_on_server", place=place.shown, rows=copied.rows))
        return
    if place.exists() and not replace:
        raise BackupError(Words("error.database_there", place=place))
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        _extract_database(archive, part)
        _set_aside(place, say)
        part.replace(place)
        sync_folder(place.parent)
    finally:
        part.unlink(missing_ok=True)
    say(Words("backup.back", place=place))


def _extract_database(archive: zipfile.ZipFile, target: Path) -> None:
    target.touch(_OWNER_ALONE)
    with archive.open(_DATABASE) as reading, target.open("wb") as writing:
        while chunk := reading.read(_CHUNK):
            writing.write(chunk)
    sync_file(target)
    _refuse_damaged(target)


def _refuse_damaged(database: Path) -> None:
    connection = sqlite3.connect(database)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError:
        found = None
    finally:
        connection.close()
    if found != ("ok",):
        raise BackupError(Words("error.backup_database_damaged"))


def _set_aside(place: Path, say: Say) -> None:
    """Give the database that is there, and what belongs to it, another name."""
    if not place.exists():
        return
    aside = f"{place.name}.before-{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}"
    # What was not yet written into the database would otherwise be taken for the new one's.
    for ending in (*_SIDE_FILES, ""):
        with suppress(FileNotFoundError):
            place.with_name(place.name + ending).rename(place.with_name(aside + ending))
    say(Words("backup.kept", path=place.with_name(aside)))


def _put_beside(path: Path, content: bytes, say: Say) -> None:
    """Write a file where there is none; beside it where there is another."""
    if path.exists() and path.read_bytes() == content:
        return
    target = path
    if path.exists():
        target = path.with_name(f"{path.name}.from-backup")
        say(Words("backup.beside", path=path, beside=target.name))
    target.write_bytes(content)
    sync_file(target)


def _refuse_while_running(folder: Path) -> None:
    for lock in folder.glob("running-*.lock"):
        with lock.open("r+", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RunningError(Words("error.bot_running", process=file.read())) from error
