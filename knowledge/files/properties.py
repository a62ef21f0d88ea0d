"""What office files say of themselves in their properties."""

from __future__ import annotations

import datetime as dt
import re

from knowledge.blocks.reading import Said
from knowledge.files.packages import Package
from knowledge.language import Language

_NO_TITLE = re.compile(
    r"(?:microsoft )?word(?: -|\b).*|document ?\d*|sans titre.*|untitled.*", re.I
)
_NOBODY = re.compile(
    r"python-docx|(?:microsoft )?(?:office )?(?:user|utilisateur.*)|admin\w*", re.I
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


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
