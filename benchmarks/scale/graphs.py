"""From which size a graph in pgvector would pay for one large guild, beside its own FAISS index."""

from __future__ import annotations

import struct
import time
from dataclasses import dataclass

import asyncpg
import numpy as np

from benchmarks.speed.searching import clustered
from benchmarks.speed.timing import Sample
from index.encoders.encoder import FloatArray
from index.ranking.vectors import hold_vectors
from tests.postgres import PostgresServer

_ASKED, _WARMING = 200, 20
_NEAREST = 10
_OTHERS = 10_000
"""Rows of other guilds in the same table, which a partial index leaves out."""
_TABLE = """
    CREATE EXTENSION IF NOT EXISTS vector;
    DROP TABLE IF EXISTS large;
    CREATE TABLE large (
        id bigint PRIMARY KEY, guild_id bigint NOT NULL, embedding halfvec(384) NOT NULL
    );
    CREATE INDEX large_by_guild ON large (guild_id);
"""
_GRAPH = """
    SET maintenance_work_mem = '512MB';
    CREATE INDEX large_graph ON large USING hnsw (embedding halfvec_ip_ops) WHERE guild_id = 1;
    SET hnsw.ef_search = 100;
"""
_QUESTION = "SELECT id FROM large WHERE guild_id = 1 ORDER BY embedding <#> $1 LIMIT 10"


class UnusedIndexError(Exception):
    """The server planned a question otherwise than what is measured."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What one way of searching took and found.

    Attributes:
        took: Milliseconds of each question.
        recall: Which share of the ten nearest it found, at the mean.
        built: Seconds until it could be searched.
    """

    took: Sample
    recall: float
    built: float

    def written(self) -> str:
        """In a few words."""
        return f"{self.took.written('ms')}, recall {self.recall:.3f}, built in {self.built:.1f} s"


async def ways(server: PostgresServer, rows: int) -> dict[str, Searched]:
    """Search a guild of so many rows in each way."""
    held, asked = clustered(rows, _ASKED + _WARMING)
    wanted = _nearest(held, asked)
    place = server.address("postgres").url.get_secret_value().replace("+asyncpg", "")
    connection = await asyncpg.connect(place, server_settings={"jit": "off"})
    try:
        await connection.execute(_TABLE)
        await connection.set_type_codec(
            "halfvec", encoder=_as_halfvec, decoder=bytes, format="binary"
        )
        began = time.perf_counter()
        await _copy(connection, 1, held, 0)
        await _copy(connection, 2, held[:_OTHERS], rows)
        await connection.execute("VACUUM ANALYZE large")
        filled = time.perf_counter() - began
        exact = await _by_pgvector(connection, asked, wanted, filled, without="large_graph")
        began = time.perf_counter()
        await connection.execute(_GRAPH)
        await connection.execute("ANALYZE large")
        built = time.perf_counter() - began
        graph = await _by_pgvector(connection, asked, wanted, built, through="large_graph")
    finally:
        await connection.close()
    return {
        "pgvector, exact": exact,
        "pgvector, partial HNSW on halfvec": graph,
        "its own FAISS index": _by_faiss(held, asked, wanted),
    }


async def _copy(
    connection: asyncpg.Connection, guild: int, vectors: FloatArray, first: int
) -> None:
    records = ((first + number, guild, each) for number, each in enumerate(vectors))
    await connection.copy_records_to_table("large", records=records)


async def _by_pgvector(
    connection: asyncpg.Connection,
    asked: FloatArray,
    wanted: list[set[int]],
    built: float,
    *,
    through: str = "",
    without: str = "\0",
) -> Searched:
    plan = "\n".join(row[0] for row in await connection.fetch("EXPLAIN " + _QUESTION, asked[0]))
    if through not in plan or without in plan:
        raise UnusedIndexError(plan)
    took: list[float] = []
    right = 0
    for number, question in enumerate(asked):
        began = time.perf_counter()
        found = await connection.fetch(_QUESTION, question)
        if number >= _WARMING:
            took.append(1000 * (time.perf_counter() - began))
            right += len(wanted[number] & {row[0] for row in found})
    return Searched(Sample(tuple(took)), right / (_NEAREST * len(took)), built)


def _by_faiss(held: FloatArray, asked: FloatArray, wanted: list[set[int]]) -> Searched:
    began = time.perf_counter()
    index = hold_vectors(held)
    built = time.perf_counter() - began
    took: list[float] = []
    right = 0
    for number, question in enumerate(asked):
        began = time.perf_counter()
        found = index.nearest(question, _NEAREST)
        if number >= _WARMING:
            took.append(1000 * (time.perf_counter() - began))
            right += len(wanted[number] & set(found.rows.tolist()))
    return Searched(Sample(tuple(took)), right / (_NEAREST * len(took)), built)


def _nearest(held: FloatArray, asked: FloatArray) -> list[set[int]]:
    """The rows that are nearest to each question, compared with all."""
    products = asked @ held.T
    return [set(each) for each in np.argpartition(-products, _NEAREST)[:, :_NEAREST].tolist()]


def _as_halfvec(vector: FloatArray) -> bytes:
    """As pgvector's binary form has it: how many there are, two bytes of nothing, the numbers."""
    return struct.pack(">HH", len(vector), 0) + vector.astype(">f2").tobytes()
