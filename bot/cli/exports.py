"""What becomes of the files of an export, in a terminal and in the folder of articles."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.answering.exports import Around, Made, made_of
from bot.cli.reading import spoken_language
from bot.drafts import checked
from bot.locales import Phrasebook
from bot.locales.document_problems import problem_in_words
from index import LanguageDetector
from index.files import sync_folder, write_atomically
from knowledge import DocumentError, Language, Library, PassageLimits
from knowledge.files import Archive, ExportedFile, FileError, read_archive, read_upload


def archive_of(file: Path) -> Archive:
    """The files of a zip; any other file as if it were alone in one.

    Raises:
        OSError: It cannot be opened.
        ArchiveError: The zip cannot be used.
    """
    content = file.read_bytes()
    if file.suffix.lower() == ".zip":
        return read_archive(content)
    try:
        alone = ExportedFile(file.name, read_upload(file.name, content))
    except FileError as error:
        alone = ExportedFile(file.name, problem=error.problem)
    return Archive({}, {}, (alone,))


def print_export(
    console: Console,
    archive: Archive,
    language: Language | None,
    limits: PassageLimits,
    phrases: Phrasebook,
) -> None:
    """Print a line for each file of a zip: what was read, and what was left out."""
    around = Around((), (), (), limits, _spoken(phrases))
    made = made_of(archive.files, around, phrases, language)
    lines = [each.line(phrases("reading.file_read"), phrases) for each in made]
    for slug, files in archive.documents.items():
        try:
            passages = len(checked(slug, files, limits).document.passages)
            lines.append(phrases("reading.document_read", name=slug, count=passages))
        except DocumentError as error:
            lines.append(problem_in_words(error, phrases))
    lines += _problems(archive, phrases)
    _print(console, lines)
    console.print(_losing(made, phrases))


def put_in(
    console: Console,
    archive: Archive,
    folder: Path,
    library: Library,
    language: Language | None,
    limits: PassageLimits,
    phrases: Phrasebook,
) -> bool:
    """Put the files of a zip into the folder of articles, and print a line for each.

    Args:
        console: Where it is printed.
        archive: The files.
        folder: The folder of articles.
        library: What is there.
        language: The language of all; None tells it from each.
        limits: How documents are divided.
        phrases: The words of whoever reads it.

    Returns:
        Whether all that can be read is in.

    Raises:
        OSError: The folder cannot be written; what was put in before that is there.
    """
    lines = _problems(archive, phrases)
    complete = not lines
    taken = {each.name for each in folder.iterdir()}
    for slug, files in archive.documents.items():
        if slug in taken:
            lines.append(phrases("reading.folder_taken", name=slug))
            complete = False
            continue
        try:
            checked(slug, files, limits)
        except DocumentError as error:
            lines.append(problem_in_words(error, phrases))
            complete = False
            continue
        _write(folder / slug, files)
        taken.add(slug)
        lines.append(phrases("archive.added_as", slug=slug))
    single = {each for each in taken if len([*(folder / each).glob("*")]) == 1}
    around = Around(library.documents, single, taken, limits, _spoken(phrases))
    made = made_of(archive.files, around, phrases, language)
    for each in made:
        what = ""
        if each.draft is not None and not each.same:
            slug = each.draft.document.slug
            _write(folder / slug, each.draft.files)
            what = phrases("archive.changed_as" if each.changes else "archive.added_as", slug=slug)
        complete &= not each.problem or each.is_unread
        lines.append(each.line(what, phrases))
    _print(console, lines)
    console.print(_losing(made, phrases))
    return complete


def _spoken(phrases: Phrasebook) -> partial[Language]:
    return partial(spoken_language, LanguageDetector(), otherwise=phrases.language)


def _problems(archive: Archive, phrases: Phrasebook) -> list[str]:
    return [phrases(f"archive.{why}", name=path) for path, why in archive.problems.items()]


def _losing(made: Iterable[Made], phrases: Phrasebook) -> Text:
    """How many files were read, and of which too much was left out."""
    every = [*made]
    read = sum(each.draft is not None for each in every)
    said = phrases("reading.files_read", read=read, count=len(every))
    losing = [each.path for each in every if each.upload is not None and each.upload.loses_much]
    if losing:
        said += "\n" + phrases("reading.files_losing", names=", ".join(losing))
    return Text(said)


def _print(console: Console, lines: Iterable[str]) -> None:
    for each in lines:
        console.print(Text(each), soft_wrap=True)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write a document: all of it, or nothing."""
    if folder.exists():
        for name, text in files.items():
            write_atomically(folder / name, text.encode())
        return
    # Folders that begin with a full stop are no documents.
    beginning = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beginning, ignore_errors=True)
    beginning.mkdir()
    for name, text in files.items():
        write_atomically(beginning / name, text.encode())
    beginning.rename(folder)
    sync_folder(folder.parent)
