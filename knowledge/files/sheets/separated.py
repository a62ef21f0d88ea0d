"""The reader of CSV files, whatever parts their cells."""

from __future__ import annotations

import csv
import io
from collections import Counter

from knowledge.blocks.reading import Furniture, Reading, left_out
from knowledge.files.decoding import decoded
from knowledge.files.kinds import LONGEST_TEXT, FileError, FileProblem
from knowledge.files.sheets.rows import read_rows

_DELIMITERS = (";", ",", "\t", "|")
_SAMPLE = 200
"""Rows by which the delimiter is found."""
_OTHERS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")
_NAMED = "sep="


def read_csv(content: bytes) -> Reading:
    """What a CSV file says.

    Args:
        content: Its bytes.

    Raises:
        FileError: It is none, has no text, or too much.
    """
    if content.startswith(_OTHERS):
        raise FileError(FileProblem.OTHER_KIND)
    text = decoded(content)
    if "\x00" in text:
        raise FileError(FileProblem.OTHER_KIND)
    if not any(map(str.isalnum, text)):
        raise FileError(FileProblem.NO_TEXT)
    if len(text) > LONGEST_TEXT:
        raise FileError(FileProblem.TOO_LONG)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"')
    if named.lower().startswith(_NAMED) and len(named) == len(_NAMED) + 1:
        rows = _rows(rest, named[-1])
    else:
        rows = _rows(text, _delimiter(text))
    found = read_rows(rows)
    titles = " ".join(found.titles)
    return Reading.of(found.blocks, [left_out(Furniture.HEADER, titles)] if titles else [])


def _rows(text: str, delimiter: str, most: int | None = None) -> list[list[str]]:
    """The rows of a text; where quotation marks do not pair, they are signs like others."""
    rows: list[list[str]] = []
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        rows = []
        reader = csv.reader(
            io.StringIO(text), delimiter=delimiter, quoting=quoting, skipinitialspace=True
        )
        try:
            for row in reader:
                rows.append([*row])
                if most is not None and len(rows) >= most:
                    break
        except csv.Error:
            continue
        if not (quoting == csv.QUOTE_MINIMAL and _swallowed(rows)):
            break
    return rows


def _swallowed(rows: list[list[str]]) -> bool:
    """Whether a quotation mark that nothing closes took many lines into one cell."""
    return bool(rows) and any(each.count("\n") > _SAMPLE for each in rows[-1])


def _delimiter(text: str) -> str:
    """The sign by which most rows have as many cells, and more than one."""
    best, most = ",", 0.0
    for each in _DELIMITERS:
        widths = Counter(len(row) for row in _rows(text, each, _SAMPLE) if any(row))
        width, count = max(
            ((width, count) for width, count in widths.items() if width > 1),
            key=lambda found: (found[1], found[0]),
            default=(1, 0),
        )
        score = count / max(sum(widths.values()), 1) + min(width, 50) / 1000
        if count and score > most:
            best, most = each, score
    return best
