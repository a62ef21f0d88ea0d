"""From the bytes of a file to what it says; called in a process of its own: see `isolation`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from knowledge.blocks.reading import Reading
from knowledge.files.decoding import words_in
from knowledge.files.html import read_html
from knowledge.files.kinds import LONGEST_TEXT, FileError, FileKind, FileProblem
from knowledge.files.opendocument import read_opendocument
from knowledge.files.pdf import read_pdf
from knowledge.files.plain import read_plain
from knowledge.files.sheets import read_csv, read_excel
from knowledge.files.uploads import Upload, markdown_upload
from knowledge.files.word import read_word
from knowledge.markdown import written

_PDF, _ZIP, _OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PACKED = {FileKind.WORD, FileKind.OPENDOCUMENT, FileKind.EXCEL}
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|p|div|h[1-6]|article|section|ul|table)\b", re.I)


def upload_of(content: bytes, kind: FileKind, stem: str) -> Upload:
    """What a file says.

    Args:
        content: Its bytes.
        kind: What it is.
        stem: Its name without its ending: its title, where front matter gives none.

    Raises:
        FileError: It cannot be read.
    """
    if not content.strip():
        raise FileError(FileProblem.NO_TEXT)
    if not _may_be(content, kind):
        raise FileError(FileProblem.OTHER_KIND)
    if kind is FileKind.MARKDOWN:
        upload = markdown_upload(words_in(content), stem)
    else:
        reading = _READERS[kind](content)
        upload = Upload(written(reading.blocks), reading.left_out, reading.said, reading.words)
    if not any(each.isalpha() for each in upload.markdown):
        raise FileError(FileProblem.NO_TEXT)
    if len(upload.markdown) > LONGEST_TEXT:
        raise FileError(FileProblem.TOO_LONG)
    return upload


def _may_be(content: bytes, kind: FileKind) -> bool:
    """Whether the first bytes are those of such a file."""
    if kind is FileKind.PDF:
        # Some programs write a few bytes of their own first.
        return _PDF in content[:1024]
    if kind in _PACKED:
        # An encrypted file is no zip, and the reader says so.
        return content.startswith((_ZIP, _OLE))
    if content.startswith((_PDF, _ZIP, _OLE)):
        return False
    if content.startswith(_BYTE_ORDER_MARKS):
        return True
    return b"\x00" not in content and (
        kind is not FileKind.HTML or _MARKUP.search(content) is not None
    )


_READERS: Mapping[FileKind, Callable[[bytes], Reading]] = {
    FileKind.TEXT: read_plain,
    FileKind.HTML: read_html,
    FileKind.PDF: read_pdf,
    FileKind.WORD: read_word,
    FileKind.OPENDOCUMENT: read_opendocument,
    FileKind.CSV: read_csv,
    FileKind.EXCEL: read_excel,
}
