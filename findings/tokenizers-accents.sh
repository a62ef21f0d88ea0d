#!/bin/sh
# tokenizers: the span of a token leaves out the accent that ends it.
#
# Guess:    the offsets of “café”, written with a combining accent, cover all of it: (0, 5).
# Seen:     what StripAccents removes at the end of a token belongs to no token: (0, 4). A text
#           that is cut by offsets, to be quoted, ends in “cafe” where it was typed on a Mac
#           (NFD); inside a word nothing is lost.
# Versions: tokenizers 0.23.3; Python 3.11; 2026-12-01
# Output:
#   ['cafe', 'noir'] (0, 4) 'cafe' of 'caf\u0065\u0301 noir'
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'tokenizers==0.23.3'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

tokenizer = Tokenizer(models.WordLevel({"cafe": 0, "noir": 1, "[UNK]": 2}, unk_token="[UNK]"))
tokenizer.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents()])
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
text = "cafe\u0301 noir"
read = tokenizer.encode(text)
start, end = read.offsets[0]
print(read.tokens, (start, end), ascii(text[start:end]), "of", ascii(text))
assert text[start:end] == "cafe"
assert tokenizer.encode("caf\u00e9 noir").offsets[0] == (0, 4)
END
