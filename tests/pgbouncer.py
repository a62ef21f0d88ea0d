"""A real PgBouncer before a test's PostgreSQL server, where the system has one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.config import DatabaseServer
from tests.postgres import PASSWORD, USER, PostgresServer, free_port

_NOBODY = 65534
_TRIES, _PAUSE = 200, 0.05


def pgbouncer_program() -> str | None:
    """Where it is installed; None where it is not."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def pooled(
    server: PostgresServer, database: str, mode: str, *more: str
) -> Iterator[DatabaseServer]:
    """The address of a database through a pooler, as its package sets it up.

    Args:
        server: The server behind it.
        database: The database.
        mode: Its `pool_mode`.
        *more: Further lines of its configuration.
    """
    program = pgbouncer_program()
    assert program is not None, "not installed"
    folder = Path(tempfile.mkdtemp(prefix="coalition-pgbouncer-"))
    port = free_port()
    (folder / "users.txt").write_text(f'"{USER}" "{PASSWORD}"\n')
    (folder / "pgbouncer.ini").write_text(
        "\n".join(
            [
                "[databases]",
                f"{database} = host=127.0.0.1 port={server.port} dbname={database}",
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                f"listen_port = {port}",
                "unix_socket_dir =",
                "auth_type = scram-sha-256",
                f"auth_file = {folder / 'users.txt'}",
                f"pool_mode = {mode}",
                *more,
            ]
        )
    )
    prefix = []
    if os.geteuid() == 0:
        # It refuses to run as root.
        for each in (folder, *folder.iterdir()):
            os.chown(each, _NOBODY, _NOBODY)
        prefix = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*prefix, program, str(folder / "pgbouncer.ini")],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
        )  # fmt: skip
    try:
        _await(port, process, folder / "log")
        yield server.address(database, port=str(port))
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(_TRIES):
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(_PAUSE)
        else:
            return
    raise AssertionError(log.read_text(errors="replace"))
