"""Commands about the bot on Discord: set up, register, run, examine."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from bot.cli.console import ConfigOption
from bot.cli.terminal import SpokenOption, terminal_of
from bot.config import read_config
from bot.locales import Words


def setup(
    context: typer.Context,
    new_token: Annotated[
        bool, typer.Option("--new-token", help="Ask for the token although there is one.")
    ] = False,
    language: SpokenOption = None,
) -> None:
    """Ask for the bot's token, check it, and say how to invite the bot; needed once."""
    from bot.operations.setup import set_up

    raise typer.Exit(set_up(Console(), terminal_of(context, language).phrases, new_token=new_token))


def run(
    context: typer.Context,
    shard_count: Annotated[
        int | None,
        typer.Option("--shard-count", help="How many shards there are in all; one if left out."),
    ] = None,
    shards: Annotated[
        str | None,
        typer.Option("--shards", help="Those of this process, such as 0-3; all if left out."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", help="In place of --shards: 2/4 is the second of four parts."),
    ] = None,
    config: ConfigOption = None,
    language: SpokenOption = None,
) -> None:
    """Connect to Discord and answer there, until stopped."""
    terminal_of(context, language)
    settings = read_config(config)

    from bot.config.sharding import read_shards
    from bot.operations.place import expect_configuration
    from bot.operations.running import run_bot

    expect_configuration(settings, config)
    raise typer.Exit(run_bot(settings, read_shards(shard_count, shards, cluster), config))


def sync(
    context: typer.Context,
    guild: Annotated[
        int | None,
        typer.Option(help="Only for this server, where it shows at once; its ID."),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take them back in place of registering them.")
    ] = False,
    config: ConfigOption = None,
    language: SpokenOption = None,
) -> None:
    """Register the commands with Discord, unless it has the same."""
    terminal = terminal_of(context, language)
    settings = read_config(config)

    from bot.operations.registering import remove_commands, sync_commands

    where = Words("sync.everywhere") if guild is None else Words("sync.in_server", guild=guild)
    if remove:
        count = remove_commands(settings, guild)
        outcome = "sync.removed" if count else "sync.none"
        terminal.say(Words(outcome, count=count, where=where))
        return
    registered = sync_commands(settings, guild)
    outcome = "sync.registered" if registered.changed else "sync.same"
    terminal.say(Words(outcome, count=registered.count, where=where))


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    seconds: Annotated[
        float, typer.Option(min=0, help="How long Discord gets; many servers need more.")
    ] = 2.0,
    config: ConfigOption = None,
    language: SpokenOption = None,
) -> None:
    """Check everything that can be wrong, and say what to do; fails where something is bad."""
    from bot.operations.doctor.examination import consult

    raise typer.Exit(
        consult(config, terminal_of(context, language).phrases, as_json=as_json, seconds=seconds)
    )
