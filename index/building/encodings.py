"""What was encoded of documents, as bytes that are kept elsewhere and read back.

A database that machines share keeps them beside the documents, so that none encodes what another
has encoded. Everything is named by the text that it is of: what was kept of a text that is another
by now, or that is divided otherwise, is not found rather than wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.building.assembly import EncodedTexts, Progress, encode_missing, text_key
from index.calibration.reference import reference_digest
from index.encoders.encoder import Encoder
from index.errors import DamagedIndexError
from index.files import arrays_in, not_finite, storable
from index.ranking.late_interaction import TokenEncoding
from index.ranking.texts import Text, TextKind, texts_of
from index.search import Index
from knowledge import Document

_LAYOUT = 2
"""Raised whenever other numbers are computed of a text, or the bytes are laid out otherwise."""
_ASKED = "asked"


@dataclass(frozen=True, slots=True)
class EncodedDocument:
    """What was encoded of a document, to be kept.

    Attributes:
        encoder: Stands for the encoder and all else that decides on the numbers: SHA-256 in
            hexadecimal.
        sha256: Of `content`, in hexadecimal.
        content: A safetensors file: the arrays of each text’s `TokenEncoding`, under its key,
            and of a curated question its embedding as a question, float32 (dimension,).
    """

    encoder: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Encodings:
    """Documents, encoded.

    Attributes:
        known: What was encoded of their texts.
        documents: The same for each document, by its slug, to be kept.
        renewed: The slugs of those of which something else was kept, or nothing.
        problems: Why what was kept of a document was of no use, by its slug.
    """

    known: EncodedTexts
    documents: Mapping[str, EncodedDocument]
    renewed: frozenset[str]
    problems: Mapping[str, str]


def encode_documents(
    documents: Sequence[Document],
    base: Index,
    kept: Mapping[str, EncodedDocument],
    progress: Progress | None = None,
) -> Encodings:
    """Encode documents, but for what was kept of them.

    Args:
        documents: Documents; none is named twice.
        base: What they are to be searched beside; its encoder encodes.
        kept: By its slug what was encoded of a document or of an earlier version of it. What is
            damaged, or of another encoder, is encoded again.
        progress: Called after every batch that is encoded.

    Raises:
        EncoderError: The encoder failed.
    """
    known = EncodedTexts()
    found: dict[str, EncodedDocument] = {}
    problems: dict[str, str] = {}
    texts = {each.slug: tuple(texts_of([each])) for each in documents}
    for slug in texts.keys() & kept.keys():
        try:
            if _read(kept[slug], texts[slug], base.encoder, known):
                found[slug] = kept[slug]
        except DamagedIndexError as error:
            problems[slug] = str(error)
    every = [each for some in texts.values() for each in some]
    encode_missing(known, every, base.encoder, base.reference, progress)
    renewed = texts.keys() - found.keys()
    for slug in renewed:
        found[slug] = _written(texts[slug], base.encoder, known)
    return Encodings(known, found, frozenset(renewed), problems)


def _made_by(encoder: Encoder) -> str:
    made_of = f"{_LAYOUT}\n{encoder.name}\n{reference_digest()}"
    return hashlib.sha256(made_of.encode()).hexdigest()


def _written(texts: Sequence[Text], encoder: Encoder, known: EncodedTexts) -> EncodedDocument:
    """What is known of texts, to be kept."""
    from safetensors.numpy import save

    arrays: dict[str, npt.NDArray[Any]] = {}
    for text in texts:
        key = text_key(text)
        arrays |= known.texts[key].named(key)
        if text.kind is TextKind.QUESTION:
            arrays[f"{key}.{_ASKED}"] = known.questions[text.content]
    content = save(storable(arrays))
    # Known from these bytes from now on, so that nothing is in memory twice.
    _take(_parts(content), texts, encoder.dimension, known)
    return EncodedDocument(_made_by(encoder), hashlib.sha256(content).hexdigest(), content)


def _read(
    kept: EncodedDocument, texts: Sequence[Text], encoder: Encoder, known: EncodedTexts
) -> bool:
    """Add what was kept of texts to what is known; whether it is all of them and of no others.

    Raises:
        DamagedIndexError: It is of no use; nothing was added.
    """
    if kept.encoder != _made_by(encoder):
        raise DamagedIndexError("it was made by another encoder")
    if kept.sha256 != hashlib.sha256(kept.content).hexdigest():
        raise DamagedIndexError("it does not match its checksum")
    try:
        parts, found = _parts(kept.content), EncodedTexts()
        _take(parts, texts, encoder.dimension, found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndexError("it is not what this version writes") from error
    known.texts.update(found.texts)
    known.questions.update(found.questions)
    return parts.keys() == {text_key(each) for each in texts}


def _parts(content: bytes) -> dict[str, dict[str, npt.NDArray[Any]]]:
    """Arrays by the key of their text; they stay in `content`.

    Raises:
        ValueError, KeyError: It is not what this version writes.
        DamagedIndexError: A number in it is not finite.
    """
    parts: dict[str, dict[str, npt.NDArray[Any]]] = {}
    arrays = arrays_in(np.frombuffer(content, np.uint8))
    if not_finite(arrays) is not None:
        raise DamagedIndexError("it has numbers that are not finite")
    for name, array in arrays.items():
        parts.setdefault(name.partition(".")[0], {})[name] = array
    return parts


def _take(
    parts: Mapping[str, Mapping[str, npt.NDArray[Any]]],
    texts: Sequence[Text],
    dimension: int,
    known: EncodedTexts,
) -> None:
    """Add those of texts to what is known that are there.

    Raises:
        ValueError: They are not as this version writes them.
        KeyError: A part of one is missing.
    """
    for text in texts:
        key = text_key(text)
        if key not in parts:
            continue
        encoding = TokenEncoding.among(parts[key], key)
        if not encoding.fits(text.sentences, dimension):
            raise ValueError(f"no encoding of {dimension} dimensions")
        known.texts[key] = encoding
        if text.kind is TextKind.QUESTION:
            asked = parts[key][f"{key}.{_ASKED}"]
            if asked.shape != (dimension,) or asked.dtype != np.float32:
                raise ValueError(f"no embedding of {dimension} dimensions: {asked.shape}")
            known.questions[text.content] = asked
