"""The reader of Word files."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from knowledge.blocks.reading import Furniture, Reading
from knowledge.files.kinds import FileError, FileProblem
from knowledge.files.notes_placed import placed
from knowledge.files.packages import Package, Relation, child, texts
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
    package = Package.of(content)
    main = package.main_part() or _MAIN
    try:
        root = package.xml(main)
        body = child(root, "w:body")
        if root is None or root.tag != "w:document":
            raise FileError(FileProblem.OTHER_KIND)
        if body is None:
            raise FileError(FileProblem.NO_TEXT)
        reading = _read(package, main, body)
    except RecursionError as error:
        raise FileError(FileProblem.TOO_COSTLY) from error
    except ValueError as error:
        # A number that is none, or has thousands of digits.
        raise FileError(FileProblem.DAMAGED) from error
    if not reading.words:
        raise FileError(FileProblem.NO_TEXT)
    return reading


def _read(package: Package, main: str, body: Element) -> Reading:
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
    return Reading.of(
        placed(blocks, shared.written), shared.account, said_by(package, shared.title)
    )


def _parts(package: Package, relations: Mapping[str, Relation]) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for each in relations.values():
        if each.kind in ("styles", "numbering", "settings") and not each.outside:
            part = package.xml(each.target)
            if part is not None:
                found.setdefault(each.kind, part)
    return found
