"""The characters of a file, by what it declares, else by what gives words."""

from __future__ import annotations

import codecs
import re

from knowledge.files.kinds import FileError, FileProblem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_HEAD = 4096
_LEAST_WORDS = 0.6
"""Of the characters, how many are letters, digits, white space or common punctuation."""
_USUAL = re.compile(r"[\w\s.,;:!?'\"()«»“”‘’–—…€%/@&+*=°§<>\[\]{}#|_-]")


def decoded(content: bytes, *, declares: bool = False) -> str:
    """The text of a file.

    Args:
        content: Its bytes.
        declares: Whether it may say of itself how it is encoded, as pages do.

    Raises:
        FileError: No encoding gives words.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _try(content, encoding) or _refused()
    if declares and (found := _DECLARED.search(content[:_HEAD])):
        declared = (found[1] or found[2]).decode("ascii", "replace")
        # A page that can be searched for a declaration is not in UTF-16.
        if not declared.lower().startswith("utf-16") and (text := _try(content, declared)):
            return text
    encodings = ["utf-8", "cp1252"]
    if content[:_HEAD].count(0) * 4 > len(content[:_HEAD]):
        even, odd = content[:_HEAD:2].count(0), content[1:_HEAD:2].count(0)
        encodings = ["utf-16-be" if even > odd else "utf-16-le"]
    for encoding in encodings:
        if (text := _try(content, encoding)) is not None:
            return text
    return _refused()


def _try(content: bytes, encoding: str) -> str | None:
    """The text, where the encoding is known and gives words."""
    try:
        text = content.decode("cp1252" if encoding.lower() in _WESTERN else encoding)
    except (UnicodeError, LookupError, ValueError):
        return None
    sample = text[:100_000]
    if encoding != "utf-8" and sample:
        usual = len(_USUAL.findall(sample))
        if usual < _LEAST_WORDS * len(sample):
            return None
    return text


def _refused() -> str:
    raise FileError(FileProblem.NO_UTF8)


_WESTERN = {"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252"}
"""What browsers read as windows-1252."""
