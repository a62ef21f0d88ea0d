#!/bin/sh
# FAISS: many equal vectors hide others from an HNSW graph.
#
# Guess:    a vector that is in the index is found when it is asked for itself, whatever else is
#           there.
# Seen:     among 5,000 copies of one vector, about half of 500 other vectors are not found by
#           themselves: links go to the copies, and the others cannot be reached. Boilerplate
#           that every document repeats does this to a real index.
# Versions: faiss-cpu 1.15.1, numpy 2.4.6; Python 3.11; 2026-12-01
# Output:
#   of 500 vectors 254 are found by themselves; without the copies 500
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'faiss-cpu==1.15.1' 'numpy==2.4.6'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
import faiss
import numpy as np

faiss.omp_set_num_threads(1)
vectors = np.random.default_rng(0).standard_normal((501, 32)).astype(np.float32)
faiss.normalize_L2(vectors)
copies = np.repeat(vectors[:1], 5000, axis=0)


def found(before):
    index = faiss.IndexHNSWFlat(32, 32)
    index.add(np.vstack([before, vectors[1:]]))
    _, numbers = index.search(vectors[1:], 1)
    return int((numbers[:, 0] == np.arange(len(before), len(before) + 500)).sum())


hidden, plain = found(copies), found(vectors[:1])
print(f"of 500 vectors {hidden} are found by themselves; without the copies {plain}")
assert hidden < 400 and plain == 500
END
