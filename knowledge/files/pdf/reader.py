"""The reader of PDF files."""

from __future__ import annotations

import ctypes
import datetime as dt
import re

import pypdfium2 as pdfium
from pypdfium2 import raw

from knowledge.blocks.reading import Furniture, LeftOut, Reading, Said, left_out
from knowledge.files.kinds import LONGEST_TEXT, FileError, FileProblem
from knowledge.files.pdf.columns import in_order
from knowledge.files.pdf.furniture import without_furniture
from knowledge.files.pdf.hyphens import Hyphens
from knowledge.files.pdf.lines import PageText, text_of
from knowledge.files.pdf.paragraphs import grouped
from knowledge.files.pdf.shaping import shaped
from knowledge.language import Language

_START = b"%PDF-"
_MOST_PAGES = 5000
_FILE_NAME = re.compile(r"\.\w{2,5}$|^(?:untitled|sans titre|document\d*|microsoft word)\b", re.I)

_NOBODY = ("anonymous", "unknown", "unspecified", "(anonymous)", "(unspecified)", "user")
"""What programs write where they know no author or title."""


def read_pdf(content: bytes) -> Reading:
    """What a PDF says.

    Args:
        content: The bytes of the file.

    Raises:
        FileError: It is no PDF, damaged, encrypted, too much, or has no text.
    """
    # Some programs write a few bytes of their own first.
    if _START not in content[:1024]:
        raise FileError(FileProblem.OTHER_KIND)
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        problem = FileProblem.ENCRYPTED if locked else FileProblem.DAMAGED
        raise FileError(problem) from error
    try:
        return _reading(document)
    finally:
        document.close()


def _reading(document: pdfium.PdfDocument) -> Reading:
    count = len(document)
    if not count:
        raise FileError(FileProblem.DAMAGED)
    if count > _MOST_PAGES:
        raise FileError(FileProblem.TOO_COSTLY)
    pages: list[PageText] = []
    length = 0
    for number in range(count):
        pages.append(_page(document, number))
        length += sum(len(each.text) + 1 for each in pages[-1].lines)
        if length > LONGEST_TEXT:
            raise FileError(FileProblem.TOO_LONG)
    account: list[LeftOut] = [
        left_out(Furniture.HIDDEN, each.outside, (at,))
        for at, each in enumerate(pages, start=1)
        if each.outside
    ]
    empty = tuple(at for at, each in enumerate(pages, start=1) if not each.lines)
    if not any(any(map(str.isalpha, line.text)) for each in pages for line in each.lines):
        raise FileError(FileProblem.NO_TEXT)
    kept, furniture = without_furniture([each.lines for each in pages])
    lines = [line for page in kept for line in in_order(page)]
    if empty:
        account.append(LeftOut(Furniture.EMPTY_PAGES, count=len(empty), places=empty))
    hyphens = Hyphens(each.text.rpartition(" ")[0] for each in lines)
    return Reading.of(shaped(grouped(lines), hyphens), [*account, *furniture], _said(document))


def _page(document: pdfium.PdfDocument, number: int) -> PageText:
    try:
        page = document[number]
    except pdfium.PdfiumError as error:
        raise FileError(FileProblem.DAMAGED) from error
    try:
        return text_of(page, number)
    finally:
        page.close()


def _said(document: pdfium.PdfDocument) -> Said:
    told = document.get_metadata_dict(skip_empty=True)
    title = " ".join(told.get("Title", "").split())
    author = " ".join(told.get("Author", "").split())
    date = re.match(r"D:(\d{4})(\d\d)(\d\d)", told.get("CreationDate", ""))
    try:
        published = dt.date(*map(int, date.groups())) if date else None
    except ValueError:
        published = None
    return Said(
        title=title
        if title and not (title.lower() in _NOBODY or _FILE_NAME.search(title))
        else None,
        language=_language(document),
        author=author if author and author.lower() not in _NOBODY else None,
        published=published,
    )


def _language(document: pdfium.PdfDocument) -> Language | None:
    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    if size <= ctypes.sizeof(raw.FPDF_WCHAR):
        return None
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    told = buffer.raw.decode("utf-16-le", errors="replace").rstrip("\x00")[:2].lower()
    return Language(told) if told in set(Language) else None
