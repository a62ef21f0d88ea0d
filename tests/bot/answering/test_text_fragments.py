"""The words that a link names, and that no browser could take for others."""

from __future__ import annotations

import re
import time
from urllib.parse import unquote

import pytest

from bot.answering.text_fragments import PageText
from knowledge import Span


def page(text: str) -> PageText:
    """Every line of `text` a block."""
    return PageText(text, tuple(Span(*found.span()) for found in re.finditer(r"[^\n]+", text)))


def named(text: str, words: str) -> str | None:
    """What names the words between brackets, or the last `words` of `text`."""
    start = text.rindex(words)
    fragment = page(text).fragment(Span(start, start + len(words)))
    return None if fragment is None else unquote(fragment)


def test_a_short_sentence_is_named_whole() -> None:
    assert named("On vote. La séance est levée.", "La séance est levée.") == (
        "text=La séance est levée"
    )


def test_a_long_sentence_is_named_by_its_ends() -> None:
    long = "Les commerçants du marché paient une redevance mensuelle fixée par le collège."
    assert named(f"On vote. {long} On boit.", long) == "text=Les commerçants du,le collège"


def test_paragraphs_that_begin_and_end_alike_are_told_apart() -> None:
    roof = "La prime communale pour l’isolation du toit est de 3 000 € par an, sur facture."
    tank = "La prime communale pour une citerne d’eau est de 300 € par an, sur facture."
    text = f"{roof}\n\n{tank}"
    assert named(text, roof) == "text=La prime communale pour l’isolation,sur facture"
    assert named(text, tank) == "text=La prime communale pour une,sur facture"


@pytest.mark.parametrize(
    ("other", "own", "start"),
    [
        (
            "La RÉUNION GÉNÉRALE est publique",
            "la reunion generale est levée",
            "la reunion generale est levée",
        ),
        ("L'“heure” d'été commence", 'L’"heure" d’été finit', "d’été finit à"),
        ("un cœur simple bat", "un coeur simple dort", "un coeur simple dort"),
        ("le porte‑parole parle", "le porte-parole se tait", "le porte-parole se"),
        ("une consti\u00adtution à vie", "une constitution à jour", "une constitution à jour"),
    ],
    ids=["case and accents", "quotation marks", "ligatures", "hyphens", "soft hyphens"],
)
def test_what_a_browser_takes_for_alike_is_not_the_only_place(
    other: str, own: str, start: str
) -> None:
    own = f"{own} à la fin de la longue journée du samedi."
    assert named(f"{other}\n{own}", own) == f"text={start},du samedi"


def test_a_word_within_another_is_no_other_place() -> None:
    assert named("Les impotents votent. Un pot est vide.", "pot est vide") == "text=pot est vide"


def test_no_term_crosses_a_line() -> None:
    text = "Horaires :\n\nLa maison ouvre à neuf heures\ntous les jours"
    assert named(text, text) == "text=Horaires,les jours"


def test_equal_sentences_are_told_apart_by_what_stands_beside_them() -> None:
    text = "Peut-on fumer ? Non. Peut-on manger ? Non. C’est tout."
    assert named(text, "Non.") == "text=Non.,-C’est tout"
    first = page(text).fragment(Span(16, 20))
    assert first is not None
    assert unquote(first) == "text=Non.,-Peut-on"


def test_the_end_is_the_next_of_its_kind() -> None:
    text = "Le thé est servi bien chaud. Le café est servi bien chaud. Le reste est froid."
    whole = "Le thé est servi bien chaud. Le café est servi bien chaud."
    assert named(text, whole) == "text=Le thé est,est servi bien chaud"


def test_two_places_that_nothing_tells_apart_are_not_named() -> None:
    text = "\n".join(["Oui."] * 40)
    middle = text.index("Oui.", 80)
    assert page(text).fragment(Span(middle, middle + 4)) is None


@pytest.mark.parametrize("text", ["", "…", "— ? —", "\u00ad\u200b"])
def test_what_has_no_word_is_not_named(text: str) -> None:
    assert page(f"Avant\n{text}\nAprès").fragment(Span(6, 6 + len(text))) is None


def test_signs_that_pages_set_otherwise_are_avoided() -> None:
    text = "« Rien n’est dit », écrit-il hier — à tort."
    fragment = named(text, text)
    assert fragment is not None
    assert not set("«»—…") & set(fragment)


def test_the_mark_of_an_item_is_not_on_the_page() -> None:
    text = "1. le formulaire signé\n2. la facture datée"
    items = tuple(Span(*found.span()) for found in re.finditer(r"(?<=\. ).+", text))
    whole = PageText(text, items).fragment(Span(0, len(text)))
    assert whole is not None
    assert unquote(whole) == "text=le formulaire signé,facture datée"


def test_separators_and_invisible_signs_are_no_part_of_a_term() -> None:
    fragment = page("Aujour\u00add’hui, vice-versa &c").fragment(Span(0, 30))
    assert fragment == "text=Aujourd%E2%80%99hui%2C%20vice%2Dversa%20%26c"


def test_a_long_text_that_repeats_itself_is_searched_quickly() -> None:
    text = "\n".join(["Une phrase qui revient sans cesse et que rien ne distingue."] * 20_000)
    whole = page(text)
    start = time.perf_counter()
    assert whole.fragment(Span(600_000, 600_059)) is None
    # A fifth of a second here: not a search of the whole for each candidate.
    assert time.perf_counter() - start < 20
