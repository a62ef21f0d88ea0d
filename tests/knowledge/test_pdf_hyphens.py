"""Hyphens at the ends of a PDF's lines, where neither form stands elsewhere in the document."""

from __future__ import annotations

import pytest

from knowledge.files.pdf.hyphens import Hyphens

FRENCH = """
so|ciété par|tie commer|çants auto|mobile main|tenant bien|veillance par|ticulier bas|culer
long|temps seule|ment con|seil l’adhé|rent rendez-|vous Peut-|être grands-|parents celui-|ci
porte-|parole chefs-|lieux est-|il sous-|préfet vice-|présidente après-|midi au-|delà
comptes-|rendus plus-|value demi-|heure
"""
ENGLISH = """so|ciety com|mittee part|ner all|ocation day|light high|lighted mem|bership well-|being
full-|time self-|governing long-|term two-|thirds vice-|chair half-|yearly cross-|border"""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Le bureau de la mairie est dans une des salles.", FRENCH),
        ("The board of the town is to meet in a hall.", ENGLISH),
    ],
    ids=["fr", "en"],
)
def test_words_are_joined_or_keep_their_hyphen(line: str, words: str) -> None:
    hyphens = Hyphens([line])
    wrong = []
    for each in words.split():
        before, after = each.split("|")
        joined = f"{before.rstrip('-')}{hyphens.between(before.rstrip('-'), after)}{after}"
        if joined != each.replace("|", ""):
            wrong.append(joined)
    assert not wrong


def test_what_the_document_has_elsewhere_decides_first() -> None:
    hyphens = Hyphens(["Le co-marquage et le portevue sont dans la salle."])
    assert hyphens.between("co", "marquage") == "-"
    assert hyphens.between("porte", "vue") == ""


def test_what_stands_before_the_word_does_not_count() -> None:
    hyphens = Hyphens(["The board of the town is to meet in a hall."])
    assert hyphens.between("usr/lo", "cal/src") == ""
    assert hyphens.between("(com", "mittee") == ""
