"""What is wrong with a document, in the words of whoever wrote it."""

from __future__ import annotations

from bot.locales.phrasebook import Phrasebook
from knowledge import AlignmentError, DocumentError
from knowledge.errors import DocumentProblem, Place
from knowledge.located_yaml import YamlError


def problem_in_words(error: DocumentError, phrases: Phrasebook) -> str:
    """Where a document cannot be used, why, and what to do."""
    fields = dict(error.fields)
    if isinstance(error, AlignmentError):
        fields["other"] = _place(error.other, phrases)
    what = _what(error.problem, fields, phrases)
    return phrases("document.said", place=_place(error.place, phrases), what=what)


def yaml_problem_in_words(error: YamlError, phrases: Phrasebook) -> str:
    """Why YAML cannot be used, and what to do; not where."""
    return _what(error.problem, dict(error.fields), phrases)


def _what(problem: DocumentProblem, fields: dict[str, str | int], phrases: Phrasebook) -> str:
    if "expected" in fields:
        fields["expected"] = phrases(f"document.expected.{fields['expected']}", **fields)
        fields["seen"] = fields["seen"] or phrases("document.empty")
    if "level" in fields:
        fields["here"] = _block(fields["level"], fields["words"], phrases)
        fields["there"] = _block(fields["other_level"], fields["other_words"], phrases)
    return phrases(f"document.{problem}", **fields)


def _place(place: Place, phrases: Phrasebook) -> str:
    if place.line is None:
        return place.file
    return phrases("document.line", file=place.file, line=place.line)


def _block(level: str | int, words: str | int, phrases: Phrasebook) -> str:
    kind = "heading" if level else "paragraph"
    return phrases(f"document.{kind}", level=level, words=words)
