"""Print what several processes and a PostgreSQL server give: `python -m benchmarks.scale`.

Parts: `vectors`, `graphs`, `moved`, `database`, `copying`, `processes`; all where none is given.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.scale import database, graphs, moved, processes, vectors
from benchmarks.speed.machine import load_average, machine_facts
from tests.postgres import PostgresServer

_PASSAGES = (100_000, 1_000_000)
_LARGE_GUILDS = (10_000, 50_000, 100_000)
_ROWS = 100_000
_DOCUMENTS = 2_000
_GUILDS = 200


def main() -> None:
    """Measure and print."""
    console = Console(width=150)
    parts: dict[str, Callable[[PostgresServer, Table], Awaitable[None]]] = {
        "vectors": _vectors,
        "graphs": _graphs,
        "moved": _moved,
        "database": _database,
        "copying": _copying,
        "processes": _processes,
    }
    chosen = sys.argv[1:] or list(parts)
    if unknown := set(chosen) - set(parts):
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(parts)}.")
    console.print("\n".join(machine_facts()), highlight=False)
    table = Table("what", "median (one in ten is below – one in ten is above)", "to reach")
    server = PostgresServer()
    try:
        server.start()
        for part in chosen:
            asyncio.run(_measured(parts[part](server, table)))
    finally:
        server.close()
    console.print(table)
    console.print(f"load average at the end: {load_average()}", highlight=False)


async def _measured(part: Awaitable[None]) -> None:
    await part


async def _vectors(server: PostgresServer, table: Table) -> None:
    for passages, reach in zip(_PASSAGES, ("≤ 3 ms", "≤ 8 ms"), strict=True):
        took, plan = await vectors.by_pgvector(server, passages)
        name = f"question in {vectors.GUILD_PASSAGES} passages among {passages:,}, pgvector"
        table.add_row(f"{name} ({plan})", took.written("ms"), reach)
    table.add_row("the same in the guild's own FAISS index", vectors.by_faiss().written("ms"), "")


async def _graphs(server: PostgresServer, table: Table) -> None:
    for rows in _LARGE_GUILDS:
        for way, found in (await graphs.ways(server, rows)).items():
            table.add_row(f"question in a server of {rows:,} vectors, {way}", found.written(), "")


async def _moved(server: PostgresServer, table: Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = await moved.moved(server, Path(folder))
    for what, pair in (("seconds", found.seconds), ("of a processor", found.processor)):
        name = f"{moved.PASSAGES} passages of a server opened on an empty disk, {what}"
        table.add_row(f"{name}: encoded and kept", pair.plain.written("s"), "")
        table.add_row("the same: read as they were kept", pair.product.written("s"), "")
        table.add_row("the same: how many times less", f"{pair.ratio:.1f} times", "")
    for name, took in zip(("encoded and kept", "read"), found.memory, strict=True):
        table.add_row(f"the same: memory at the most, {name}", took.written("MB"), "")
    table.add_row("what is kept of a passage", f"{found.bytes:,.0f} bytes", "")
    for name, took in zip(("without", "with"), found.written, strict=True):
        table.add_row(
            f"a document of 10 passages written, {name} what was encoded", took.written("ms"), ""
        )


async def _database(server: PostgresServer, table: Table) -> None:
    server.execute("CREATE DATABASE bot")
    place = server.address("bot")
    with tempfile.TemporaryDirectory() as folder:
        in_file = await database.operations(Path(folder) / "bot.db")
    on_server = await database.operations(place)
    for name, took in in_file.items():
        table.add_row(f"{name}, SQLite", took.written("ms"), "")
        table.add_row(f"{name}, PostgreSQL", on_server[name].written("ms"), "")
    seen = await database.changes(place)
    p99 = sorted(seen.values)[int(0.99 * len(seen.values))]
    table.add_row(
        "document put, until another engine has read it", f"{seen.written('ms')}, p99 {p99:.0f} ms",
        "p99 ≤ 1 s",
    )  # fmt: skip
    back = await database.back(server, place)
    table.add_row("server back after kill -9, until written again", back.written("s"), "≤ 10 s")


async def _copying(server: PostgresServer, table: Table) -> None:
    server.execute("CREATE DATABASE copied")
    place = server.address("copied")
    with tempfile.TemporaryDirectory() as folder:
        source, back = Path(folder) / "one.db", Path(folder) / "two.db"
        await database.fill(source, _ROWS, _DOCUMENTS)
        for name, of, to in (("SQLite to PostgreSQL", source, place), ("and back", place, back)):
            rows, seconds = await database.copied(of, to)
            table.add_row(
                f"{rows:,} rows copied and compared, {name}", f"{seconds:.0f} s", "≤ 2 min"
            )
    size = int(server.execute("SELECT pg_total_relation_size('questions')", "copied"))
    table.add_row(
        "a question that is kept, with its vector and indexes", f"{size / _ROWS:,.0f} bytes", ""
    )


async def _processes(server: PostgresServer, table: Table) -> None:
    server.execute("CREATE DATABASE sharded")
    place = server.address("sharded")
    runs: list[processes.Carried] = []
    for clusters in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            found = await processes.carried(place, Path(folder), clusters, _GUILDS)
        runs.append(found)
        memory = " + ".join(f"{each:.0f}" for each in found.memory)
        outcome = f"{found.asked} asked, {found.refused} refused politely, {found.lost} lost"
        connected = f"{processes.SHARDS} shards connected after {found.connected:.0f} s"
        table.add_row(
            f"questions a second, {_GUILDS} servers, {clusters} process(es)",
            f"{found.rate:.1f} ({outcome}; {memory} MB; {connected})",
            "≥ 1.6 times" if clusters > 1 else "",
        )
        p50, p99 = (1000 * np.percentile(found.steady.answered, each) for each in (50, 99))
        table.add_row(
            f"{processes.RATE:.0f} questions a second, {clusters} process(es)",
            f"p50 {p50:.0f} ms, p99 {p99:.0f} ms ({found.steady.total} asked, "
            f"{len(found.steady.shed)} refused politely, {found.steady.lost.total()} lost)",
            "p99 ≤ 250 ms",
        )
        busy = " + ".join(f"{each:.2f}" for each in found.cores)
        discord = f"the stand-in for Discord {found.stand_in / found.seconds:.2f}"
        table.add_row(
            "the same: processors kept busy, and their time for an answer",
            f"{busy} of {os.cpu_count()} ({discord}); {found.milliseconds:.1f} ms",
            "",
        )
    one, two = runs
    times = two.rate / one.rate
    table.add_row("two processes beside one", f"{times:.2f} times", "≥ 1.6, where cores allow")
    table.add_row(
        "the same where each process has its processors, computed",
        f"{2 * one.milliseconds / two.milliseconds:.2f} times",
        "≥ 1.6",
    )


if __name__ == "__main__":
    main()
