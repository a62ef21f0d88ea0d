"""PDF: what stands on pages becomes what they say."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from knowledge.blocks.blocks import Heading, ItemList, Note, Paragraph, texts_in
from knowledge.blocks.reading import Furniture, Reading
from knowledge.files.kinds import FileError, FileProblem
from knowledge.files.pdf import read_pdf
from knowledge.files.pdf.hyphens import Hyphens
from knowledge.language import Language

CASES = Path(__file__).parents[3] / "shared" / "cases"
# A line is told by its words, its size and whether it is bold, and how far below the last it is.
Lines = list[tuple[str, int, bool, int]]


def pdf(*pages: Lines, left: int = 72, encrypt: StandardEncryption | None = None) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=encrypt, lang="fr")
    canvas.setTitle("Statuts du Vallon")
    for lines in pages:
        height = 800
        for text, size, bold, step in lines:
            height -= step
            canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
            canvas.drawString(left, height, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def prose(*lines: str) -> Lines:
    return [(each, 11, False, 14) for each in lines]


def lines_of(reading: Reading) -> list[str]:
    return [each for each in texts_in(reading.blocks) if each]


BODY = prose(
    "La cotisation est de quarante euros par an et par personne, payable au mois de", "mai."
)


def test_lines_of_a_paragraph_are_one_text() -> None:
    reading = read_pdf(pdf(BODY))
    assert lines_of(reading) == [
        "La cotisation est de quarante euros par an et par personne, payable au mois de mai."
    ]
    assert reading.left_out == ()
    assert reading.said.title == "Statuts du Vallon"
    assert reading.said.language is Language.FRENCH


def test_a_greater_gap_begins_a_paragraph() -> None:
    more = [("Le bureau la remet à qui le demande.", 11, False, 28)]
    assert len(lines_of(read_pdf(pdf([*BODY, *more])))) == 2


def test_headings_have_levels_by_their_size() -> None:
    page: Lines = [("Statuts", 20, True, 20), ("1. Adhésion", 14, True, 30), *BODY]
    headings = [each for each in read_pdf(pdf(page)).blocks if isinstance(each, Heading)]
    assert [(each.text.text, each.level) for each in headings] == [
        ("Statuts", 1),
        ("1. Adhésion", 2),
    ]


def test_running_heads_and_page_numbers_are_accounted() -> None:
    pages = [
        [("Règlement", 9, False, 10), *prose(f"Le mot {word} est ici."), (f"{at}", 9, False, 600)]
        for at, word in enumerate(("premier", "deuxième", "dernier"), start=1)
    ]
    reading = read_pdf(pdf(*pages))
    found = {each.what: (each.count, each.places) for each in reading.left_out}
    assert found == {
        Furniture.RUNNING_HEADS: (3, (1, 2, 3)),
        Furniture.PAGE_NUMBERS: (3, (1, 2, 3)),
    }
    assert lines_of(reading) == [
        f"Le mot {word} est ici." for word in ("premier", "deuxième", "dernier")
    ]


def test_titles_that_differ_by_their_number_are_no_running_heads() -> None:
    pages = [[(f"Article {at}", 14, True, 10), *prose(f"Texte {at * at}.")] for at in range(1, 4)]
    assert [text for text in lines_of(read_pdf(pdf(*pages))) if text.startswith("Article")] == [
        "Article 1",
        "Article 2",
        "Article 3",
    ]


def test_a_sentence_goes_on_over_a_page() -> None:
    reading = read_pdf(
        pdf(prose("Elle est gratuite pour celles dont le siège est"), prose("situé ici."))
    )
    assert lines_of(reading) == ["Elle est gratuite pour celles dont le siège est situé ici."]


def test_lists_keep_their_marks() -> None:
    page = prose("Il faut :", "1. un devis signé ;", "2. un plan du local.")
    found = [each for each in read_pdf(pdf(page)).blocks if isinstance(each, ItemList)]
    assert [(each.mark, each.text.text) for each in found[0].items] == [
        ("1.", "un devis signé ;"),
        ("2.", "un plan du local."),
    ]


def test_small_print_with_a_mark_is_a_note() -> None:
    page: Lines = [*BODY, *BODY, ("1 Sauf en août.", 8, False, 500)]
    notes = [each for each in read_pdf(pdf(page)).blocks if isinstance(each, Note)]
    assert [(each.mark, each.text.text) for each in notes] == [("1", "Sauf en août.")]


def test_columns_are_read_one_after_the_other() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("Helvetica", 11)
    for at in range(8):
        canvas.drawString(72, 700 - 14 * at, f"à gauche la ligne numéro g{at} va")
        canvas.drawString(320, 700 - 14 * at, f"à droite la ligne numéro d{at} va")
    canvas.save()
    text = " ".join(lines_of(read_pdf(buffer.getvalue())))
    assert text.index("g7") < text.index("d0")


def test_words_beyond_the_page_are_accounted() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 700, "Ceci se voit.")
    canvas.drawString(72, 5000, "Cela jamais.")
    canvas.save()
    reading = read_pdf(buffer.getvalue())
    assert lines_of(reading) == ["Ceci se voit."]
    assert [(each.what, each.words) for each in reading.left_out] == [(Furniture.HIDDEN, 2)]


@pytest.mark.parametrize("text", ["# Annexe", "**gras** et `code`", "<Annexe>", "[a](https://b.c)"])
def test_what_looks_like_markdown_is_text(text: str) -> None:
    assert isinstance(read_pdf(pdf(prose(text))).blocks[0], Paragraph)
    assert lines_of(read_pdf(pdf(prose(text)))) == [text]


@pytest.mark.parametrize(
    ("before", "after", "between"),
    [
        ("rendez", "vous", "-"),
        ("c’est-à", "dire", "-"),
        ("Peut", "être", "-"),
        ("grands", "parents", "-"),
        ("celui", "ci", "-"),
        ("porte", "parole", "-"),
        ("a-t", "elle", "-"),
        ("Saint", "Aubin", "-"),
        ("commer", "çants", ""),
        ("nouv", "elle", ""),
        ("well", "known", "-"),
        ("infor", "mation", ""),
    ],
)
def test_hyphens_at_the_ends_of_lines(before: str, after: str, between: str) -> None:
    assert Hyphens([]).between(before, after) == between


def test_the_words_of_the_document_decide_first() -> None:
    assert Hyphens(["un taxi-brousse"]).between("taxi", "brousse") == "-"
    assert Hyphens(["le portefeuille"]).between("porte", "feuille") == ""


def test_pages_without_text_are_named() -> None:
    found = read_pdf(pdf(BODY, [], [])).left_out
    assert [(each.what, each.count, each.places) for each in found] == [
        (Furniture.EMPTY_PAGES, 2, (2, 3))
    ]


def test_an_empty_password_opens() -> None:
    locked = pdf(BODY, encrypt=StandardEncryption("", "secret", canCopy=0))
    assert lines_of(read_pdf(locked)) == lines_of(read_pdf(pdf(BODY)))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FileProblem.OTHER_KIND),
        (b"PK\x03\x04", FileProblem.OTHER_KIND),
        (b"%PDF-1.7\nnothing", FileProblem.DAMAGED),
        (pdf([]), FileProblem.NO_TEXT),
        (pdf(BODY, encrypt=StandardEncryption("secret")), FileProblem.ENCRYPTED),
    ],
)
def test_what_cannot_be_read(content: bytes, problem: FileProblem) -> None:
    with pytest.raises(FileError) as refused:
        read_pdf(content)
    assert refused.value.problem is problem


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
def test_cases() -> None:
    head = read_pdf((CASES / "08-pdf-running-heads" / "entete.pdf").read_bytes())
    titles = [each.text.text for each in head.blocks if isinstance(each, Heading)]
    assert titles == ["1. Adhésion", "2. Cotisation", "3. Assemblée", "4. Dissolution"]
    assert any("dont le siège est situé dans une commune" in each for each in lines_of(head))
    divided = read_pdf((CASES / "09-pdf-line-end-hyphens" / "cesure.pdf").read_bytes())
    text = " ".join(lines_of(divided))
    for word in ("rendez-vous", "c’est-à-dire", "Peut-être", "grands-parents", "commerçants"):
        assert word in text
    scanned = read_pdf((CASES / "17-partly-scanned-pdf" / "scan-partiel.pdf").read_bytes())
    assert [each.places for each in scanned.left_out] == [(2, 3, 4)]
