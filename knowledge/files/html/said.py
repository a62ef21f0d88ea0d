"""What a page says of itself."""

from __future__ import annotations

import datetime as dt
import re

from knowledge.blocks.reading import Said
from knowledge.files.html.tree import Element, Page
from knowledge.language import Language

_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator")
_DATES = (
    "article:published_time",
    "datepublished",
    "dc.date",
    "dcterms.created",
    "dc.date.issued",
    "date",
)
_DATE = re.compile(r"\s*(\d{4}-\d{2}-\d{2})")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def said_by(page: Page, main: Element) -> Said:
    """What a page says of itself, in its head and where its text stands."""
    metas = _metas(page.root)
    elements = [*page.root.all()]
    headings = [_line(each) for each in main.all() if each.tag == "h1"]
    titles = [_line(each) for each in elements if each.tag == "title"]
    title = headings[0] if len(headings) == 1 else ""
    title = title or metas.get("og:title", "") or next(filter(None, titles), "")
    author = next((metas[each] for each in _AUTHORS if metas.get(each)), "")
    addresses = [
        *(
            each.get("href")
            for each in elements
            if each.tag == "link" and "canonical" in each.get("rel").lower().split()
        ),
        metas.get("og:url", ""),
    ]
    return Said(
        title or None,
        _language(page.root),
        author if author and not _ADDRESS.match(author) else None,
        _published(metas, main),
        next((each.strip() for each in addresses if _ADDRESS.fullmatch(each.strip())), None),
    )


def _metas(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in root.all():
        if each.tag == "meta":
            name = each.get("property") or each.get("name") or each.get("itemprop")
            content = " ".join(each.get("content").split())
            if name and content:
                found.setdefault(name.lower(), content)
    return found


def _line(element: Element) -> str:
    return " ".join(element.text().split())


def _language(root: Element) -> Language | None:
    body = next(
        (each for each in root.children if isinstance(each, Element) and each.tag == "body"), root
    )
    said = root.get("lang") or root.get("xml:lang") or body.get("lang")
    primary = re.split(r"[-_]", said.strip().lower())[0]
    return Language(primary) if primary in list(Language) else None


def _published(metas: dict[str, str], main: Element) -> dt.date | None:
    given = [metas.get(each, "") for each in _DATES]
    given += (
        each.get("datetime")
        for each in main.all()
        if each.tag == "time"
        and (
            "pubdate" in each.attributes
            or each.get("itemprop").lower() == "datepublished"
            or "published" in each.names
        )
    )
    for each in given:
        found = _DATE.match(each)
        if found:
            try:
                return dt.date.fromisoformat(found[1])
            except ValueError:
                continue
    return None
