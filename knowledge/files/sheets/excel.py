"""The reader of Excel files."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.blocks.blocks import Block, Heading
from knowledge.blocks.reading import Furniture, Reading
from knowledge.blocks.richtext import plain
from knowledge.files.account import Account
from knowledge.files.kinds import FileError, FileProblem
from knowledge.files.packages import Package
from knowledge.files.properties import said_by
from knowledge.files.sheets.rows import MOST_CELLS, read_rows
from knowledge.files.sheets.shown import Value, shown

_UNCOUNTED = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>\s*)?</(?:\w+:)?c>")
"""A formula of which the file has no result: the program that wrote it worked nothing out."""
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_UNNAMED = re.compile(r"(?:sheet|feuille?|feuil|tabelle)\s*\d*", re.IGNORECASE)
_SHEET = re.compile(r"xl/(?:worksheets|chartsheets)/[^/]+\.xml")
_DRAWN = re.compile(r"xl/charts/chart[^/]*\.xml")
_PICTURE = re.compile(r"xl/media/[^/]+")


def read_excel(content: bytes) -> Reading:
    """What an Excel file (.xlsx) says, its cells as they are shown.

    Args:
        content: Its bytes.

    Raises:
        FileError: It is none, damaged, encrypted, has no text, or holds too much.
    """
    package = Package.of(content)
    if not any(map(_SHEET.fullmatch, package.names)):
        raise FileError(FileProblem.OTHER_KIND)
    package.check()
    account = Account()
    cells = 0
    bounds = Package.of(content)
    for name in filter(_SHEET.fullmatch, sorted(package.names)):
        part = bounds.part(name) or b""
        cells += len(_CELL.findall(part))
        for _ in _UNCOUNTED.findall(part):
            account.thing(Furniture.EMBEDDED)
    if cells > MOST_CELLS:
        raise FileError(FileProblem.TOO_COSTLY)
    book = _opened(content)
    blocks = [*_blocks(book, account)]
    for name in sorted(package.names):
        if _PICTURE.fullmatch(name):
            account.thing(Furniture.PICTURES)
        elif _DRAWN.fullmatch(name):
            account.thing(Furniture.EMBEDDED)
    reading = Reading.of(blocks, account, said_by(Package.of(content), ""))
    if not reading.words:
        raise FileError(FileProblem.NO_TEXT)
    return reading


def _opened(content: bytes) -> Workbook:
    try:
        with warnings.catch_warnings():
            # What it does not know and leaves alone, such as the colours of a table.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), data_only=True)
    except (FileError, MemoryError, RecursionError):
        raise
    except Exception as error:  # what it says of a broken file may be anything
        raise FileError(FileProblem.DAMAGED) from error


def _blocks(book: Workbook, account: Account) -> Iterator[Block]:
    sheets = [each for each in book.worksheets if isinstance(each, Worksheet)]
    visible = [each for each in sheets if each.sheet_state == "visible"]
    for sheet in sheets:
        if sheet.sheet_state != "visible":
            rows = (" ".join(row) for row in _rows(sheet))
            account.text(Furniture.HIDDEN, "\n".join(rows))
            continue
        found = [*_shown_rows(sheet, account)]
        read = read_rows(
            [row for row, _ in found], [at for at, (_, bold) in enumerate(found) if bold]
        )
        title = (sheet.title or "").strip()
        if read.blocks and (len(visible) > 1 or not _UNNAMED.fullmatch(title)):
            yield Heading(plain(title), 1)
        account.text(Furniture.HEADER, " ".join(read.titles))
        yield from read.blocks
        for text in _furniture(sheet):
            account.text(*text)


def _shown_rows(sheet: Worksheet, account: Account) -> Iterator[tuple[list[str], bool]]:
    """The rows that are shown, each with whether all of it is bold."""
    hidden = {
        column
        for letters, each in sheet.column_dimensions.items()
        if each.hidden
        for column in range(each.min or 0, (each.max or 0) + 1)
    }
    above: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        text = _said(sheet.cell(int(area.min_row), int(area.min_col)))
        # A cell that goes over several rows stands in each of them.
        above.update(
            {(row, int(area.min_col)): text for row in range(area.min_row, area.max_row + 1)}
        )
    for row in sheet.iter_rows():
        texts = [
            above.get((int(each.row or 0), int(each.column or 0))) or _said(each) for each in row
        ]
        if sheet.row_dimensions[int(row[0].row or 0)].hidden:
            account.text(Furniture.HIDDEN, " ".join(texts))
            continue
        gone = " ".join(
            text for each, text in zip(row, texts, strict=True) if each.column in hidden
        )
        account.text(Furniture.HIDDEN, gone)
        kept = [
            (each, text) for each, text in zip(row, texts, strict=True) if each.column not in hidden
        ]
        for each in row:
            if each.comment is not None:
                account.text(Furniture.COMMENTS, each.comment.text or "")
        filled = [each for each, text in kept if text.strip()]
        yield [text for _, text in kept], bool(filled) and all(each.font.b for each in filled)


def _rows(sheet: Worksheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [text for each in row if (text := _said(each))]


def _furniture(sheet: Worksheet) -> Iterator[tuple[Furniture, str]]:
    """What is printed above and below each page."""
    for what, part in ((Furniture.HEADER, sheet.oddHeader), (Furniture.FOOTER, sheet.oddFooter)):
        parts = () if part is None else (part.left, part.center, part.right)
        said = " ".join(each.text for each in parts if each is not None and each.text)
        yield what, re.sub(r"&[A-Z]", " ", said)


def _said(cell: Cell | MergedCell) -> str:
    found = cell.value
    known = found if isinstance(found, Value) else str(found)
    return shown(known, cell.number_format)
