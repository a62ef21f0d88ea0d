"""What PostgreSQL says when something is wrong, and what an operator does about it.

No message has the password; of the address, each shows host, port and database alone. Codes:
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

import ssl
from typing import NamedTuple

import asyncpg
from sqlalchemy.exc import DBAPIError

from bot.storage.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageFullError,
    StorageGoneError,
)

DRIVER_FAILURES: tuple[type[Exception], ...] = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # What comes of a connection that is cut between two steps of a statement.
    asyncpg.InternalClientError,
    OSError,
)
FAILURES: tuple[type[Exception], ...] = (DBAPIError, *DRIVER_FAILURES)
"""What using a connection of SQLAlchemy's raises."""
_NO_FILE = (FileNotFoundError, PermissionError, IsADirectoryError)
NO_CONNECTION: tuple[type[Exception], ...] = (*DRIVER_FAILURES, ValueError)
"""What connecting raises besides, where an address is none."""


class _Case(NamedTuple):
    """What is said of an error.

    Attributes:
        codes: How its code begins.
        kind: The error of ours.
        message: Its words; `{place}` is host, port and database, `{code}` the code.
    """

    codes: tuple[str, ...]
    kind: type[StorageError]
    message: str

    def error(self, place: str, code: str = "") -> StorageError:
        return self.kind(self.message.format(place=place, code=code))


_UNENCRYPTED = _Case(
    ("28000",),
    StorageGoneError,
    "The database server {place} takes encrypted connections only. Add `?sslmode=require` to "
    "`database.url`, or `?sslmode=verify-full&sslrootcert=` and the file of its certificate; where "
    "that is there already, turn on `ssl` on the server.",
)
_NOT_ENCRYPTING = _Case(
    (),
    StorageGoneError,
    "The database server {place} does not encrypt connections, and `database.url` asks for it. "
    "Turn on `ssl` on the server, or take `sslmode` out of the address.",
)
_ADDRESS = _Case(
    ("42704",),
    StorageGoneError,
    "The address of the database {place} cannot be used: a port, a host or a parameter after “?” "
    "is wrong. Correct `database.url`.",
)
_READ_ONLY = _Case(
    ("25006",),
    StorageGoneError,
    "The database server {place} only reads, as a standby does. Set `database.url` to the primary; "
    "with several hosts, add `target_session_attrs=read-write`.",
)
_NONE_WRITES = _Case(
    (),
    StorageGoneError,
    "None of the database servers {place} is what `target_session_attrs` in `database.url` asks "
    "for; where all of them are standbys, promote one. The bot tries again by itself.",
)
_NOT_WHOLE = _Case(
    ("26000", "42P05"),
    StorageGoneError,
    "Before the database {place} stands a pooler that divides sessions between transactions or "
    "statements, and the bot's locks and notifications belong to a session. Set "
    "`pool_mode = session` for this database in pgbouncer.ini, or set `database.url` to the server "
    "itself.",
)
_CASES = (
    _NOT_WHOLE,
    _Case(
        ("28P01",),
        StorageGoneError,
        "The database server {place} refused the user or the password. Check both in "
        "`database.url`, or the variable PGPASSWORD where the address has no password.",
    ),
    _Case(
        ("28",),
        StorageGoneError,
        "The database server {place} does not let this user or this machine in. Ask whoever runs "
        "it for a line in its pg_hba.conf.",
    ),
    _Case(
        ("3D000",),
        StorageGoneError,
        "The server has no database of the name in {place}. Make it with `createdb`, or correct "
        "`database.url`.",
    ),
    _Case(
        ("53300",),
        StorageBusyError,
        "The database server {place} has no connection left. Raise its `max_connections`, or lower "
        "`database.connections` of each process of the bot.",
    ),
    _Case(
        ("53",),
        StorageFullError,
        "The database server {place} has no space left. Free some on its disk; nothing else is to "
        "be done.",
    ),
    _Case(
        ("57P",),
        StorageGoneError,
        "The database server {place} is starting or stopping. Nothing is to be done: the bot tries "
        "again by itself.",
    ),
    _Case(
        ("55P03", "57014", "40P01", "40001", "25P03"),
        StorageBusyError,
        "The database {place} has been locked for longer than is waited for. Look in "
        "pg_stat_activity for what holds it, such as another process that changes the tables.",
    ),
    _Case(
        ("42501",),
        StorageGoneError,
        "The user of `database.url` may not do in {place} what the bot does there. Make it the "
        "owner of the database: `ALTER DATABASE … OWNER TO …`.",
    ),
    _READ_ONLY,
    _ADDRESS,
    _Case(
        ("42P01", "42P07", "42701", "42703", "42804"),
        StorageDamagedError,
        "The tables of the database {place} are not those of their version. Where a newer version "
        "of the bot changed them, update this one. Where somebody else did, or stopped half-way, "
        "put a backup in their place, or give the bot an empty database.",
    ),
    _Case(
        ("08P01",),
        StorageGoneError,
        "A pooler stands before the database {place}, and gave no connection to the server behind "
        "it. Look in its log (PgBouncer's, say) whether that server runs and lets the user in.",
    ),
    _Case(
        ("XX",),
        StorageDamagedError,
        "The database {place} is damaged (code {code}). Stop the bot, read the server's log, and "
        "put a backup in its place.",
    ),
    _Case(
        ("",),
        StorageGoneError,
        "The database {place} cannot be used (code {code}). Read the server's log for the reason.",
    ),
)


def not_connected(place: str, error: Exception) -> StorageError:
    """Why no connection came about.

    Args:
        place: Host, port and database.
        error: What asyncpg raised.
    """
    said = str(error)
    if isinstance(error, _NO_FILE) and not place.startswith("/"):
        # Without a host it would be the socket of a server that does not run.
        return StorageGoneError(
            f"A file that `database.url` names for {place} cannot be read ({error.strerror}). "
            "Correct the path of `sslrootcert`, `sslcert`, `sslkey` or `sslcrl` after “?”."
        )
    if isinstance(error, ssl.SSLError):
        return StorageGoneError(
            f"The certificate of the database server {place} is not trusted ({error.reason}). Give "
            "the file of the authority's certificate as `sslrootcert` in `database.url`."
        )
    code = getattr(error, "sqlstate", None)
    if "rejected SSL upgrade" in said:
        case = _NOT_ENCRYPTING
    elif isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        case = _NONE_WRITES
    elif isinstance(error, (OSError, asyncpg.InternalClientError)):
        return _unreachable(place, error)
    elif code is None:
        case = _ADDRESS
    elif code in _UNENCRYPTED.codes and "no encryption" in said:
        case = _UNENCRYPTED
    else:
        return _by_code(place, code)
    return case.error(place)


def explained(place: str, error: Exception) -> StorageError:
    """What went wrong with a statement."""
    if isinstance(error, OSError):
        return _unreachable(place, error)
    code = getattr(getattr(error, "orig", error), "sqlstate", None)
    if code is None or code.startswith("08"):
        return _unreachable(place, None)
    return _by_code(place, code)


def read_only(place: str) -> StorageError:
    """The server only reads."""
    return _READ_ONLY.error(place)


def not_whole(place: str) -> StorageError:
    """A pooler before the server divides sessions."""
    return _NOT_WHOLE.error(place)


def _by_code(place: str, code: str) -> StorageError:
    case = next(each for each in _CASES if code.startswith(each.codes))
    return case.error(place, code)


def _unreachable(place: str, error: Exception | None) -> StorageError:
    why = "the connection was lost"
    if isinstance(error, OSError):
        why = error.strerror or type(error).__name__
    return StorageGoneError(
        f"The database server {place} cannot be reached ({why}). Check that it runs and that host "
        "and port in `database.url` are right. The bot tries again by itself."
    )
