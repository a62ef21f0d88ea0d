"""Pages made of an article, set in the ways in which publishers set text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import cycle

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
::target-text {{ background: #ff00ff; color: #ff00ff; text-decoration: none; }}
body {{ margin: 0; font: 15px/1.5 sans-serif; }}
main {{ width: 640px; margin: 1600px auto; }}
td, th {{ padding: 6px; text-align: left; vertical-align: top; }}
nav, footer {{ padding: 20px; }}
.layer {{ position: fixed; inset: auto 0 0 0; padding: 16px; background: #eee; }}
</style>
</head>
<body>
{before}<nav class="beside"><a href="#">{title}</a> <a href="#">Accueil</a> <a href="#">Contact</a>
</nav>
<main>
{body}
</main>
<footer class="beside">Contact · Cookies · © 2026</footer>
</body>
</html>
"""
_LAYER = """<div class="layer beside" role="dialog"><p>Ce site utilise des cookies pour mesurer
l’audience. This site uses cookies to measure its audience.</p><button>Accepter</button>
<button>Refuser</button></div>
"""
_FIGURE = (
    '<figure class="beside"><svg width="300" height="120"></svg>'
    "<figcaption>Photo : la place, un matin de marché ({number})</figcaption></figure>"
)
_FRENCH_SPACES = (
    (re.compile(r" (?=[;!?])"), "\u202f"),
    (re.compile(r" (?=[:»%€])|(?<=«) "), "\u00a0"),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), "\u202f"),
    (re.compile(r"(?<=\d) (?=[a-z])|(?<=\bM\.) |(?<=\bMme) |(?<=\bMr) |(?<=\bMs) "), "\u00a0"),
)
_LONG_WORD = re.compile(r"[^\W\d_]{7,}")

Lines = Sequence[str]


def _paragraphs(lines: Lines) -> str:
    return "\n".join(f"<p>{escape(line)}</p>" for line in lines)


def _breaks(lines: Lines) -> str:
    return f"<div>{'<br>'.join(map(escape, lines))}</div>"


def _lists(lines: Lines) -> str:
    items = "\n".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>"


def _tables(lines: Lines) -> str:
    rows = (
        f'<tr><th class="beside">{number}</th><td>{escape(line)}</td></tr>'
        for number, line in enumerate(lines, 1)
    )
    return f"<table>{''.join(rows)}</table>"


def _figures(lines: Lines) -> str:
    return "\n".join(
        f"<p>{escape(line)}</p>{_FIGURE.format(number=number)}"
        for number, line in enumerate(lines, 1)
    )


def _spaces(lines: Lines) -> str:
    return _paragraphs([_french_spaces(line) for line in lines])


def _french_spaces(line: str) -> str:
    for found, space in _FRENCH_SPACES:
        line = found.sub(space, line)
    return line


def _soft_hyphens(lines: Lines) -> str:
    return _paragraphs([_LONG_WORD.sub(_hyphenated, line) for line in lines])


def _hyphenated(word: re.Match[str]) -> str:
    return "\u00ad".join(re.findall(r".{1,4}", word.group()))


def _quotation_marks(lines: Lines) -> str:
    return _paragraphs([_requoted(line) for line in lines])


def _requoted(line: str) -> str:
    if "«" in line:
        return line.replace("« ", "“").replace(" »", "”").replace("«", "“").replace("»", "”")
    marks = cycle(("« ", " »"))
    return re.sub('"', lambda _: next(marks), line)


def _apostrophes(lines: Lines) -> str:
    return _paragraphs([line.translate({39: "’", 0x2019: "'"}) for line in lines])


def _inline_marks(lines: Lines) -> str:
    return "\n".join(f"<p>{_marked(line)}</p>" for line in lines)


def _marked(line: str) -> str:
    """Every third word marked, every third of these from its third letter on."""
    marks = cycle(("b", "i", 'a href="#"', "mark", "span"))
    words = []
    for number, word in enumerate(line.split(" ")):
        if number % 3:
            words.append(escape(word))
            continue
        mark = next(marks)
        whole = number % 9 or len(word) < 4  # noqa: PLR2004 - as above
        before, rest = ("", word) if whole else (word[:2], word[2:])
        words.append(f"{escape(before)}<{mark}>{escape(rest)}</{mark.split()[0]}>")
    return " ".join(words)


LAYOUTS: Mapping[str, Callable[[Lines], str]] = {
    "paragraphs": _paragraphs,
    "line breaks": _breaks,
    "lists": _lists,
    "tables": _tables,
    "figures between": _figures,
    "non-breaking spaces": _spaces,
    "soft hyphens": _soft_hyphens,
    "other quotation marks": _quotation_marks,
    "other apostrophes": _apostrophes,
    "inline marks": _inline_marks,
    "cookie layer": _paragraphs,
}


def page(layout: str, title: str, language: str, lines: Lines) -> str:
    """The HTML of an article in a layout; what stands beside it has the class `beside`."""
    before = _LAYER if layout == "cookie layer" else ""
    body = LAYOUTS[layout](lines)
    return _PAGE.format(language=language, title=escape(title), before=before, body=body)
