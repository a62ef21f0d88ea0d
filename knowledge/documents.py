"""Reading one Markdown file: its front matter, its paragraphs, its section titles."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

from markdown_it import MarkdownIt
from pydantic import (
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from knowledge.errors import AlignmentError, DocumentError, DocumentProblem, Place
from knowledge.language import Language
from knowledge.located_yaml import YamlError, first_problem, parse_yaml
from knowledge.spans import Span, trimmed

LONGEST_TITLE = 300
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_COMMENTS = re.compile(r"(?:<!--.*?-->\s*)+", re.DOTALL)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


def _on_one_line(value: object) -> object:
    if not isinstance(value, str):
        return value
    if _UNPRINTABLE.search(value):
        raise PydanticCustomError("unprintable", "it should have no control characters")
    return " ".join(value.split())


_Line: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=LONGEST_TITLE), BeforeValidator(_on_one_line)
]


class FrontMatter(BaseModel):
    """What a file says of itself before its text; only title and language are needed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: _Line
    language: Language
    translated_from: Language | None = None
    publisher: _Line | None = None
    author: _Line | None = None
    published: dt.date | None = None
    url: AnyHttpUrl | None = None

    @field_validator("translated_from")
    @classmethod
    def _another_language(cls, value: Language | None, known: ValidationInfo) -> Language | None:
        if value is not None and value == known.data.get("language"):
            raise PydanticCustomError("own_language", "it should not be the text's own language")
        return value


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (or list, table, quotation) or a section title of an edition.

    Attributes:
        span: The characters of the edition's text.
        line: The line of the file where it starts, counted from 1.
        level: 1 to 6 for a section title, 0 for a paragraph.
    """

    span: Span
    line: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """A document in one language.

    Attributes:
        about: Its front matter.
        text: All that follows the front matter, to the letter.
    """

    about: FrontMatter
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read.

    Attributes:
        place: The file.
        edition: What it says.
        blocks: Its paragraphs and section titles, in order.
    """

    place: Place
    edition: Edition
    blocks: tuple[Block, ...]

    @property
    def language(self) -> Language:
        """The language of the text."""
        return self.edition.about.language

    @property
    def text(self) -> str:
        """The edition's text."""
        return self.edition.text


def read_source(path: Path, content: str | None = None) -> Source:
    """Read a Markdown file with front matter.

    Args:
        path: The file.
        content: What it holds; None reads it from the disk.

    Raises:
        DocumentError: The file cannot be read, is not UTF-8, has broken front matter,
            or has no paragraph.
    """
    if content is None:
        content = read_text(path)
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if found := _UNPRINTABLE.search(content):
        raise DocumentError(
            Place(path, content.count("\n", 0, found.start()) + 1),
            f"the character {found.group()!r} does not belong in a text. "
            "Remove it, or save the file again as UTF-8.",
            DocumentProblem.CHARACTER,
            character=repr(found.group()),
        )
    return _parse(path, content)


def read_text(path: Path) -> str:
    """The text of a file of a document.

    Raises:
        DocumentError: It cannot be read, or is not UTF-8.
    """
    place = Place(path)
    try:
        # Reading a pipe or a device would wait for ever.
        if path.exists() and not path.is_file():
            raise DocumentError(
                place,
                "this is not a file. Put a text file in its place.",
                DocumentProblem.NOT_A_FILE,
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DocumentError(
            Place(path, line),
            "this is not UTF-8 text. Save the file again as UTF-8.",
            DocumentProblem.NO_UTF8,
        ) from error
    except OSError as error:
        raise DocumentError(
            place,
            f"the file cannot be read ({error.strerror}). Check its permissions.",
            DocumentProblem.UNREADABLE,
        ) from error


def _parse(path: Path, content: str) -> Source:
    fences = _FENCE.finditer(content)
    opening, closing = next(fences, None), next(fences, None)
    if opening is None or content[: opening.start()].strip():
        raise DocumentError(
            Place(path, 1),
            "the file has no front matter. Begin it with a line of three hyphens, "
            "`title:` and `language:`, and a second line of three hyphens.",
            DocumentProblem.NO_FRONT_MATTER,
        )
    first_line = content.count("\n", 0, opening.end()) + 1
    if closing is None:
        raise DocumentError(
            Place(path, first_line),
            "the front matter has no end. Close it with a second line of three hyphens.",
            DocumentProblem.NO_END,
        )
    try:
        source = parse_yaml(content[opening.end() : closing.start()], first_line=first_line)
        if not isinstance(source.value, dict):
            raise YamlError(
                "the front matter has no keys. Add `title:` and `language:`.",
                None,
                DocumentProblem.NO_KEYS,
            )
        try:
            about = FrontMatter.model_validate(source.value)
        except ValidationError as error:
            raise first_problem(error, source) from error
    except YamlError as error:
        raise error.in_document(Place(path, error.line or first_line)) from error

    text = content[closing.end() :]
    line = content.count("\n", 0, closing.end())
    blocks = _blocks(text, line)
    if not any(block.level == 0 for block in blocks):
        raise DocumentError(
            Place(path),
            "there is no paragraph after the front matter. Add the text.",
            DocumentProblem.NO_PARAGRAPH,
        )
    return Source(Place(path), Edition(about, text), blocks)


def _blocks(text: str, first_line: int) -> tuple[Block, ...]:
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    blocks: list[Block] = []
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for position, token in enumerate(tokens):
        if token.level or token.map is None or token.type == "hr":
            continue
        start, end = token.map
        span = trimmed(text, Span(starts[start], starts[min(end, len(starts) - 1)]))
        level = 0
        if token.type == "heading_open":
            level = int(token.tag[1:])
            title = tokens[position + 1].content
            at = text.index(title, span.start)
            span = Span(at, at + len(title))
        elif token.type == "html_block":
            span = _after_comments(text, span)
        if span.of(text):
            line = first_line + start + 1 + text.count("\n", starts[start], span.start)
            blocks.append(Block(span, line, level))
    return tuple(blocks)


def _after_comments(text: str, span: Span) -> Span:
    """The prose that stands on the last line of HTML comments; nothing of other HTML."""
    comments = _COMMENTS.match(text, span.start, span.end)
    end = span.end if comments is None else comments.end()
    rest = Span(end, span.end)
    return Span(end, end) if rest.of(text).startswith("<") else rest


def check_alignment(original: Source, twin: Source) -> None:
    """Check that two sources have the same paragraphs and section titles in turn.

    Raises:
        AlignmentError: They do not; names the first two places that differ.
    """
    for own, other in zip(original.blocks, twin.blocks, strict=False):
        if own.level != other.level:
            raise AlignmentError(
                Place(twin.place.path, other.line),
                Place(original.place.path, own.line),
                f"here stands {_described(other, twin)}, there {_described(own, original)}. "
                "Give both editions the same paragraphs and section titles in the same order.",
                DocumentProblem.STANDS,
                level=other.level,
                words=_words(other, twin),
                other_level=own.level,
                other_words=_words(own, original),
            )
    if len(original.blocks) != len(twin.blocks):
        longer, shorter = sorted((original, twin), key=lambda each: len(each.blocks), reverse=True)
        extra, last = longer.blocks[len(shorter.blocks)], shorter.blocks[-1]
        raise AlignmentError(
            Place(longer.place.path, extra.line),
            Place(shorter.place.path, last.line),
            f"here follows {_described(extra, longer)}, there {_described(last, shorter)} "
            "is the last. Give both editions the same paragraphs and section titles.",
            DocumentProblem.FOLLOWS,
            level=extra.level,
            words=_words(extra, longer),
            other_level=last.level,
            other_words=_words(last, shorter),
        )


def _described(block: Block, source: Source) -> str:
    kind = f"a section title of level {block.level}" if block.level else "a paragraph"
    return f"{kind} (“{_words(block, source)}”)"


def _words(block: Block, source: Source) -> str:
    """The first words of a block."""
    return textwrap.shorten(block.span.of(source.text), 48, placeholder="…")
