#!/bin/sh
# pdfplumber: on a page that is turned, every word is a line.
#
# Guess:    a page with /Rotate 90, as scanners and slides have it, reads as the same page
#           unturned; pypdf does so.
# Seen:     extract_text of pdfplumber puts each word on a line of its own.
# Versions: pdfplumber 0.11.10, pypdf 7.1.1, fpdf2 2.8.9; Python 3.11; 2026-12-01
# Output:
#   pypdf: 'La piscine ouvre tard', pdfplumber: 'La\npiscine\nouvre\ntard'
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'pdfplumber==0.11.10' 'pypdf==7.1.1' 'fpdf2==2.8.9'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
import io

import pdfplumber
import pypdf
from fpdf import FPDF

made = FPDF()
made.add_page()
made.set_font("Helvetica", size=12)
made.write(8, "La piscine ouvre tard")
writer = pypdf.PdfWriter()
writer.append(io.BytesIO(bytes(made.output())))
writer.pages[0].rotate(90)
turned = io.BytesIO()
writer.write(turned)
one = pypdf.PdfReader(turned).pages[0].extract_text()
with pdfplumber.open(turned) as opened:
    other = opened.pages[0].extract_text()
print(f"pypdf: {one!r}, pdfplumber: {other!r}")
assert one == "La piscine ouvre tard"
assert other == "La\npiscine\nouvre\ntard"
END
