"""Files that people send: what they say, and what is said of each that cannot be read."""

from __future__ import annotations

import io
import zipfile

import pytest
from pypdf import PdfReader, PdfWriter

from knowledge.files import FileError, FileProblem, read_file

_WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Opening</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>On Sundays the </w:t></w:r><w:r><w:t>bakery opens at nine.</w:t></w:r></w:p>"
    "</w:body></w:document>"
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def word(document: str = _WORD) -> bytes:
    """A Word file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES)
        file.writestr("_rels/.rels", _RELATIONS)
        file.writestr("word/document.xml", document)
    return packed.getvalue()


def pdf(*lines: str) -> bytes:
    """A PDF of one page with lines of text."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %b >>"
        % b"/Resources << /Font << /F1 5 0 R >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    written, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(written)
    return written + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def rewritten(content: bytes, password: str | None = None) -> bytes:
    """The same PDF, with a password or without any text."""
    writer = PdfWriter()
    if password is None:
        writer.add_blank_page(100, 100)
    else:
        writer.append(PdfReader(io.BytesIO(content)))
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


PAGE = b"""<!doctype html><html><head><title>Shop</title><style>p { color: red }</style></head>
<body><nav>Home About</nav><script>alert("stolen")</script>
<h2>Opening</h2><p>The <b>bakery</b> opens at <a href="https://x.y">nine</a>.</p>
<ul><li>Bread</li><li>Cake</li></ul><!-- secret --></body></html>"""


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.md", b"\xef\xbb\xbf# Opening\r\n\r\nAt nine.\r\n", "# Opening\n\nAt nine."),
        ("A.TXT", "À neuf heures.\n\n\n\nVoilà.".encode(), "À neuf heures.\n\nVoilà."),
        ("a.txt", "À neuf heures.".encode("utf-16"), "À neuf heures."),
        ("a.txt", b"nine\x07 o'clock", "nine o'clock"),
        ("a.txt", "À neuf heures.".encode("cp1252"), "À neuf heures."),
        ("a.txt", b"<b> 1. *no* markup", "\\<b> 1. \\*no\\* markup"),
        (
            "a.md",
            b"+++\ntitle = 'T'\ndraft = true\n+++\nAt nine.",
            "---\ntitle: T\ndraft: true\n---\n\nAt nine.\n",
        ),
        ("a.md", b"---\ntags: [x]\n---\nAt nine.", "---\ntitle: a\ntags: [x]\n---\nAt nine."),
        ("a.md", b"---\n\nAt nine\n\n---\n\nAt ten", "---\n\nAt nine\n\n---\n\nAt ten"),
        (
            "a.htm",
            PAGE,
            "## Opening\n\nThe **bakery** opens at [nine](https://x.y).\n\n- Bread\n- Cake",
        ),
        ("a.docx", word(), "# Opening\n\nOn Sundays the bakery opens at nine."),
        (
            "a.pdf",
            pdf("On Sundays the bakery", "opens at nine."),
            "On Sundays the bakery opens at nine.",
        ),
        ("a.pdf", pdf("On Sundays the ba-", "kery opens."), "On Sundays the bakery opens."),
    ],
)
def test_what_a_file_says_is_markdown(name: str, content: bytes, expected: str) -> None:
    assert read_file(name, content) == expected


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.exe", b"MZ", FileProblem.UNKNOWN_KIND),
        ("a", b"text", FileProblem.UNKNOWN_KIND),
        ("a.pdf", b"Just a text.", FileProblem.OTHER_KIND),
        ("a.md", pdf("Hello"), FileProblem.OTHER_KIND),
        ("a.txt", word(), FileProblem.OTHER_KIND),
        ("a.txt", b"\x7fELF\x00\x00", FileProblem.OTHER_KIND),
        ("a.html", b"No markup in here.", FileProblem.OTHER_KIND),
        ("a.docx", pdf("Hello"), FileProblem.OTHER_KIND),
        ("a.txt", bytes(range(128, 160)) * 20, FileProblem.NO_UTF8),
        ("a.md", b"", FileProblem.NO_TEXT),
        ("a.html", b"<html><script>alert('only this')</script></html>", FileProblem.NO_TEXT),
        ("a.pdf", rewritten(pdf("Hello")), FileProblem.NO_TEXT),
        ("a.pdf", rewritten(pdf("Hello"), "secret"), FileProblem.ENCRYPTED),
        ("a.pdf", pdf("Hello")[:60], FileProblem.DAMAGED),
        ("a.docx", word()[:200], FileProblem.DAMAGED),
        ("a.docx", word("<w:document"), FileProblem.DAMAGED),
        ("a.txt", b"word " * 250_000, FileProblem.TOO_LONG),
    ],
)
def test_each_file_that_cannot_be_read_has_its_problem(
    name: str, content: bytes, problem: FileProblem
) -> None:
    with pytest.raises(FileError) as caught:
        read_file(name, content)
    assert caught.value.problem is problem


def test_another_zip_is_no_word_file() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("a.txt", "Hello")
    with pytest.raises(FileError) as caught:
        read_file("a.docx", packed.getvalue())
    assert caught.value.problem is FileProblem.OTHER_KIND


def bomb() -> bytes:
    """A Word file of 70 KB that unpacks to 70 MB."""
    return word(_WORD.replace("nine.", " " * (70 << 20)))


def lying_bomb() -> bytes:
    """The same, which says of itself that it unpacks to little."""
    packed, size = bomb(), len(_WORD) + (70 << 20) - len("nine.")
    return packed.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", bomb()),
        ("a.html", b"<html>" + b"<div>" * 200_000 + b"text"),
    ],
)
def test_what_would_take_too_much_is_given_up(name: str, content: bytes) -> None:
    with pytest.raises(FileError) as caught:
        read_file(name, content)
    assert caught.value.problem is FileProblem.TOO_COSTLY


def test_a_bomb_that_lies_about_its_size_does_no_harm() -> None:
    with pytest.raises(FileError) as caught:
        read_file("a.docx", lying_bomb())
    assert caught.value.problem in {FileProblem.TOO_COSTLY, FileProblem.DAMAGED}


def test_a_reader_is_ended_when_it_takes_too_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.files.isolation._MEMORY", 180 << 20)
    with pytest.raises(FileError) as caught:
        read_file("a.txt", b"word " * 20_000_000)
    assert caught.value.problem is FileProblem.TOO_COSTLY
