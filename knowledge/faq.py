"""Questions that stand above their answers, in the many ways that documents have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from knowledge.blocks.blocks import Block, Divider, Entry, Heading, Paragraph, Table
from knowledge.blocks.layout import QUESTION_LEVEL
from knowledge.blocks.richtext import MarkKind, RichText, sliced
from knowledge.markdown import Sourced
from knowledge.spans import Span

_ASKS = re.compile(
    r"(?:(?:comment|combien|pourquoi|quand|où|qui|que|quoi|quels?|quelles?|lequel|est-ce que"
    r"|à qui|how|who|what|when|where|why|which|whose|can|do|does|is|are|may|should)\b"
    r"|qu['’]est-ce)",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?:Q|Question)[ \u00a0\u202f]*\d*[ \u00a0\u202f]*[:.)–—-][ \u00a0\u202f]*")
_ANSWERED = re.compile(
    r"(?:R|A|Rép|Réponse|Answer)[ \u00a0\u202f]*\d*[ \u00a0\u202f]*[:.)–—-][ \u00a0\u202f]*"
)
_COLUMNS = 2
_LONGEST = 300


class Part(NamedTuple):
    """A block on its way into the text.

    Attributes:
        block: The block.
        span: What of the Markdown it was made of.
        level: 7 for a question above its answer; else 0.
        answers: Whether the last such question is asked of it.
    """

    block: Block
    span: Span
    level: int = 0
    answers: bool = False


def is_question(text: str) -> bool:
    """Whether a text asks something."""
    return text.rstrip(" \u00a0\u202f»”\"'’)").endswith("?")


def question_of(heading: str) -> str | None:
    """What a title asks, without what says that it is a question; None where it asks nothing."""
    asked = _ASKED.match(heading)
    words = heading[asked.end() :] if asked else heading
    return words if words and (asked or is_question(words) or _ASKS.match(words)) else None


def with_questions(found: Iterable[Sourced]) -> list[Part]:
    """The blocks, the questions among them above their answers."""
    every = [*found]
    parts: list[Part] = []
    open_question = False
    for at, (block, span) in enumerate(every):
        following = every[at + 1].block if at + 1 < len(every) else None
        made = [*_parts(block, span, following)]
        if any(each.level for each in made):
            open_question = isinstance(block, Paragraph)
        elif isinstance(block, Heading | Divider):
            open_question = False
        elif open_question:
            made = [each._replace(answers=True) for each in made]
        parts += made
    return [*_answered(parts)]


def _parts(block: Block, span: Span, following: Block | None) -> Iterator[Part]:
    match block:
        case Paragraph(text):
            yield from _paragraph(text, span, following)
        case Entry(term, inner) if is_question(term.text) or _ASKS.match(term.text):
            yield _question(term, span)
            yield from (Part(each, span, answers=True) for each in inner)
        case Table(header, rows) if _asks(header, rows):
            for question, answer in rows:
                yield _question(question, span)
                yield Part(Paragraph(answer), span, answers=True)
        case _:
            yield Part(block, span)


def _question(text: RichText, span: Span) -> Part:
    whole = Span(0, len(text.text))
    return Part(Heading(sliced(text, whole, one_line=True), 6), span, QUESTION_LEVEL)


def _asks(header: Sequence[RichText], rows: Sequence[Sequence[RichText]]) -> bool:
    """Whether a table has questions and their answers."""
    if any(len(row) != _COLUMNS or not all(row) for row in rows):
        return False
    titled = bool(header) and header[0].text.lower().startswith("question")
    return titled or all(is_question(row[0].text) for row in rows)


def _paragraph(text: RichText, span: Span, following: Block | None) -> Iterator[Part]:
    """A paragraph in parts, where bold questions or lines that begin with “Q :” are in it."""
    starts = [0, *(found.end() for found in re.finditer("\n", text.text))]
    asked: list[Span] = []
    """The questions."""
    for at in starts:
        line = Span(at, (text.text + "\n").index("\n", at))
        words = line.of(text.text)
        bold = next(
            (
                each.span
                for each in text.marks
                if each.kind is MarkKind.BOLD and each.span.start == at
            ),
            None,
        )
        if bold and bold.length <= _LONGEST and is_question(bold.of(text.text)):
            if "\n" not in bold.of(text.text):
                asked.append(bold)
        elif _ASKED.match(words) and _is_answered(text.text[line.end :], following):
            asked.append(line)
    if not asked or (asked[0].start and not text.text[: asked[0].start].endswith("\n")):
        yield Part(Paragraph(text), span)
        return
    ends = [*(each.start for each in asked[1:]), len(text.text)]
    if before := sliced(text, Span(0, asked[0].start)):
        yield Part(Paragraph(before), span)
    for question, end in zip(asked, ends, strict=True):
        yield _question(sliced(text, question), span)
        if answer := sliced(text, Span(question.end, end)):
            yield Part(Paragraph(answer), span, answers=True)


def _is_answered(rest: str, following: Block | None) -> bool:
    if rest.strip():
        return _ANSWERED.match(rest.lstrip()) is not None
    return isinstance(following, Paragraph) and _ANSWERED.match(following.text.text) is not None


def _answered(parts: Sequence[Part]) -> Iterator[Part]:
    """The same; a question without an answer is a paragraph."""
    for at, each in enumerate(parts):
        alone = at + 1 == len(parts) or not parts[at + 1].answers
        if each.level and alone and isinstance(each.block, Heading):
            answers = bool(at) and parts[at - 1].answers
            yield Part(Paragraph(each.block.text), each.span, answers=answers)
        else:
            yield each
