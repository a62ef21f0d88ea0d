"""Zips of XML parts, which is what office programs save; of strangers, so within bounds.

The XML is read by Python's own parser: expat fetches nothing, and a document type, the only
place where entities can be declared, is refused. A zip's word on its sizes is not believed.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn, Self
from xml.etree.ElementTree import Element, ParseError, fromstring

from knowledge.blocks.reading import Reading
from knowledge.files.kinds import FileError, FileProblem

MOST_UNPACKED = 64 << 20
"""Bytes of all parts together that are read."""
MOST_PARTS = 10_000
MOST_ELEMENTS = 2_000_000
_CHUNK = 1 << 16
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old Office files begin so, and new ones with a password."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)\b")
_NAME = re.compile(r"\{([^}]*)\}(.*)", re.DOTALL)
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/1998/Math/MathML": "math",
    f"{_OASIS}office:1.0": "office",
    f"{_OASIS}text:1.0": "text",
    f"{_OASIS}table:1.0": "table",
    f"{_OASIS}style:1.0": "style",
    f"{_OASIS}drawing:1.0": "draw",
    f"{_OASIS}xsl-fo-compatible:1.0": "fo",
    f"{_OASIS}svg-compatible:1.0": "svg",
    f"{_OASIS}meta:1.0": "meta",
    f"{_OASIS}manifest:1.0": "manifest",
    "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0": "loext",
}
"""Names of the same thing in the two versions of Office's format are one."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to.

    Attributes:
        kind: The last word of its type: “hyperlink”, “header”.
        target: The name of another part; where it is outside, an address.
        outside: Whether it is no part of the package.
    """

    kind: str
    target: str
    outside: bool


class Package:
    """The parts of an office document; made by `Package.of`."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._left = MOST_UNPACKED
        self._elements = 0
        self.names = frozenset(packed.namelist())

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Open a package.

        Raises:
            FileError: It is none, damaged, encrypted, or holds too much.
        """
        if content.startswith(_COMPOUND):
            raise FileError(
                FileProblem.ENCRYPTED if _ENCRYPTED in content else FileProblem.OTHER_KIND
            )
        if not content.startswith(_ZIP):
            raise FileError(FileProblem.OTHER_KIND)
        try:
            packed = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise FileError(FileProblem.DAMAGED) from error
        entries = packed.infolist()
        if len(entries) > MOST_PARTS:
            raise FileError(FileProblem.TOO_COSTLY)
        if any(each.flag_bits & 1 for each in entries):
            raise FileError(FileProblem.ENCRYPTED)
        package = cls(packed)
        manifest = package.xml("META-INF/manifest.xml")
        marks = () if manifest is None else manifest.iter("manifest:encryption-data")
        if any(True for _ in marks):
            raise FileError(FileProblem.ENCRYPTED)
        return package

    def part(self, name: str) -> bytes | None:
        """The bytes of a part, None where there is none of that name.

        Raises:
            FileError: It is damaged, or too much was read.
        """
        if name not in self.names:
            return None
        read = io.BytesIO()
        try:
            with self._packed.open(name) as file:
                while chunk := file.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise FileError(FileProblem.TOO_COSTLY)
                    read.write(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise FileError(FileProblem.DAMAGED) from error
        return read.getvalue()

    def xml(self, name: str) -> Element | None:
        """The root of an XML part, its names as “w:p”; None where there is none of that name.

        Raises:
            FileError: It is damaged, has a document type, or is too large.
        """
        content = self.part(name)
        if content is None:
            return None
        root = _parsed(content)
        renamed: dict[str, str] = {}
        for each in root.iter():
            self._elements += 1
            each.tag = renamed.get(each.tag) or renamed.setdefault(each.tag, _short(each.tag))
            if any("{" in name for name in each.attrib):
                each.attrib = {
                    renamed.get(name) or renamed.setdefault(name, _short(name)): value
                    for name, value in each.attrib.items()
                }
        if self._elements > MOST_ELEMENTS:
            raise FileError(FileProblem.TOO_COSTLY)
        return root

    def check(self) -> None:
        """Look at all parts, for a library that reads them by itself.

        Raises:
            FileError: One is damaged, or all are too large, or one has a document type.
        """
        for name in sorted(self.names):
            content = self.part(name)
            if content is not None and name.endswith((".xml", ".rels")):
                _refuse_document_type(content)

    def relations(self, name: str) -> Mapping[str, Relation]:
        """What a part refers to, by its ids."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, Relation] = {}
        for each in () if root is None else root:
            outside = each.get("TargetMode") == "External"
            target = each.get("Target", "")
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = each.get("Type", "").rpartition("/")[2]
            found[each.get("Id", "")] = Relation(kind, target, outside)
        return found

    def main_part(self) -> str:
        """The part that the package itself says is its document; blank where it says none."""
        return next(
            (each.target for each in self.relations("").values() if each.kind == "officeDocument"),
            "",
        )


def read_package(content: bytes, read: Callable[[Package], Reading]) -> Reading:
    """What an office document says.

    Args:
        content: The bytes of the file.
        read: Reads its parts; a number that is none, or has thousands of digits, is damage.

    Raises:
        FileError: It is none, damaged, encrypted, has no text, or holds too much.
    """
    package = Package.of(content)
    try:
        reading = read(package)
    except RecursionError as error:
        raise FileError(FileProblem.TOO_COSTLY) from error
    except ValueError as error:
        raise FileError(FileProblem.DAMAGED) from error
    if not reading.words:
        raise FileError(FileProblem.NO_TEXT)
    return reading


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of a name, then its first child of the next, and so on."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if each.tag == name), None)
    return element


def value(element: Element | None, *path: str, name: str = "w:val") -> str | None:
    """An attribute of the element at the end of a path, None where it is not there."""
    found = child(element, *path)
    return None if found is None else found.get(name)


def texts(element: Element, *names: str) -> Iterator[str]:
    """The texts of all elements of these names, in the order of the file."""
    for each in element.iter():
        if each.tag in names and each.text:
            yield each.text


def _parsed(content: bytes) -> Element:
    _refuse_document_type(content)
    try:
        return fromstring(content)  # noqa: S314 - has no document type
    except (ParseError, ValueError, LookupError) as error:
        raise FileError(FileProblem.DAMAGED) from error


def _refuse_document_type(content: bytes) -> None:
    plain = content.replace(b"\0", b"") if content.startswith(_WIDE) else content
    if _DOCUMENT_TYPE.search(plain):
        _refuse()


def _refuse() -> NoReturn:
    raise FileError(FileProblem.DAMAGED)


def _short(name: str) -> str:
    found = _NAME.match(name)
    if found is None:
        return name
    prefix = _PREFIXES.get(found[1])
    return name if prefix is None else f"{prefix}:{found[2]}"
