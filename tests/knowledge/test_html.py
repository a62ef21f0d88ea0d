"""Pages as browsers read them: what becomes blocks, and what is left out and said."""

# ruff: noqa: E501 - tags as programs write them

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.blocks.blocks import (
    Block,
    Code,
    Entry,
    Heading,
    Item,
    ItemList,
    Note,
    Paragraph,
    Quotation,
    Table,
    texts_in,
)
from knowledge.blocks.reading import Furniture, Reading
from knowledge.blocks.richtext import MarkKind, plain
from knowledge.files.html import read_html
from knowledge.files.kinds import FileError, FileProblem
from knowledge.language import Language


def read(body: str, head: str = "") -> Reading:
    page = f'<!doctype html><html lang="fr"><head><meta charset="utf-8">{head}</head><body>{body}'
    return read_html(page.encode())


def lines(reading: Reading) -> list[str]:
    return [each for each in texts_in(reading.blocks) if each]


def left_out(reading: Reading) -> dict[Furniture, int]:
    return {each.what: each.words for each in reading.left_out}


def marked(block: Block) -> list[tuple[str, str, str]]:
    assert isinstance(block, Paragraph)
    return [(each.kind, each.span.of(block.text.text), each.target) for each in block.text.marks]


# --- what a page says


def test_tags_may_be_omitted_or_nested_amiss() -> None:
    reading = read(
        "<p>Un<p>Deux <b>gras <i>et</b> penché</i><ul><li>a<li>b</ul>"
        "<table><tr><th>Jour<th>Heure<tr><td>Lundi<td>9&nbsp;h</table>&eacute;t&eacute; &amp; hiver"
    )
    assert reading.blocks == (
        Paragraph(plain("Un")),
        reading.blocks[1],
        ItemList((Item("•", plain("a")), Item("•", plain("b")))),
        Table((plain("Jour"), plain("Heure")), ((plain("Lundi"), plain("9\u00a0h")),)),
        Paragraph(plain("été & hiver")),
    )
    assert marked(reading.blocks[1]) == [
        ("bold", "gras et", ""),
        ("italic", "et penché", ""),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<p>Déjà l’été".encode(), "Déjà l’été"),
        ("<p>Déjà l’été".encode("utf-8-sig"), "Déjà l’été"),
        ("<p>Déjà l’été".encode("utf-16"), "Déjà l’été"),
        ("<p>Déjà l’été".encode("utf-16-le"), "Déjà l’été"),
        ("<p>Déjà l’été".encode("cp1252"), "Déjà l’été"),
        ("<meta charset=iso-8859-1><p>Déjà l’été".encode("cp1252"), "Déjà l’été"),
        ("<meta charset=utf-8><p>Déjà l’été".encode("cp1252"), "Déjà l’été"),
        # A page that was converted and not told so.
        ("<meta charset=windows-1252><p>Déjà l’été".encode(), "Déjà l’été"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>Łódź'.encode(
                "iso-8859-2"
            ),
            "Łódź",
        ),
        ('<?xml version="1.0" encoding="koi8-r"?><p>Мир'.encode("koi8-r"), "Мир"),
        ("<meta charset=shift_jis><p>会議".encode("shift_jis"), "会議"),
        ("<meta charset=nonsense><p>Déjà".encode("cp1252"), "Déjà"),
    ],
)
def test_encodings_are_what_is_declared_or_gives_words(content: bytes, said: str) -> None:
    assert lines(read_html(content)) == [said]


def test_what_is_not_seen_parts_no_words() -> None:
    reading = read("<p>La consti&shy;tution commu&#8203;nale<wbr> pré&shy;voit\n  un  vote.")
    assert lines(reading) == ["La constitution communale prévoit un vote."]


def test_numbers_that_stand_high_or_low_do_so_without_markup() -> None:
    reading = read("<p>10<sup>6</sup> m<sup>2</sup>, CO<sub>2</sub>, 1<sup>er</sup> mai")
    assert lines(reading) == ["10⁶ m², CO₂, 1er mai"]


def test_links_lead_to_where_they_lead_from_the_page() -> None:
    body = '<p>Voir <a href="aides.html">les aides</a>, <a href="#b">plus bas</a>.'
    reading = read(body, '<link rel="canonical" href="https://exemple.org/vie/page.html">')
    assert marked(reading.blocks[0]) == [
        ("link", "les aides", "https://exemple.org/vie/aides.html")
    ]
    assert reading.said.url == "https://exemple.org/vie/page.html"


def test_lists_count_as_they_are_shown() -> None:
    reading = read(
        "<ol start=3><li>x<li value=7>y<ol type=a><li>p<li>q</ol><li>z</ol><p>et"
        "<ol reversed><li>deux<li>un</ol><p>et<ol style='list-style:none'><li>sans</ol><p>et"
        "<ol style='list-style-type:upper-roman'><li>romain</ol>"
    )
    items = [
        each for block in reading.blocks if isinstance(block, ItemList) for each in block.items
    ]
    assert [(each.mark, each.text.text, each.depth) for each in items] == [
        ("3.", "x", 0),
        ("7.", "y", 0),
        ("a.", "p", 1),
        ("b.", "q", 1),
        ("8.", "z", 0),
        ("2.", "deux", 0),
        ("1.", "un", 0),
        ("•", "sans", 0),
        ("I.", "romain", 0),
    ]


def test_tables_have_their_titles_and_spans() -> None:
    reading = read(
        "<table><tfoot><tr><td>Total<td>7 €</tfoot><caption>Tarifs</caption><thead><tr><td>Nom<td>Prix"
        "<tbody><tr><td rowspan=2>Salle<td>3 €<tr><td>4 €</table>"
        "<table><tr><td><b>Jour</b><td><b>Heure</b><tr><td>Lundi<td>9 h</table>"
    )
    cells = [
        [[cell.text for cell in row] for row in (each.header, *each.rows)]
        for each in reading.blocks
        if isinstance(each, Table)
    ]
    assert cells == [
        [["Nom", "Prix"], ["Salle", "3 €"], ["Salle", "4 €"], ["Total", "7 €"]],
        [["Jour", "Heure"], ["Lundi", "9 h"]],
    ]
    assert reading.blocks[0] == Paragraph(plain("Tarifs"))


def test_tables_that_lay_a_page_out_are_taken_apart() -> None:
    reading = read(
        "<table><tr><td><h1>Statuts</h1><p>Un.<ul><li>a</ul><td><table><tr><th>x<th>y"
        "<tr><td>1<td>2</table></table>"
    )
    assert [type(each) for each in reading.blocks] == [Heading, Paragraph, ItemList, Table]


def test_what_unfolds_is_an_entry() -> None:
    reading = read(
        "<details><summary>Qui ?</summary>Toute personne.</details><dl><dt>Siège<dd>En mairie.</dl>"
    )
    assert reading.blocks == (
        Entry(plain("Qui ?"), (Paragraph(plain("Toute personne.")),)),
        Entry(plain("Siège"), (Paragraph(plain("En mairie.")),)),
    )


def test_what_is_shown_on_a_click_is_text() -> None:
    reading = read(
        "<h3><button aria-expanded=false aria-controls=p>Comment adhérer ?</button></h3>"
        "<div id=p hidden>En écrivant.</div>"
        "<a href=\"javascript:montre('r2')\">Combien ?</a><div id=r2 style='display:none'>Dix.</div>"
        "<style>.r{display:none} .ouvert .r{display:block}</style><div class=r>Trois.</div>"
    )
    assert lines(reading) == ["Comment adhérer ?", "En écrivant.", "Combien ?", "Dix.", "Trois."]
    assert reading.blocks[0] == Heading(plain("Comment adhérer ?"), 3)


def test_code_quotations_and_captions_are_kept() -> None:
    reading = read(
        "<pre>a  b\n c</pre><blockquote><p>Dit-on.</blockquote>"
        "<figure><img src=x alt='Une salle'><figcaption>La salle.</figcaption></figure>"
    )
    assert reading.blocks == (
        Code("a  b\n c"),
        Quotation((Paragraph(plain("Dit-on.")),)),
        Paragraph(plain("La salle.")),
    )
    assert [(each.what, each.count) for each in reading.left_out] == [(Furniture.PICTURES, 1)]


@pytest.mark.parametrize(
    "body",
    [
        (
            "<p>Sept jours<sup id=r><a href='#n'>[1]</a></sup>, sans frais.<p>Fin."
            "<ol><li id=n><a href='#r'>↑</a> Point 4.</ol>"
        ),
        # Word
        (
            "<p>Sept jours<a href='#_ftn1' name='_ftnref1'><span>[1]</span></a>, sans frais.<p>Fin."
            "<div><div id=ftn1><p><a href='#_ftnref1' name='_ftn1'>[1]</a> Point 4.</div></div>"
        ),
        # Google Docs
        (
            "<p>Sept jours<sup><a href='#ftnt1' id='ftnt_ref1'>[1]</a></sup>, sans frais.<p>Fin."
            "<hr><div><p><a href='#ftnt_ref1' id='ftnt1'>[1]</a><span>&nbsp;Point 4.</span></div>"
        ),
        # SPIP
        (
            "<p>Sept jours [<a href='#nb1' id='nh1'>1</a>], sans frais.<p>Fin."
            "<div><p>[<a href='#nh1' id='nb1'>1</a>] Point 4.</div>"
        ),
    ],
)
def test_notes_stand_behind_what_refers_to_them(body: str) -> None:
    first, note, *rest = read(body).blocks
    assert isinstance(first, Paragraph) and first.text.text.replace(" ,", ",") == (
        "Sept jours, sans frais."
    )
    assert [(each.kind, each.target) for each in first.text.marks] == [(MarkKind.NOTE, "1")]
    assert note == Note("1", plain("Point 4."))
    assert rest[0] == Paragraph(plain("Fin."))


# --- what stands around it


def test_main_part_is_read_and_the_rest_is_said() -> None:
    reading = read(
        "<header><a href=/>Mairie</a><nav><a href=/a>Accueil</a></nav></header>"
        "<p>Une annonce.<main><h1>Loyers</h1><p>Le médiateur reçoit en mairie, sur rendez-vous."
        "<nav><a href=/c>Suite</a></nav><footer>Mise à jour en mai.</footer></main>"
        "<aside>À lire</aside><div id=cookies>Témoins : accepter ou refuser</div>"
        "<footer>Plan du site</footer>"
    )
    assert lines(reading) == [
        "Loyers",
        "Le médiateur reçoit en mairie, sur rendez-vous.",
        "Mise à jour en mai.",
    ]
    assert left_out(reading) == {
        Furniture.HEADER: 2,
        Furniture.OUTSIDE: 2,
        Furniture.MENU: 1,
        Furniture.ASIDE: 2,
        Furniture.COOKIES: 4,
        Furniture.FOOTER: 3,
    }


def test_a_main_part_without_the_text_is_not_believed() -> None:
    reading = read("<main><h1>Bienvenue</h1></main><p>" + "Le texte se trouve à côté. " * 9)
    assert reading.words == 1 + 6 * 9


def test_the_title_is_kept_where_it_stands_beside_the_text() -> None:
    reading = read(
        "<header><a href=/>Ville</a><h1>Aides aux commerces</h1></header>"
        "<main><p>Une aide couvre la moitié des travaux de la vitrine.</main>",
        "<title>Aides aux commerces - Ville</title>",
    )
    assert reading.blocks[0] == Heading(plain("Aides aux commerces"), 1)
    assert left_out(reading) == {Furniture.HEADER: 1}
    assert reading.said.title == "Aides aux commerces - Ville"


def test_a_page_in_a_form_keeps_all_but_fields_and_buttons() -> None:
    reading = read(
        "<form id=aspnetForm><input type=hidden value=__VIEWSTATE><h1>Aides</h1>"
        "<p>L’aide couvre<button>?</button>la moitié.<select><option>Un choix</select>"
        "<input type=submit value='Envoyer la demande'></form>"
        "<form><input type=search name=q><label>Rechercher</label></form>"
    )
    assert lines(reading) == ["Aides", "L’aide couvre la moitié."]
    assert left_out(reading) == {Furniture.FORM: 5, Furniture.SEARCH: 1}


def test_what_a_browser_does_not_show_is_said_to_be_hidden() -> None:
    reading = read(
        "<style>.brouillon{display:none} @media print{.vu{display:none}}</style>"
        "<p>Vu.<div hidden>Ancien texte</div><p style='display:none'>Projet</p>"
        "<p class=brouillon>Brouillon</p><p class=vu>Vu aussi.</p><span class=sr-only>Pour lecteurs</span>"
        "<template><p>Modèle</template><noscript><p>Sans script</noscript><dialog>Fenêtre</dialog>"
        "<p aria-hidden=true>Visible.</p><!-- rien -->"
    )
    assert lines(reading) == ["Vu.", "Vu aussi.", "Visible."]
    assert left_out(reading) == {Furniture.HIDDEN: 10}


def test_links_about_the_page_are_no_text() -> None:
    reading = read(
        "<a href='#c'>Aller au contenu</a><div class=toc><p>Sommaire<ul><li><a href='#a'>Durée</a>"
        "<li><a href='#b'>Caution</a><li><a href='#c'>Retour</a></ul></div>"
        "<h2 id=a>Durée <a href='#a'>¶</a></h2><p>Sept jours.<h2 id=b>Caution"
        "<span class=mw-editsection>[<a href=/e?action=edit>modifier</a>]</span></h2>"
        "<p>Vingt euros. <a href='#top'>Haut de page</a><h2 id=c>Retour</h2><p>Propre.</p>"
        "<h2>À lire aussi</h2><ul><li><a href=/x>Autre page</a></ul>"
    )
    assert lines(reading) == [
        "Durée",
        "Sept jours.",
        "Caution",
        "Vingt euros.",
        "Retour",
        "Propre.",
    ]
    assert left_out(reading) == {
        Furniture.MENU: 6,
        Furniture.CONTENTS: 4,
        Furniture.EDIT_LINKS: 1,
        Furniture.ASIDE: 5,
    }


def test_names_alone_do_not_make_furniture() -> None:
    menu = "<div class=menu><h2>Menu de la cantine</h2><p>Lundi, des pâtes et une pomme.</div>"
    assert left_out(read(menu)) == {}
    assert left_out(read("<header><p>Tout est dans l’en-tête.</header>")) == {}


def test_a_list_of_links_that_is_all_there_is_stays() -> None:
    body = (
        "<h1>Associations</h1><div class=nav><ul>"
        + "<li><a href=/a>Un club</a>" * 9
        + "</ul></div>"
    )
    assert left_out(read(body)) == {}


# --- what programs save


def test_word_and_google_docs_have_lists() -> None:
    blank = "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span>"
    word = read(
        "<p class=MsoToc1><a href='#_Toc1'>Objet 2</a></p><h1><a name='_Toc1'>Objet</a></h1>"
        f"<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><span>·{blank}</span>pain<o:p></o:p></p>"
        f"<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span>a){blank}</span><b>bis</b></p>"
        f"<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span>·{blank}</span>sel</p>"
    )
    assert [each.mark for each in items_of(word)] == ["•", "a)", "•"]
    assert [(each.text.text, each.depth) for each in items_of(word)] == [
        ("pain", 0),
        ("bis", 1),
        ("sel", 0),
    ]
    assert left_out(word) == {Furniture.CONTENTS: 2}
    docs = read(
        "<p class=c0><span class=c1>Gras</span> <b style='font-weight:normal'>pas gras</b></p>"
        "<ol class='lst-kix_k-0 start' start=1><li>un</ol><ul class='lst-kix_k-1 start'><li>dessous</ul>"
        "<ol class='lst-kix_k-0' start=2><li>deux</ol>",
        '<style>.c1{font-weight:700}.lst-kix_k-0>li:before{content:"" counter(lst-ctn-kix_k-0,'
        'lower-latin) ") "}</style>',
    )
    assert marked(docs.blocks[0]) == [("bold", "Gras", "")]
    assert [(each.mark, each.text.text, each.depth) for each in items_of(docs)] == [
        ("a)", "un", 0),
        ("•", "dessous", 1),
        ("b)", "deux", 0),
    ]


def items_of(reading: Reading) -> list[Item]:
    return [each for block in reading.blocks if isinstance(block, ItemList) for each in block.items]


def test_notion_has_callouts_and_toggles() -> None:
    reading = read(
        "<article class=page><header><h1 class=page-title>Accueil</h1></header><div class=page-body>"
        "<nav class=table_of_contents><a href='#h'>Titre</a></nav><h2 id=h>Titre</h2>"
        "<figure class=callout><div>💡</div><div>Bon à savoir.</div></figure>"
        "<ul class=toggle><li><details open><summary>Quand ?</summary><p>Le lundi.</p></details></ul>"
        "</div></article>"
    )
    assert reading.blocks == (
        Heading(plain("Accueil"), 1),
        Heading(plain("Titre"), 2),
        Quotation((Paragraph(plain("💡")), Paragraph(plain("Bon à savoir.")))),
        Entry(plain("Quand ?"), (Paragraph(plain("Le lundi.")),)),
    )


def test_a_page_says_what_it_is() -> None:
    said = read_html(
        b'<html lang="en-GB"><title>Rules | Club</title><meta name=author content="A. Smith">'
        b'<meta property="article:published_time" content="2023-05-03T10:00:00Z">'
        b'<link rel=canonical href="https://example.org/rules"><h1>Rules</h1><p>Text.'
    ).said
    assert (said.title, said.language, said.author) == ("Rules", Language.ENGLISH, "A. Smith")
    assert (said.published, said.url) == (dt.date(2023, 5, 3), "https://example.org/rules")
    assert read_html(b"<p>Text.").said.title is None


# --- bad input


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FileProblem.NO_TEXT),
        (b" \n", FileProblem.NO_TEXT),
        (b"<html><body><img src=x></body></html>", FileProblem.NO_TEXT),
        (b"<p hidden>Text", FileProblem.NO_TEXT),
        (b"%PDF-1.7 <p>", FileProblem.OTHER_KIND),
        (b"PK\x03\x04<p>", FileProblem.OTHER_KIND),
        (b"Only words, 1 < 2.", FileProblem.OTHER_KIND),
        (b"<p>" + b"word " * 250_000, FileProblem.TOO_LONG),
        (b"<p>x" * 600_000, FileProblem.TOO_COSTLY),
    ],
)
def test_what_cannot_be_read_has_its_word(content: bytes, problem: FileProblem) -> None:
    with pytest.raises(FileError) as told:
        read_html(content)
    assert told.value.problem is problem


@pytest.mark.parametrize(
    "part",
    ["<div>", "<blockquote>", "<ul><li>", "<details><summary>s</summary>", "<dl><dt>a<dd>", "<b>"],
)
def test_what_stands_deep_is_read(part: str) -> None:
    assert "end" in " ".join(lines(read(part * 10_000 + "end"))).split()


TAGS = (
    *("p", "div", "section", "h1", "h2", "ul", "ol", "li", "table", "tr", "td", "th", "caption"),
    *("dl", "dt", "dd", "details", "summary", "blockquote", "pre", "b", "i", "code", "sup", "span"),
    *("a href=/x", "a href=#x", "main", "article", "header", "footer", "aside", "nav", "form"),
    *("button", "select", "option", "div hidden", "p style=display:none", "noscript"),
    *("template", "div role=navigation", "div class=menu", "div id=footer", "div id=x", "figure"),
    *("figcaption", "svg", "label", "div class=sidebar", "center", "font", "fieldset"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*TAGS, *(["/"] * 20), *(["word"] * 30)]), max_size=60))
def test_every_word_is_kept_or_accounted_for(parts: list[str]) -> None:
    markup: list[str] = []
    opened: list[str] = []
    words = 0
    for part in parts:
        if part == "word":
            words += 1
            markup.append(f" w{words} ")
        elif part != "/":
            opened.append(part.split()[0])
            markup.append(f"<{part}>")
        elif opened:
            markup.append(f"</{opened.pop()}>")
    reading = read(" w0 " + "".join(markup))
    kept = set(re.findall(r"\bw\d+", "\n".join(texts_in(reading.blocks))))
    assert len(kept) + sum(each.words for each in reading.left_out) == words + 1
