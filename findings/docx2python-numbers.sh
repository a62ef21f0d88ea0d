#!/bin/sh
# docx2python: it writes numbers of its own, not those that Word shows.
#
# Guess:    a list whose level text is “Article %1.” reads “Article 1.”, “Article 2.”, since
#           “a)” comes as “a)”.
# Seen:     only the format of the number is looked at, and “)” is put after it: “1)”, “2)”.
#           “a)” is right by chance.
# Versions: docx2python 3.7.1, python-docx 1.2.0; Python 3.11; 2026-12-01
# Output:
#   ['a)\tpremier', '1)\tObjet', '2)\tMembres']
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'docx2python==3.7.1' 'python-docx==1.2.0'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
from docx import Document
from docx.oxml import parse_xml
from docx2python import docx2python

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
document = Document()
numbering = document.part.numbering_part.element
for number, form, shown in ((90, "lowerLetter", "%1)"), (91, "decimal", "Article %1.")):
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {W} w:abstractNumId="{number}"><w:lvl w:ilvl="0">'
            f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/>'
            "</w:lvl></w:abstractNum>"
        ),
    )
    numbering.append(
        parse_xml(
            f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        )
    )
for words, number in (("premier", 90), ("Objet", 91), ("Membres", 91)):
    paragraph = document.add_paragraph(words)
    properties = f'<w:numPr {W}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(properties))
document.save("numbered.docx")
read = docx2python("numbered.docx").text.split("\n\n")
print(read)
assert read == ["a)\tpremier", "1)\tObjet", "2)\tMembres"]
END
