#!/bin/sh
# mammoth: raw text joins the words around a line break.
#
# Guess:    extract_raw_text gives a line break (Shift+Enter in Word) as a newline or a blank;
#           convert_to_html gives <br />.
# Seen:     the HTML has it, the raw text nothing: the words before and after are one. A tab is
#           kept.
# Versions: mammoth 1.13.0, python-docx 1.2.0; Python 3.11; 2026-12-01
# Output:
#   html: '<p>le lundi<br />le mardi\tle jeudi</p>', raw: 'le lundile mardi\tle jeudi'
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'mammoth==1.13.0' 'python-docx==1.2.0'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
import io

import mammoth
from docx import Document

document = Document()
document.add_paragraph("le lundi\nle mardi\tle jeudi")
written = io.BytesIO()
document.save(written)
html = mammoth.convert_to_html(written).value
raw = mammoth.extract_raw_text(written).value.strip()
print(f"html: {html!r}, raw: {raw!r}")
assert html == "<p>le lundi<br />le mardi\tle jeudi</p>"
assert raw == "le lundile mardi\tle jeudi"
END
