#!/bin/sh
# markdownify: a vertical bar in a table cell becomes a cell border.
#
# Guess:    “|” in a cell is escaped, as “*” and “_” are in text.
# Seen:     it is not, by default; the row gets a cell more, and every reader of the Markdown
#           drops the last one: here the price.
# Versions: markdownify 1.2.3, markdown-it-py 4.3.0; Python 3.11; 2026-12-01
# Output:
#   | Matin|soir | 10 € |
#   read back: ['Matin', 'soir']
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'markdownify==1.2.3' 'markdown-it-py==4.3.0'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
from markdown_it import MarkdownIt
from markdownify import markdownify

page = "<table><tr><th>Quand</th><th>Prix</th></tr><tr><td>Matin|soir</td><td>10 €</td></tr></table>"
text = markdownify(page).strip()
cells = [
    token.content
    for token in MarkdownIt("commonmark").enable("table").parse(text)
    if token.type == "inline"
]
print(text.splitlines()[-1])
print("read back:", cells[2:])
assert cells == ["Quand", "Prix", "Matin", "soir"]
END
