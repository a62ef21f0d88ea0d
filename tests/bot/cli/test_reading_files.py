"""Files in the terminal: shown as their passages, and put among the articles."""

from __future__ import annotations

import zipfile
from pathlib import Path

from bot.cli.articles import INCOMPLETE
from tests.bot.cli.conftest import Run


def test_a_file_is_shown_as_its_passages_and_what_is_left_out(run: Run, fresh_folder: Path) -> None:
    page = "<nav>Home News</nav><main><h1>Bakery</h1><h2>Hours</h2><p>It opens at nine.</main>"
    (fresh_folder / "page.html").write_text(page, encoding="utf-8")
    ran = run("read", "page.html", "--language", "en")
    assert ran.status == 0
    assert "▌ It opens at nine." in ran.out
    assert "Bakery › Hours · passage 1 of 1" in ran.out
    assert "- menu, 2 words: “Home News”" in ran.out
    missing = run("read", "nothing.md")
    assert missing.status == 2
    assert "nothing.md cannot be opened" in missing.err


def _vault(folder: Path) -> Path:
    """A zip of two pages, a picture and a file that cannot be read."""
    file = folder / "vault.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(
            "Vault/Bakery.md", "On Sundays the bakery opens at nine.\n\n<!-- a draft -->"
        )
        packed.writestr(
            "Vault/Prêt.txt", "Le vidéoprojecteur se rend le lundi suivant, avant midi."
        )
        packed.writestr("Vault/photo.png", b"\x89PNG")
        packed.writestr("Vault/plan.pdf", b"no PDF")
    return file


def test_a_zip_is_read_with_a_line_a_file(run: Run, tmp_path: Path) -> None:
    shown = run("read", str(_vault(tmp_path)))
    assert shown.status == 0
    lines = shown.out.splitlines()
    assert lines[0].startswith("Vault/Bakery.md: read; 7 words read, passages: 1; left out: comm")
    assert lines[1] == "Vault/Prêt.txt: read; 9 words read, passages: 1"
    assert "plan.pdf” is not what its name says" in lines[2]
    assert lines[3].startswith("Vault/photo.png: not read")
    assert lines[4] == "Files read: 2 of 4."


def test_a_zip_comes_into_the_folder_of_articles(run: Run, fresh_folder: Path) -> None:
    added = run("index", "add", str(_vault(fresh_folder)))
    assert added.status == INCOMPLETE
    assert "Vault/Bakery.md: added as bakery" in added.out
    articles = fresh_folder / "knowledge" / "articles"
    french = (articles / "pret" / "fr.md").read_text("utf-8")
    assert french.startswith("---\ntitle: Prêt\nlanguage: fr\n---\n")
    again = run("index", "add", str(_vault(fresh_folder)))
    assert "left alone, since bakery has the same title and words" in again.out
    built = run("index", "build")
    assert "bakery, en: left out: comments" in built.err
    assert "3 documents" in built.err
