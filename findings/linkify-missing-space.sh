#!/bin/sh
# linkify-it-py: two sentences without a space between them become a link.
#
# Guess:    “À la fin.De plus, …” is text; a bare host name needs a scheme, “www.” or a small-
#           lettered well-known ending.
# Seen:     every ending of two letters that is some country's counts, in capitals too: “fin.De”
#           is a link to http://fin.De, and “note.md” one to Moldova. “loi.Le” is none: Le is no
#           country.
# Versions: markdown-it-py 4.3.0, linkify-it-py 2.2.0; Python 3.11; 2026-12-01
# Output:
#   ['http://fin.De', 'http://note.md']
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'markdown-it-py==4.3.0' 'linkify-it-py==2.2.0'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
from markdown_it import MarkdownIt

parser = MarkdownIt("commonmark", {"linkify": True}).enable("linkify")
tokens = parser.parse("On vote la loi.Le maire signe. À la fin.De plus, voir note.md sur place.")
links = [each.attrs["href"] for token in tokens for each in token.children or [] if each.attrs]
print(links)
assert links == ["http://fin.De", "http://note.md"]
END
