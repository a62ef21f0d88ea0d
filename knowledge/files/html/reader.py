"""The reader of HTML files."""

from __future__ import annotations

import re

from knowledge.blocks.blocks import texts_in
from knowledge.blocks.notes import with_notes_in_place
from knowledge.blocks.reading import Furniture, Reading, left_out
from knowledge.files.decoding import declared_encoding, decoded
from knowledge.files.html.css import Sheet
from knowledge.files.html.furniture import Judge
from knowledge.files.html.main_part import main_part
from knowledge.files.html.notes import notes_of
from knowledge.files.html.office import mend_lists
from knowledge.files.html.said import said_by
from knowledge.files.html.tree import Element, parsed
from knowledge.files.html.walking import Walker
from knowledge.files.kinds import LONGEST_TEXT, FileError, FileProblem

_OTHERS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
)
"""How files begin that are something else, whatever their names say."""
_MARKUP = re.compile(r"<(?:!doctype\b|!--|/?[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)


def read_html(content: bytes) -> Reading:
    """What a page says.

    Args:
        content: The bytes of an HTML file, in whatever encoding.

    Raises:
        FileError: It is no HTML, has no text, or too much of it.
    """
    if content.startswith(_OTHERS):
        raise FileError(FileProblem.OTHER_KIND)
    markup = decoded(content, declared_encoding(content))
    if not markup.strip():
        raise FileError(FileProblem.NO_TEXT)
    if not _MARKUP.search(markup):
        raise FileError(FileProblem.OTHER_KIND)
    page = parsed(markup)
    body = next(
        (each for each in page.root.children if isinstance(each, Element) and each.tag == "body"),
        page.root,
    )
    sheet = Sheet.of(page)
    mend_lists(body, sheet)
    notes = notes_of(page)
    for strict in (True, False):
        judge = Judge(page, sheet, strict=strict)
        main = main_part(body, lambda each: judge.kind(each, sheet.style(each)) is not None)  # noqa: B023
        walked = Walker(page, sheet, judge, notes).walk(body, main)
        gone = walked.left_out
        if page.unscripted.strip():
            gone.append(left_out(Furniture.HIDDEN, page.unscripted))
        reading = Reading.of(with_notes_in_place(walked.blocks), gone, said_by(page, main))
        length = sum(map(len, texts_in(reading.blocks)))
        if length > LONGEST_TEXT:
            raise FileError(FileProblem.TOO_LONG)
        if any(each.isalpha() for text in texts_in(reading.blocks) for each in text):
            return reading
    raise FileError(FileProblem.NO_TEXT)
