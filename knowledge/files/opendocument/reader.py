"""The reader of OpenDocument texts."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from knowledge.blocks.reading import Furniture, Reading, Said
from knowledge.files.kinds import FileError, FileProblem
from knowledge.files.notes_placed import placed
from knowledge.files.opendocument.styles import Styles
from knowledge.files.opendocument.walking import Shared, Walker, all_text
from knowledge.files.packages import Package, child
from knowledge.files.properties import date_of, language_of

_FURNITURE = re.compile(r"style:(header|footer)(?:-left|-first)?")


def read_opendocument(content: bytes) -> Reading:
    """What a text of LibreOffice or another OpenDocument program (.odt) says.

    Args:
        content: Its bytes.

    Raises:
        FileError: It is none, damaged, encrypted, has no text, or holds too much.
    """
    package = Package.of(content)
    try:
        root = package.xml("content.xml")
        body = child(root, "office:body", "office:text")
        if root is None or body is None:
            raise FileError(FileProblem.OTHER_KIND)
        reading = _read(package, root, body)
    except RecursionError as error:
        raise FileError(FileProblem.TOO_COSTLY) from error
    except ValueError as error:
        # A number that is none, or has thousands of digits.
        raise FileError(FileProblem.DAMAGED) from error
    if not reading.words:
        raise FileError(FileProblem.NO_TEXT)
    return reading


def _read(package: Package, root: Element, body: Element) -> Reading:
    common = package.xml("styles.xml")
    shared = Shared(Styles(common, root))
    for each in body.iter("text:deletion"):
        paragraphs = (all_text(inner) for inner in each.iter() if inner.tag in ("text:p", "text:h"))
        shared.account.text(Furniture.DELETED, "\n".join(paragraphs))
    blocks = Walker(shared).walk(body)
    for each in () if common is None else common.iter():
        found = _FURNITURE.fullmatch(each.tag)
        if found:
            paragraphs = (all_text(inner) for inner in each.iter("text:p"))
            shared.account.text(Furniture(found[1]), "\n".join(paragraphs))
    said = _said_by(package, shared.title)
    return Reading.of(placed(blocks, shared.written), shared.account, said)


def _said_by(package: Package, title: str) -> Said:
    meta = child(package.xml("meta.xml"), "office:meta")
    given = {
        each.tag: " ".join((each.text or "").split()) for each in (() if meta is None else meta)
    }
    return Said(
        title or given.get("dc:title") or None,
        language_of(given.get("dc:language", "")),
        given.get("meta:initial-creator") or given.get("dc:creator") or None,
        date_of(given.get("dc:date", "")) or date_of(given.get("meta:creation-date", "")),
    )
