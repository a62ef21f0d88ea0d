"""Small files of office programs, made of plain zips and XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping

from knowledge.blocks.blocks import texts_in
from knowledge.blocks.reading import Reading

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_OPEN = " ".join(
    f'xmlns:{prefix}="{_OASIS}{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
        ("draw", "drawing"), ("fo", "xsl-fo-compatible"), ("meta", "meta"),
        ("manifest", "manifest"),
    )
)  # fmt: skip
_OPEN += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return packed.getvalue()


def word(
    body: str, links: Iterable[str] = (), main: str = "word/document.xml", **parts: str
) -> bytes:
    """A Word file.

    Args:
        body: What stands in `w:body`.
        links: Addresses, to which `r:id="link0"` and so on lead.
        main: The name of its main part.
        parts: What stands in the root of each other part, by its name: `styles`, `footnotes`.
    """
    roots = {"header1": "hdr", "footer1": "ftr"}
    files: dict[str, str | bytes] = {
        "_rels/.rels": _relations([("rId1", f"{_OFFICE}/officeDocument", main, "")]),
        main: f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
    }
    found = [
        (f"link{at}", f"{_OFFICE}/hyperlink", each, ' TargetMode="External"')
        for at, each in enumerate(links)
    ]
    for name, content in parts.items():
        if name == "core":
            files["docProps/core.xml"] = (
                '<core xmlns:dc="http://purl.org/dc/elements/1.1/" '
                f'xmlns:dcterms="http://purl.org/dc/terms/">{content}</core>'
            )
            continue
        root = roots.get(name, name)
        files[f"word/{name}.xml"] = f"<w:{root} {_NAMES}>{content}</w:{root}>"
        kind = re.sub(r"\d", "", name)
        found.append((f"id-{name}", f"{_OFFICE}/{kind}", f"{name}.xml", ""))
    files["word/_rels/document.xml.rels"] = _relations(found)
    return zipped(files)


def opendocument(text: str, automatic: str = "", **parts: str) -> bytes:
    """An OpenDocument text.

    Args:
        text: What stands in `office:text`.
        automatic: What stands in `office:automatic-styles`.
        parts: What stands in the root of other parts: `styles`, `meta`, `manifest`.
    """
    files: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {_OPEN}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:text>{text}</office:text></office:body>"
        "</office:document-content>",
    }
    for name, content in parts.items():
        path = "META-INF/manifest.xml" if name == "manifest" else f"{name}.xml"
        files[path] = f"<office:{name} {_OPEN}>{content}</office:{name}>"
    return zipped(files)


def p(text: str, properties: str = "", look: str = "") -> str:
    """A paragraph of Word of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text, look)}</w:p>"


def run(text: str, look: str = "") -> str:
    """A run of Word."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def words_of(reading: Reading) -> list[str]:
    """All words that became blocks or first words of what was left out, in no order."""
    said = " ".join((*texts_in(reading.blocks), *(each.first_words for each in reading.left_out)))
    return re.findall(r"\w+", said)


def _relations(found: Iterable[tuple[str, str, str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"{mode}/>'
        for name, kind, target, mode in found
    )
    return f'<Relationships xmlns="{_RELATIONS}">{told}</Relationships>'
