"""Where a guild's vectors would be searched: in pgvector, or by FAISS in the process."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import asyncpg
import faiss
import numpy as np

from benchmarks.speed.timing import Sample
from tests.postgres import PostgresServer

DIMENSION = 384
GUILD_PASSAGES = 800
_ASKED = 200
_NEAREST = 10
_TABLE = """
    CREATE EXTENSION IF NOT EXISTS vector;
    DROP TABLE IF EXISTS passages;
    CREATE TABLE passages (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        guild_id bigint NOT NULL,
        embedding halfvec(384) NOT NULL
    );
    CREATE TEMPORARY TABLE templates AS
    SELECT i, (SELECT array_agg(random()::real - 0.5) FROM generate_series(1, 384)
               WHERE i = i)::halfvec(384) AS embedding
    FROM generate_series(0, 4999) AS numbers(i);
"""
# The guild's 800 rows are spread over the whole table, as where documents come and go.
_FILL = """
    INSERT INTO passages (guild_id, embedding)
    SELECT CASE WHEN n % ($1 / 800) = 0 THEN 1 ELSE 2 + n % 199 END, embedding
    FROM generate_series(0, $1 - 1) AS numbers(n) JOIN templates ON i = n % 5000
    ORDER BY n
"""
_QUESTION = """
    SELECT id FROM passages WHERE guild_id = 1 ORDER BY embedding <=> $1 LIMIT 10
"""


async def by_pgvector(server: PostgresServer, passages: int) -> tuple[Sample, str]:
    """Milliseconds of a question in a guild among so many passages, and how it was planned."""
    place = server.address("postgres").url.get_secret_value().replace("+asyncpg", "")
    connection = await asyncpg.connect(place, server_settings={"jit": "off"})
    try:
        await connection.execute(_TABLE)
        await connection.execute(_FILL.replace("$1", str(passages)))
        await connection.execute("CREATE INDEX ON passages (guild_id)")
        await connection.execute("VACUUM ANALYZE passages")
        # Cast in the statement, the text would be read anew for every row.
        await connection.set_type_codec("halfvec", encoder=str, decoder=str)
        took = [each async for each in _questions(connection)]
        plan = await connection.fetch("EXPLAIN" + _QUESTION, _vector())
        scan = next(row[0].strip(" ->") for row in plan if "Scan" in row[0])
        return Sample(tuple(took)), scan.split("  ")[0]
    finally:
        await connection.close()


async def _questions(connection: asyncpg.Connection) -> AsyncIterator[float]:
    for number in range(_ASKED + 20):
        vector = _vector()
        began = time.perf_counter()
        found = await connection.fetch(_QUESTION, vector)
        assert len(found) == _NEAREST  # noqa: S101 - or nothing was measured
        if number >= 20:  # noqa: PLR2004 - the cache is warm then
            yield 1000 * (time.perf_counter() - began)


def by_faiss() -> Sample:
    """Milliseconds of the same question by an exact index of the guild alone, on one thread."""
    faiss.omp_set_num_threads(1)
    random = np.random.default_rng(0)
    index = faiss.IndexFlatIP(DIMENSION)
    index.add(random.standard_normal((GUILD_PASSAGES, DIMENSION), dtype=np.float32))
    took = []
    for _ in range(_ASKED):
        question = random.standard_normal((1, DIMENSION), dtype=np.float32)
        began = time.perf_counter()
        index.search(question, _NEAREST)
        took.append(1000 * (time.perf_counter() - began))
    return Sample(tuple(took))


def _vector() -> str:
    return str(np.random.default_rng().standard_normal(DIMENSION).round(3).tolist())
