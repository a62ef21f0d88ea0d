"""The examination: all of it, while Discord is being asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from bot.config import Config
from bot.locales import Phrasebook
from bot.operations.doctor.articles import (
    examine_config,
    examine_index,
    examine_model,
    examine_reader,
)
from bot.operations.doctor.connection import examine_connection
from bot.operations.doctor.database import examine_database
from bot.operations.doctor.findings import Finding, Health, findings_json, healthy, print_findings
from bot.operations.doctor.machine import examine_disk, examine_memory, examine_versions
from bot.operations.doctor.running import examine_health
from index.encoders.encoder import BUNDLED
from index.readers.reader import NONE

PATIENCE = 2.0
"""Seconds that Discord, and a database server, get for all that they are asked."""


def consult(path: Path | None, phrases: Phrasebook, *, as_json: bool, seconds: float) -> int:
    """Examine everything and print it.

    Args:
        path: The configuration; None takes the one in the current folder.
        phrases: The language to say it in.
        as_json: Whether to print one JSON object.
        seconds: How long Discord gets.

    Returns:
        The exit status: 0 where nothing is bad, 1 otherwise.
    """
    findings = asyncio.run(examine(path, seconds))
    if as_json:
        print(findings_json(findings, phrases))  # noqa: T201
    else:
        print_findings(Console(), findings, phrases)
    return 0 if healthy(findings) else 1


async def examine(path: Path | None, seconds: float = PATIENCE) -> list[Finding]:
    """Examine everything; the machine while Discord is being asked, which gets so many seconds."""
    config, first = examine_config(path)
    here, database, running, there = await asyncio.gather(
        asyncio.to_thread(_examine_here, config),
        examine_database(config, PATIENCE),
        examine_health(config),
        examine_connection(config, seconds),
    )
    return [first, *here, database, running, *there]


def _examine_here(config: Config) -> list[Finding]:
    model = examine_model(config)
    reader = [] if config.reader.model == NONE else [examine_reader(config)]
    return [
        examine_versions(),
        examine_disk(config),
        examine_memory(
            model_ready=model.health is Health.GOOD, bundled=config.encoder.choice.model == BUNDLED
        ),
        model,
        *reader,
        examine_index(config),
    ]
