"""Commands about the articles: ask, read, index, evaluate, preview."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.console import ConfigOption, progress_bar
from bot.cli.terminal import Terminal, terminal_of
from bot.config import Config, read_config
from bot.errors import ConfigError
from bot.locales import Phrasebooks, Words
from knowledge import Language

if TYPE_CHECKING:
    from index import Index

INCOMPLETE = 3
"""The exit status of a build that had to leave something out."""


def ask(
    context: typer.Context,
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

    from bot.answering.answers import Answerer
    from bot.answering.startup import open_index
    from bot.cli.asking import Asking, ask_stdin
    from bot.operations.place import expect_configuration, in_use
    from index import LanguageDetector

    expect_configuration(settings, config)
    terminal = terminal_of(context)
    with progress_bar(terminal.phrases("progress.encoding")) as progress:
        index = open_index(settings, terminal.say, progress)
    if not as_json:
        terminal.say(in_use(settings, config, len(index.documents)))
    asking = Asking(
        Answerer(index, LanguageDetector(), settings.questions),
        Phrasebooks.read(),
        terminal.phrases.language,
        language,
        everything=everything,
        as_json=as_json,
        explained=explain,
    )
    raise typer.Exit(ask_stdin(asking) if question is None else asking.ask(question))


def read(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="A file of any kind that `/knowledge add` takes, or a zip of many."),
    ],
    language: Annotated[
        Language | None, typer.Option(help="The language of its text; told from it if left out.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Show what becomes of a file: its passages under their titles, and what is left out."""
    settings = read_config(config)

    from bot.cli.exports import archive_of, print_export
    from bot.cli.reading import passages_of, print_reading
    from knowledge.files import ArchiveError, FileError

    terminal = terminal_of(context)
    phrases = terminal.phrases
    limits = settings.knowledge.limits
    try:
        if file.suffix.lower() == ".zip":
            print_export(Console(), archive_of(file), language, limits, phrases)
            return
        upload, quotes = passages_of(file, language, limits, phrases.language)
    except OSError as error:
        terminal.say(Words("error.file_not_opened", file=file, reason=error.strerror))
        raise typer.Exit(2) from error
    except FileError as error:
        terminal.say(phrases(f"file.{error.problem}", name=file.name))
        raise typer.Exit(2) from error
    except ArchiveError as error:
        terminal.say(phrases(f"archive.{error.problem}", name=error.name))
        raise typer.Exit(2) from error
    print_reading(Console(), upload, quotes, phrases)


def index_build(context: typer.Context, config: ConfigOption = None) -> None:
    """Build the index of all articles; only what changed is encoded."""
    settings = read_config(config)

    from bot.answering.startup import load_encoder, load_reader, read_articles
    from bot.cli.reading import say_left_out
    from bot.operations.place import expect_configuration, in_use
    from index import build_index

    expect_configuration(settings, config)
    terminal = terminal_of(context)
    library = read_articles(settings, terminal.say)
    say_left_out(library, terminal)
    encoder = load_encoder(settings, terminal.say)
    reader = load_reader(settings, terminal.say)
    with progress_bar(terminal.phrases("progress.encoding")) as progress:
        built = build_index(library, encoder, settings.index_folder, progress, reader)
    manifest = built.manifest
    if built.damage is not None:
        terminal.say(Words("building.nothing_taken", reason=built.damage))
    terminal.say(
        Words(
            "building.built",
            generation=manifest.generation,
            count=manifest.documents,
            passages=manifest.passages,
            encoded=built.encoded,
            reused=built.reused,
        )
    )
    terminal.say(in_use(settings, config, manifest.documents))
    if library.problems:
        terminal.say(Words("building.problems", count=len(library.problems)))
        raise typer.Exit(INCOMPLETE)


def index_add(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="A file of any kind that `/knowledge add` takes, or a zip of many."),
    ],
    language: Annotated[
        Language | None, typer.Option(help="The language of its text; told from it if left out.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Put a file, or all those of a zip, into the folder of articles; then build the index."""
    settings = read_config(config)

    from bot.answering.startup import read_articles
    from bot.cli.exports import archive_of, put_in
    from knowledge.files import ArchiveError

    terminal = terminal_of(context)
    phrases = terminal.phrases
    folder, limits = settings.knowledge.folder, settings.knowledge.limits
    library = read_articles(settings, terminal.say)
    try:
        archive = archive_of(file)
        complete = put_in(Console(), archive, folder, library, language, limits, phrases)
    except OSError as error:
        named = error.filename or file
        terminal.say(Words("error.file_unusable", file=named, reason=error.strerror))
        raise typer.Exit(2) from error
    except ArchiveError as error:
        terminal.say(phrases(f"archive.{error.problem}", name=error.name))
        raise typer.Exit(2) from error
    terminal.say(Words("building.then_build"))
    if not complete:
        raise typer.Exit(INCOMPLETE)


def index_info(context: typer.Context, config: ConfigOption = None) -> None:
    """Say what the index holds and whether it is intact and current."""
    settings = read_config(config)

    from bot.answering.startup import damage_to, reason_to_build
    from index.segments.manifest import read_manifest

    folder = settings.index_folder
    reason = reason_to_build(settings, folder) or damage_to(folder)
    manifest = None if reason == Words("building.no_index") else read_manifest(folder)
    terminal = terminal_of(context)
    console = Console()
    if manifest is not None:
        for name, value in manifest.model_dump(exclude={"files"}).items():
            console.print(Text(f"{name:>12}  {value}"))
        size = sum(fact.bytes for fact in manifest.files.values())
        console.print(Text(f"{'size':>12}  {size / 1e6:.1f} MB"))
    if reason is not None:
        terminal.say(Words("building.build_it", reason=reason))
        raise typer.Exit(1)
    console.print(Text(f"{'state':>12}  {terminal.phrases('building.current')}"))


def evaluate(
    context: typer.Context,
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

    from bot.cli.evaluation import chosen_cases, print_evaluation
    from index import LanguageDetector
    from index.evaluation import evaluate as evaluated

    index = _index(settings, knowledge, "evaluation", terminal_of(context))
    cases = chosen_cases(questions, index, tag or [])
    evaluation = evaluated(index, cases, LanguageDetector())
    print_evaluation(evaluation, as_json=as_json)
    total = evaluation.total
    too_low = total.accuracy.value < min_accuracy
    raise typer.Exit(int(too_low or total.false_answers.value > max_false_answers))


def preview(
    context: typer.Context,
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

    from bot.answering.answers import Answerer
    from bot.operations.preview.serving import serve_preview
    from index import LanguageDetector

    terminal = terminal_of(context)
    index = _index(settings, knowledge, "preview", terminal)
    answerer = Answerer(index, LanguageDetector(), settings.questions)
    asyncio.run(serve_preview(settings, answerer, port, terminal.say, guild))


def _index(settings: Config, knowledge: Path | None, kept: str, terminal: Terminal) -> Index:
    """The index, or one of another folder of articles, kept so that the next time is quick."""
    from bot.answering.startup import open_index

    folder = settings.index_folder
    if knowledge is not None:
        if not knowledge.is_dir():
            raise ConfigError(Words("error.no_knowledge", folder=knowledge))
        settings, folder = settings.with_articles(knowledge), settings.data_folder / kept
    with progress_bar(terminal.phrases("progress.encoding")) as progress:
        return open_index(settings, terminal.say, progress, folder)
