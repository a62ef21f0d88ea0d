"""What becomes of a file, in a terminal."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.answering.reading_report import left_out_line, said_line
from bot.cli.printing import print_quote
from bot.cli.terminal import Terminal
from bot.drafts import Given, checked, described
from bot.locales import Phrasebook, Words
from index import LanguageDetector, Quote
from knowledge import Language, Library, PassageLimits
from knowledge.files import Upload, read_upload, title_in


def passages_of(
    file: Path, language: Language | None, limits: PassageLimits, otherwise: Language
) -> tuple[Upload, tuple[Quote, ...]]:
    """A file as it is read, and the passages that it makes.

    Args:
        file: The file.
        language: Its language; None tells it from the text.
        limits: How it is divided.
        otherwise: The language where neither the file nor its words tell.

    Raises:
        OSError: It cannot be opened.
        FileError: It cannot be read.
        DocumentError: What it says of itself cannot be used.
    """
    upload = read_upload(file.name, file.read_bytes())
    text = described(
        upload.markdown,
        Given(language=language),
        upload.said,
        title_in(file.name),
        partial(spoken_language, LanguageDetector(), otherwise=otherwise),
    )
    document = checked(file.name, {"document.md": text}, limits).document
    (chosen,) = document.editions
    return upload, tuple(Quote.quoted(document, each, chosen, None) for each in document.passages)


def print_reading(
    console: Console, upload: Upload, quotes: tuple[Quote, ...], phrases: Phrasebook
) -> None:
    """Print passages under their titles, then what was read and what was left out."""
    for each in quotes:
        print_quote(console, each, phrases)
    console.print()
    if upload.loses_much:
        console.print(Text(phrases("reading.much"), style="bold"))
    console.print(Text(phrases("reading.read", words=upload.words, count=len(quotes))))
    if own := said_line(upload.said, phrases):
        console.print(Text(own), soft_wrap=True)
    if upload.left_out:
        console.print(Text(phrases("reading.left_out")))
        for left in upload.left_out:
            console.print(Text(f"- {left_out_line(left, phrases)}"), soft_wrap=True)


def spoken_language(detector: LanguageDetector, text: str, otherwise: Language) -> Language:
    """The language of a text; `otherwise` where its words do not tell."""
    return detector.detect(text[:_TELLING], otherwise).language


def say_left_out(library: Library, terminal: Terminal) -> None:
    """Say, a line a file, what is left out of the articles."""
    for document in library.documents:
        for language, edition in document.editions.items():
            left = [left_out_line(each, terminal.phrases) for each in edition.left_out]
            if left:
                file = f"{document.slug}, {language}"
                terminal.say(Words("building.left_out_of", file=file, what="; ".join(left)))


_TELLING = 20_000
"""Characters that tell a language."""
