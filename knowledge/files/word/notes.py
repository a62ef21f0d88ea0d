"""The footnotes and endnotes of a Word file, and how it counts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from knowledge.files.packages import Package, Relation, texts, value
from knowledge.files.word.numbering import counted

_KINDS = {"footnotes": "w:footnote", "endnotes": "w:endnote"}
_USUAL = {"w:footnote": "decimal", "w:endnote": "lowerRoman"}


@dataclass(frozen=True, slots=True)
class Found:
    """A note that is referred to.

    Attributes:
        mark: As its reader sees it.
        element: What has its text.
        relations: What that refers to.
    """

    mark: str
    element: Element
    relations: Mapping[str, Relation]


class Notes:
    """Counts the notes of a file in the order in which they are referred to."""

    def __init__(
        self,
        package: Package,
        relations: Mapping[str, Relation],
        body: Element,
        settings: Element | None,
    ) -> None:
        self._found: dict[tuple[str, str], tuple[Element, Mapping[str, Relation]]] = {}
        for relation in relations.values():
            name = _KINDS.get(relation.kind)
            root = package.xml(relation.target) if name else None
            own = package.relations(relation.target) if root is not None else {}
            for each in () if root is None else root:
                if each.tag == name and each.get("w:type", "normal") == "normal":
                    self._found[name, each.get("w:id", "")] = (each, own)
        self._forms = {
            name: _form(f"{name}Pr", body, settings) or usual for name, usual in _USUAL.items()
        }
        self._counts = dict.fromkeys(_USUAL, 0)
        self._marks: set[str] = set()

    def text(self, reference: Element) -> str:
        """The words of a note that is not counted, for what refers to it is left out."""
        name = reference.tag.removesuffix("Reference")
        found = self._found.pop((name, reference.get("w:id", "")), None)
        return "" if found is None else " ".join(texts(found[0], "w:t", "w:delText"))

    def referred(self, reference: Element, custom: str) -> Found | None:
        """The note of a reference, None where the file has none.

        Args:
            reference: A `w:footnoteReference` or `w:endnoteReference`.
            custom: The mark that its author gave it; blank where it is counted.
        """
        name = reference.tag.removesuffix("Reference")
        found = self._found.pop((name, reference.get("w:id", "")), None)
        if found is None:
            return None
        mark = custom if custom not in self._marks else ""
        while not mark:
            self._counts[name] += 1
            counted_on = counted(self._counts[name], self._forms[name])
            mark = counted_on if counted_on not in self._marks else ""
            if self._counts[name] > len(self._marks) + len(self._found) + 1:
                mark = mark or f"{name[2]}{self._counts[name]}"
        self._marks.add(mark)
        return Found(mark, *found)


def _form(name: str, body: Element, settings: Element | None) -> str | None:
    sections = (value(each, name, "w:numFmt") for each in body.iter("w:sectPr"))
    return next(filter(None, sections), None) or value(settings, name, "w:numFmt")
