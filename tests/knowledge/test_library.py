from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import (
    AlignmentError,
    DocumentError,
    KnowledgeError,
    Language,
    PassageLimits,
    fingerprint,
    read_document,
    slug_of,
)
from tests.knowledge.conftest import LONG, Articles, check_spans

not_for_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")


def _print(articles: Articles, limits: PassageLimits | None = None) -> str:
    return fingerprint(articles.folder, limits or PassageLimits())


def test_one_folder_with_one_language_is_a_document(articles: Articles) -> None:
    articles.write("Café du coin/fr.md")
    articles.write("another/en.md")

    library = articles.read()

    assert library.problems == ()
    assert [document.slug for document in library.documents] == ["another", "cafe-du-coin"]
    assert len(library.passages) == 2
    assert list(library.documents[0].editions) == [Language.ENGLISH]


def test_an_edition_s_language_is_what_it_says_not_its_file_s_name(articles: Articles) -> None:
    articles.write("one/article.md", language="fr")
    articles.write("one/translation.md", language="en", translated_from="fr")

    (document,) = articles.read().documents

    assert document.editions[Language.FRENCH].about.translated_from is None
    assert document.editions[Language.ENGLISH].about.translated_from is Language.FRENCH


def test_a_translation_alone_is_a_document(articles: Articles) -> None:
    articles.write("one/en.md", translated_from="fr")

    library = articles.read()

    assert library.problems == ()
    assert len(library.passages) == 1


def test_a_misaligned_twin_is_left_out_and_the_original_stays(articles: Articles) -> None:
    articles.write("one/fr.md", f"{LONG}\n\n{LONG}")
    articles.write("one/en.md", LONG, translated_from="fr")

    library = articles.read()

    (problem,) = library.problems
    assert isinstance(problem, AlignmentError)
    assert (str(problem.place), str(problem.other)) == ("one/fr.md, line 8", "one/en.md, line 7")
    assert list(library.documents[0].editions) == [Language.FRENCH]
    assert len(library.passages) == 2


def test_a_broken_twin_is_left_out_and_the_original_stays(articles: Articles) -> None:
    articles.write("one/fr.md")
    articles.write_raw("one/en.md", "no front matter")

    library = articles.read()

    assert [str(problem.place) for problem in library.problems] == ["one/en.md, line 1"]
    assert list(library.documents[0].editions) == [Language.FRENCH]


def test_a_translation_does_not_stand_in_for_a_broken_original(articles: Articles) -> None:
    articles.write("one/en.md", translated_from="fr")
    articles.write_raw("one/fr.md", "no front matter")

    library = articles.read()

    assert [str(problem.place) for problem in library.problems] == ["one/fr.md, line 1"]
    assert library.documents == ()


def test_two_folders_of_one_slug_are_not_both_read(articles: Articles) -> None:
    articles.write("Un café/fr.md", LONG)
    articles.write("un-cafe/fr.md", "Autre chose.")

    library = articles.read()

    (problem,) = library.problems
    assert str(problem) == (
        "articles/un-cafe: another folder already has the name “un-cafe”. Rename one of them."
    )
    assert [document.slug for document in library.documents] == ["un-cafe"]
    assert LONG in library.documents[0].editions[Language.FRENCH].text


def test_two_editions_of_one_language_leave_the_document_out(articles: Articles) -> None:
    articles.write("one/a.md", language="fr")
    articles.write("one/b.md", language="fr")
    articles.write_raw("one/c.md", "no front matter")

    library = articles.read()

    assert [str(problem) for problem in library.problems][1] == (
        "one/b.md: one/a.md has the same language “fr”. Keep one file for each language."
    )
    assert str(library.problems[0].place) == "one/c.md, line 1"
    assert library.documents == ()


def test_two_translations_without_an_original_are_refused(articles: Articles) -> None:
    articles.write("one/fr.md", translated_from="en")
    articles.write("one/en.md", translated_from="fr")

    assert articles.problem() == (
        "articles/one: both editions say `translated_from`. Take it out of the original."
    )


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (
            "notes.txt",
            "articles/notes.txt: this is a file, but each document is a folder. Put it into a",
        ),
        (
            "one/notes.txt",
            "one/notes.txt: only .md files and questions.yaml are read here. Remove it.",
        ),
        (
            "日本/fr.md",
            "articles/日本: no name can be made of this. Name the folder with letters from a to z",
        ),
    ],
    ids=["file", "stray", "name"],
)
def test_what_does_not_belong_is_named(articles: Articles, name: str, problem: str) -> None:
    articles.write("one/fr.md")
    articles.write_raw(name, "stray")

    assert articles.problem().startswith(problem)
    assert len(articles.read().documents) == 1


def test_an_empty_folder_is_named(articles: Articles) -> None:
    (articles.folder / "one").mkdir()

    assert articles.problem() == "articles/one: the folder has no .md file. Add one, or remove it."


def test_hidden_files_and_folders_are_nothing(articles: Articles) -> None:
    articles.write("one/fr.md")
    articles.write_raw("one/.fr.md.swp", b"\x00")
    articles.write_raw(".git/HEAD", "ref")

    assert articles.read().problems == ()


def test_no_articles_are_no_problem(articles: Articles) -> None:
    library = articles.read()

    assert (library.documents, library.problems, library.passages) == ((), (), ())


@pytest.mark.parametrize(("made", "why"), [(False, "No such file"), (True, "Not a directory")])
def test_a_folder_of_articles_that_is_none_is_refused(
    articles: Articles, why: str, *, made: bool
) -> None:
    articles.folder.rmdir()
    if made:
        articles.folder.touch()

    for read in (articles.read, lambda: _print(articles)):
        with pytest.raises(KnowledgeError, match=f"cannot be read .{why}.*`knowledge.folder`"):
            read()


def test_one_bad_document_never_stops_the_others(articles: Articles) -> None:
    articles.write("good/fr.md")
    bad: list[str | bytes] = [
        "",
        "---\ntitle: T\nlanguage: fr\n---\n",
        "---\ntitle: &a [*a]\n---\nx",
        "---\ntitle: !!int ''\n---\nx",
        '---\n"\\ud800": x\n---\nx',
        "---\ntitle: T\nlanguage: fr\n---\nA\x00B".encode("utf-16"),
        os.urandom(64) + b"\xff",
    ]
    for number, content in enumerate(bad):
        articles.write_raw(f"bad{number}/fr.md", content)
    os.mkfifo(articles.folder / "good" / "pipe.md")
    (articles.folder / "bad0" / "en.md").symlink_to("en.md")
    (articles.folder / "loop").symlink_to("loop")

    library = articles.read()

    assert [document.slug for document in library.documents] == ["good"]
    assert len(library.problems) == len(bad) + 3
    for problem in library.problems:
        assert str(problem).encode().endswith(b".")


@not_for_root
@pytest.mark.parametrize("mode", [0, stat.S_IRUSR])
def test_a_folder_without_permission_is_named(articles: Articles, mode: int) -> None:
    articles.write("one/fr.md")
    path = articles.write("two/fr.md").parent
    path.chmod(mode)
    try:
        problem = articles.problem()
        before = _print(articles)
        documents = articles.read().documents
    finally:
        path.chmod(stat.S_IRWXU)

    assert "(Permission denied). Check its permissions." in problem
    assert len(documents) == 1
    assert _print(articles) != before


@not_for_root
def test_a_folder_of_articles_without_permission_is_refused(articles: Articles) -> None:
    articles.write("one/fr.md")
    articles.folder.chmod(0)
    try:
        with pytest.raises(KnowledgeError, match="Permission denied"):
            articles.read()
    finally:
        articles.folder.chmod(stat.S_IRWXU)


def test_the_fingerprint_changes_with_every_file_and_limit(articles: Articles) -> None:
    limits = PassageLimits()
    seen = {_print(articles)}
    articles.write("one/fr.md")
    seen.add(_print(articles))
    articles.write("one/fr.md", "Autre chose.")
    seen.add(_print(articles))
    articles.write_raw("one/questions.yaml", "")
    seen.add(_print(articles))
    (articles.folder / "one").rename(articles.folder / "two")
    seen.add(_print(articles))
    seen.add(_print(articles, PassageLimits(limits.shortest + 1, limits.longest)))
    seen.add(_print(articles, PassageLimits(limits.shortest, limits.longest + 1)))

    assert len(seen) == 7


def test_the_fingerprint_is_of_the_files_not_of_where_and_when(
    articles: Articles, tmp_path: Path
) -> None:
    articles.write("one/fr.md")
    articles.write_raw("one/" + os.fsdecode(b"\xff.md"), "a name of bytes")
    before = _print(articles)

    copy = shutil.copytree(articles.folder, tmp_path / "copy")

    assert fingerprint(copy, PassageLimits()) == before
    assert articles.read().fingerprint == before


@given(
    content=st.binary(max_size=80)
    | st.text(alphabet="-\n: ab{}[]\"'&*!|>#%@`,?~0", max_size=80).map(
        lambda front: f"---\ntitle: T\nlanguage: fr\n{front}\n---\nDu texte.".encode()
    )
)
def test_any_bytes_are_a_document_or_a_problem(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    articles = Articles(tmp_path_factory.mktemp("bytes") / "articles")
    articles.write_raw("one/fr.md", content)

    library = articles.read()

    assert len(library.documents) + len(library.problems) == 1
    check_spans(library)


def test_a_document_is_read_from_texts_as_from_its_folder(articles: Articles) -> None:
    articles.write("one/fr.md")
    articles.write("one/en.md", LONG.replace("Cette", "This"), translated_from="fr")
    articles.write_raw("one/questions.yaml", "- passage: Cette phrase\n  fr: [Quelle phrase]\n")
    (document,) = articles.read().documents
    folder = articles.folder / document.slug
    files = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    read = read_document(document.slug, files, PassageLimits(), "a server")
    assert read.problems == ()
    assert read.document.editions == document.editions
    for own, other in zip(read.document.passages, document.passages, strict=True):
        assert (own.texts, own.questions) == (other.texts, other.questions)
    ids = {each.id for each in document.passages}
    assert ids.isdisjoint(each.id for each in read.document.passages)


def test_a_document_of_texts_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"one/fr\.md, line 1: the file has no front matter"):
        read_document("one", {"fr.md": "Bonjour."}, PassageLimits(), "a server")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Règlement de l’atelier", "reglement-de-l-atelier"),
        ("Règlement de l'atelier", "reglement-de-l-atelier"),
        ("L’œuvre d’Été", "l-oeuvre-d-ete"),
        ("The members’ rules — 2026", "the-members-rules-2026"),
        ("!?", ""),
    ],
)
def test_a_name_is_made_of_the_words_of_a_title(name: str, slug: str) -> None:
    assert slug_of(name) == slug
