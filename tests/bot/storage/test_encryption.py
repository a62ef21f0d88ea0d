"""A server that encrypts: a real one behind what encrypts for it, as hosted servers often are.

The PostgreSQL of the wheel was built without encryption.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import ssl
import struct
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.config import DatabaseServer
from bot.storage import StorageGoneError, open_storage
from tests.bot.storage.test_changes import GUILD, pin
from tests.bot.storage.test_postgresql import refusal
from tests.postgres import PostgresServer

_ENCRYPT = struct.pack("!ii", 8, 80877103)
"""By this a client asks for encryption."""
OPENSSL = shutil.which("openssl") or ""
pytestmark = pytest.mark.skipif(not OPENSSL, reason="openssl is not installed")


@dataclass(frozen=True)
class Encrypted:
    """What encrypts for the server.

    Attributes:
        port: Where it listens.
        certificate: Its certificate, which is its own authority's.
        connections: How many connections it encrypted.
    """

    port: int
    certificate: Path
    connections: list[str]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1, and beside it its key."""
    path = tmp_path_factory.mktemp("encryption") / "server.pem"
    certify(path)
    return path


def certify(path: Path) -> None:
    """Write a certificate, which is its own authority's, and its key beside it."""
    subprocess.run(
        [
            OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", "/CN=database", "-addext",
            "subjectAltName=IP:127.0.0.1", "-out", str(path), "-keyout", f"{path}.key",
        ],
        check=True, capture_output=True,
    )  # fmt: skip


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while content := await reader.read(1 << 16):
            writer.write(content)
            await writer.drain()
    writer.close()


@pytest.fixture
async def encrypted(postgres: PostgresServer, certificate: Path) -> AsyncIterator[Encrypted]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, f"{certificate}.key")
    connections: list[str] = []
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readexactly(len(_ENCRYPT)) != _ENCRYPT:
            writer.close()
            return
        writer.write(b"S")
        await writer.drain()
        try:
            await writer.start_tls(context)
        except (OSError, ssl.SSLError):
            writer.close()
            return
        connections.append(str(writer.get_extra_info("cipher")))
        there, back = await asyncio.open_connection("127.0.0.1", postgres.port)
        await asyncio.gather(pump(reader, back), pump(there, writer))

    async def noted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(asyncio.IncompleteReadError):
            await serve(reader, writer)

    server = await asyncio.start_server(noted, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield Encrypted(port, certificate, connections)
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def behind(encrypted: Encrypted, postgres: PostgresServer, query: str) -> DatabaseServer:
    return postgres.address("test", port=str(encrypted.port), query=query)


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_everything_is_encrypted(
    encrypted: Encrypted, postgres: PostgresServer, database: DatabaseServer, mode: str
) -> None:
    del database
    authority = "" if mode == "require" else f"&sslrootcert={encrypted.certificate}"
    place = behind(encrypted, postgres, f"?sslmode={mode}{authority}")
    async with open_storage(place) as storage:
        await pin(storage, GUILD)
        assert len(await storage.guild(GUILD).pins.every()) == 1
    assert encrypted.connections


async def test_a_certificate_of_an_unknown_authority(
    encrypted: Encrypted, postgres: PostgresServer, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    await asyncio.to_thread(certify, other)
    error = await refusal(behind(encrypted, postgres, f"?sslmode=verify-full&sslrootcert={other}"))
    assert isinstance(error, StorageGoneError)
    assert "is not trusted (" in str(error) and "as `sslrootcert` in `database.url`" in str(error)


async def test_a_certificate_that_is_not_there(
    encrypted: Encrypted, postgres: PostgresServer, tmp_path: Path
) -> None:
    query = f"?sslmode=verify-full&sslrootcert={tmp_path / 'missing.pem'}"
    error = await refusal(behind(encrypted, postgres, query))
    assert isinstance(error, StorageGoneError)
    assert "cannot be read (No such file or directory). Correct the path of `ssl" in str(error)
