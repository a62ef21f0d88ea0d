"""What is wrong with a document, in the words of whoever wrote it."""

from __future__ import annotations

from bot.locales import Phrasebook
from knowledge import AlignmentError, DocumentError
from knowledge.errors import Place


def problem_in_words(error: DocumentError, phrases: Phrasebook) -> str:
    """Where a document cannot be used, why, and what to do."""
    fields = dict(error.fields)
    if "expected" in fields:
        fields["expected"] = phrases(f"document.expected.{fields['expected']}")
        fields["seen"] = fields["seen"] or phrases("document.empty")
    if "level" in fields:
        fields["here"] = _block(fields["level"], fields["words"], phrases)
        fields["there"] = _block(fields["other_level"], fields["other_words"], phrases)
    if isinstance(error, AlignmentError):
        fields["other"] = _place(error.other, phrases)
    what = phrases(f"document.{error.problem}", **fields)
    return phrases("document.said", place=_place(error.place, phrases), what=what)


def _place(place: Place, phrases: Phrasebook) -> str:
    if place.line is None:
        return place.file
    return phrases("document.line", file=place.file, line=place.line)


def _block(level: str | int, words: str | int, phrases: Phrasebook) -> str:
    kind = "heading" if level else "paragraph"
    return phrases(f"document.{kind}", level=level, words=words)
