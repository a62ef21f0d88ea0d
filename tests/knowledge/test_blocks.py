"""The document model's normal form, which every reader relies on."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.blocks.blocks import (
    Divider,
    Entry,
    Heading,
    Item,
    ItemList,
    Paragraph,
    Quotation,
    Table,
    as_text,
)
from knowledge.blocks.normalising import normal
from knowledge.blocks.reading import Furniture, LeftOut, Reading, left_out
from knowledge.blocks.richtext import (
    BOLD,
    CODE,
    ITALIC,
    Mark,
    MarkKind,
    Piece,
    RichText,
    link,
    note_sign,
    plain,
    rich_text,
)
from knowledge.spans import Span

STYLES = (BOLD, ITALIC, CODE, *link("https://example.org/a"))
PIECES = st.lists(
    st.builds(
        Piece,
        st.text(st.sampled_from("ab *_\n\t\u00a0\u00ad\u200b\x07")),
        st.sets(st.sampled_from(STYLES)).map(frozenset),
    )
    | st.just(note_sign("1"))
)


@given(PIECES)
def test_a_text_has_one_normal_form(pieces: list[Piece]) -> None:
    text = rich_text(pieces)
    assert rich_text(text.pieces()) == text
    assert "".join(text.text.split()) == "".join(
        each for piece in pieces for each in piece.text if each in "ab*_"
    )
    assert text.text == text.text.strip()
    assert not any(each in text.text for each in ("  ", " \n", "\n ", "\n\n"))
    for mark in text.marks:
        covered = mark.span.of(text.text)
        assert covered == covered.strip()
        assert bool(covered) == (mark.kind is not MarkKind.NOTE)


def test_styles_follow_their_words_through_white_space() -> None:
    text = rich_text(
        [
            Piece("  Date\u00ad", frozenset({BOLD})),
            Piece(" limite : ", frozenset({BOLD})),
            Piece(" le\t\n 15 mars", frozenset({ITALIC})),
            note_sign("1"),
            Piece(", sans frais*\x0bdu tout "),
        ]
    )
    assert text == RichText(
        "Date limite : le\n15 mars, sans frais*\ndu tout",
        (
            Mark(Span(0, 13), MarkKind.BOLD),
            Mark(Span(14, 24), MarkKind.ITALIC),
            Mark(Span(24, 24), MarkKind.NOTE, "1"),
        ),
    )


def test_code_is_code_throughout() -> None:
    both = frozenset({CODE, BOLD})
    text = rich_text(
        [Piece("a", frozenset({BOLD})), Piece("b", both), Piece("c", frozenset({CODE}))]
    )
    assert text.marks == (
        Mark(Span(0, 1), MarkKind.BOLD),
        Mark(Span(1, 3), MarkKind.CODE),
    )


def test_only_links_that_lead_somewhere_from_elsewhere_are_kept() -> None:
    assert link(" https://example.org/ ") and link("mailto:a@example.org")
    assert not link("#part") and not link("page.html") and not link("javascript:alert(1)")
    assert not link("https://example.org/a b")


def test_what_is_empty_is_left_out_and_lists_in_a_row_are_one() -> None:
    item = Item("•", plain("bread"), 3)
    blocks = normal(
        [
            Divider(),
            Paragraph(plain(" \u00a0")),
            ItemList((item, Item("•", RichText()))),
            ItemList((Item("1.", plain("salt"), 5), Item("a)", plain("water"), 4))),
            Divider(),
            Divider(),
        ]
    )
    assert blocks == (
        ItemList(
            (Item("•", plain("bread")), Item("1.", plain("salt"), 1), Item("a)", plain("water"), 1))
        ),
    )


def test_what_has_headings_is_taken_apart() -> None:
    inner = (Heading(plain("Loans"), 9), Paragraph(plain("Seven days.")))
    assert normal([Heading(plain("Rules"), 2), Entry(plain("More\nrules"), inner)]) == (
        Heading(plain("Rules"), 2),
        Heading(plain("More rules"), 3),
        Heading(plain("Loans"), 6),
        Paragraph(plain("Seven days.")),
    )
    assert normal([Quotation(inner)]) == (Heading(plain("Loans"), 6), inner[1])


def test_tables_have_no_empty_rows_or_columns() -> None:
    empty = RichText()
    table = Table(
        (plain("Day"), empty, plain("Hours"), empty),
        ((plain("Monday"), empty, plain("8 to 12")), (empty,), (plain("Friday"),)),
    )
    assert normal([table]) == (
        Table(
            (plain("Day"), plain("Hours")),
            ((plain("Monday"), plain("8 to 12")), (plain("Friday"), empty)),
        ),
    )


def test_a_table_that_only_lays_out_is_paragraphs() -> None:
    aside = Table((), ((plain("Menu"), plain("Text")),))
    column = Table((plain("Rules"),), ((plain("One."),), (plain("Two."),)))
    assert normal([aside]) == (Paragraph(plain("Menu")), Paragraph(plain("Text")))
    title = rich_text([Piece("Rules", frozenset({BOLD}))])
    assert normal([column]) == tuple(
        Paragraph(each) for each in (title, plain("One."), plain("Two."))
    )


def test_blocks_in_a_cell_are_lines() -> None:
    blocks = (Paragraph(plain("Bring:")), ItemList((Item("a)", plain("bread")),)))
    assert as_text(blocks) == plain("Bring:\na) bread")


def test_what_is_left_out_is_counted_by_kind() -> None:
    reading = Reading.of(
        [Heading(plain("Contact"), 1), ItemList((Item("a)", plain("Write to us – or call.")),))],
        [
            left_out(Furniture.MENU, "Home · News"),
            LeftOut(Furniture.EMPTY_PAGES, places=(3,)),
            left_out(Furniture.MENU, "Contact"),
            LeftOut(Furniture.EMPTY_PAGES, places=(2,)),
        ],
    )
    assert reading.words == 7
    assert reading.left_out == (
        LeftOut(Furniture.MENU, 3, "Home · News", 2),
        LeftOut(Furniture.EMPTY_PAGES, 0, "", 2, (2, 3)),
    )
