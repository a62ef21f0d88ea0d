"""OpenDocument texts: what their readers see, whole, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from knowledge import Language
from knowledge.blocks.blocks import Block, Heading, Item, ItemList, Note, Paragraph, Table
from knowledge.blocks.reading import Furniture, LeftOut, Reading, Said
from knowledge.blocks.richtext import BOLD, Piece, link, note_sign, plain, rich_text
from knowledge.files import FileError, FileProblem
from knowledge.files.opendocument import read_opendocument
from tests.knowledge.office import opendocument, p, word, words_of, zipped


def blocks(text: str, automatic: str = "", **parts: str) -> tuple[Block, ...]:
    return read_opendocument(opendocument(text, automatic, **parts)).blocks


def left(reading: Reading) -> dict[Furniture, LeftOut]:
    return {each.what: each for each in reading.left_out}


def para(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def head(text: str, level: int, more: str = "") -> str:
    return f'<text:h text:outline-level="{level}" {more}>{text}</text:h>'


def item(*inner: str, start: str = "") -> str:
    return f"<text:list-item {start}>{''.join(inner)}</text:list-item>"


def nested(*items: str) -> str:
    return f"<text:list>{''.join(items)}</text:list>"


LISTS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
    'style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" '
    'style:num-format="a" style:num-suffix=")"/><text:list-level-style-number text:level="3" '
    'style:num-format="i" text:display-levels="3" style:num-prefix="("/></text:list-style>'
    '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" '
    'text:bullet-char="\uf0b7"/></text:list-style>'
)


def items(found: tuple[Block, ...]) -> list[str]:
    return [
        f"{each.depth} {each.mark} {each.text.text}"
        for block in found
        if isinstance(block, ItemList)
        for each in block.items
    ]


def test_headings_have_the_numbers_of_the_outline() -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1" '
        'style:num-prefix="Article " style:num-suffix="."/><text:outline-level-style '
        'text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
    )
    text = head("Membres", 1) + head("Admission", 2) + head("Exclusion", 2) + head("Cotisation", 1)
    more = head("Sans", 1, 'text:is-list-header="true"')
    found = blocks(text + more + para("Fin."), styles=outline)
    assert [(each.text.text, each.level) for each in found if isinstance(each, Heading)] == [
        ("Article 1. Membres", 1), ("1.1 Admission", 2), ("1.2 Exclusion", 2),
        ("Article 2. Cotisation", 1), ("Sans", 1),
    ]  # fmt: skip


def test_lists_have_the_marks_of_their_styles() -> None:
    deep = nested(item(nested(item(para("très profond")))))
    within = nested(item(para("sous")), item(para("sous deux")))
    text = (
        '<text:list text:style-name="L">'
        + item(para("un"), para("suite"))
        + item(para("deux"), within)
        + item(para("cinq"), deep, start='text:start-value="5"')
        + '</text:list><text:list text:style-name="B">'
        + item(para("point"))
        + "</text:list>"
    )
    assert items(blocks(text, LISTS)) == [
        "0 1. un\nsuite", "0 2. deux", "1 a) sous", "1 b) sous deux", "0 5. cinq",
        "1 (5.a.i très profond", "0 • point",
    ]  # fmt: skip


def test_a_list_goes_on_where_it_says_so() -> None:
    def of(text: str, more: str = "") -> str:
        return f'<text:list text:style-name="L" {more}>{item(para(text))}</text:list>'

    between = para("Entre.")
    text = between.join(
        (
            of("un", 'xml:id="l1"'),
            of("deux", 'text:continue-numbering="true"'),
            of("autre"),
            of("trois", 'text:continue-list="l1"'),
        )
    )
    assert items(blocks(text, LISTS)) == ["0 1. un", "0 2. deux", "0 1. autre", "0 3. trois"]


def test_styles_links_and_signs() -> None:
    styles = (
        '<style:style style:name="G" style:family="text" style:parent-style-name="F"/>'
        '<style:style style:name="F" style:family="text"><style:text-properties '
        'fo:font-weight="bold"/></style:style>'
    )
    text = (
        '<text:p>Le <text:span text:style-name="G">gras</text:span>,<text:s text:c="3"/>'
        '<text:a xlink:href="https://a.org/">ici</text:a><text:tab/>et<text:line-break/>là.'
        "</text:p>"
    )
    assert blocks(text, styles) == (
        Paragraph(
            rich_text(
                [
                    Piece("Le "),
                    Piece("gras", frozenset((BOLD,))),
                    Piece(", "),
                    Piece("ici", link("https://a.org/")),
                    Piece(" et\nlà."),
                ]
            )
        ),
    )


def test_a_note_follows_the_block_that_refers_to_it() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        + para("Sauf dégât.")
        + "</text:note-body></text:note>"
    )
    assert blocks(f"<text:p>La caution{note} est rendue.</text:p>" + para("Suite.")) == (
        Paragraph(rich_text([Piece("La caution"), note_sign("1"), Piece(" est rendue.")])),
        Note("1", plain("Sauf dégât.")),
        Paragraph(plain("Suite.")),
    )


def test_what_is_not_shown_is_left_out_and_said() -> None:
    styles = (
        '<style:style style:name="H" style:family="text"><style:text-properties '
        'text:display="none"/></style:style>'
    )
    text = (
        "<text:tracked-changes><text:changed-region><text:deletion>" + para("Un prix ancien")
        + "</text:deletion></text:changed-region></text:tracked-changes>"
        "<text:table-of-content><text:index-body>" + para("1. Délais 5")
        + "</text:index-body></text:table-of-content>"
        '<text:section text:display="none">' + para("Brouillon entier") + "</text:section>"
        '<text:p>On répond.<text:span text:style-name="H"> Ne pas publier.</text:span>'
        "<office:annotation><dc:creator>A</dc:creator>" + para("À revoir")
        + "</office:annotation></text:p>"
    )  # fmt: skip
    furniture = (
        "<office:master-styles><style:master-page><style:header>"
        + para("Mairie")
        + "</style:header>"
        "<style:footer>" + para("Page <text:page-number>3</text:page-number>") + "</style:footer>"
        "</style:master-page></office:master-styles>"
    )
    reading = read_opendocument(opendocument(text, styles, styles=furniture))
    assert reading.blocks == (Paragraph(plain("On répond.")),)
    assert {what: each.words for what, each in left(reading).items()} == {
        Furniture.DELETED: 3,
        Furniture.CONTENTS: 3,
        Furniture.HIDDEN: 5,
        Furniture.COMMENTS: 2,
        Furniture.HEADER: 1,
        Furniture.FOOTER: 2,
    }


def test_header_rows_and_merged_cells_of_tables() -> None:
    cell = "<table:table-cell {}>{}</table:table-cell>"
    covered = "<table:covered-table-cell/>"
    rows = [
        "".join(cell.format("", para(each)) for each in ("Lieu", "Jour", "Heures")),
        cell.format('table:number-rows-spanned="2"', para("Clairac"))
        + cell.format("", para("lundi")) + cell.format("", para("9 h")),
        covered + cell.format('table:number-columns-spanned="2"', para("fermé")) + covered,
    ]  # fmt: skip
    first, *others = (f"<table:table-row>{each}</table:table-row>" for each in rows)
    text = (
        f"<table:table><table:table-header-rows>{first}</table:table-header-rows>"
        f"{''.join(others)}</table:table>"
    )
    (found,) = blocks(text)
    assert isinstance(found, Table)
    assert [each.text for each in found.header] == ["Lieu", "Jour", "Heures"]
    assert [[each.text for each in row] for row in found.rows] == [
        ["Clairac", "lundi", "9 h"],
        ["Clairac", "fermé", ""],
    ]


def test_text_boxes_are_read_and_pictures_said() -> None:
    text = (
        "<text:p>Texte.<draw:frame><draw:text-box>"
        + para("Encadré.")
        + "</draw:text-box></draw:frame>"
        "<draw:frame><draw:image/></draw:frame></text:p>"
        "<draw:frame><draw:object/><draw:image/></draw:frame>"
    )
    reading = read_opendocument(opendocument(text))
    assert reading.blocks == (Paragraph(plain("Texte.")), Paragraph(plain("Encadré.")))
    assert {what: each.count for what, each in left(reading).items()} == {
        Furniture.PICTURES: 1,
        Furniture.EMBEDDED: 1,
    }


def test_no_word_is_joined_lost_or_made_up() -> None:
    text = (
        head("alpha", 1)
        + "<text:section>" + para("beta <text:date>gamma</text:date>") + "</text:section>"
        + "<text:p>delta<text:bookmark/> <text:ruby><text:ruby-base>epsilon</text:ruby-base>"
        "<text:ruby-text>zeta</text:ruby-text></text:ruby></text:p>"
        + f"<text:list>{item(para('eta'))}</text:list>"
    )  # fmt: skip
    reading = read_opendocument(opendocument(text))
    assert sorted(words_of(reading)) == sorted(
        ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"]
    )


def test_what_a_file_says_of_itself() -> None:
    meta = (
        "<office:meta><dc:title>Statuts</dc:title><meta:initial-creator>Le bureau"
        "</meta:initial-creator><dc:language>en-GB</dc:language>"
        "<dc:date>2024-05-03T10:00:00</dc:date>"
        "</office:meta>"
    )
    said = Said("Statuts", Language.ENGLISH, "Le bureau", dt.date(2024, 5, 3))
    assert read_opendocument(opendocument(para("Text."), meta=meta)).said == said


def test_items_without_a_style_are_paragraphs() -> None:
    assert blocks(f"<text:list>{item(para('un'))}</text:list>") == (Paragraph(plain("un")),)


def test_a_heading_in_a_list_has_its_number() -> None:
    text = f'<text:list text:style-name="L">{item(head("Membres", 1))}</text:list>' + para("Texte.")
    assert blocks(text, LISTS)[0] == Heading(plain("1. Membres"), 1)
    assert blocks(f'<text:list text:style-name="L">{item(para("x"))}</text:list>', LISTS) == (
        ItemList((Item("1.", plain("x")),)),
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FileProblem.OTHER_KIND),
        (word(p("Texte.")), FileProblem.OTHER_KIND),
        (opendocument(para("Texte."))[:200], FileProblem.DAMAGED),
        (opendocument(para("")), FileProblem.NO_TEXT),
        (zipped({"content.xml": "<!DOCTYPE a><a/>"}), FileProblem.DAMAGED),
        (
            opendocument(
                para("Texte."),
                manifest="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>",
            ),
            FileProblem.ENCRYPTED,
        ),
        (
            opendocument("<text:section>" * 3000 + para("x") + "</text:section>" * 3000),
            FileProblem.TOO_COSTLY,
        ),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, problem: FileProblem) -> None:
    with pytest.raises(FileError) as told:
        read_opendocument(content)
    assert told.value.problem is problem
