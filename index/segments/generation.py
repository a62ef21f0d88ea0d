"""The files of one generation of an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import TypeAdapter

from index.calibration.calibration import Calibration
from index.calibration.unrelated import UnrelatedFinds
from index.encoders.encoder import FloatArray
from index.errors import DamagedIndexError, IndexingError
from index.files import mapped_arrays, storable
from index.quotes import Located
from index.ranking.bm25 import InvertedIndex
from index.ranking.late_interaction import RangeArray, TokenVectors
from index.ranking.ranking import Noise, Ranking
from index.ranking.texts import Text, texts_of
from index.ranking.vectors import Vectors, read_vectors
from index.segments.manifest import Manifest, read_manifest
from knowledge import Document, Language

DOCUMENTS_FILE = "documents.json"
VECTORS_FILE = "sentences.faiss"
CODES_FILE = "tokens.npy"
ARRAYS_FILE = "arrays.safetensors"
NOISE_FILE = "noise.json"

_DOCUMENTS = TypeAdapter(tuple[Document, ...])
_NOISES = TypeAdapter(dict[Language, Noise])


@dataclass(frozen=True)
class Parts:
    """What passages are ranked by.

    Attributes:
        vectors: The vectors of all sentences.
        tokens: The tokens of all texts.
        ranges: int32 (sentences, 2): the tokens of each sentence within its text.
        words: The words of all texts.
        curated: float32 (curated questions, dimension): their embeddings as questions, in
            the order of the texts.
    """

    vectors: Vectors
    tokens: TokenVectors
    ranges: RangeArray
    words: InvertedIndex
    curated: FloatArray


@dataclass(frozen=True)
class Generation:
    """What one build made.

    Attributes:
        documents: The documents.
        parts: What passages are ranked by.
        calibration: What unrelated questions say of it.
    """

    documents: tuple[Document, ...]
    parts: Parts
    calibration: Calibration

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """What was encoded."""
        return tuple(texts_of(self.documents))

    @cached_property
    def passages(self) -> tuple[Located, ...]:
        """Every passage with its document."""
        return tuple(Located(each, passage) for each in self.documents for passage in each.passages)

    @cached_property
    def ranking(self) -> Ranking:
        """Ranks the passages."""
        parts = self.parts
        return Ranking(self.texts, parts.vectors, parts.tokens, parts.ranges, parts.words)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what `write` wrote; arrays stay in their files until they are needed.

        Raises:
            DamagedIndexError: The files are not that, or hold numbers that are none.
        """
        try:
            arrays = mapped_arrays(folder / ARRAYS_FILE)
            codes = np.asarray(np.load(folder / CODES_FILE, mmap_mode="r"))
            noises = _NOISES.validate_json((folder / NOISE_FILE).read_bytes())
            return cls(
                _DOCUMENTS.validate_json((folder / DOCUMENTS_FILE).read_bytes()),
                Parts(
                    read_vectors(folder / VECTORS_FILE),
                    TokenVectors(codes, **_named(arrays, "tokens")),
                    arrays["ranges"],
                    InvertedIndex(**_named(arrays, "words")),
                    arrays["curated"],
                ),
                Calibration(
                    noises,
                    {each: UnrelatedFinds(**_named(arrays, f"finds-{each}")) for each in noises},
                ),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedIndexError("the index files are not what this version writes") from error

    def write(self, folder: Path) -> None:
        """Write every file into a folder that has none of them, but perhaps that of the codes.

        Raises:
            IndexingError: A vector is no embedding, or another number is not finite.
            OSError: They cannot be written.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import save_file

        if (flaw := self.parts.vectors.flaw()) is not None:
            raise IndexingError(
                f"The index is not written: {flaw}. What is in force is unchanged. Build it "
                "again; if that does not help, choose another model under `encoder.model`."
            )
        documents = _DOCUMENTS.dump_json(self.documents, indent=1)
        (folder / DOCUMENTS_FILE).write_bytes(documents + b"\n")
        self.parts.vectors.write(folder / VECTORS_FILE)
        tokens, words = self.parts.tokens, self.parts.words
        if not (folder / CODES_FILE).exists():
            np.save(folder / CODES_FILE, tokens.codes, allow_pickle=False)
        arrays = {
            "ranges": self.parts.ranges,
            "curated": self.parts.curated,
            **{f"tokens.{name}": array for name, array in tokens.arrays().items()},
            **{f"words.{name}": array for name, array in words.arrays().items()},
            **{
                f"finds-{language}.{name}": array
                for language, finds in self.calibration.finds.items()
                for name, array in finds.arrays().items()
            },
        }
        try:
            save_file(storable(arrays), folder / ARRAYS_FILE)
        except SafetensorError as error:
            # What its writer says of a full disk.
            raise OSError(str(error)) from error
        (folder / NOISE_FILE).write_bytes(_NOISES.dump_json(dict(self.calibration.noises)))


def read_generation(manifest: Manifest, index_folder: Path) -> Generation:
    """Read what a manifest names, once every file of it is known to be what was built.

    Raises:
        DamagedIndexError: A file is not, or holds numbers that are none.
    """
    manifest.check_files(index_folder)
    return Generation.read(manifest.folder(index_folder))


def check_index(index_folder: Path) -> None:
    """Make sure that the index in a folder, if there is one, is intact.

    Raises:
        DamagedIndexError: It is not.
    """
    manifest = read_manifest(index_folder)
    if manifest is not None:
        read_generation(manifest, index_folder)


def _named(arrays: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Those of `arrays` whose name starts with `prefix` and a dot, by what follows it."""
    found = (name.partition(".") for name in arrays)
    return {name: arrays[f"{first}.{name}"] for first, _, name in found if first == prefix}
