"""A well-known retrieval application beside the product: txtai, with its hybrid mode."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence

import numpy as np

from index import Encoder
from index.encoders.encoder import FloatArray

DEPTH = 10


def installed() -> bool:
    """Whether txtai is there; `pip install '.[benchmark]'` brings it."""
    return importlib.util.find_spec("txtai") is not None


class Application:
    """txtai over passages: BM25 and the same vectors as the plain recipe, by its defaults."""

    def __init__(self, texts: Sequence[str], embeddings: FloatArray, encoder: Encoder) -> None:
        """Index passages.

        Args:
            texts: The passages.
            embeddings: float32 (passages, dimension): as `encoder` gives them.
            encoder: Encodes questions.
        """
        from txtai import Embeddings

        self._known = dict(zip(texts, embeddings, strict=True))
        self._encoder = encoder

        def transform(each: Sequence[str]) -> FloatArray:
            return self._transform(each)

        # It takes a function, and would call a bound method to get one.
        self._index = Embeddings({"method": "external", "transform": transform, "hybrid": True})
        self._index.index([(number, text, None) for number, text in enumerate(texts)])

    def _transform(self, texts: Sequence[str]) -> FloatArray:
        if all(text in self._known for text in texts):
            return np.stack([self._known[text] for text in texts])
        return np.stack([each.embedding for each in self._encoder.encode_queries(list(texts))])

    def search(self, questions: Sequence[str]) -> list[list[int]]:
        """For each question the positions of the passages that fit best."""
        found = self._index.batchsearch(list(questions), DEPTH)
        return [[int(number) for number, _ in each] for each in found]
