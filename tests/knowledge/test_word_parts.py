"""Word files: tables, boxes, formulas, heads and feet, and files that cannot be read."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pytest

from knowledge import Language
from knowledge.blocks.blocks import Heading, Item, ItemList, Paragraph, Quotation, Table
from knowledge.blocks.reading import Furniture, Said
from knowledge.blocks.richtext import plain
from knowledge.files import FileError, FileProblem
from knowledge.files.word import read_word
from knowledge.markdown import written
from tests.knowledge.office import p, run, word, words_of, zipped
from tests.knowledge.test_word import abstract, blocks, left, level, listed, num, style

CASES = Path(__file__).parents[3] / "shared" / "cases"


def row(*cells: str, title: bool = False, look: str = "") -> str:
    header = "<w:trPr><w:tblHeader/></w:trPr>" if title else ""
    return f"<w:tr>{header}{''.join(f'<w:tc>{p(each, look=look)}</w:tc>' for each in cells)}</w:tr>"


def test_header_rows_and_merged_cells_of_tables() -> None:
    down = "<w:tc><w:tcPr><w:vMerge{}/></w:tcPr>{}</w:tc>"
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("fermé") + "</w:tc>"
    body = (
        "<w:tbl>" + row("Lieu", "Jour", "Heures", title=True)
        + "<w:tr>" + down.format(' w:val="restart"', p("Clairac"))
        + "<w:tc>" + p("lundi") + "</w:tc><w:tc>" + p("9 h") + "</w:tc></w:tr>"
        + "<w:tr>" + down.format("", "<w:p/>") + wide + "</w:tr></w:tbl>"
    )  # fmt: skip
    (found,) = blocks(body)
    assert isinstance(found, Table)
    assert [each.text for each in found.header] == ["Lieu", "Jour", "Heures"]
    assert [[each.text for each in cells] for cells in found.rows] == [
        ["Clairac", "lundi", "9 h"],
        ["Clairac", "fermé", ""],
    ]


def test_a_table_of_names_has_no_titles() -> None:
    rows = (
        row("Président", "Jean Dupont")
        + row("Trésorière", "Anne Petit")
        + row("Secrétaire", "Luc Roy")
    )
    looks = '<w:tblPr><w:tblLook w:firstRow="1"/></w:tblPr>'
    (found,) = blocks(f"<w:tbl>{looks}{rows}</w:tbl>")
    assert isinstance(found, Table) and not found.header and len(found.rows) == 3


def test_a_bold_first_row_has_titles() -> None:
    rows = row("Nom", "Rôle", look="<w:b/>") + row("Jean", "président") + row("Anne", "trésorière")
    (found,) = blocks(f"<w:tbl>{rows}</w:tbl>")
    assert isinstance(found, Table) and [each.text for each in found.header] == ["Nom", "Rôle"]


def test_a_frame_around_text_is_no_table() -> None:
    inner = p("Accueil", '<w:outlineLvl w:val="0"/>') + p("Ouvert le lundi.")
    body = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    assert blocks(body) == (Heading(plain("Accueil"), 1), Paragraph(plain("Ouvert le lundi.")))


def test_text_boxes_are_read_once_and_pictures_are_said() -> None:
    box = "<w:txbxContent>" + p("Encadré : appelez le 12.") + "</w:txbxContent>"
    body = (
        "<w:p>" + run("Texte.") + "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:drawing><pic:pic/></w:drawing></w:r></w:p>"
    )
    reading = read_word(word(body))
    assert reading.blocks == (
        Paragraph(plain("Texte.")),
        Paragraph(plain("Encadré : appelez le 12.")),
    )
    assert left(reading)[Furniture.PICTURES].count == 1


def test_signs_that_word_has_elements_for() -> None:
    body = (
        "<w:p><w:r><w:t>rendez</w:t><w:noBreakHyphen/><w:t>vous</w:t><w:tab/><w:t>com</w:t>"
        "<w:softHyphen/><w:t>mune</w:t><w:br/><w:sym w:font='Wingdings' w:char='F0FE'/>"
        "<w:t> oui</w:t></w:r></w:p>"
    )
    assert blocks(body) == (Paragraph(plain("rendez-vous commune\n☑ oui")),)


def test_a_formula_in_a_row_is_text_and_another_is_said() -> None:
    text = "<m:r><m:t>{}</m:t></m:r>"
    body = (
        "<w:p>" + run("Soit ") + "<m:oMath>" + text.format("x=5") + "</m:oMath>" + run(" et ")
        + "<m:oMath><m:f><m:num>" + text.format("a") + "</m:num><m:den>" + text.format("b")
        + "</m:den></m:f></m:oMath>" + run(".") + "</w:p>"
    )  # fmt: skip
    reading = read_word(word(body))
    assert reading.blocks == (Paragraph(plain("Soit x=5 et .")),)
    assert left(reading)[Furniture.EQUATIONS].words == 2


def test_headers_footers_and_comments_are_said() -> None:
    reading = read_word(
        word(
            p("Texte."),
            header1=p("Mairie de Valmont"),
            footer1=p("Page 1"),
            comments="<w:comment>" + p("À revoir") + "</w:comment>",
        )
    )
    assert reading.blocks == (Paragraph(plain("Texte.")),)
    assert {what: each.words for what, each in left(reading).items()} == {
        Furniture.HEADER: 3,
        Furniture.FOOTER: 2,
        Furniture.COMMENTS: 2,
    }


def test_quotations_and_drop_caps() -> None:
    styles = style("Citation", "Quote")
    body = (
        p("L", '<w:framePr w:dropCap="drop"/>') + p("e chat dort.")
        + p("Un.", '<w:pStyle w:val="Citation"/>') + p("Deux.", '<w:pStyle w:val="Citation"/>')
    )  # fmt: skip
    assert blocks(body, styles=styles) == (
        Paragraph(plain("Le chat dort.")),
        Quotation((Paragraph(plain("Un.")), Paragraph(plain("Deux.")))),
    )


def test_what_a_file_says_of_itself() -> None:
    core = (
        "<dc:title>Statuts</dc:title><dc:creator>Le bureau</dc:creator>"
        "<dc:language>fr-FR</dc:language><dcterms:modified>2024-05-03T10:00:00Z</dcterms:modified>"
    )
    said = Said("Statuts", Language.FRENCH, "Le bureau", dt.date(2024, 5, 3))
    assert read_word(word(p("Texte."), core=core)).said == said
    titled = word(p("Règlement", '<w:pStyle w:val="Title"/>') + p("Texte."), core=core)
    assert read_word(titled).said.title == "Règlement"


def test_a_file_whose_main_part_has_another_name_is_read() -> None:
    assert read_word(word(p("Texte."), main="word/document2.xml")).blocks == (
        Paragraph(plain("Texte.")),
    )


def test_strict_names_are_understood() -> None:
    with zipfile.ZipFile(io.BytesIO(word(p("Texte.")))) as packed:
        parts = {each: packed.read(each) for each in packed.namelist()}
    for old, new in (
        (
            b"schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"purl.oclc.org/ooxml/wordprocessingml/main",
        ),
        (
            b"schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ):
        parts = {name: part.replace(old, new) for name, part in parts.items()}
    assert read_word(zipped(parts)).blocks == (Paragraph(plain("Texte.")),)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"%PDF-1.4", FileProblem.OTHER_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old file", FileProblem.OTHER_KIND),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            FileProblem.ENCRYPTED,
        ),
        (word(p("Texte."))[:300], FileProblem.DAMAGED),
        (zipped({"word/document.xml": "<w:document"}), FileProblem.DAMAGED),
        (zipped({"content.xml": "<x/>"}), FileProblem.OTHER_KIND),
        (word(p("")), FileProblem.NO_TEXT),
        (word(p("Texte.", f'<w:outlineLvl w:val="{"9" * 5000}"/>')), FileProblem.DAMAGED),
        (
            zipped({"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
            FileProblem.DAMAGED,
        ),
        (zipped({"word/document.xml": b" " * (65 << 20)}), FileProblem.TOO_COSTLY),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, problem: FileProblem) -> None:
    with pytest.raises(FileError) as told:
        read_word(content)
    assert told.value.problem is problem


def test_deep_nesting_is_refused() -> None:
    inner = "<w:tbl><w:tr><w:tc>" * 2000 + p("x") + "</w:tc></w:tr></w:tbl>" * 2000
    with pytest.raises(FileError) as told:
        read_word(word(inner))
    assert told.value.problem is FileProblem.TOO_COSTLY


CASE_FILES = sorted(CASES.glob("*/*.docx"))


@pytest.mark.skipif(not CASE_FILES, reason="../shared/cases is not there")
@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.stem)
def test_every_word_of_a_case_is_read_or_accounted_for(path: Path) -> None:
    reading = read_word(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        raw = packed.read("word/document.xml").decode()
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", raw)
    shown = re.compile(r"<w:t(?: [^>]*)?>([^<]*)|<w:tab/>")
    lines = ["".join(each[1] or " " for each in shown.finditer(line)) for line in paragraphs]
    words = sum(any(map(str.isalnum, each)) for line in lines for each in line.split())
    # The numbers that Word shows are words too.
    added = len(re.findall(r"<w:numId ", raw)) + len(re.findall(r'"Heading1"/><w:numPr', raw))
    assert reading.words + sum(each.words for each in reading.left_out) == words + added


def test_no_word_is_joined_lost_or_made_up() -> None:
    body = (
        p("alpha") + "<w:tbl>" + row("beta", "gamma") + row("delta", "epsilon") + "</w:tbl>"
        + "<w:p><w:smartTag>" + run("zeta") + "</w:smartTag></w:p>"
        + "<w:sdt><w:sdtContent>" + p("eta") + "</w:sdtContent></w:sdt>"
        + p("theta", look="<w:vanish/>")
        + "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run("iota")
        + "</w:sdtContent></w:sdt></w:p>"
    )  # fmt: skip
    reading = read_word(word(body))
    assert sorted(words_of(reading)) == sorted(
        ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota"]
    )
    assert written(reading.blocks)


def test_items_of_deeper_levels_stand_in_those_above() -> None:
    numbering = abstract(5, level(0, "decimal", "%1."), level(1, "lowerLetter", "%2)")) + num(1, 5)
    body = listed("un", 1) + listed("sous", 1, 1) + listed("deux", 1)
    assert blocks(body, numbering=numbering) == (
        ItemList(
            (Item("1.", plain("un")), Item("a)", plain("sous"), 1), Item("2.", plain("deux")))
        ),
    )
