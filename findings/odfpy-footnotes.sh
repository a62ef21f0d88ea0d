#!/bin/sh
# odfpy: the text of a paragraph holds its footnotes, and they come once more.
#
# Guess:    extractText of a paragraph gives its own words; a footnote is a place in it.
# Seen:     number and words of the note stand in the middle of the sentence, joined to the word
#           before, and getElementsByType(P) gives the note as a paragraph of its own as well.
# Versions: odfpy 1.4.1; Python 3.11; 2026-12-01
# Output:
#   ['La taxe1Voir annexe. est due.', 'Voir annexe.']
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'odfpy==1.4.1'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
import io

from odf import teletype, text
from odf.opendocument import OpenDocumentText, load

document = OpenDocumentText()
paragraph = text.P(text="La taxe")
note = text.Note(noteclass="footnote")
note.addElement(text.NoteCitation(text="1"))
body = text.NoteBody()
body.addElement(text.P(text="Voir annexe."))
note.addElement(body)
paragraph.addElement(note)
paragraph.addText(" est due.")
document.text.addElement(paragraph)
written = io.BytesIO()
document.save(written)
written.seek(0)
read = [teletype.extractText(each) for each in load(written).getElementsByType(text.P)]
print(read)
assert read == ["La taxe1Voir annexe. est due.", "Voir annexe."]
END
