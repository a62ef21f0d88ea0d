"""The plain recipe: sentence-transformers and FAISS flat, as every tutorial has it.

`python -m benchmarks.speed.plain FOLDER QUESTION…` answers, and prints its memory last. Nothing
of the product is imported here, so that it does not count.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np
import numpy.typing as npt

from benchmarks.speed.machine import resident

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEPTH = 5
_INDEX = "plain.faiss"
_ABOUT = "plain.json"


class Plain:
    """A model and the vectors of passages."""

    def __init__(self, model: SentenceTransformer, index: faiss.Index) -> None:
        self._model = model
        self._index = index

    @classmethod
    def of(cls, model: SentenceTransformer, vectors: npt.NDArray[np.float32]) -> Plain:
        """Hold vectors: float32 (passages, dimension)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(model, index)

    @classmethod
    def build(cls, model: SentenceTransformer, passages: Sequence[str]) -> Plain:
        """Embed passages."""
        vectors = model.encode_document(list(passages), show_progress_bar=False)
        return cls.of(model, np.asarray(vectors, np.float32))

    def write(self, folder: Path, passages: Sequence[str], model: Path) -> None:
        """Write what this module, run as a program, reads."""
        faiss.write_index(self._index, str(folder / _INDEX))
        about = {"model": str(model), "passages": list(passages)}
        (folder / _ABOUT).write_text(json.dumps(about), "utf-8")

    def search(self, question: str) -> list[int]:
        """The numbers of the nearest passages."""
        vectors = self._model.encode_query([question], show_progress_bar=False)
        _, rows = self._index.search(np.asarray(vectors, np.float32), DEPTH)
        return [int(each) for each in rows[0]]


def main() -> None:
    """Answer questions from what was written."""
    from sentence_transformers import SentenceTransformer

    folder, *questions = sys.argv[1:]
    about = json.loads((Path(folder) / _ABOUT).read_text("utf-8"))
    model = SentenceTransformer(about["model"], device="cpu", local_files_only=True)
    plain = Plain(model, faiss.read_index(str(Path(folder) / _INDEX)))
    for question in questions:
        print(about["passages"][plain.search(question)[0]])
    print(resident())


if __name__ == "__main__":
    main()
