from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Language, Library, Span
from knowledge.passages.abbreviations import read_abbreviations
from knowledge.passages.sentences import sentence_spans
from tests.knowledge.conftest import check_tiles, sentences

_SET = Path(__file__).parents[1] / "data" / "sentences"


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


@pytest.mark.parametrize("language", Language)
def test_sentences_of_real_documents_are_recognised(language: Language) -> None:
    documents = yaml.safe_load((_SET / f"{language}.yaml").read_text("utf-8"))
    paragraphs = [right for document in documents for right in document["paragraphs"]]

    wrong = [
        sentence
        for right in paragraphs
        for sentence in right
        if sentence not in _split(" ".join(right), language)
    ]

    count = sum(map(len, paragraphs))
    assert count >= 150
    assert len(wrong) <= 0.02 * count, "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "Ouvert du lun. au ven. de 9 h à 17 h.",
        "Le loyer est de 1 200 € env. par mois, c.-à-d. 14 400 € par an.",
        "La S.A.R.L. Martin et Cie. a fermé en sept. 2021.",
        "Réf. : délib. no. 2021-14 du 3 févr. 2021.",
        "Le bât. C, esc. 2, est fermé.",
        "La séance commence à 9 h. 30 précises.",
        "La hauteur max. est de 2 m. 50 pour les clôtures.",
        "La majoration est de 5 p. 100 du montant.",
        "La carte coûte 1'000.- par an.",
        "Voir Réf. : 12.34 du registre.",
        "Article 3. Les membres votent.",
        "1. Le conseil se réunit.",
        "IV. Dispositions finales.",
        "L'avis de J. Le Goff est lu.",
        "Un article (art.L. 421-2 du code) le prévoit.",
        "« Nous irons jusqu’au bout ! » a dit la présidente.",
        "Il habite au dpt. Nord.",
    ],
)
def test_a_full_stop_within_a_sentence_does_not_end_it(text: str) -> None:
    assert _split(text) == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("La séance commence à 20 h.", "30 personnes y sont attendues."),
        ("Le guichet ferme à 17 h.", "Rendez-vous sur le site."),
        ("Le mur ne dépasse pas 2 m.", "Au-delà, un permis est requis."),
        ("Voilà tout ce qu’il y a.", "Le collège se réunit en mars."),
        ("Les élèves prennent le bus C.", "Le trajet dure vingt minutes."),
        ("Le loyer comprend l’eau, etc.", "La commune paie le reste."),
        ("Le conseil hésita longtemps…", "Puis il vota le budget."),
        ("Les travaux durent jusqu’au 15 oct.", "Les trains sont remplacés."),
        ("Cf. l’annexe B.", "L’Assemblée en décide."),
        ("Il répond : « Faute de bénévoles. »", "La question sera revue."),
        ("La loi le prévoit.[3]", "Le décret suit."),
        ("**Attention.**", "Le guichet ferme."),
    ],
)
def test_a_full_stop_at_its_end_does(first: str, second: str) -> None:
    assert _split(f"{first} {second}") == [first, second]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The meeting opened at 7 p.m.", "Mr. Smith took the chair."),
        ("It is organized under the Act.", "Members may not vote by proxy."),
        ("Smith & Sons, Inc. renewed it in the U.S.", "The Board agreed."),
        ("The answer isn't just yes or no.", "Notable examples follow."),
        ("See appendix B.", "The plans are with the clerk."),
        ("It moved to Washington, D.C.", "The move cost $3.5 million."),
    ],
)
def test_english_sentences_end_after_abbreviations(first: str, second: str) -> None:
    assert _split(f"{first} {second}", Language.ENGLISH) == [first, second]


@pytest.mark.parametrize(
    "text",
    [
        "Pursuant to Res. No. 12-04, adopted Jan. 3, 2020, the fee is waived.",
        "The park opens at 6 a.m. Monday and closes at 9 p.m. Sunday.",
        "Smith v. Jones, 12 U.S. 34, is cited in fn. 3.",
        "Bldg. 4, Apt. 12 on Oak Ave. N. is vacant.",
        "Messrs. D. P. Smith and C. B. Terrell signed Sec. 4, para. 2.",
    ],
)
def test_english_full_stops_within_a_sentence(text: str) -> None:
    assert _split(text, Language.ENGLISH) == [text]


def test_sentences_without_a_blank_between_them_are_divided() -> None:
    assert _split("Oui.Elle vient ?Si ! Voir www.abc.fr et Node.JS. Fin.") == [
        "Oui.",
        "Elle vient ?",
        "Si !",
        "Voir www.abc.fr et Node.JS.",
        "Fin.",
    ]


def test_a_long_quotation_has_sentences_of_its_own() -> None:
    long = "« " + "Une phrase de la citation. " * 20 + "»"

    assert len(_split(long)) == 20


@pytest.mark.parametrize("language", Language)
def test_abbreviations_are_words(language: Language) -> None:
    known = read_abbreviations(language)

    assert "no" in known.numbered  # and not a truth value, as YAML has it
    assert "Sept" in known.other


def test_english_abbreviations_do_not_end_a_sentence() -> None:
    text = "The U.S. Congress met Dr. Smith and Mr. Wu. He left."

    assert _split(text, Language.ENGLISH) == [text[:-9], "He left."]


def test_spans_count_from_the_start_of_the_whole_text() -> None:
    text = "Avant. Un mot. Deux mots. Après."

    spans = sentence_spans(text, Span(7, 25), Language.FRENCH)

    assert [span.of(text) for span in spans] == ["Un mot.", "Deux mots."]


def test_thirty_thousand_initials_take_no_time() -> None:
    assert len(_split("a. " * 30_000)) == 1


@pytest.mark.parametrize("text", ["(", '"a" ', ". ", ".", "Oui.A", "a.[b", "\n -", '(" '])
def test_a_million_signs_take_no_time(text: str) -> None:
    assert _split(text * (1_000_000 // len(text)))


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
