"""The command line: `coalition-bot`, or `python -m bot`."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from bot.cli import articles, data, running
from bot.cli.terminal import SpokenOption, Terminal, terminal_of
from bot.locales import Words
from knowledge import CoalitionBotError


def _print_version(wanted: bool) -> None:
    if wanted:
        from bot.operations.backups import bot_version

        print(bot_version())  # noqa: T201
        raise typer.Exit


_MISTYPED = {
    "int_parsing": "{input!r} is no whole number.",
    "int_from_float": "{input!r} is no whole number.",
    "int_parsing_size": "{input!r} is too large a number.",
    "float_parsing": "{input!r} is no number.",
    "greater_than_equal": "{input} is too small: it should be {ge:g} or more.",
    "less_than_equal": "{input} is too large: it should be {le:g} or less.",
}
"""What is said of a value, by how it cannot be used."""


class _Commands(TyperGroup):
    """Says in plain words what is wrong with a value that was typed."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as the class above has it
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(error.__cause__, ValidationError) and hasattr(error, "message"):
                error.message = _plainly(error.__cause__)
            raise


def _plainly(error: ValidationError) -> str:
    first = error.errors()[0]
    known = _MISTYPED.get(first["type"])
    if known is None:
        return first["msg"].removeprefix("Value error, ")
    return known.format(input=first["input"], **first.get("ctx", {}))


app = typer.Typer(
    cls=_Commands,
    help="Answers questions by quoting articles word for word, or says that nothing fits.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
index_app = typer.Typer(help="Build the index, or say what is in it.", no_args_is_help=True)
app.add_typer(index_app, name="index")
database_app = typer.Typer(help="Move what cannot be rebuilt.", no_args_is_help=True)
app.add_typer(database_app, name="database")

guild_app = typer.Typer(
    help="Hand out or erase all that is kept of a server.", no_args_is_help=True
)
app.add_typer(guild_app, name="guild")


@app.callback()
def _common(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
    language: SpokenOption = None,
) -> None:
    """Answers questions by quoting articles word for word, or says that nothing fits."""
    terminal_of(context, language)


app.command()(articles.ask)
app.command()(articles.read)
index_app.command("build")(articles.index_build)
index_app.command("add")(articles.index_add)
index_app.command("info")(articles.index_info)
database_app.command("copy")(data.database_copy)
app.command()(articles.evaluate)
app.command()(articles.preview)
app.command()(running.setup)
app.command()(running.run)
app.command()(running.sync)
app.command()(running.doctor)
app.command()(data.backup)
app.command()(data.restore)
guild_app.command("export")(data.guild_export)
guild_app.command("erase")(data.guild_erase)


def main() -> None:
    """Run the command line; every refusal is one message and an exit status, no traceback."""
    terminal = Terminal()
    try:
        app(obj=terminal)
    except CoalitionBotError as error:
        terminal.say(error)
        sys.exit(2)
    except MemoryError:
        terminal.say(Words("error.memory"))
        sys.exit(2)
    except BrokenPipeError:
        # The terminal of our output has gone, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
