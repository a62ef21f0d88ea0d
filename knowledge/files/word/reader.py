"""The reader of Word files."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from knowledge.blocks.notes import with_notes_in_place
from knowledge.blocks.reading import Furniture, Reading
from knowledge.files.kinds import FileError, FileProblem
from knowledge.files.packages import Package, Relation, child, read_package, texts
from knowledge.files.properties import said_by
from knowledge.files.word.notes import Notes
from knowledge.files.word.numbering import Numbering
from knowledge.files.word.styles import Styles
from knowledge.files.word.walking import Shared, Walker

_MAIN = "word/document.xml"
_FURNITURE = {
    "header": Furniture.HEADER,
    "footer": Furniture.FOOTER,
    "comments": Furniture.COMMENTS,
}


def read_word(content: bytes) -> Reading:
    """What a Word file (.docx) says.

    Args:
        content: Its bytes.

    Raises:
        FileError: It is none, damaged, encrypted, has no text, or holds too much.
    """
    return read_package(content, _read)


def _read(package: Package) -> Reading:
    main = package.main_part() or _MAIN
    root = package.xml(main)
    if root is None or root.tag != "w:document":
        raise FileError(FileProblem.OTHER_KIND)
    body = child(root, "w:body")
    if body is None:
        raise FileError(FileProblem.NO_TEXT)
    relations = package.relations(main)
    parts = _parts(package, relations)
    styles = Styles(parts.get("styles"))
    shared = Shared(
        package,
        styles,
        Numbering(parts.get("numbering"), styles),
        Notes(package, relations, body, parts.get("settings")),
    )
    blocks = Walker(shared, relations).walk(body)
    for relation in relations.values():
        what = _FURNITURE.get(relation.kind)
        part = package.xml(relation.target) if what else None
        if what is not None and part is not None:
            paragraphs = ("".join(texts(each, "w:t")) for each in part.iter("w:p"))
            shared.account.text(what, "\n".join(paragraphs))
    placed = with_notes_in_place([*blocks, *shared.written])
    return Reading.of(placed, shared.account, said_by(package, shared.title))


def _parts(package: Package, relations: Mapping[str, Relation]) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for each in relations.values():
        if each.kind in ("styles", "numbering", "settings") and not each.outside:
            part = package.xml(each.target)
            if part is not None:
                found.setdefault(each.kind, part)
    return found
