#!/bin/sh
# discord.py: remove_markdown joins the parts of a name.
#
# Guess:    remove_markdown takes away what Discord formats; “mot_de_passe” is shown as it is,
#           so it stays.
# Seen:     every underscore, asterisk and tilde goes, wherever it stands: “motdepasse”, “234”
#           for “2*3*4”. Only addresses are spared. What is looked up by the result is not
#           found.
# Versions: discord.py 2.7.1; Python 3.11; 2026-12-01
# Output:
#   'motdepasse', '234', 'https://e.org/a_b'
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'discord.py==2.7.1'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
from discord.utils import remove_markdown

read = [remove_markdown(each) for each in ("mot_de_passe", "2*3*4", "https://e.org/a_b")]
print(", ".join(map(repr, read)))
assert read == ["motdepasse", "234", "https://e.org/a_b"]
END
