from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import Language, Library
from tests.knowledge.conftest import LONG, Articles, spanned

FIRST = f"Le premier. {LONG}"
SECOND = f"Le second. {LONG}"


@pytest.fixture
def two(articles: Articles) -> Articles:
    """A document of two passages in both languages."""
    articles.write("one/fr.md", f"{FIRST}\n\n{SECOND}")
    articles.write("one/en.md", f"The first.\n\n{LONG}", translated_from="fr")
    return articles


def _asked(library: Library, language: Language = Language.FRENCH) -> list[tuple[str, ...]]:
    return [passage.questions.get(language, ()) for passage in library.passages]


def test_the_article_s_questions_stand_at_their_passages(library: Library) -> None:
    assert library.problems == ()
    booksellers = library.passages[3]
    assert "L'Association américaine des libraires" in spanned(library, booksellers)
    for passage in library.passages:
        for language in Language:
            assert len(passage.questions[language]) >= 4
            assert all(0 < len(each) <= 100 for each in passage.questions[language])


def test_questions_are_attached_to_the_passage_that_has_the_words(two: Articles) -> None:
    two.write_raw(
        "one/questions.yaml",
        """\
        # Words of either language name a passage.
        - passage: "Le second."
          fr: ["Quel est  le second ?", " Et après le premier ? "]
          en: ["Which is second?"]
        - passage: The first.
          fr:
            - Quel est le premier ?
        """,
    )

    library = two.read()

    assert library.problems == ()
    assert _asked(library) == [
        ("Quel est le premier ?",),
        ("Quel est le second ?", "Et après le premier ?"),
    ]
    assert _asked(library, Language.ENGLISH) == [(), ("Which is second?",)]


def test_the_ids_do_not_depend_on_questions(two: Articles) -> None:
    before = [passage.id for passage in two.read().passages]
    two.write_raw("one/questions.yaml", "- passage: Le second.\n  fr: ['Pourquoi ?']\n")

    assert [passage.id for passage in two.read().passages] == before


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "[]", "\ufeff- passage: Le second."])
def test_a_file_without_questions_is_no_problem(two: Articles, content: str) -> None:
    two.write_raw("one/questions.yaml", content)

    library = two.read()

    assert library.problems == ()
    assert _asked(library) == [(), ()]


@pytest.mark.parametrize(
    ("entry", "line", "message"),
    [
        (
            "- passage: Le troisième.\n  fr: ['Qui ?']",
            3,
            "“Le troisième.” occurs in no passage. Name a passage by words that occur in it alone",
        ),
        ("- passage: Cette phrase\n  fr: ['Qui ?']", 3, "“Cette phrase” occurs in 2 passages."),
        ("- passage: le second.\n  fr: ['Qui ?']", 3, "“le second.” occurs in no passage."),
        (
            "- passage: Le second.\n  fr:\n    - Qui ?\n    - POURQUOI ?",
            6,
            "“POURQUOI ?” is asked twice. Keep one of the two.",
        ),
        ("- passage: Le second.\n  fr: ['Qui ?']\n  en: ['qui ?']", 5, "“qui ?” is asked twice."),
    ],
)
def test_an_entry_that_does_not_fit_is_left_out_and_named(
    two: Articles, entry: str, line: int, message: str
) -> None:
    two.write_raw("one/questions.yaml", f"- passage: Le premier.\n  fr: ['Pourquoi ?']\n{entry}\n")

    assert two.problem().startswith(f"one/questions.yaml, line {line}: {message}")
    assert _asked(two.read())[0] == ("Pourquoi ?",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- passage: [", ", line 1: this is not valid YAML"),
        ("- passage: Un\n  de: ['Wer?']", ", line 2: unknown key 'de'. Check its spelling"),
        ("- fr: ['Qui ?']", ", line 1: the key 'passage' is missing. Add it."),
        ("- passage: Un\n- Deux", ", line 2: this is 'Deux': it should have keys and values."),
        ("Un", ": this is 'Un': it should be a list. Correct it."),
        ("no", ": this is False: it should be a list. Correct it."),
        ("passage: Un", ": this is {'passage': 'Un'}: it should be a list. Correct it."),
        ("- passage: Un\n  fr: Qui ?", ", line 2: 'fr' is 'Qui ?': it should be a list."),
        ("- passage: Un\n  fr:\n  - yes", ", line 3: 'fr' is True: it should be text. Put it"),
        ("- passage: Un\n  fr: ['  ']", ", line 2: 'fr' is '  ': it should have at least 2 ch"),
        ("- passage: ' '", ", line 1: 'passage' is ' ': it should have at least 1 character."),
        (f"- passage: Un\n  fr:\n  - {'q' * 101}", "it should have at most 100 characters."),
        ("- passage: Un\n  fr: ['a\x00']", ", line 2: the character '\\x00' does not belong"),
        ("- passage: Un\n  fr: ['\xe9']".encode("latin-1"), ", line 2: this is not UTF-8 text."),
        ("- passage: Un".encode("utf-16"), ", line 1: this is not UTF-8 text. Save the file again"),
    ],
)
def test_a_file_that_is_no_list_of_questions_is_named_and_the_document_stays(
    two: Articles, content: str | bytes, message: str
) -> None:
    two.write_raw("one/questions.yaml", content)

    assert two.problem().startswith("one/questions.yaml")
    assert message in two.problem()
    assert len(two.read().passages) == 2


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_in_place_of_the_file_is_named(
    two: Articles, make: Callable[[Path], None]
) -> None:
    make(two.folder / "one" / "questions.yaml")

    assert "one/questions.yaml: this is not a file. Put a text file" in two.problem()
