"""From bytes to text: by what a file declares, else by what gives words."""

from __future__ import annotations

import codecs
import re

from knowledge.files.kinds import FileError, FileProblem

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)|<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_AHEAD = 4096
"""Bytes in which a page has to declare its encoding; browsers read 1,024."""
_LEAST_WORDS = 0.6
"""Of the characters, how many are letters, digits, white space or common punctuation."""
_USUAL = re.compile(r"[\w\s.,;:!?'\"()«»“”‘’–—…€%/@&+*=°§<>\[\]{}#|_-]")
_LATIN = ("iso8859-1", "ascii", "latin-1", "iso8859-15", "cp1252")
"""What pages declare and mean windows-1252, as browsers take it."""


def declared_encoding(content: bytes) -> str | None:
    """The encoding that a page or an XML file declares, None where Python has none like it."""
    found = _DECLARED.search(content[:_AHEAD])
    return _known((found[1] or found[2]).decode("ascii", "replace")) if found else None


def decoded(content: bytes, declared: str | None = None) -> str:
    """`content` as text.

    A byte order mark decides; then UTF-8 where all bytes are UTF-8, for what is in another
    encoding hardly ever is by chance and many files declare what they once were; then
    `declared`; then windows-1252, which has nearly any byte.

    Args:
        content: The bytes of a text.
        declared: The encoding that it declares, if it does.
    """
    for mark, unicode in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(unicode, "replace")
    encoding = _known(declared) if declared else None
    # These write other alphabets in bytes of ASCII.
    if encoding is None or not encoding.startswith(("utf-7", "iso2022", "hz")):
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if encoding is not None and not encoding.startswith("utf"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            pass
    if b"\x00" in content[:_AHEAD]:
        even, odd = content[:_AHEAD:2].count(0), content[1:_AHEAD:2].count(0)
        return content.decode("utf-16-be" if even > odd else "utf-16-le", "replace")
    if encoding == "utf-8" and _mostly_utf8(content):
        return content.decode("utf-8", "replace")
    # The five bytes that it lacks are control characters, as browsers have it.
    return content.decode("cp1252", "replace")


def _known(name: str) -> str | None:
    try:
        found = codecs.lookup(name)
    except LookupError:
        return None
    # Python has encodings that are none of text.
    if not getattr(found, "_is_text_encoding", True):
        return None
    return "cp1252" if found.name in _LATIN and found.name != "iso8859-15" else found.name


def _mostly_utf8(content: bytes) -> bool:
    """Whether what is no UTF-8 is a slip: most of the letters beyond ASCII are."""
    text = content.decode("utf-8", "replace")
    return 2 * text.count("\ufffd") < sum(not each.isascii() for each in text)


def words_in(content: bytes) -> str:
    """`content` as text that has words.

    Raises:
        FileError: No encoding gives words.
    """
    text = decoded(content)
    usual = len(_USUAL.findall(text))
    if "\0" in text or usual < _LEAST_WORDS * len(text):
        raise FileError(FileProblem.NO_UTF8)
    return text
