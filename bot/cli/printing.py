"""Answers in a terminal, and as JSON for other programs."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.answering.answers import Answer, Found
from bot.answering.typesetting import BULLET, lead_lines, typeset
from bot.answering.wording import likelihood, none_reason, source_line, translation_note
from bot.locales import Phrasebook
from index import Quote
from knowledge import Span
from knowledge.blocks.richtext import BOLD

_BAR = "▌ "
_WIDTH = 88


def print_answer(
    console: Console, answer: Answer, phrases: Phrasebook, *, everything: bool
) -> None:
    """Print an answer as a person reads it.

    Args:
        console: Where to.
        answer: What to print.
        phrases: The language of what surrounds the quote.
        everything: Whether to print the runners-up too.
    """
    if answer.result.small_talk is None:
        console.print(Text(phrases(f"outcome.{answer.outcome}"), style="bold"))
    if not answer.found:
        console.print(Text(none_reason(answer, phrases)), "")
        return
    best, *others = answer.found
    _print_found(console, best, phrases)
    if best.link:
        # Unbroken, so that it can be followed.
        console.print(Text(best.link, style="dim"), soft_wrap=True)
    if note := translation_note(best.quote, phrases):
        console.print(Text(note, style="dim"))
    if everything and others:
        console.print("", Text(phrases("terminal.alternatives"), style="bold"), sep="\n")
        for found in others:
            _print_found(console, found, phrases)


def _print_found(console: Console, found: Found, phrases: Phrasebook) -> None:
    about = ""
    if found.confidence is not None:
        confidence = likelihood(found.confidence, phrases)
        about = f" · {phrases('terminal.confidence', confidence=confidence)}"
    print_quote(console, found.quote, phrases, about)


def print_quote(console: Console, quote: Quote, phrases: Phrasebook, about: str = "") -> None:
    """Print a quote and where it comes from, then `about`."""
    block = _quoted(quote, marks=not console.is_terminal)
    lines = block.wrap(console, min(_WIDTH, console.width) - 2 * len(_BAR))
    console.print()
    for line in lines:
        line.rstrip()
        console.print(Text(_BAR, style="cyan") + line)
    console.print("", Text(source_line(quote, phrases) + about, style="dim"), sep="\n")


def _quoted(quote: Quote, *, marks: bool) -> Text:
    """The quote with its telling sentence in bold, or between asterisks where bold is lost."""
    part_marked = quote.sentence is not None and quote.marked != quote.text
    said = [Text(each, style="italic") for each in lead_lines(quote)]
    for line in typeset(quote, Span(0, len(quote.text)), quote.sentence):
        text = Text("  " * line.depth + (f"{BULLET} " if line.bullet else ""))
        for bold, group in groupby(line.pieces, lambda piece: BOLD in piece.styles):
            words = "".join(each.text for each in group)
            signed = marks and part_marked and bold
            text.append(f"**{words}**" if signed else words, "bold" if bold else "")
        said.append(text)
    return Text("\n").join(said)


def answer_json(answer: Answer, explained: dict[str, Any] | None = None) -> str:
    """An answer as one line of JSON, with where its score comes from if that is given."""
    found = [_found_json(each) for each in answer.found]
    best = found[0] if found else dict.fromkeys(_EMPTY)
    first = {
        "question": answer.question,
        "language": answer.detected.language,
        "outcome": answer.outcome,
    }
    extra = {} if explained is None else {"explanation": explained}
    return _json({**first, **best, "alternatives": found[1:], **extra})


def error_json(text: str, error: str, message: str) -> str:
    """A question that was not searched for, as one line of JSON."""
    nothing: dict[str, Any] = {
        "language": None,
        "outcome": None,
        **dict.fromkeys(_EMPTY),
        "alternatives": [],
    }
    return _json({"question": text, **nothing, "error": error, "message": message})


_EMPTY = (
    "quote",
    "sentence",
    "quote_language",
    "is_translation",
    "passage_id",
    "document",
    "title",
    "publisher",
    "published",
    "url",
    "link",
    "confidence",
)


def _found_json(found: Found) -> dict[str, Any]:
    quote = found.quote
    return {
        "quote": quote.text,
        "sentence": quote.marked or None,
        "quote_language": quote.language,
        "is_translation": quote.is_translation,
        "passage_id": quote.passage_id,
        "document": quote.document,
        "title": quote.title,
        "publisher": quote.publisher,
        "published": None if quote.published is None else quote.published.isoformat(),
        "url": quote.url,
        "link": found.link,
        "confidence": None if found.confidence is None else round(found.confidence, 3),
    }


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)
