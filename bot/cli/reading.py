"""What becomes of a file, in a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.answering.reading_report import left_out_line
from bot.cli.printing import print_quote
from bot.cli.terminal import Terminal
from bot.drafts import body_of, checked, with_about
from bot.locales import Phrasebook, Words
from index import LanguageDetector, Quote
from knowledge import Language, PassageLimits
from knowledge.blocks.reading import Furniture
from knowledge.files import Upload, read_upload
from knowledge.files.uploads import markdown_upload


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
    given = {} if language is None else {"language": language.value}
    spoken = upload.said.language
    if spoken is None:
        detector = LanguageDetector()
        spoken = detector.detect(body_of(upload.markdown)[:_TELLING], otherwise).language
    defaults = {"title": upload.said.title or file.stem, "language": spoken.value}
    text = with_about(upload.markdown, given, defaults)
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
    if upload.left_out:
        console.print(Text(phrases("reading.left_out")))
        for left in upload.left_out:
            console.print(Text(f"- {left_out_line(left, phrases)}"), soft_wrap=True)


def say_left_out(folder: Path, terminal: Terminal) -> None:
    """Say, a line a file, what is left out of the articles in a folder."""
    phrases = terminal.phrases
    for path in sorted(folder.glob("*/*.md")):
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            # Named when the articles are read.
            continue
        if not any(sign in text for sign in _LEADING_OUT):
            continue
        left = [
            left_out_line(each, phrases)
            for each in markdown_upload(text, path.stem).left_out
            if each.what is not Furniture.FRONT_MATTER
        ]
        if left:
            file = path.relative_to(folder)
            terminal.say(Words("building.left_out_of", file=file, what="; ".join(left)))


_TELLING = 20_000
"""Characters that tell a language."""
_LEADING_OUT = ("<", "![", "%%", "$")
"""Without one of these signs, Markdown has nothing that is left out."""
