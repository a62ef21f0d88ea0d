"""The reference of commands, settings and metrics: `python -m tests.reference > docs/reference.md`.

All of it is read from the code; a test keeps the file current.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from typing import Any

import typer

from bot.cli.app import app
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.locales import Phrasebooks
from bot.telemetry.metrics import Metrics
from bot.telemetry.watch import Watch
from tests.conftest import ROOT

_INTRODUCTION = """\
# Reference

Every command, setting and metric, read from the code: `python -m tests.reference >
docs/reference.md` writes this page, and a test keeps it current.
"""
_FRENCH = "fr"
_NAMES_OF_METRICS = {"counter": "_total", "histogram": "_bucket, _sum, _count", "gauge": ""}


def document() -> str:
    """The whole page."""
    parts = (_INTRODUCTION, *_command_line(), *_discord(), *_settings(), *_metrics())
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _command_line() -> Iterator[str]:
    yield "## The command line\n"
    for name, command in _commands(typer.main.get_command(app), "coalition-bot"):
        yield f"### `{name}`\n\n{' '.join((command.help or '').split())}\n"
        rows = [_parameter(each) for each in command.params if each.name != "help"]
        if rows:
            yield _table(("argument or option", "what it does"), rows)


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer's own
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for child in sorted(children):
        yield from _commands(children[child], f"{name} {child}")


def _parameter(parameter: Any) -> tuple[str, str]:  # noqa: ANN401 - typer's own
    options = [each for each in parameter.opts if each.startswith("-")]
    shown = options[-1] if options else (parameter.metavar or parameter.name.upper())
    return f"`{shown}`", " ".join((parameter.help or "").split())


def _discord() -> Iterator[str]:
    yield "## Commands in Discord\n"
    rows = []
    for command in sorted(asyncio.run(_payloads()), key=lambda each: str(each["name"])):
        rows += list(_rows_of(command))
    yield _table(("command", "in English", "in French"), rows)


async def _payloads() -> list[dict[str, Any]]:
    """Every command as Discord is told of it."""
    async with CoalitionBot(Config(), Phrasebooks.read(), add_features) as bot:
        await bot.setup_hook()
        translator = bot.tree.translator
        assert translator is not None
        commands = bot.tree.get_commands()
        return [await each.get_translated_payload(bot.tree, translator) for each in commands]


def _french(command: dict[str, Any], what: str) -> str:
    return str((command.get(f"{what}_localizations") or {}).get(_FRENCH, command[what]))


def _rows_of(
    command: dict[str, Any], prefix: str = "", french_prefix: str = ""
) -> Iterator[tuple[str, str, str]]:
    name, french = f"{prefix}{command['name']}", f"{french_prefix}{_french(command, 'name')}"
    if command.get("type", 1) != 1 and not prefix:
        yield f"Apps → {name}", "in the menu of a message", french
        return
    options = command.get("options") or []
    parts = [each for each in options if each["type"] in {1, 2}]
    if not parts:
        said = f"`/{french}` : {_french(command, 'description')}"
        yield f"`/{name}`", command["description"], said
    for part in parts:
        yield from _rows_of(part, f"{name} ", f"{french} ")
    for option in options:
        if option not in parts:
            said = f"`{_french(option, 'name')}` : {_french(option, 'description')}"
            yield f"— `{option['name']}`", option["description"], said


def _settings() -> Iterator[str]:
    """The settings, as config.yaml explains them."""
    yield "## Settings\n\nThey stand in `config.yaml`; what is left out has the value shown here.\n"
    rows: list[tuple[str, str, str]] = []
    section, comment = "", ""
    for line in (ROOT / "config.yaml").read_text("utf-8").splitlines():
        stripped = line.strip()
        if stripped.startswith("#"):
            comment += f" {stripped.lstrip('# ')}"
        elif match := re.fullmatch(r"( *)(\w+):(?: (.+))?", line):
            indent, key, value = match.groups()
            if value is None:
                section = key
            else:
                rows.append((f"`{section}.{key}`" if indent else f"`{key}`", f"`{value}`", comment))
            comment = "" if not value or not _shares(rows) else comment
        else:
            comment = ""
    yield _table(("setting", "default", "what it does"), rows)


def _shares(rows: list[tuple[str, str, str]]) -> bool:
    """Whether the next setting is explained with the last one."""
    return rows[-1][0] == "`encoder.query_prompt`"


def _metrics() -> Iterator[str]:
    yield "## Metrics\n\nThey are at `/metrics`, where `health.port` is set.\n"
    rows = []
    for family in Metrics(Watch()).registry.collect():
        if family.name.startswith("coalition_bot"):
            ending = _NAMES_OF_METRICS[family.type]
            name = f"`{family.name}{ending if ending.count('_') == 1 else ''}`"
            rows.append((name, family.type, family.documentation))
    yield _table(("metric", "kind", "what it says"), sorted(rows))


def _table(head: tuple[str, ...], rows: list[Any]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).strip().replace("|", "\\|") for cell in line) + " |"
        for line in lines
    )


if __name__ == "__main__":
    sys.stdout.write(document())
