#!/bin/sh
# markdown-it-py: the lines of a list include the blank lines after it.
#
# Guess:    token.map of a list ends where its last item ends, as that of a quotation does.
# Seen:     the map of a list and of its last item runs on to the next block, over all blank
#           lines; that of a block quotation and of a paragraph does not. Who takes the source
#           of a block by its map quotes white space, or an edit of the gap changes the list.
# Versions: markdown-it-py 4.3.0; Python 3.11; 2026-12-01
# Output:
#   list [0, 4], last item [1, 4]; quotation [0, 1]
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'markdown-it-py==4.3.0'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
from markdown_it import MarkdownIt


def maps(text):
    return {token.type: token.map for token in MarkdownIt().parse(text) if token.map}


listed = maps("- a\n- b\n\n\nparagraph\n")
quoted = maps("> a\n\n\nparagraph\n")
print(
    f"list {listed['bullet_list_open']}, last item {listed['list_item_open']}; "
    f"quotation {quoted['blockquote_open']}"
)
assert listed["bullet_list_open"] == [0, 4] and listed["list_item_open"] == [1, 4]
assert quoted["blockquote_open"] == [0, 1]
END
