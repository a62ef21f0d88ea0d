from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Language, Library, Span
from knowledge.sentences import sentence_spans
from tests.knowledge.conftest import check_tiles, sentences


def _split(text: str, language: Language = Language.FRENCH) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, Span(0, len(text)), language)]


def test_the_article_s_sentences_are_right(library: Library) -> None:
    french = sentences(library)

    assert [len(each) for each in french] == [1, 2, 1, 1, 1, 1, 1, 1, 2]
    assert french[8][0] == (
        "M. Biden a également demandé à Tim Wu, un défenseur de lois anti-concentration "
        "strictes, de rejoindre le prestigieux Conseil économique national (NEC)."
    )
    assert french[8][1].startswith("Amazon n'a pas réagi dans l'immédiat")


def test_the_article_s_quotations_are_not_torn(library: Library) -> None:
    for language in Language:
        for sentence in (each for passage in sentences(library, language) for each in passage):
            assert sentence.count('"') % 2 == 0
            assert sentence.count("(") == sentence.count(")")


def test_the_twin_has_the_same_sentences(library: Library) -> None:
    english = sentences(library, Language.ENGLISH)

    assert [len(each) for each in english] == [1, 2, 1, 1, 1, 1, 1, 1, 2]
    assert english[8][0].startswith("Mr. Biden has also asked Tim Wu, an advocate")


@pytest.mark.parametrize(
    "text",
    [
        "M. Biden a également demandé à Tim Wu.",
        "MM. Wu et Biden parlent.",
        "Alors M.\nWu vint.",
        "J. R. R. Tolkien écrit.",
        "Il a vu l'art. 3 du code.",
        "Son siège est à St. Louis.",
        "Il paie 3.5 % sur www.example.org et part.",
        "« Oui. Non ! » dit-il.",
        'Il dit "Arrêtez. Maintenant." puis part.',
        "L'agence (la plus ancienne. La seule.) répond.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert _split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il nomme la FTC). Puis il part.", ["Il nomme la FTC).", "Puis il part."]),
        ("L'autorité (FTC). Elle agit.", ["L'autorité (FTC).", "Elle agit."]),
        ("Qui ? Lui ! Bien…", ["Qui ?", "Lui !", "Bien…"]),
        ("Un titre sans point\n\nUn texte.", ["Un titre sans point", "Un texte."]),
        ("Voici le plan B.\n\nEnsuite.", ["Voici le plan B.", "Ensuite."]),
        ("- un\n- deux", ["- un", "- deux"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert _split(text) == expected


def test_english_abbreviations_do_not_end_a_sentence() -> None:
    text = "The U.S. Congress met Dr. Smith and Mr. Wu. He left."

    assert _split(text, Language.ENGLISH) == [text[:-9], "He left."]


def test_spans_count_from_the_start_of_the_whole_text() -> None:
    text = "Avant. Un mot. Deux mots. Après."

    spans = sentence_spans(text, Span(7, 25), Language.FRENCH)

    assert [span.of(text) for span in spans] == ["Un mot.", "Deux mots."]


def test_thirty_thousand_initials_take_no_time() -> None:
    assert len(_split("a. " * 30_000)) == 1


def test_a_million_wide_spaces_take_no_time() -> None:
    assert _split("M" + "\u00a0" * 1_000_000 + "a") == ["M" + "\u00a0" * 1_000_000 + "a"]


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\u3000 "])
@pytest.mark.parametrize("language", Language)
def test_a_wide_space_may_stand_before_a_full_stop(space: str, language: Language) -> None:
    text = f"Le plan M{space}. Voilà."

    assert "".join(_split(text, language)).replace(" ", "") == text.replace(" ", "")


_SPACES_AND_SIGNS = st.text("AMée .!?…()[]«»“”\n\t\u00a0\u202f\u2003")


@given(st.text() | _SPACES_AND_SIGNS, st.sampled_from(Language))
def test_sentences_cover_every_word_of_any_text(text: str, language: Language) -> None:
    spans = sentence_spans(text, Span(0, len(text)), language)

    start = len(text) - len(text.lstrip())
    if text.strip():
        check_tiles(text, Span(start, start + len(text.strip())), spans)
    else:
        assert spans == ()
