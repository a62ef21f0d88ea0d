"""The reader of Word files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from knowledge.files.kinds import FileError, FileProblem
from knowledge.files.notes_placed import placed
from knowledge.files.packages import Package, Relation, child, texts
from knowledge.files.word.notes import Notes
from knowledge.files.word.numbering import Numbering
from knowledge.files.word.styles import Styles
from knowledge.files.word.walking import Shared, Walker
from knowledge.language import Language
from knowledge.reading import Furniture, Reading, Said

_MAIN = "word/document.xml"
_FURNITURE = {
    "header": Furniture.HEADER,
    "footer": Furniture.FOOTER,
    "comments": Furniture.COMMENTS,
}
_NO_TITLE = re.compile(
    r"(?:microsoft )?word(?: -|\b).*|document ?\d*|sans titre.*|untitled.*", re.I
)
_NOBODY = re.compile(
    r"python-docx|(?:microsoft )?(?:office )?(?:user|utilisateur.*)|admin\w*", re.I
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


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


def said_by(package: Package, title: str) -> Said:
    """What the properties of an Office file say.

    Args:
        package: The file.
        title: The title that stands in its text; blank where none does.
    """
    core = next(
        (
            each.target
            for each in package.relations("").values()
            if each.kind == "core-properties" and not each.outside
        ),
        "docProps/core.xml",
    )
    root = package.xml(core)
    given = {
        each.tag: " ".join((each.text or "").split()) for each in (() if root is None else root)
    }
    own = given.get("dc:title", "")
    title = title or ("" if _NO_TITLE.fullmatch(own) else own)
    author = given.get("dc:creator", "")
    changed = date_of(given.get("dcterms:modified", ""))
    return Said(
        title or None,
        language_of(given.get("dc:language", "")),
        author if author and not _NOBODY.fullmatch(author) else None,
        # The template of python-docx has a day of its own, and hands it on.
        None if author == "python-docx" else changed or date_of(given.get("dcterms:created", "")),
    )


def language_of(code: str) -> Language | None:
    """The language that a code like “fr-BE” names, None for any other."""
    primary = re.split(r"[-_]", code.strip().lower())[0]
    return Language(primary) if primary in [each.value for each in Language] else None


def date_of(said: str) -> dt.date | None:
    """The day that begins a time like “2026-12-01T08:00:00Z”."""
    found = _DATE.match(said)
    try:
        return dt.date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
