"""Reading one Markdown file: its front matter, its paragraphs, its section titles."""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from knowledge.blocks.blocks import Heading, Note
from knowledge.blocks.layout import Unit, laid_out
from knowledge.blocks.reading import LeftOut, by_kind
from knowledge.blocks.richtext import Mark
from knowledge.errors import AlignmentError, DocumentError, DocumentProblem, Place
from knowledge.faq import with_questions
from knowledge.front_matter import LONGEST_TITLE, FrontMatter, about, fenced, keys_of
from knowledge.language import Language
from knowledge.located_yaml import YamlError
from knowledge.markdown import MarkdownText, read_markdown
from knowledge.spans import Span

_FENCE = re.compile(r"^(?:---|\+\+\+)[ \t]*$", re.MULTILINE)
_LONGEST_MARK = 100_000
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A paragraph (or list, table, quotation) or a title, in its edition's text.

    Attributes:
        span: The characters of the edition's text.
        line: The line of the file where it starts, counted from 1.
        level: 1 to 6 for a title, 7 for a question above its answer, 0 for what can be quoted.
        units: Its parts.
        source: What it was made of, white space aside; blank where others were made of the same.
        answers: Whether the last question of level 7 is asked of it.
        is_note: Whether it belongs to the block before.
        adjoins: Whether nothing stands between it and the block before, no line and no comment.
    """

    span: Span
    line: int
    level: int = 0
    units: tuple[Unit, ...] = ()
    source: str = ""
    answers: bool = False
    is_note: bool = False
    adjoins: bool = True


@dataclass(frozen=True, slots=True)
class Edition:
    """A document in one language.

    Attributes:
        about: Its front matter.
        text: All that follows it, as its reader sees it: see `knowledge.blocks.layout`.
        marks: What of the text is bold, a link and so on; sorted.
        units: Its paragraphs, items, rows and so on, in order.
        left_out: What its file has and a reader of it does not see.
    """

    about: FrontMatter
    text: str
    marks: tuple[Mark, ...] = ()
    units: tuple[Unit, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def units_in(self, part: Span) -> tuple[Unit, ...]:
        """The units that have characters in a part of the text, in order."""
        first = bisect_right(self.units, part.start, key=lambda each: each.span.end)
        last = bisect_left(self.units, part.end, key=lambda each: each.span.start)
        return self.units[first:last]

    def marks_in(self, part: Span) -> tuple[Mark, ...]:
        """What is set off in a part of the text, counted from its start."""
        last = bisect_left(self.marks, part.end, key=lambda each: each.span.start)
        first = bisect_left(
            self.marks, part.start - _LONGEST_MARK, key=lambda each: each.span.start
        )
        return tuple(
            each._replace(span=Span(start, end).within(part))
            for each in self.marks[first:last]
            if (start := max(each.span.start, part.start)) < (end := min(each.span.end, part.end))
            or (each.span.length == 0 and part.start < each.span.start)
        )


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read.

    Attributes:
        place: The file.
        edition: What it says.
        blocks: Its paragraphs and titles, in order.
    """

    place: Place
    edition: Edition
    blocks: tuple[PlacedBlock, ...]

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
    parts = fenced(content)
    if parts is None:
        opening = _FENCE.search(content)
        if opening is None or content[: opening.start()].strip():
            raise DocumentError(
                Place(path, 1),
                "the file has no front matter. Begin it with a line of three hyphens, "
                "`title:` and `language:`, and a second line of three hyphens.",
                DocumentProblem.NO_FRONT_MATTER,
            )
        raise DocumentError(
            Place(path, content.count("\n", 0, opening.end()) + 1),
            "the front matter has no end. Close it with a second line of three hyphens.",
            DocumentProblem.NO_END,
        )
    read = read_markdown(parts.body)
    defaults = {}
    if path.stem in [each.value for each in Language]:
        defaults["language"] = path.stem
    if read.blocks and isinstance(title := read.blocks[0].block, Heading):
        defaults["title"] = title.text.text[:LONGEST_TITLE]
    try:
        says = about(keys_of(parts), defaults)
    except YamlError as error:
        raise error.in_document(Place(path, error.line or parts.front_line - 1)) from error
    source = _placed(Place(path), says, read, parts.body, parts.body_line)
    if not any(block.level == 0 for block in source.blocks):
        raise DocumentError(
            Place(path),
            "there is no paragraph after the front matter. Add the text.",
            DocumentProblem.NO_PARAGRAPH,
        )
    return source


def _placed(
    place: Place, says: FrontMatter, read: MarkdownText, body: str, first_line: int
) -> Source:
    parts = with_questions(read.blocks)
    layout = laid_out(each.block for each in parts)
    line_ends = [each.end() for each in re.finditer("\n", body)]
    made_of = Counter(each.span for each in parts)
    placed: list[PlacedBlock] = []
    end = 0
    adjoins = True
    for each, laid in zip(parts, layout.blocks, strict=True):
        if laid is None:
            adjoins = False
            continue
        start, is_note = each.span.start, isinstance(each.block, Note)
        adjoins = adjoins and not body[end:start].strip()
        placed.append(
            PlacedBlock(
                laid.span,
                first_line + bisect_right(line_ends, start),
                each.level or laid.level,
                laid.units,
                " ".join(each.span.of(body).split()) if made_of[each.span] == 1 else "",
                each.answers,
                is_note,
                adjoins or is_note,
            )
        )
        # A note may stand anywhere.
        if not is_note or adjoins:
            end = max(end, each.span.end)
        adjoins = True
    units = tuple(unit for each in placed for unit in each.units)
    edition = Edition(says, layout.text, layout.marks, units, by_kind(read.left_out))
    return Source(place, edition, tuple(placed))


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


def _described(block: PlacedBlock, source: Source) -> str:
    kind = f"a section title of level {block.level}" if block.level else "a paragraph"
    return f"{kind} (“{_words(block, source)}”)"


def _words(block: PlacedBlock, source: Source) -> str:
    """The first words of a block."""
    return textwrap.shorten(block.span.of(source.text), 48, placeholder="…")
