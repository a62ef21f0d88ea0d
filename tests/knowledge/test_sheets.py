"""CSV and Excel: questions and answers, tables, and values as they are shown."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from knowledge.blocks.blocks import Entry, Heading, Paragraph, Table
from knowledge.blocks.reading import Furniture, LeftOut
from knowledge.blocks.richtext import plain
from knowledge.files import FileError, FileProblem
from knowledge.files.sheets import read_csv, read_excel
from knowledge.files.sheets.shown import Value, shown
from tests.knowledge.office import opendocument, word, zipped


def at(*parts: int) -> dt.datetime:
    year, month, day, hour, minute = (*parts, 0, 0)[:5]
    # Sheets know no time zones.
    return dt.datetime.combine(dt.date(year, month, day), dt.time(hour, minute))


def saved(book: Workbook) -> bytes:
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def book_of(*rows: tuple[Any, ...], title: str = "Sheet") -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return book


def cells(table: object) -> list[list[str]]:
    assert isinstance(table, Table)
    return [[each.text for each in row] for row in (table.header, *table.rows) if row]


@pytest.mark.parametrize(
    "content",
    [
        'Question,Réponse\nQui ?,"Le bureau, élu"\nQuand ?,Lundi\n'.encode(),
        "Question;Réponse\r\nQui ?;Le bureau, élu\r\nQuand ?;Lundi\r\n".encode("cp1252"),
        "question\tanswer\nQui ?\tLe bureau, élu\nQuand ?\tLundi\n".encode("utf-16"),
        "sep=|\nQ|R\nQui ?|Le bureau, élu\nQuand ?|Lundi".encode(),
    ],
)
def test_columns_of_questions_and_answers_are_entries(content: bytes) -> None:
    reading = read_csv(content)
    assert reading.blocks == (
        Entry(plain("Qui ?"), (Paragraph(plain("Le bureau, élu")),)),
        Entry(plain("Quand ?"), (Paragraph(plain("Lundi")),)),
    )
    assert reading.left_out[0].words == 2


def test_further_columns_stand_with_the_answer_under_their_titles() -> None:
    content = "Thème;Question;Réponse;Source\nPrêt;Qui ?;Le bureau.;Statuts\nPrêt;Où ?;;\n"
    reading = read_csv(content.encode())
    first, last = reading.blocks
    assert isinstance(first, Entry)
    assert first.blocks[0] == Paragraph(plain("Le bureau."))
    assert cells(first.blocks[1]) == [["Thème", "Source"], ["Prêt", "Statuts"]]
    assert isinstance(last, Entry)
    assert [*map(str, reading.left_out[0].first_words.split())] == ["Question", "Réponse"]


def test_other_columns_are_a_table() -> None:
    rows = "Quartier,Jour,Heures\nGare,lundi,9 h\nPort,mardi,14 h\n"
    content = f"Permanences 2026\n\n{rows}Source : mairie\n"
    above, table, below = read_csv(content.encode()).blocks
    assert above == Paragraph(plain("Permanences 2026"))
    assert cells(table) == [
        ["Quartier", "Jour", "Heures"],
        ["Gare", "lundi", "9 h"],
        ["Port", "mardi", "14 h"],
    ]
    assert isinstance(table, Table) and table.header
    assert below == Paragraph(plain("Source : mairie"))


def test_a_quotation_mark_that_nothing_closes_takes_no_rows_with_it() -> None:
    rows = "".join(f"nom {at},rue {at}\n" for at in range(300))
    (table,) = read_csv(f'Nom,Adresse\nan "x",b\n"ouvert,c\n{rows}'.encode()).blocks
    assert len(cells(table)) == 303


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FileProblem.NO_TEXT),
        (b";;;\n;;;", FileProblem.NO_TEXT),
        (b"PK\x03\x04", FileProblem.OTHER_KIND),
        (b"a,b\n" * 300_000, FileProblem.TOO_LONG),
        (b"a,b\n" * 130_000, FileProblem.TOO_COSTLY),
    ],
)
def test_what_is_no_csv_is_said(content: bytes, problem: FileProblem) -> None:
    with pytest.raises(FileError) as told:
        read_csv(content)
    assert told.value.problem is problem


def test_the_sheets_of_a_book_have_their_names_above_them() -> None:
    book = book_of(("Question", "Réponse"), ("Qui ?", "Le bureau."), title="Vie du club")
    tarifs = book.create_sheet("Tarifs")
    for row in (
        ("Salle", "Prix", "Depuis"),
        ("Grande", 80, at(2024, 5, 3)),
        ("Petite", 12.5, None),
    ):
        tarifs.append(row)
    for cell in tarifs[1]:
        cell.font = Font(bold=True)
    tarifs["B2"].number_format = '#,##0.00\\ "€"'
    tarifs["B3"].number_format = "#,##0.00\\ [$€-40C]"
    tarifs["C2"].number_format = "[$-40C]d mmmm yyyy"
    reading = read_excel(saved(book))
    assert reading.blocks[:3] == (
        Heading(plain("Vie du club"), 1),
        Entry(plain("Qui ?"), (Paragraph(plain("Le bureau.")),)),
        Heading(plain("Tarifs"), 1),
    )
    assert cells(reading.blocks[3]) == [
        ["Salle", "Prix", "Depuis"], ["Grande", "80.00 €", "3 mai 2024"], ["Petite", "12,50 €", ""],
    ]  # fmt: skip


def test_what_a_book_hides_is_left_out_and_said() -> None:
    book = book_of(
        ("Nom", "Jour", "Note"),
        ("Gare", "lundi", "secret"),
        ("Port", "mardi", "caché"),
        ("Parc", "jeudi", "x"),
    )
    sheet = book.active
    assert sheet is not None
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["A2"].comment = Comment("À revoir", "A")
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.center is not None
    sheet.oddFooter.center.text = "Page &P"
    other = book.create_sheet("Brouillon")
    other.append(("rien à voir",))
    other.sheet_state = "hidden"
    reading = read_excel(saved(book))
    assert cells(reading.blocks[0]) == [["Nom", "Jour"], ["Gare", "lundi"], ["Parc", "jeudi"]]
    gone = {each.what: each for each in reading.left_out}
    assert gone[Furniture.HIDDEN].words == 3 + 3 + 3
    assert gone[Furniture.COMMENTS].words == 2
    assert gone[Furniture.FOOTER] == LeftOut(Furniture.FOOTER, 1, "Page")


def test_a_formula_without_a_result_is_said() -> None:
    book = book_of(("Salle", "Prix"), ("Grande", 80), ("Petite", "=B2/2"))
    (gone,) = read_excel(saved(book)).left_out
    assert gone.what is Furniture.EMBEDDED and gone.count == 1


def test_a_merged_cell_stands_in_each_of_its_rows() -> None:
    book = book_of(("Lieu", "Jour", "Heures"), ("Clairac", "lundi", "9 h"), (None, "mardi", "10 h"))
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("A2:A3")
    (table,) = read_excel(saved(book)).blocks
    assert cells(table)[2] == ["Clairac", "mardi", "10 h"]


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (1234, "General", "1234"),
        (12.5, "General", "12.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, "#,##0.00 [$€-40C]", "1\u202f234,50 €"),
        (0.256, "0.0%", "25.6%"),
        (7, "000", "007"),
        (-3, "0;(0)", "(3)"),
        (612345678, "0", "612345678"),
        (2.50, "0.##", "2.5"),
        (3, '0" jours"', "3 jours"),
        (True, "General", "TRUE"),
        (None, "General", ""),
        (at(2026, 12, 1), "dd/mm/yyyy", "01/12/2026"),
        (at(2026, 12, 1), "mm-dd-yy", "2026-12-01"),
        (at(2026, 12, 1), "[$-409]dddd d mmmm", "Tuesday 1 December"),
        (at(2026, 12, 1, 9, 5), "d/m/yy h:mm", "1/12/26 9:05"),
        (at(2026, 12, 1, 14, 5), "h:mm AM/PM", "2:05 PM"),
        (dt.time(9, 30), 'hh"h"mm', "09h30"),
        (dt.timedelta(hours=30, minutes=5), "[h]:mm:ss", "30:05:00"),
    ],
)
def test_values_are_shown_as_their_formats_say(value: Value, form: str, expected: str) -> None:
    assert shown(value, form) == expected


def many(count: int) -> bytes:
    rows = ("<row>" + "<c/>" * 1000 + "</row>") * (count // 1000)
    return zipped(
        {
            "xl/workbook.xml": "<workbook/>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
        }
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a;b", FileProblem.OTHER_KIND),
        (word(""), FileProblem.OTHER_KIND),
        (opendocument(""), FileProblem.OTHER_KIND),
        (saved(book_of(("x", "y")))[:900], FileProblem.DAMAGED),
        (saved(book_of()), FileProblem.NO_TEXT),
        (zipped({"xl/worksheets/sheet1.xml": "<worksheet/>"}), FileProblem.DAMAGED),
        (zipped({"xl/worksheets/sheet1.xml": "<!DOCTYPE a><a/>"}), FileProblem.DAMAGED),
        (many(1_000_000), FileProblem.TOO_COSTLY),
    ],
)
def test_what_is_no_excel_is_said(content: bytes, problem: FileProblem) -> None:
    with pytest.raises(FileError) as told:
        read_excel(content)
    assert told.value.problem is problem
