"""The command line: `coalition-bot`, or `python -m bot`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.config import Config, read_config
from knowledge import CoalitionBotError, Language

if TYPE_CHECKING:
    from index import Index

app = typer.Typer(
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

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="The configuration; config.yaml in this folder if left out."),
]

INCOMPLETE = 3
"""The exit status of a build that had to leave something out."""


@app.command()
def ask(
    question: Annotated[
        str | None,
        typer.Argument(help="The question; left out, one a line from the terminal or a pipe."),
    ] = None,
    language: Annotated[
        Language | None,
        typer.Option(help="The language of the quote; the question's own if left out."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show the runners-up too.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each question.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say where the score of each passage comes from.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Answer a question from the articles."""
    settings = read_config(config)

    from bot.answers import Answerer
    from bot.asking import Asking, ask_stdin, terminal_language
    from bot.locale import Phrasebooks
    from bot.startup import open_index
    from index import LanguageDetector

    with _progress() as progress:
        index = open_index(settings, _say, progress)
    asking = Asking(
        Answerer(index, LanguageDetector(), settings.questions),
        Phrasebooks.read()[terminal_language(settings.discord.language)],
        language,
        everything=everything,
        as_json=as_json,
        explained=explain,
    )
    raise typer.Exit(ask_stdin(asking) if question is None else asking.ask(question))


@index_app.command("build")
def index_build(config: ConfigOption = None) -> None:
    """Build the index of all articles; only what changed is encoded."""
    settings = read_config(config)

    from bot.startup import load_encoder, read_articles
    from index import build_index

    library = read_articles(settings, _say)
    encoder = load_encoder(settings, _say)
    with _progress() as progress:
        built = build_index(library, encoder, settings.index_folder, progress)
    manifest = built.manifest
    if built.damage is not None:
        _say(f"Nothing was taken from the index before: {built.damage}.")
    _say(
        f"Index {manifest.generation}: {manifest.documents} documents, {manifest.passages} "
        f"passages; {built.encoded} texts encoded, {built.reused} kept."
    )
    if library.problems:
        _say(f"{len(library.problems)} problems; see the lines “Left out” above.")
        raise typer.Exit(INCOMPLETE)


@index_app.command("info")
def index_info(config: ConfigOption = None) -> None:
    """Say what the index holds and whether it is intact and current."""
    settings = read_config(config)

    from bot.startup import damage_to, reason_to_build
    from index import read_manifest

    folder = settings.index_folder
    reason = reason_to_build(settings, folder) or damage_to(folder)
    manifest = None if reason == "There is no index yet" else read_manifest(folder)
    console = Console()
    if manifest is not None:
        for name, value in manifest.model_dump(exclude={"files"}).items():
            console.print(Text(f"{name:>12}  {value}"))
        size = sum(fact.bytes for fact in manifest.files.values())
        console.print(Text(f"{'size':>12}  {size / 1e6:.1f} MB"))
    if reason is not None:
        _say(f"{reason}. Run `coalition-bot index build`.")
        raise typer.Exit(1)
    console.print(Text(f"{'state':>12}  intact and current"))


@database_app.command("copy")
def database_copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="As `database.url` has it.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The same, of an empty database.")],
) -> None:
    """Copy everything to another database and compare; goes on where it was interrupted.

    A password can be left out of the addresses and given in the variable PGPASSWORD.
    """
    import asyncio

    from bot.config import database_at
    from bot.storage.opening import copy_storage

    places = database_at(source), database_at(target)
    with _progress("Copying and comparing") as progress:
        copied = asyncio.run(copy_storage(*places, progress))
    resumed = f", {copied.resumed} of them by an earlier copy" if copied.resumed else ""
    _say(f"{copied.rows} rows copied and compared{resumed}. Set `database.url` to the target.")


@app.command()
def evaluate(
    questions: Annotated[
        Path, typer.Argument(help="A file of questions with what must come first for each.")
    ],
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Only questions with this tag; repeatable.")
    ] = None,
    knowledge: Annotated[
        Path | None, typer.Option(help="Another folder of articles, indexed for this alone.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    min_accuracy: Annotated[
        float, typer.Option(help="Fail where fewer best passages are right (0 to 1).")
    ] = 0.0,
    max_false_answers: Annotated[
        float, typer.Option(help="Fail where more unanswerable questions are answered (0 to 1).")
    ] = 1.0,
    config: ConfigOption = None,
) -> None:
    """Measure the answers with questions whose answers are known."""
    settings = read_config(config)

    from bot.evaluating import chosen_cases, print_evaluation
    from index import LanguageDetector
    from index import evaluate as evaluated

    index = _index(settings, knowledge, "evaluation")
    cases = chosen_cases(questions, index, tag or [])
    evaluation = evaluated(index, cases, LanguageDetector())
    print_evaluation(evaluation, as_json=as_json)
    total = evaluation.total
    too_low = total.accuracy.value < min_accuracy
    raise typer.Exit(int(too_low or total.false_answers.value > max_false_answers))


@app.command()
def preview(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port of the page; 0 takes a free one.")
    ] = 8417,
    knowledge: Annotated[
        Path | None, typer.Option(help="Another folder of articles, indexed for this alone.")
    ] = None,
    guild: Annotated[
        int | None,
        typer.Option(help="Answer as in this server, with what it has of its own; its ID."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Show on a page of this machine what Discord would show, and why; needs no token."""
    settings = read_config(config)

    import asyncio

    from bot.answers import Answerer
    from bot.preview.serving import serve_preview
    from index import LanguageDetector

    index = _index(settings, knowledge, "preview")
    answerer = Answerer(index, LanguageDetector(), settings.questions)
    asyncio.run(serve_preview(settings, answerer, port, _say, guild))


@app.command()
def setup(
    new_token: Annotated[
        bool, typer.Option("--new-token", help="Ask for the token although there is one.")
    ] = False,
) -> None:
    """Ask for the bot's token, check it, and say how to invite the bot; needed once."""
    from bot.setting_up import set_up

    raise typer.Exit(set_up(Console(), new_token=new_token))


@app.command()
def run(
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
) -> None:
    """Connect to Discord and answer there, until stopped."""
    settings = read_config(config)

    from bot.running import run_bot
    from bot.sharding import read_shards

    raise typer.Exit(run_bot(settings, read_shards(shard_count, shards, cluster)))


@app.command()
def sync(
    guild: Annotated[
        int | None,
        typer.Option(help="Only for this server, where it shows at once; its ID."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Register the commands with Discord, unless it has the same."""
    settings = read_config(config)

    from bot.registering import sync_commands

    registered = sync_commands(settings, guild)
    where = "for all servers" if guild is None else f"for the server {guild}"
    if registered.changed:
        _say(f"{registered.count} commands registered {where}.")
    else:
        _say(f"Discord has the same {registered.count} commands {where} already.")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    seconds: Annotated[
        float, typer.Option(min=0, help="How long Discord gets; many servers need more.")
    ] = 2.0,
    config: ConfigOption = None,
) -> None:
    """Check everything that can be wrong, and say what to do; fails where something is bad."""
    from bot.doctor import consult

    raise typer.Exit(consult(config, as_json=as_json, seconds=seconds))


@app.command()
def backup(
    target: Annotated[
        Path | None, typer.Argument(help="The file to write; one with the time if left out.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Write a file with everything that cannot be rebuilt; the bot may go on meanwhile."""
    import asyncio

    from bot.backups import back_up

    settings = read_config(config)
    with _progress("Copying the database") as progress:
        asyncio.run(back_up(settings, config, target, _say, progress))


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Also where there is a database, which is then kept."),
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Put back what a backup holds, into a file or an empty database; the bot must be stopped."""
    from bot.backups import restore as put_back

    with _progress("Copying the database") as progress:
        put_back(config, source, _say, progress, replace=replace)


@guild_app.command("export")
def guild_export(
    guild: Annotated[int, typer.Argument(help="The server's ID.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The file; guild-ID.json if left out.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Write all that is kept of a server into a JSON file."""
    settings = read_config(config)

    import asyncio

    from bot.guild_data import export_guild

    target = to or Path(f"guild-{guild}.json")
    counts = asyncio.run(export_guild(settings.database_place, guild, target))
    if not counts:
        _say(f"Nothing is kept of the server {guild}.")
        raise typer.Exit(1)
    _say(f"{target}: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


@guild_app.command("erase")
def guild_erase(
    guild: Annotated[int, typer.Argument(help="The server's ID.")],
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    config: ConfigOption = None,
) -> None:
    """Delete all that is kept of a server, for good."""
    settings = read_config(config)

    import asyncio

    from bot.guild_data import erase_guild

    if not yes:
        typer.confirm(f"Erase all that is kept of the server {guild}, for good?", abort=True)
    erased = asyncio.run(erase_guild(settings.database_place, settings.guilds_folder, guild))
    _say(f"All of the server {guild} is erased." if erased else f"Nothing is kept of {guild}.")
    if not erased:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; every refusal is one message and an exit status, no traceback."""
    try:
        app()
    except CoalitionBotError as error:
        _say(str(error))
        sys.exit(2)
    except MemoryError:
        _say("The memory does not suffice. Close other programs, or use a larger machine.")
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _index(settings: Config, knowledge: Path | None, kept: str) -> Index:
    """The index, or one of another folder of articles, kept so that the next time is quick."""
    from bot.startup import open_index

    folder = settings.index_folder
    if knowledge is not None:
        settings, folder = settings.with_articles(knowledge), settings.data_folder / kept
    with _progress() as progress:
        return open_index(settings, _say, progress, folder)


def _say(line: str) -> None:
    Console(stderr=True).print(Text(line), soft_wrap=True)


@contextmanager
def _progress(what: str = "Encoding") -> Iterator[Callable[[int, int], None]]:
    """A progress bar that appears when there is something to wait for."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("")

    def advance(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        # Even a bar that was never shown would leave an empty line.
        if bar.live.is_started:
            bar.stop()
