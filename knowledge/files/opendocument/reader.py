"""The reader of OpenDocument texts."""

from __future__ import annotations

import re

from knowledge.blocks.notes import with_notes_in_place
from knowledge.blocks.reading import Furniture, Reading, Said
from knowledge.files.kinds import FileError, FileProblem
from knowledge.files.opendocument.styles import Styles
from knowledge.files.opendocument.walking import Shared, Walker, all_text
from knowledge.files.packages import Package, child, read_package
from knowledge.files.properties import date_of, language_of

_FURNITURE = re.compile(r"style:(header|footer)(?:-left|-first)?")


def read_opendocument(content: bytes) -> Reading:
    """What a text of LibreOffice or another OpenDocument program (.odt) says.

    Args:
        content: Its bytes.

    Raises:
        FileError: It is none, damaged, encrypted, has no text, or holds too much.
    """
    return read_package(content, _read)


def _read(package: Package) -> Reading:
    root = package.xml("content.xml")
    body = child(root, "office:body", "office:text")
    if root is None or body is None:
        raise FileError(FileProblem.OTHER_KIND)
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
    placed = with_notes_in_place([*blocks, *shared.written])
    return Reading.of(placed, shared.account, said)


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
