from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Language, Library
from tests.knowledge.conftest import LONG, Articles, check_spans, quotes, sentences

SENTENCE = "Une phrase de quarante-deux signes suffit. "


def _ids(library: Library) -> list[str]:
    return [passage.id for passage in library.passages]


def test_the_article_has_nine_passages_and_its_section_title_is_none(library: Library) -> None:
    check_spans(library)

    assert len(library.passages) == 9
    assert [passage.number for passage in library.passages] == list(range(1, 10))
    assert not any("Pas de réaction" in quote for quote in quotes(library))
    for language, title in (
        (Language.FRENCH, "Pas de réaction d'Amazon"),
        (Language.ENGLISH, "No reaction from Amazon"),
    ):
        sections = [passage.texts[language].section for passage in library.passages]
        assert sections == [""] * 5 + [title] * 4


def test_twins_of_the_article_say_the_same(library: Library) -> None:
    english = quotes(library, Language.ENGLISH)

    assert len(english) == 9
    assert english[3].startswith("The American Booksellers Association, the National Grocers")
    assert quotes(library)[3].startswith("L'Association américaine des libraires")


def test_ids_of_the_article_do_not_change_by_accident(library: Library) -> None:
    # Feedback and pins are kept under these ids: a change here loses them all.
    assert _ids(library) == [
        "43a70bf9785527d3",
        "4b29212444f4bd89",
        "4e47b7d2f301613d",
        "a1dc40736d21b321",
        "cd27853aebacc717",
        "a59d3020b7bd8a05",
        "7ec62b545c999667",
        "e32b6cffc657b5a5",
        "1c026a0e1f1b6bda",
    ]


def test_a_passage_knows_all_titles_above_it(articles: Articles) -> None:
    text = "Un.\n\n# A\n\nDeux.\n\n## B\n\nTrois.\n\n# *C* d\n\n## E\n\nQuatre."
    articles.write("one/fr.md", text)

    passages = articles.read(shortest=1).passages

    sections = [passage.texts[Language.FRENCH].section for passage in passages]
    assert sections == ["", "A", "A › B", "C d › E"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Court.\n\n{LONG}", [f"Court.\n\n{LONG}"]),
        (f"{LONG}\n\nCourt.", [f"{LONG}\n\nCourt."]),
        (f"{LONG}\n\nUn.\n\nDeux.", [f"{LONG}\n\nUn.\n\nDeux."]),
        (f"{LONG}\n\nCourt.\n\n{LONG}", [LONG, f"Court.\n\n{LONG}"]),
        ("Un.\n\nDeux.\n\nTrois.", ["Un.\n\nDeux.\n\nTrois."]),
        (f"{LONG}\n\n## Titre\n\nCourt.", [LONG, "Court."]),
        (f"Court.\n\n## Titre\n\n{LONG}", ["Court.", LONG]),
        (f"# A\n\nUn.\n\n# B\n\nDeux.\n\n{LONG}", ["Un.", f"Deux.\n\n{LONG}"]),
        (f"{LONG}\n\n{LONG}", [LONG, LONG]),
        ("Un.", ["Un."]),
    ],
)
def test_a_short_paragraph_stays_with_its_neighbour_in_the_section(
    articles: Articles, text: str, expected: list[str]
) -> None:
    assert articles.passages(text, shortest=80) == expected


@pytest.mark.parametrize("between", ["<!-- entre nous -->", "***", "[a]: https://example.org"])
def test_what_stands_between_short_paragraphs_is_never_quoted(
    articles: Articles, between: str
) -> None:
    assert articles.passages(f"Un.\n\n{between}\n\nDeux.", shortest=80) == ["Un.", "Deux."]


def test_a_long_paragraph_is_divided_evenly_between_sentences(articles: Articles) -> None:
    articles.write("one/fr.md", SENTENCE * 10)

    library = articles.read(longest=200)

    check_spans(library)
    assert [len(each) for each in sentences(library)] == [3, 4, 3]
    assert all(len(quote) <= 200 for quote in quotes(library))


def test_a_twin_is_divided_as_often_as_its_original(articles: Articles) -> None:
    articles.write("one/fr.md", f"{SENTENCE * 10}\n\n{LONG}")
    articles.write("one/en.md", "Short. A twin.\n\nThe end of it.", translated_from="fr")

    library = articles.read(longest=200)

    check_spans(library)
    assert library.problems == ()
    assert quotes(library, Language.ENGLISH) == ["Short.", "A", "twin.", "The end of it."]
    assert quotes(library)[3] == LONG


def test_a_twin_longer_than_its_original_is_divided_as_often(articles: Articles) -> None:
    articles.write("one/fr.md", f"{SENTENCE * 4}\n\n{LONG}")
    articles.write("one/en.md", f"{SENTENCE * 9}\n\n{LONG}", translated_from="fr")

    library = articles.read(longest=200)

    check_spans(library)
    assert [len(each) for each in sentences(library)] == [4, 1]
    assert [len(each) for each in sentences(library, Language.ENGLISH)] == [9, 1]


def test_a_twin_too_short_to_be_divided_is_left_out(articles: Articles) -> None:
    articles.write("one/fr.md", f"{LONG}\n\n{SENTENCE * 10}")
    articles.write("one/en.md", "Long enough.\n\nNo", translated_from="fr")

    library = articles.read(longest=200)

    (problem,) = library.problems
    assert str(problem) == (
        "one/en.md, line 9: does not align with one/fr.md, line 8: the paragraph there makes 3 "
        "passages, and this one is too short to be divided as often. Translate the whole "
        "paragraph."
    )
    assert len(library.passages) == 4
    assert list(library.documents[0].editions) == [Language.FRENCH]


def test_a_sentence_of_ten_thousand_characters_is_divided_between_words(
    articles: Articles,
) -> None:
    sentence = f"{'un mot ' * 1430}enfin."

    passages = articles.passages(sentence)

    assert len(sentence) > 10_000
    assert len(passages) >= 9
    assert all(len(passage) <= 1200 for passage in passages)
    assert " ".join(passages) == sentence


def test_text_without_spaces_is_divided_all_the_same(articles: Articles) -> None:
    passages = articles.passages("字" * 10_000)

    assert all(len(passage) <= 1200 for passage in passages)
    assert "".join(passages) == "字" * 10_000


def test_a_list_a_table_and_code_are_quoted_as_they_are_read(articles: Articles) -> None:
    blocks = ["- un\n- deux\n  - trois", "| a | b |\n|---|---|\n| 1 | 2 |", "```\nx = 1\n\ny\n```"]

    assert articles.passages("\n\n".join(blocks)) == [
        "• un\n• deux\n  • trois",
        "a\tb\n1\t2",
        "x = 1\n\ny",
    ]


def test_a_megabyte_in_one_paragraph_takes_seconds(articles: Articles) -> None:
    passages = articles.passages("mot " * 250_000)

    assert all(len(passage) <= 1200 for passage in passages)


def test_ids_are_distinct_even_for_the_same_words(articles: Articles) -> None:
    articles.write("one/fr.md", f"{LONG}\n\n{LONG}\n\n# Titre\n\n{LONG}")
    articles.write("two/fr.md", LONG)

    ids = _ids(articles.read())

    assert len(set(ids)) == len(ids) == 4
    assert all(len(each) == 16 and int(each, 16) for each in ids)


def test_ids_survive_edits_elsewhere(articles: Articles) -> None:
    paragraphs = [f"{LONG} Et de {number}." for number in range(3)]
    articles.write("one/fr.md", "\n\n".join(paragraphs))
    before = _ids(articles.read())

    articles.write("one/fr.md", "\n\n".join([f"Nouveau. {LONG}", *paragraphs[:2], "# Fin", LONG]))
    after = _ids(articles.read())

    assert after[1:3] == before[:2]
    assert before[2] not in after


def test_ids_survive_a_new_title_and_a_twin(articles: Articles) -> None:
    articles.write("one/fr.md", f"{LONG}\n\n{SENTENCE * 40}")
    before = _ids(articles.read())

    articles.write("one/fr.md", f"{LONG}\n\n{SENTENCE * 40}", title="Autre titre")
    articles.write("one/en.md", "One.\n\n" + "A sentence. " * 40, translated_from="fr")
    library = articles.read()

    assert library.problems == ()
    assert _ids(library) == before


@pytest.mark.parametrize(
    ("found", "replaced"), [(" ", "  "), (" ", "\n"), ("\n\n", "\n\n\n \n"), (".", ". ")]
)
def test_ids_survive_changes_of_white_space(articles: Articles, found: str, replaced: str) -> None:
    # The second paragraph is just too short, the third just long enough.
    text = "\n\n".join([LONG, "a b " * 19 + "fin", LONG, "c d " * 19 + "fini.", "e f"])
    articles.write("one/fr.md", text)
    before = _ids(articles.read())

    articles.write("one/fr.md", text.replace(found, replaced))

    assert len(before) == 3
    assert _ids(articles.read()) == before


def test_ids_differ_from_document_to_document(articles: Articles) -> None:
    articles.write("one/fr.md", LONG)
    articles.write("two/fr.md", LONG)

    first, second = _ids(articles.read())

    assert first != second


_MARKDOWN = st.text(st.characters(exclude_categories=["Cc", "Cs"])) | st.text(
    alphabet="#=-\n\t a*`<!>[]:|1.«»\u00a0\u2028éM?", max_size=300
)


@given(french=_MARKDOWN, english=_MARKDOWN, shortest=st.integers(1, 90), longest=st.integers(1, 99))
def test_any_markdown_is_quoted_as_it_is_read(
    french: str,
    english: str,
    shortest: int,
    longest: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    articles = Articles(tmp_path_factory.mktemp("any") / "articles")
    articles.write("one/fr.md", french)
    articles.write("one/en.md", english, translated_from="fr")

    library = articles.read(shortest=shortest, longest=longest)

    check_spans(library)
    assert library.documents or library.problems
    for quote in quotes(library):
        assert len(quote) <= longest
        assert quote in library.documents[0].editions[Language.FRENCH].text
