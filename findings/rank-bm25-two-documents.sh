#!/bin/sh
# rank_bm25: of two documents the one that has the word scores nothing.
#
# Guess:    a word that one of two documents has gives that one a score above the other's.
# Seen:     Okapi's rarity of a word in half of the documents is log(1) = 0, and only what is
#           below 0 is replaced: both score 0. bm25s (as Lucene) tells them apart. A server's
#           first documents are such a base.
# Versions: rank-bm25 0.2.2, bm25s 0.3.16, numpy 2.4.6; Python 3.11; 2026-12-01
# Output:
#   rank_bm25 [0.0, 0.0], bm25s [0.28, 0.0]
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'rank-bm25==0.2.2' 'bm25s==0.3.16' 'numpy==2.4.6'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
import bm25s
from rank_bm25 import BM25Okapi

documents = [["piscine", "ouvre"], ["parc", "ferme"]]
okapi = BM25Okapi(documents).get_scores(["piscine"]).tolist()
index = bm25s.BM25()
index.index(documents, show_progress=False)
lucene = [round(float(each), 2) for each in index.get_scores(["piscine"])]
print(f"rank_bm25 {okapi}, bm25s {lucene}")
assert okapi == [0.0, 0.0]
assert lucene[0] > lucene[1] == 0
END
