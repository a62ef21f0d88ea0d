"""Word files: what their readers see, whole, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.blocks.blocks import Block, Heading, ItemList, Note, Paragraph, Table
from knowledge.blocks.reading import Furniture, LeftOut, Reading
from knowledge.blocks.richtext import BOLD, ITALIC, Piece, link, note_sign, plain, rich_text
from knowledge.files.word import read_word
from tests.knowledge.office import p, run, word

CASES = Path(__file__).parents[3] / "shared" / "cases"


def blocks(body: str, links: tuple[str, ...] = (), **parts: str) -> tuple[Block, ...]:
    return read_word(word(body, links, **parts)).blocks


def left(reading: Reading) -> dict[Furniture, LeftOut]:
    return {each.what: each for each in reading.left_out}


def level(at: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(name: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{name}">{"".join(levels)}</w:abstractNum>'


def num(name: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def listed(text: str, name: int, at: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{name}"/></w:numPr>')


def style(name: str, called: str, more: str = "", based: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{called}"/>'
        f'<w:basedOn w:val="{based}"/>{more}</w:style>'
    )


def marks(found: tuple[Block, ...]) -> list[str]:
    return [
        f"{each.mark} {each.text.text}"
        for block in found
        if isinstance(block, ItemList)
        for each in block.items
    ]


def test_headings_are_told_by_the_outline_level_of_styles_of_ones_own() -> None:
    styles = (
        style("Chapitre", "Chapitre", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
        + style("Grand", "Grand chapitre", "", "Chapitre")
        + style("Titre1", "heading 1")
        + style("Corps", "Corps", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', "Titre1")
    )
    body = "".join(
        p(f"Sous {name}", f'<w:pStyle w:val="{name}"/>')
        for name in ("Titre1", "Grand", "Corps", "Chapitre")
    )
    assert blocks(body, styles=styles) == (
        Heading(plain("Sous Titre1"), 1),
        Heading(plain("Sous Grand"), 2),
        Paragraph(plain("Sous Corps")),
        Heading(plain("Sous Chapitre"), 2),
    )


def test_the_outline_level_of_a_paragraph_is_that_of_a_heading() -> None:
    assert blocks(p("Annexe", '<w:outlineLvl w:val="2"/>') + p("Texte.")) == (
        Heading(plain("Annexe"), 3),
        Paragraph(plain("Texte.")),
    )


def test_a_long_text_with_an_outline_level_can_be_quoted() -> None:
    text = "mot " * 60
    assert blocks(p(text, '<w:outlineLvl w:val="2"/>')) == (Paragraph(plain(text)),)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("decimal", "%1.", ["1.", "2.", "3."]),
        ("lowerLetter", "%1)", ["a)", "b)", "c)"]),
        ("upperLetter", "(%1)", ["(A)", "(B)", "(C)"]),
        ("lowerRoman", "%1.", ["i.", "ii.", "iii."]),
        ("upperRoman", "Titre %1 –", ["Titre I –", "Titre II –", "Titre III –"]),
        ("decimalZero", "%1", ["01", "02", "03"]),
        ("decimalEnclosedCircle", "%1", ["①", "②", "③"]),
        ("bullet", "\uf0b7", ["•", "•", "•"]),
        ("bullet", "\uf0fc", ["✓", "✓", "✓"]),
        ("bullet", "o", ["◦", "◦", "◦"]),
        ("bullet", "–", ["–", "–", "–"]),
    ],
)
def test_items_have_the_marks_that_word_shows(form: str, text: str, expected: list[str]) -> None:
    numbering = abstract(5, level(0, form, text)) + num(1, 5)
    body = "".join(listed(each, 1) for each in ("pain", "lait", "miel"))
    found = marks(blocks(body, numbering=numbering))
    assert found == [
        f"{mark} {text}" for mark, text in zip(expected, ("pain", "lait", "miel"), strict=True)
    ]


def test_the_twenty_seventh_letter_is_a_double_one() -> None:
    numbering = abstract(5, level(0, "lowerLetter", "%1.")) + num(1, 5)
    body = "".join(listed(f"point {at}", 1) for at in range(28))
    assert marks(blocks(body, numbering=numbering))[-3:] == [
        "z. point 25",
        "aa. point 26",
        "bb. point 27",
    ]


def test_levels_count_within_each_other_and_start_anew() -> None:
    numbering = abstract(
        5,
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        level(2, "decimal", "%2.%3", '<w:lvlRestart w:val="0"/>'),
    ) + num(1, 5)
    order = (0, 1, 2, 1, 2, 0, 1)
    body = "".join(listed(f"p{at}", 1, each) for at, each in enumerate(order))
    assert marks(blocks(body, numbering=numbering)) == [
        "I. p0", "1.1 p1", "1.1 p2", "1.2 p3", "2.2 p4", "II. p5", "2.1 p6",
    ]  # fmt: skip


def test_a_list_goes_on_after_a_paragraph_and_another_of_its_kind_starts_where_it_says() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = (
        abstract(5, level(0, "decimal", "%1.")) + num(1, 5) + num(2, 5, override) + num(3, 5)
    )
    body = (
        listed("un", 1) + p("Entre deux.") + listed("deux", 1)
        + listed("encore un", 2) + listed("encore deux", 2) + listed("trois", 3)
    )  # fmt: skip
    assert marks(blocks(body, numbering=numbering)) == [
        "1. un", "2. deux", "1. encore un", "2. encore deux", "3. trois",
    ]  # fmt: skip


def test_headings_have_the_numbers_that_their_styles_give() -> None:
    numbering = abstract(
        7,
        level(0, "decimal", "Article %1.", '<w:pStyle w:val="Heading1"/>'),
        level(1, "decimal", "%1.%2", '<w:pStyle w:val="Heading2"/>'),
    ) + num(4, 7)
    own = '<w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr>'
    styles = style("Heading1", "heading 1", own) + style("Heading2", "heading 2", own)
    body = "".join(
        p(text, f'<w:pStyle w:val="Heading{at}"/>{more}')
        for at, text, more in (
            (1, "Membres", ""),
            (2, "Admission", ""),
            (2, "Sans numéro", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
            (1, "Cotisation", ""),
        )
    )
    found = blocks(body, styles=styles, numbering=numbering)
    assert [each.text.text for each in found if isinstance(each, Heading)] == [
        "Article 1. Membres", "1.1 Admission", "Sans numéro", "Article 2. Cotisation",
    ]  # fmt: skip


def test_a_footnote_follows_the_block_that_refers_to_it() -> None:
    body = (
        "<w:p>" + run("La caution") + '<w:r><w:footnoteReference w:id="2"/></w:r>'
        + run(" est rendue.") + "</w:p>" + p("Suite.")
        + '<w:p><w:r><w:t>Fin</w:t><w:endnoteReference w:id="2"/></w:r></w:p>'
    )  # fmt: skip
    found = blocks(
        body,
        footnotes='<w:footnote w:id="0" w:type="separator">' + p("") + "</w:footnote>"
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>'
        + run(" Sauf dégât.")
        + "</w:p></w:footnote>",
        endnotes='<w:endnote w:id="2">' + p("Voir l’annexe.") + "</w:endnote>",
    )
    text = rich_text([Piece("La caution"), note_sign("1"), Piece(" est rendue.")])
    assert found == (
        Paragraph(text),
        Note("1", plain("Sauf dégât.")),
        Paragraph(plain("Suite.")),
        Paragraph(rich_text([Piece("Fin"), note_sign("i")])),
        Note("i", plain("Voir l’annexe.")),
    )


def test_a_note_in_a_table_or_with_a_mark_of_its_own_keeps_its_place() -> None:
    reference = '<w:r><w:footnoteReference w:id="{}" w:customMarkFollows="{}"/>{}</w:r>'
    cell = "<w:tc><w:p>" + run("Tarif") + reference.format(1, 1, "<w:t>*</w:t>") + "</w:p></w:tc>"
    row = "<w:tr>" + cell + "<w:tc>" + p("12 €") + "</w:tc></w:tr>"
    notes = "".join(
        f'<w:footnote w:id="{at}">' + p(text) + "</w:footnote>"
        for at, text in ((1, "* Hors taxes."), (2, "Autre."))
    )
    body = f"<w:tbl>{row}{row.replace(reference.format(1, 1, '<w:t>*</w:t>'), '')}</w:tbl>"
    found = blocks(
        body + "<w:p>" + run("Et") + reference.format(2, 0, "") + "</w:p>", footnotes=notes
    )
    assert isinstance(found[0], Table) and found[0].rows[0][0].text == "Tarif"
    assert found[1] == Note("*", plain("Hors taxes."))
    assert found[3] == Note("1", plain("Autre."))


def test_a_note_of_hidden_words_is_left_out_with_them_and_not_counted() -> None:
    reference = '<w:r>{}<w:footnoteReference w:id="{}"/></w:r>'
    body = (
        "<w:p>" + run("Vu.") + reference.format("<w:rPr><w:vanish/></w:rPr>", 1)
        + reference.format("", 2) + "</w:p>"
    )  # fmt: skip
    notes = "".join(
        f'<w:footnote w:id="{at}">' + p(text) + "</w:footnote>"
        for at, text in ((1, "À taire."), (2, "À dire."))
    )
    reading = read_word(word(body, footnotes=notes))
    assert reading.blocks[1] == Note("1", plain("À dire."))
    assert left(reading)[Furniture.HIDDEN].words == 2


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        "<w:p>" + run("Le prix est de ") + "<w:del><w:r><w:delText>cent</w:delText></w:r></w:del>"
        "<w:ins>" + run("deux cents") + "</w:ins>" + run(" euros.") + "</w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("Une phrase ") + "</w:p>" + p("réunie.")
        + '<w:moveFrom>' + p("Déplacée.") + "</w:moveFrom>"
    )  # fmt: skip
    reading = read_word(word(body))
    assert reading.blocks == (
        Paragraph(plain("Le prix est de deux cents euros.")),
        Paragraph(plain("Une phrase réunie.")),
    )
    assert left(reading)[Furniture.DELETED].words == 2


def test_hidden_words_are_left_out_and_said() -> None:
    hidden = '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = (
        "<w:p>" + run("On répond.") + run(" Ne pas publier.", "<w:vanish/>")
        + run(" Brouillon.", '<w:rStyle w:val="H"/>')
        + run(" Visible.", '<w:rStyle w:val="H"/><w:vanish w:val="0"/>') + "</w:p>"
    )  # fmt: skip
    reading = read_word(word(body, styles=hidden))
    assert reading.blocks == (Paragraph(plain("On répond. Visible.")),)
    assert left(reading)[Furniture.HIDDEN] == LeftOut(
        Furniture.HIDDEN, 4, "Ne pas publier. Brouillon."
    )


def complex_field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_the_result_of_a_field_is_text_and_its_instruction_never() -> None:
    nested = complex_field(
        " IF 1 = 1 ", run("dans ") + complex_field(" DOCPROPERTY Délai ", run("dix"))
    )
    body = (
        "<w:p>"
        + nested
        + run(" jours, ")
        + '<w:fldSimple w:instr=" DATE ">'
        + run("lundi")
        + "</w:fldSimple></w:p>"
    )
    assert blocks(body) == (Paragraph(plain("dans dix jours, lundi")),)


def test_links_lead_out_of_the_file() -> None:
    body = (
        '<w:p><w:hyperlink r:id="link0">' + run("le formulaire") + "</w:hyperlink>" + run(", ")
        + complex_field(' HYPERLINK "https://b.org/x" ', run("le site")) + run(", ")
        + '<w:hyperlink w:anchor="x">' + run("plus bas") + "</w:hyperlink></w:p>"
    )  # fmt: skip
    assert blocks(body, ("https://a.org/",)) == (
        Paragraph(
            rich_text(
                [
                    Piece("le formulaire", link("https://a.org/")),
                    Piece(", "),
                    Piece("le site", link("https://b.org/x")),
                    Piece(", plus bas"),
                ]
            )
        ),
    )


def test_bold_and_italic_are_known_from_styles_too() -> None:
    styles = style("Fort", "Fort", "<w:rPr><w:b/></w:rPr>") + (
        '<w:style w:type="character" w:styleId="E"><w:rPr><w:i/></w:rPr></w:style>'
    )
    body = "<w:p><w:pPr><w:pStyle w:val='Fort'/></w:pPr>" + (
        run("gras") + run(" maigre", '<w:b w:val="0"/>') + run(" les deux", '<w:rStyle w:val="E"/>')
    ) + "</w:p>"  # fmt: skip
    assert blocks(body, styles=styles) == (
        Paragraph(
            rich_text(
                [
                    Piece("gras", frozenset((BOLD,))),
                    Piece(" maigre"),
                    Piece(" les deux", frozenset((BOLD, ITALIC))),
                ]
            )
        ),
    )


CONTENTS_STYLES = style("TM1", "toc 1") + style("Mon", "Mon sommaire", "", "TM1")


@pytest.mark.parametrize(
    "contents",
    [
        p("1. Délais\u00a05", '<w:pStyle w:val="TM1"/>'),
        p("1. Délais\u00a05", '<w:pStyle w:val="Mon"/>'),
        p("1. Délais\u00a05", '<w:pStyle w:val="toc1"/>'),
        "<w:p>" + complex_field(' TOC \\o "1-3" ', run("1. Délais\u00a05")) + "</w:p>",
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        "</w:sdtPr><w:sdtContent>" + p("1. Délais\u00a05") + "</w:sdtContent></w:sdt>",
    ],
)
def test_a_table_of_contents_is_left_out(contents: str) -> None:
    heading = p("Délais", '<w:outlineLvl w:val="0"/>')
    reading = read_word(
        word(p("Sommaire") + contents + heading + p("Dix jours."), styles=CONTENTS_STYLES)
    )
    assert reading.blocks == (Heading(plain("Délais"), 1), Paragraph(plain("Dix jours.")))
    assert left(reading)[Furniture.CONTENTS].words == 4


def test_a_contents_field_that_nobody_closed_does_not_take_the_text_with_it() -> None:
    opened = complex_field(" TOC ", run("Délais")).replace('"end"', '"none"')
    body = (
        "<w:p>" + opened + "</w:p>" + p("Délais", '<w:pStyle w:val="Heading1"/>') + p("Dix jours.")
    )
    assert Paragraph(plain("Dix jours.")) in blocks(body)
