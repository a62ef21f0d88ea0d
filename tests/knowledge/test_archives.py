"""Zips of documents: what they have, and what is said of each that cannot be used."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence

import pytest

from knowledge.files import (
    ArchiveError,
    ArchiveProblem,
    FileProblem,
    isolation,
    read_archive,
    title_in,
)
from knowledge.files.archives import MOST_FILES, MOST_UNPACKED, unpacked


def zipped(
    *files: tuple[str | zipfile.ZipInfo, str | bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A zip of files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as file:
        for name, content in files:
            file.writestr(name, content, method)
    return packed.getvalue()


def link() -> bytes:
    """A zip whose file is a link to another file of the system."""
    entry = zipfile.ZipInfo("bakery/en.md")
    entry.external_attr = 0o120777 << 16
    return zipped((entry, "/etc/passwd"))


def encrypted() -> bytes:
    """A zip that says of its file that a password protects it."""
    content = bytearray(zipped(("bakery/en.md", "It opens.")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def bomb() -> bytes:
    """A zip that is small, and larger than it may be once it is unpacked."""
    half = b"a" * (MOST_UNPACKED // 2 + 1)
    return zipped(("bakery/en.md", half), ("bakery/fr.md", half))


def modest_bomb() -> bytes:
    """The same; it says of its files that they hold ten bytes."""
    content = bytearray(bomb())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 24 : at + 28] = (10).to_bytes(4, "little")
        at = content.find(b"PK\x01\x02", at + 1)
    return bytes(content)


def many() -> bytes:
    """A zip of too many files."""
    return zipped(*((f"bakery/{each}.md", "") for each in range(MOST_FILES + 1)))


def twice() -> bytes:
    """A zip with two files of one name."""
    with warnings.catch_warnings(action="ignore"):
        return zipped(("bakery/en.md", "It opens."), ("bakery/en.md", "It closes."))


def garbled() -> bytes:
    """A zip whose file cannot be unpacked, though all that describes it is in order."""
    content = bytearray(zipped(("bakery/en.md", "It opens at nine. " * 9)))
    at = content.index(b"bakery/en.md") + len("bakery/en.md")
    content[at : at + 8] = b"\xff" * 8
    return bytes(content)


def refusal(content: bytes) -> ArchiveError:
    with pytest.raises(ArchiveError) as refused:
        read_archive(content)
    return refused.value


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"no zip", ArchiveProblem.NO_ZIP),
        (b"", ArchiveProblem.NO_ZIP),
        (zipped(("a/en.md", "It opens."))[:-30], ArchiveProblem.DAMAGED),
        (zipped(("a/en.md", "It opens."), method=zipfile.ZIP_LZMA), ArchiveProblem.DAMAGED),
        (encrypted(), ArchiveProblem.ENCRYPTED),
        (zipped(), ArchiveProblem.EMPTY),
        (zipped(("bakery/", "")), ArchiveProblem.EMPTY),
        (many(), ArchiveProblem.TOO_MANY),
        (bomb(), ArchiveProblem.TOO_LARGE),
        (modest_bomb(), ArchiveProblem.DAMAGED),
        (garbled(), ArchiveProblem.DAMAGED),
        (link(), ArchiveProblem.LINK),
    ],
    ids=lambda each: str(each) if isinstance(each, ArchiveProblem) else "",
)
def test_a_zip_that_cannot_be_used_is_refused(content: bytes, problem: ArchiveProblem) -> None:
    assert refusal(content).problem == problem


@pytest.mark.parametrize(
    "name",
    [
        "../en.md",
        "bakery/../../en.md",
        "/etc/passwd",
        "C:/en.md",
        "bakery\\en.md",
        "bakery//en.md",
        "./en.md",
        "bakery/e\nn.md",
        "bakery/\u202een.md",
        "bakery/" + "a" * 200,
    ],
)
def test_a_name_that_leads_elsewhere_or_is_odd_is_refused_and_said(name: str) -> None:
    refused = refusal(zipped(("bakery/fr.md", "Elle ouvre."), (name, "It opens.")))
    assert refused.problem == ArchiveProblem.UNSAFE_NAME
    assert refused.name.isascii() and refused.name[:3] == name[:3]


def test_a_name_that_is_there_twice_is_refused() -> None:
    assert refusal(twice()).problem == ArchiveProblem.UNSAFE_NAME


@pytest.mark.parametrize("around", ["", "knowledge/"])
def test_documents_are_read_and_what_systems_add_is_overlooked(around: str) -> None:
    files: Sequence[tuple[str, str | bytes]] = [
        (f"{around}bakery/", ""),
        (f"{around}bakery/en.md", "\ufeffIt opens\r\nat nine."),
        (f"{around}bakery/questions.yaml", "[]"),
        (f"{around}bakery/.DS_Store", b"\xff"),
        ("__MACOSX/bakery/._en.md", b"\xff"),
        (f"{around}école/fr.md", "Elle ouvre."),
    ]
    archive = read_archive(zipped(*files))
    assert archive.problems == {}
    assert archive.documents == {
        "bakery": {"en.md": "It opens\nat nine.", "questions.yaml": "[]"},
        "école": {"fr.md": "Elle ouvre."},
    }


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("bakery/fr.md", "Été".encode("latin-1"), ArchiveProblem.NO_UTF8),
        ("bakery/fr.md", b"a" * 1_000_001, ArchiveProblem.TOO_LONG),
        ("bakery/photo.png", b"\x89PNG", ArchiveProblem.OTHER_FILE),
        ("bakery/old/fr.md", b"Elle ouvre.", ArchiveProblem.MISPLACED),
    ],
)
def test_a_file_that_cannot_be_used_leaves_its_document_out_alone(
    name: str, content: bytes, problem: ArchiveProblem
) -> None:
    kept, spoilt = ("school/en.md", "It teaches."), ("bakery/en.md", "It opens.")
    archive = read_archive(zipped(spoilt, (name, content), kept))
    assert archive.problems == {name: problem}
    assert archive.documents == {"school": {"en.md": "It teaches."}}


def test_what_cannot_be_unpacked_is_refused_by_what_unpacks_it() -> None:
    # The process around it would hide what it does not know.
    with pytest.raises(ArchiveError) as refused:
        unpacked(garbled())
    assert refused.value.problem == ArchiveProblem.DAMAGED


VAULT: Sequence[tuple[str, str | bytes]] = (
    ("Vault/Règlement.md", "---\ntags: [asso]\n---\n\nLe prêt dure sept jours."),
    ("Vault/Notes/Prêt 0123456789abcdef0123456789abcdef.md", "La caution est de vingt euros."),
    ("Vault/Notes/page.html", "<html><body><p>Le local ouvre à neuf heures.</p></body></html>"),
    ("Vault/Notes/photo.png", b"\x89PNG"),
    ("Vault/.obsidian/app.json", "{}"),
)


def test_files_of_other_programs_are_read_one_by_one() -> None:
    archive = read_archive(zipped(*VAULT))
    assert not archive.documents and not archive.problems
    texts = {each.path: each.upload and each.upload.markdown for each in archive.files}
    assert texts == {
        "Vault/Règlement.md": f"---\ntitle: Règlement\n{str(VAULT[0][1])[4:]}",
        "Vault/Notes/Prêt 0123456789abcdef0123456789abcdef.md": "La caution est de vingt euros.",
        "Vault/Notes/page.html": "Le local ouvre à neuf heures.",
        "Vault/Notes/photo.png": None,
    }
    assert archive.files[-1].problem is FileProblem.UNKNOWN_KIND
    assert title_in("Notes/Prêt 0123456789abcdef0123456789abcdef.md") == "Prêt"


def test_zips_are_opened_where_there_is_nothing_else() -> None:
    parts = zipped(
        ("Export-Part-1.zip", zipped(*VAULT[:2])), ("Export-Part-2.zip", zipped(VAULT[2]))
    )
    assert [each.path for each in read_archive(parts).files] == [name for name, _ in VAULT[:3]]
    beside = read_archive(zipped(("old.zip", zipped(*VAULT)), VAULT[0]))
    assert beside.problems == {"old.zip": ArchiveProblem.NESTED}
    assert len(beside.files) == 1
    deeper = read_archive(zipped(("a.zip", zipped(("b.zip", zipped(*VAULT))))))
    assert deeper.problems == {"b.zip": ArchiveProblem.NESTED}


def test_a_bomb_in_a_zip_is_as_large_as_one_outside() -> None:
    half = zipped(("notes.txt", b"a" * (MOST_UNPACKED // 2 + 1)))
    assert refusal(zipped(("a.zip", half), ("b.zip", half))).problem is ArchiveProblem.TOO_LARGE
    # What is not read may be as large as it likes.
    pictures = read_archive(zipped(("a.png", b"a" * (MOST_UNPACKED + 1)), VAULT[0]))
    assert [each.upload is None for each in pictures.files] == [False, True]


def test_parts_of_an_export_may_have_files_of_one_name() -> None:
    first, second = (zipped(("Notes.md", f"{each} is noted.")) for each in ("This", "That"))
    archive = read_archive(zipped(("Part-1.zip", first), ("Part-2.zip", second)))
    assert [each.path for each in archive.files] == ["Notes.md", "Part-2/Notes.md"]
    assert not archive.problems


def test_a_table_that_notion_exports_twice_is_read_once() -> None:
    archive = read_archive(zipped(("x.csv", "Nom\nAnne"), ("x_all.csv", "Nom,Ville\nAnne,Lyon")))
    assert archive.problems == {"x.csv": ArchiveProblem.TWIN_TABLE}
    assert [each.path for each in archive.files] == ["x_all.csv"]


def test_a_name_in_utf8_that_nothing_says_so_of_is_read() -> None:
    content = zipped(("Règlement.md", "Le prêt dure sept jours."))
    # As macOS writes it: without the flag.
    plain = bytearray(content)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = plain.index(sign) + place + 1
        plain[at] &= 0xF7
    (file,) = read_archive(bytes(plain)).files
    assert file.path == "Règlement.md"


def test_a_file_that_takes_too_much_is_blamed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # Seconds of a processor that a process may take; the long table needs more.
    monkeypatch.setattr(isolation, "_SECONDS", 4)
    endless = "[" * 3_000_000
    rows = "".join(f"<tr><td>{each}" for each in range(400_000))
    files = (("a.txt", "Un texte."), ("b.html", f"<table>{rows}{endless}"), ("c.txt", "Un autre."))
    archive = read_archive(zipped(*files))
    assert [each.problem for each in archive.files] == [None, archive.files[1].problem, None]
    assert archive.files[1].problem in {FileProblem.TOO_COSTLY, FileProblem.TOO_LONG}
