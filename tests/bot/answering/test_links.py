"""Links to a publisher's page, at the words that are quoted."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from benchmarks.links.browsers import CHROMIUM, chromium
from benchmarks.links.layouts import LAYOUTS, page
from benchmarks.links.opening import Opening, lines_of, opened, targets_of
from bot.answering.links import LONGEST_LINK, page_text, sentence_link
from index import Located
from knowledge import Document, Edition, FrontMatter, Language, PassageLimits
from knowledge.library import read_document

FRENCH = Language.FRENCH
PRIMES = """
La prime communale pour l’isolation du toit s’élève à 3 000 € par logement et par an, sur facture.

La prime communale pour une citerne d’eau s’élève à 300 € par logement et par an, sur facture.

Horaires :

La maison communale ouvre ses portes à neuf heures\\
tous les jours ouvrables.
"""


def document(text: str, url: str = "https://exemple.org/primes") -> Document:
    front = f"---\ntitle: Primes\nlanguage: fr\nurl: {url}\n---\n"
    return read_document("primes", {"fr.md": front + text}, PassageLimits(), "").document


def link(text: str, passage: int, sentence: int | None, url: str = "https://e.org/") -> str | None:
    made = document(text, url)
    return sentence_link(Located(made, made.passages[passage]), FRENCH, sentence)


def test_a_link_names_the_sentence() -> None:
    found = link("Le marché ouvre à sept heures. Il ferme à midi, même en hiver, sans faute.", 0, 0)
    assert found == "https://e.org/#:~:text=Le%20march%C3%A9%20ouvre%20%C3%A0%20sept%20heures"


def test_another_fragment_of_the_address_gives_way() -> None:
    found = link("Le marché ouvre.", 0, None, "https://e.org/page?a=1#plus-bas")
    assert found == "https://e.org/page?a=1#:~:text=Le%20march%C3%A9%20ouvre"


def test_a_document_without_an_address_has_no_link() -> None:
    text = "---\ntitle: Primes\nlanguage: fr\n---\nLe marché ouvre."
    made = read_document("primes", {"fr.md": text}, PassageLimits(), "").document
    assert sentence_link(Located(made, made.passages[0]), FRENCH, None) is None


@pytest.mark.parametrize(("length", "rest"), [(480, ""), (520, None)])
def test_a_long_address_goes_without_a_place_or_not_at_all(length: int, rest: str | None) -> None:
    url = "https://e.org/" + "x" * (length - 14)
    sentence = "La maison communale ouvre ses portes à neuf heures tous les jours ouvrables."
    found = link(sentence, 0, None, url)
    assert found == (None if rest is None else url)
    assert found is None or len(found) <= LONGEST_LINK


def test_markdown_marks_are_in_no_line() -> None:
    text = (
        "# Un titre\n\nUn début  \nune fin,\\\nune autre\nqui continue\n\n"
        "- un point\n- un autre\n\n> une citation\n\n"
        "| Salle | Prix |\n| --- | ---: |\n| Grande | 3 € |\n\n***\n\n1. premier"
    )
    front = FrontMatter(title="Un titre", language=FRENCH)
    page = page_text(Edition(front, text))
    assert [each.of(text) for each in page.lines] == [
        "Un titre",
        "Un début",
        "une fin,\\",
        "une autre\nqui continue",
        "un point",
        "un autre",
        "une citation",
        "Salle",
        "Prix",
        "Grande",
        "3 €",
        "premier",
    ]


def test_the_title_of_the_page_is_another_place() -> None:
    # Pages have it in their menu, before the text.
    title = "---\ntitle: Primes de la commune\nlanguage: fr\nurl: https://e.org/\n---\n"
    text = f"{title}Primes de la commune et du lac. Primes et tarifs changent."
    made = read_document("primes", {"fr.md": text}, PassageLimits(), "").document
    found = sentence_link(Located(made, made.passages[0]), FRENCH, 0)
    assert found == "https://e.org/#:~:text=Primes%20de%20la%20commune%20et%20du%20lac"


def test_emphasis_is_not_named() -> None:
    found = link(
        "**Date limite :** les demandes arrivent avant le premier mars, sans frais.", 0, None
    )
    assert found is not None
    assert "*" not in unquote(found)


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Debian's chromium is not installed")
@pytest.mark.parametrize("layout", ["paragraphs", "line breaks", "tables", "non-breaking spaces"])
async def test_chromium_opens_every_link_at_its_words(layout: str, tmp_path: Path) -> None:
    """`python -m benchmarks.links` does so in Firefox, too, with ten documents and all layouts."""
    assert layout in LAYOUTS
    made = document(PRIMES)
    path = tmp_path / "page.html"
    path.write_text(page(layout, "Primes", "fr", lines_of(made)), "utf-8")
    async with chromium() as browser:
        for target in targets_of(made):
            assert await opened(browser, path.as_uri(), target) is Opening.RIGHT, target
