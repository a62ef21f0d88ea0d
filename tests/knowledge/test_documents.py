from __future__ import annotations

import datetime as dt
import os
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import AlignmentError, DocumentError, Language, Library
from knowledge.documents import check_alignment, read_source
from tests.knowledge.conftest import LONG, Articles

ROOT = Path(__file__).parents[2]
SHARED_ARTICLE = ROOT.parent / "shared" / "article" / "small-business-rising.fr.txt"


def _blocks(path: Path) -> list[tuple[int, int, str]]:
    """Level, line and words of each block."""
    source = read_source(path)
    return [(each.level, each.line, each.span.of(source.text)) for each in source.blocks]


def test_the_french_edition_is_the_article_to_the_letter() -> None:
    if not SHARED_ARTICLE.exists():
        pytest.skip(f"the shared article is not here: {SHARED_ARTICLE}")
    edition = read_source(ROOT / "knowledge/articles/small-business-rising/fr.md").edition

    assert edition.text == SHARED_ARTICLE.read_bytes().decode().strip()


def test_the_article_says_where_it_comes_from(library: Library) -> None:
    (document,) = library.documents
    about = document.editions[Language.FRENCH].about

    assert about.title == (
        "Une coalition de petites entreprises américaines lance une campagne contre le "
        "monopole d'Amazon"
    )
    assert (about.publisher, about.published) == ("La Libre", dt.date(2021, 4, 6))
    assert str(about.url).startswith("https://www.lalibre.be/economie/")
    assert about.translated_from is None
    assert document.editions[Language.ENGLISH].about.translated_from is Language.FRENCH


def test_only_title_and_language_are_needed(articles: Articles) -> None:
    path = articles.write_raw("one/fr.md", "---\ntitle: T\nlanguage: fr\n---\nDu texte.")

    source = read_source(path)

    assert source.edition.about.title == "T"
    assert source.text == "Du texte."
    assert _blocks(path) == [(0, 5, "Du texte.")]


def test_titles_are_put_on_one_line(articles: Articles) -> None:
    path = articles.write("one/fr.md", title='"  Un\n  long   titre "', publisher="' La  Libre '")

    about = read_source(path).edition.about

    assert (about.title, about.publisher) == ("Un long titre", "La Libre")


@pytest.mark.parametrize(
    "content",
    [
        b"---\r\ntitle: T\r\nlanguage: fr\r\n---\r\nUne ligne\r\net une autre.\r\n",
        b"---\rtitle: T\rlanguage: fr\r---\rUne ligne\ret une autre.\r",
        b"\xef\xbb\xbf---\ntitle: T\nlanguage: fr\n---\nUne ligne\net une autre.\n",
        b"\n \n---  \ntitle: T\nlanguage: fr\n---\t\nUne ligne\net une autre.",
    ],
)
def test_what_editors_do_to_line_ends_is_accepted(articles: Articles, content: bytes) -> None:
    (block,) = _blocks(articles.write_raw("one/fr.md", content))

    assert block[2] == "Une ligne et une autre."


@pytest.mark.parametrize(
    ("front_matter", "line", "message"),
    [
        ("language: fr", 1, "the key 'title' is missing. Add it."),
        ("", 1, "the front matter has no keys. Add `title:` and `language:`."),
        ("- title\n- language", 1, "the front matter has no keys."),
        ("titel: T\nlanguage: fr", 1, "the key 'title' is missing. Add it."),
        ("title: T\ntitle: T\nlanguage: fr", 3, "the key 'title' stands here twice."),
        ("title: T\nlanguage: de", 3, "'language' is 'de': it should be 'fr' or 'en'."),
        ("title: T\nlanguage: French", 3, "'language' is 'French': it should be 'fr' or 'en'."),
        ("title: T\nlanguage: no", 3, "'language' is False: it should be 'fr' or 'en'."),
        ("title: T\nlanguage:", 3, "'language' is empty: it should be 'fr' or 'en'."),
        ("title:\nlanguage: fr", 2, "'title' is empty: it should be text."),
        ("title: ' '\nlanguage: fr", 2, "'title' is '': it should have at least 1 character."),
        ("title: [1984]\nlanguage: fr", 2, "'title' is [1984]: it should be text. Put it between"),
        (f"title: {'T' * 301}\nlanguage: fr", 2, "it should have at most 300 characters."),
        ('title: "a\\0b"\nlanguage: fr', 2, "it should have no control characters."),
        ("title: T\nlanguage: fr\npublished: soon", 4, "it should be a date such as 2021-04-06."),
        ("title: T\nlanguage: fr\npublished: 2021", 4, "'published' is 2021: it should be a date"),
        ("title: T\nlanguage: fr\npublished: 2021-02-30", 4, "not a valid timestamp"),
        ("title: T\nlanguage: fr\nurl: http:/", 4, "'url' is 'http:/': it should be an address"),
        (
            "title: T\nlanguage: fr\nurl: javascript:alert(1)",
            4,
            "it should be an address such as https:",
        ),
        ("title: T\nlanguage: fr\ntranslated_from: fr", 4, "should not be the text's own language"),
        ("title: Foo: bar\nlanguage: fr", 2, "this is not valid YAML (mapping values are not allo"),
        ("title: [T\nlanguage: fr", 3, "this is not valid YAML"),
        ("title: !!bool maybe\nlanguage: fr", 2, "'maybe' is not a valid bool"),
        ("title: &a [*a]\nlanguage: fr", 2, "*a is an alias; write the value itself"),
    ],
)
def test_bad_front_matter_is_named_with_its_line(
    articles: Articles, front_matter: str, line: int, message: str
) -> None:
    path = articles.write_raw("one/fr.md", f"---\n{front_matter}\n---\n{LONG}")

    with pytest.raises(DocumentError) as caught:
        read_source(path)

    assert str(caught.value).startswith(f"one/fr.md, line {line}: ")
    assert message in str(caught.value)
    assert caught.value.place.line == line


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "line 1: the file has no front matter. Begin it with a line of three hyphens"),
        (b"Du texte.", "line 1: the file has no front matter."),
        (b"Du texte.\n---\ntitle: T\n---\n", "line 1: the file has no front matter."),
        (b"\n---\ntitle: T\nDu texte.", "line 2: the front matter has no end. Close it with"),
        (b"---\ntitle: T\nlanguage: fr\n---", "there is no paragraph after the front matter."),
        (b"---\ntitle: T\nlanguage: fr\n---\n \n\t\n", "there is no paragraph after"),
        (b"---\ntitle: T\nlanguage: fr\n---\n# Seul\n", "there is no paragraph after"),
        (b"---\ntitle: T\nlanguage: fr\n---\n<!-- x -->\n\n***\n", "there is no paragraph after"),
        ("---\ntitle: T\n".encode("utf-16"), "line 1: this is not UTF-8 text. Save the file again"),
        ("---\ntitle: T\n".encode("utf-16-le"), "line 1: the character '\\x00' does not belong"),
        ("---\ntitle: T\n---\n\né".encode("latin-1"), "line 5: this is not UTF-8 text."),
        (b"---\ntitle: T\nlanguage: fr\n---\n\nA\x00B", "line 6: the character '\\x00' does not"),
        (b"---\ntitle: \x1b[2J\n---\n\nA", "line 2: the character '\\x1b' does not belong in"),
        ("---\ntitle: T\n---\nl\x92eau".encode(), "line 4: the character '\\x92' does not"),
    ],
)
def test_a_file_that_is_no_article_is_named(
    articles: Articles, content: bytes, message: str
) -> None:
    path = articles.write_raw("one/fr.md", content)

    with pytest.raises(DocumentError) as caught:
        read_source(path)

    assert message in str(caught.value)


def test_a_folder_a_pipe_or_nothing_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    folder, pipe, dangling = tmp_path / "a.md", tmp_path / "b.md", tmp_path / "c.md"
    folder.mkdir()
    os.mkfifo(pipe)
    dangling.symlink_to(tmp_path / "nowhere")

    for path in (folder, pipe):
        with pytest.raises(DocumentError, match=r"this is not a file\. Put a text file"):
            read_source(path)
    with pytest.raises(DocumentError, match=r"cannot be read \(No such file or directory\)"):
        read_source(dangling)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_named(articles: Articles) -> None:
    path = articles.write("one/fr.md")
    path.chmod(0)

    with pytest.raises(DocumentError, match=r"cannot be read \(Permission denied\). Check its"):
        read_source(path)


def test_a_name_that_no_terminal_can_show_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.md")
    path.write_text("no front matter")

    with pytest.raises(DocumentError) as caught:
        read_source(path)

    assert "/\N{REPLACEMENT CHARACTER}.md, line 1" in str(caught.value).encode().decode()


def test_lists_tables_and_code_are_blocks_and_comments_are_none(articles: Articles) -> None:
    text = """\
        # Un *titre* & demi

        Un paragraphe
        sur deux lignes.
        <!-- une note

        ## pas un titre -->
        - un

          # pas un titre non plus
        - deux

        > Une citation.
        >
        > ## Encore un

        | a | b |
        |---|---|
        | 1 | 2 |

        ```python
        # du code

        x = 1
        ```
        ***
        [ref]: https://example.org

        Titre souligné
        sur deux lignes
        ===

        #

        Sous-titre ##
        ---
        ### Fermé ###
        Fin.
        """
    blocks = _blocks(articles.write("one/fr.md", textwrap.dedent(text)))

    assert [(level, line, words.split("\n")[0]) for level, line, words in blocks] == [
        (1, 6, "Un titre & demi"),
        (0, 8, "Un paragraphe sur deux lignes."),
        (0, 13, "• un"),
        (0, 18, "Une citation."),
        (2, 18, "Encore un"),
        (0, 22, "a\tb"),
        (0, 26, "# du code"),
        (1, 34, "Titre souligné sur deux lignes"),
        (2, 40, "Sous-titre ##"),
        (3, 42, "Fermé"),
        (0, 43, "Fin."),
    ]
    assert blocks[2][2].endswith("• deux")
    assert blocks[6][2] == "# du code\n\nx = 1"


def test_words_after_a_comment_are_not_lost(articles: Articles) -> None:
    path = articles.write("one/fr.md", "<!-- une\nnote --> <!-- deux --> Le texte\nsuit.\n\nFin.")

    assert _blocks(path) == [(0, 6, "Le texte"), (0, 8, "suit."), (0, 10, "Fin.")]


@pytest.mark.parametrize("html", ["<!-- a --><hr>", "<div class='x'>\n</div>", "<!-- -->"])
def test_html_without_words_is_no_paragraph(articles: Articles, html: str) -> None:
    assert _blocks(articles.write("one/fr.md", f"Du texte.\n\n{html}")) == [(0, 6, "Du texte.")]


def test_a_comment_within_a_paragraph_is_not_read(articles: Articles) -> None:
    assert articles.passages("Du <!-- faux --> texte.") == ["Du texte."]


@pytest.mark.parametrize(
    ("front_matter", "title", "language", "published"),
    [
        ('title: "T"\ndate: 2023-05-01T10:00:00Z\ndraft: false\nlang: fr-FR', "T", "fr", True),
        ("aliases:\n  - A\ntags: [a/b]", "Haut", "fr", False),
        ("titel: Deux\nlayout: page\nauthor: [A, B]\npermalink: /a/", "Haut", "fr", False),
        ("title: 1984\nlang: en\nurl: /a/\ndate: demain", "1984", "en", False),
    ],
)
def test_front_matter_of_other_programs_is_understood(
    articles: Articles, front_matter: str, title: str, language: str, *, published: bool
) -> None:
    path = articles.write_raw("one/fr.md", f"---\n{front_matter}\n---\n# Haut\n\n{LONG}")

    about = read_source(path).edition.about

    assert (about.title, about.language) == (title, language)
    assert (about.published is not None) is published


def test_front_matter_in_toml_is_understood(articles: Articles) -> None:
    path = articles.write_raw("one/fr.md", f'+++\ntitle = "T"\ndate = 2023-05-01\n+++\n{LONG}')

    about = read_source(path).edition.about

    assert (about.title, about.published) == ("T", dt.date(2023, 5, 1))


@given(text=st.text(alphabet="#=-\n\t a*`<!>[]:|\u00a0\u2028é1.", max_size=60))
def test_any_markdown_has_blocks_in_order_at_their_lines(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = f"---\ntitle: T\nlanguage: fr\n---\nDébut\n\n{text}"
    path = tmp_path_factory.getbasetemp() / "any.md"
    path.write_text(content, encoding="utf-8")

    source = read_source(path)

    lines = content.split("\n")
    end = 0
    for block in source.blocks:
        words = block.span.of(source.text)
        assert end <= block.span.start
        assert words == words.strip() != ""
        first = next((each for each in words if each.isalnum()), "")
        assert first in "\n".join(lines[block.line - 1 :])
        end = block.span.end


def _misaligned(articles: Articles, french: str, english: str) -> str:
    original = read_source(articles.write("one/fr.md", french))
    twin = read_source(articles.write("one/en.md", english, translated_from="fr"))
    with pytest.raises(AlignmentError) as caught:
        check_alignment(original, twin)
    return str(caught.value)


def test_a_title_against_a_paragraph_names_both_places(articles: Articles) -> None:
    message = _misaligned(articles, "Un.\n\n## Titre\n\nDeux.", "One.\n\nTitle\n\nTwo.")

    assert message == (
        "one/en.md, line 9: does not align with one/fr.md, line 8: here stands a paragraph "
        "(“Title”), there a section title of level 2 (“Titre”). Give both editions the same "
        "paragraphs and section titles in the same order."
    )


def test_titles_of_two_levels_do_not_align(articles: Articles) -> None:
    message = _misaligned(articles, "# Titre\n\nUn.", "### Title\n\nOne.")

    assert "here stands a section title of level 3 (“Title”)" in message
    assert "there a section title of level 1 (“Titre”)" in message


@pytest.mark.parametrize(
    ("french", "english", "message"),
    [
        (
            "Un.\n\nDeux.",
            "One.",
            "one/fr.md, line 8: does not align with one/en.md, line 7: here follows a paragraph",
        ),
        (
            "Un.",
            "One.\n\nTwo.",
            "one/en.md, line 9: does not align with one/fr.md, line 6: here follows a paragraph",
        ),
    ],
)
def test_a_paragraph_too_many_names_both_places(
    articles: Articles, french: str, english: str, message: str
) -> None:
    assert _misaligned(articles, french, english).startswith(message)


def test_aligned_twins_may_be_laid_out_differently(articles: Articles) -> None:
    original = read_source(articles.write("one/fr.md", "# Titre\nUn.\n\n- a\n- b"))
    twin = read_source(articles.write("one/en.md", "Title\n===\n\n\nOne\n.\n\n1. a"))

    check_alignment(original, twin)
