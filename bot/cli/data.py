"""Commands about what cannot be rebuilt: copies, backups, a server's data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import ConfigOption, progress_bar
from bot.cli.terminal import terminal_of
from bot.config import read_config
from bot.locales import Words


def database_copy(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help="As `database.url` has it.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The same, of an empty database.")],
) -> None:
    """Copy everything to another database and compare; goes on where it was interrupted.

    A password can be left out of the addresses and given in the variable PGPASSWORD.
    """
    import asyncio

    from bot.config.database import database_at
    from bot.storage.opening import copy_storage

    places = database_at(source), database_at(target)
    terminal = terminal_of(context)
    with progress_bar(terminal.phrases("progress.comparing")) as progress:
        copied = asyncio.run(copy_storage(*places, progress))
    outcome = "copy.resumed" if copied.resumed else "copy.done"
    terminal.say(Words(outcome, rows=copied.rows, resumed=copied.resumed))


def backup(
    context: typer.Context,
    target: Annotated[
        Path | None, typer.Argument(help="The file to write; one with the time if left out.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Write a file with everything that cannot be rebuilt; the bot may go on meanwhile."""
    import asyncio

    from bot.operations.backups import back_up

    settings = read_config(config)
    terminal = terminal_of(context)
    with progress_bar(terminal.phrases("progress.copying")) as progress:
        asyncio.run(back_up(settings, config, target, terminal.say, progress))


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Also where there is a database, which is then kept."),
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Put back what a backup holds, into a file or an empty database; the bot must be stopped."""
    from bot.operations.backups import restore as put_back

    terminal = terminal_of(context)
    with progress_bar(terminal.phrases("progress.copying")) as progress:
        put_back(config, source, terminal.say, progress, replace=replace)


def guild_export(
    context: typer.Context,
    guild: Annotated[int, typer.Argument(help="The server's ID.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The file; guild-ID.json if left out.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Write all that is kept of a server into a JSON file."""
    settings = read_config(config)

    import asyncio

    from bot.operations.guild_data import export_guild

    target = to or Path(f"guild-{guild}.json")
    counts = asyncio.run(export_guild(settings.database_place, guild, target))
    terminal = terminal_of(context)
    if not counts:
        terminal.say(Words("guild.nothing", guild=guild))
        raise typer.Exit(1)
    listed = ", ".join(f"{count} {name}" for name, count in counts.items())
    terminal.say(f"{target}: {listed}.")


def guild_erase(
    context: typer.Context,
    guild: Annotated[int, typer.Argument(help="The server's ID.")],
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    config: ConfigOption = None,
) -> None:
    """Delete all that is kept of a server, for good."""
    settings = read_config(config)

    import asyncio

    from bot.operations.guild_data import erase_guild, expect_database

    expect_database(settings.database_place)
    terminal = terminal_of(context)
    if not yes:
        typer.confirm(terminal.phrases("guild.ask", guild=guild), abort=True)
    erased = asyncio.run(erase_guild(settings.database_place, settings.guilds_folder, guild))
    terminal.say(Words("guild.erased" if erased else "guild.nothing", guild=guild))
    if not erased:
        raise typer.Exit(1)
