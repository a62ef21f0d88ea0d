#!/bin/sh
# FAISS: an HNSW search among few allowed vectors returns fewer than it could.
#
# Guess:    a search for 10 that is limited to 10 allowed vectors returns these 10.
# Seen:     it returns 2, and 6 with efSearch 512; the rest is -1. hnswlib with the same graph
#           parameters and a filter returns all 10. Who limits a search to one guild's vectors
#           must not take -1 for “no more”.
# Versions: faiss-cpu 1.15.1, hnswlib 0.8.0, numpy 2.4.6; Python 3.11; 2026-12-01
# Output:
#   faiss, efSearch 16: 2, efSearch 512: 6 of 10; hnswlib, ef 64: 10 of 10
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'faiss-cpu==1.15.1' 'hnswlib==0.8.0' 'numpy==2.4.6'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
import faiss
import hnswlib
import numpy as np

faiss.omp_set_num_threads(1)
vectors = np.random.default_rng(0).standard_normal((10_000, 32)).astype(np.float32)
faiss.normalize_L2(vectors)
allowed = np.arange(0, 10_000, 1000)
index = faiss.IndexHNSWFlat(32, 32, faiss.METRIC_INNER_PRODUCT)
index.add(vectors)


def found(depth):
    chosen = faiss.IDSelectorBatch(allowed)
    parameters = faiss.SearchParametersHNSW(sel=chosen, efSearch=depth)
    _, numbers = index.search(vectors[5:6], 10, params=parameters)
    return int((numbers >= 0).sum())


other = hnswlib.Index("ip", 32)
other.init_index(10_000, M=32)
other.add_items(vectors, num_threads=1)
other.set_ef(64)
among = set(allowed.tolist())
numbers, _ = other.knn_query(vectors[5:6], k=10, filter=lambda each: each in among)
few, more = found(16), found(512)
print(f"faiss, efSearch 16: {few}, efSearch 512: {more} of 10; hnswlib, ef 64: {numbers.size} of 10")
assert few < 10 and more < 10 and numbers.size == 10
END
