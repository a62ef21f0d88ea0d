"""Connecting to PostgreSQL, to whichever of several hosts serves."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import asyncpg

from bot.config import DatabaseServer
from bot.storage.sql.postgresql.errors import NO_CONNECTION, not_connected

_CONNECT_SECONDS = 5
"""For each host: one whose machine has vanished answers nothing at all."""
_COMMAND_SECONDS = 30
_NAME = {"application_name": "coalition-bot"}
# Set once connected: a pooler such as PgBouncer refuses most settings of those who connect.
_SETTINGS = {
    # Whoever waits for a lock is told so, rather than left to wait for ever.
    "lock_timeout": "10s",
    # A process that stands still lets go of what it holds.
    "idle_in_transaction_session_timeout": "60s",
    # Compiling takes longer than any of our statements.
    "jit": "off",
    # A machine that is gone holds its place no longer than half a minute.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_PORT = "5432"


class _Host(NamedTuple):
    """A host of the address, and its port.

    asyncpg divides one timeout among all hosts and goes to the next only where it is refused, so
    each is asked by itself.
    """

    host: str
    port: int


class PostgresqlConnector:
    """Makes connections to one server, by the host that served last where it has several."""

    def __init__(self, server: DatabaseServer) -> None:
        """Prepare; nothing is sent yet."""
        # asyncpg reads libpq's parameters: sslmode, a password from PGPASSWORD or a file.
        self._address = server.url.get_secret_value().replace("+asyncpg", "", 1)
        self._shown = server.shown
        # Which standby it prefers, asyncpg knows only when it has asked them all.
        together = "prefer-standby" in self._address
        self._hosts: list[_Host | None] = [None] if together else [*_hosts(server.shown)] or [None]

    async def connect(self) -> Any:  # noqa: ANN401 - asyncpg brings no types
        """A new connection of asyncpg's own.

        Raises:
            StorageError: There is none to be had.
        """
        failures: list[Exception] = []
        for host in tuple(self._hosts):
            try:
                connection = await self._connected(host)
            except NO_CONNECTION as error:
                failures.append(error)
            else:
                self._hosts.sort(key=lambda each: each != host)
                return connection
        # That a standby does not write is no news where the primary has another trouble.
        failures.sort(key=lambda each: isinstance(each, asyncpg.TargetServerAttributeNotMatched))
        # Without its cause, which may show the address.
        raise not_connected(self._shown, failures[0]) from None

    async def _connected(self, host: _Host | None) -> Any:  # noqa: ANN401
        connection = await asyncpg.connect(
            self._address,
            timeout=_CONNECT_SECONDS,
            command_timeout=_COMMAND_SECONDS,
            server_settings=_NAME,
            **({} if host is None else host._asdict()),
        )
        try:
            # A pooler lets everybody in, and only now looks for a connection to the server.
            settings = "; ".join(f"SET {name} = '{each}'" for name, each in _SETTINGS.items())
            await connection.execute(settings, timeout=_CONNECT_SECONDS)
        except BaseException:
            connection.terminate()
            raise
        return connection


def _hosts(shown: str) -> list[_Host]:
    """Where there are several, each host; otherwise none."""
    names = shown.rpartition("/")[0].split(",")
    if len(names) == 1:
        return []
    found = []
    for each in names:
        # An address of IPv6 has colons of its own, within brackets.
        name, _, port = each.rpartition(":") if "]" not in each[-1:] else (each, "", "")
        if not name:
            name, port = port, ""
        found.append(_Host(name.strip("[]"), int(port or os.environ.get("PGPORT") or _PORT)))
    return found
