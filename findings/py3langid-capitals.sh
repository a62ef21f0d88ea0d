#!/bin/sh
# py3langid: in capitals every question is English, and equally surely.
#
# Guess:    a French sentence is French in capitals too, perhaps less surely.
# Seen:     its n-grams are of small letters: capitals give the same answer as the empty text,
#           English with the probability that the training data have for it.
# Versions: py3langid 0.3.0, numpy 2.4.6; Python 3.11; 2026-12-01
# Output:
#   fr 1.000 for 'Qui fait partie de la coalition ?'
#   en 0.169 for 'QUI FAIT PARTIE DE LA COALITION ?'
#   en 0.169 for ''
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'py3langid==0.3.0' 'numpy==2.4.6'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
from py3langid.langid import MODEL_FILE, LanguageIdentifier

identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
question = "Qui fait partie de la coalition ?"
told = [identifier.classify(each) for each in (question, question.upper(), "")]
for each, (code, probability) in zip((question, question.upper(), ""), told):
    print(f"{code} {probability:.3f} for {each!r}")
assert told[0][0] == "fr"
assert told[1] == told[2] and told[1][0] == "en"
END
