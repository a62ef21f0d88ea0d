"""Token vectors of texts, four bits a number, and how a question's tokens compare with them.

Untrained late interaction (Khattab and Zaharia 2020, "ColBERT", arXiv:2004.12832): each token
of a question finds its nearest token in a text, and the weighted mean of these cosines is
their similarity. Vectors are centred first, since those of one model all point the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoders.encoder import Encoded, FloatArray
from index.ranking.products import CodeArray, QuantisedVectors, from_codes, inner_products, to_codes
from index.ranking.runs import IntArray, runs
from knowledge import Span

HalfArray: TypeAlias = npt.NDArray[np.float16]
RangeArray: TypeAlias = npt.NDArray[np.int32]

_PRIOR_TOKENS = 200.0
"""How many tokens the mean of ordinary questions counts for beside a language's own."""
_LEAST_LENGTH = 1e-9
_CHUNK = 128
_TEXTS = 64
"""Question tokens and texts that are compared at a time: about 7 MB of cosines."""


@dataclass(frozen=True, slots=True)
class TokenEncoding:
    """An encoded text, as its sentences and tokens are compared.

    Attributes:
        sentences: float16 (sentences, dimension): the mean of each sentence's tokens as they
            were read within the text (Günther et al. 2024, "Late Chunking",
            arXiv:2409.04701), of length 1; zero for a sentence beyond the encoder's reach.
        codes: uint8 (tokens, dimension / 2): token vectors less the mean of ordinary questions,
            in units of `scales` (`index.ranking.products`). A text has at least one.
        scales: float32 (tokens,).
        ranges: int32 (sentences, 2): the first token of each sentence and the one past its
            last.
    """

    sentences: HalfArray
    codes: CodeArray
    scales: FloatArray
    ranges: RangeArray

    @classmethod
    def of(
        cls,
        encoded: Encoded,
        spans: Sequence[Span],
        mean: FloatArray,
        kept: npt.NDArray[np.bool_] | None = None,
    ) -> TokenEncoding:
        """Keep a text.

        Args:
            encoded: The text as the encoder read it.
            spans: Its sentences.
            mean: float32 (dimension,): the mean token of ordinary questions in its language.
            kept: bool (tokens,): those that are worth comparing; None for all. Sentences are
                means of all tokens.
        """
        tokens, offsets = encoded.tokens, encoded.offsets
        if not len(tokens):
            tokens, offsets = mean[None, :], np.zeros((1, 2), np.int32)
        # Tokens stand in order; one that takes in the blank before it is the later sentence's.
        ranges = [
            (
                int(np.searchsorted(offsets[:, 1], start, side="right")),
                int(np.searchsorted(offsets[:, 0], end, side="left")),
            )
            for start, end in spans
        ]
        means = [
            tokens[first:last].mean(axis=0) if first < last else np.zeros_like(mean)
            for first, last in ranges
        ]
        if kept is not None and kept.any():
            ranges = [(int(kept[:first].sum()), int(kept[:last].sum())) for first, last in ranges]
            tokens = tokens[kept]
        codes, scales = to_codes(tokens - mean)
        return cls(
            unit(np.stack(means)).astype(np.float16),
            codes,
            scales,
            np.array(ranges, np.int32).reshape(-1, 2),
        )

    @classmethod
    def among(cls, arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Self:
        """The encoding that was stored under a name.

        Raises:
            KeyError: There is none.
        """
        return cls(*(arrays[f"{name}.{each.name}"] for each in fields(cls)))

    def named(self, name: str) -> dict[str, npt.NDArray[Any]]:
        """Every array, to be stored under a name."""
        return {f"{name}.{each.name}": getattr(self, each.name) for each in fields(self)}

    def fits(self, spans: Sequence[Span], dimension: int) -> bool:
        """Whether this can be a text of these sentences, of so many dimensions."""
        tokens, sentences = len(self.codes), len(spans)
        half = -(-dimension // 2)
        wanted = ((sentences, dimension), (tokens, half), (tokens,), (sentences, 2))
        kinds = (np.float16, np.uint8, np.float32, np.int32)
        arrays = [getattr(self, each.name) for each in fields(self)]
        return (
            tokens > 0
            and all(
                each.shape == shape and each.dtype == kind
                for each, shape, kind in zip(arrays, wanted, kinds, strict=True)
            )
            and bool(((self.ranges >= 0) & (self.ranges <= tokens)).all())
        )


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """The tokens of a question.

    Attributes:
        vectors: (tokens, dimension): centred, of length 1.
        weights: float32 (tokens,): how much each counts.
    """

    vectors: QuantisedVectors
    weights: FloatArray

    @classmethod
    def of(cls, encoded: Encoded, weights: FloatArray, mean: FloatArray) -> QueryTokens:
        """Centre the tokens of an encoded question by `mean`, that of ordinary questions."""
        return cls(QuantisedVectors.of(unit(encoded.tokens - mean)), weights)


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The token vectors of texts, ready to be compared.

    Attributes:
        codes: uint8 (tokens, dimension / 2), text after text; may be mapped from a file.
        scales: float32 (tokens,): what codes are multiplied by.
        starts: int64 (texts + 1,): where the tokens of each text start.
        languages: int64 (texts,): the row of `centres` that belongs to each text.
        centres: float32 (languages, dimension): what is then subtracted.
        lengths: float32 (tokens,): what length is left, to be divided by.
    """

    codes: CodeArray
    scales: FloatArray
    starts: IntArray
    languages: IntArray
    centres: FloatArray
    lengths: FloatArray

    @classmethod
    def measured(
        cls,
        encodings: Sequence[TokenEncoding],
        languages: IntArray,
        count: int,
        centres: FloatArray | None = None,
    ) -> TokenVectors:
        """Hold the tokens of `encodings`, centred by the mean token of each language.

        Args:
            encodings: The texts.
            languages: int64 (texts,): the number of each text's language.
            count: How many languages there are.
            centres: float32 (languages, dimension): the means to take instead of their own.
        """
        starts = np.cumsum([0, *(len(each.codes) for each in encodings)]).astype(np.int64)
        codes = np.concatenate([each.codes for each in encodings])
        scales = np.concatenate([each.scales for each in encodings])
        if centres is None:
            centres = _means(encodings, languages, count)
        lengths = [
            np.linalg.norm(
                from_codes(encoding.codes, encoding.scales, centres.shape[1]) - centres[language],
                axis=1,
            )
            for language, encoding in zip(languages, encodings, strict=True)
        ]
        least = np.float32(_LEAST_LENGTH)
        measured = np.maximum(np.concatenate(lengths).astype(np.float32), least)
        return cls(codes, scales, starts, languages, centres, measured)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Every array but `codes`, by its name."""
        names = ("scales", "starts", "languages", "centres", "lengths")
        return {name: getattr(self, name) for name in names}

    def of(self, text: int) -> TextTokens:
        """The tokens of one text."""
        own = slice(self.starts[text], self.starts[text + 1])
        return TextTokens(np.asarray(self.codes[own]), self.scales[own])

    def similarities(self, queries: Sequence[QueryTokens], texts: IntArray) -> FloatArray:
        """How similar texts are to questions: float32 (queries, texts).

        Args:
            queries: The questions.
            texts: Numbers of texts, ascending.
        """
        found = np.zeros((len(queries), len(texts)), np.float32)
        chunks = [
            (first, last, QuantisedVectors.together([each.vectors for each in queries[first:last]]))
            for first, last in _chunks([len(each.weights) for each in queries])
        ]
        for start in range(0, len(texts), _TEXTS):
            some = self._gathered(texts[start : start + _TEXTS])
            for first, last, vectors in chunks:
                best = np.maximum.reduceat(some.cosines(vectors), some.starts, axis=0)
                column = 0
                for number, query in enumerate(queries[first:last], first):
                    own = best[:, column : column + len(query.weights)]
                    column += len(query.weights)
                    found[number, start : start + _TEXTS] = _weighted(own, query.weights)
        return found

    def nearest(self, query: QueryTokens, texts: IntArray) -> FloatArray:
        """The best cosine of each token of a question with any token of texts: float32 (tokens,).

        Args:
            query: The question.
            texts: Numbers of texts, ascending.
        """
        return np.asarray(self._gathered(texts).cosines(query.vectors).max(axis=0), np.float32)

    def within(
        self, query: QueryTokens, texts: IntArray, ranges: Sequence[RangeArray]
    ) -> list[FloatArray]:
        """How similar parts of texts are to a question: for each text float32 (parts,).

        Args:
            query: The question.
            texts: Numbers of texts, ascending.
            ranges: For each text int32 (parts, 2): tokens of each part; an empty part gets -1.
        """
        gathered = self._gathered(texts)
        cosines = np.split(gathered.cosines(query.vectors), gathered.starts[1:])
        least = np.full(len(query.weights), -1.0, np.float32)
        similarities = []
        for own, parts in zip(cosines, ranges, strict=True):
            best = [own[first:last].max(axis=0) if first < last else least for first, last in parts]
            similarities.append(_weighted(np.array(best, np.float32), query.weights))
        return similarities

    def _gathered(self, texts: IntArray) -> _Gathered:
        """The tokens of texts, ascending."""
        counts = self.starts[texts + 1] - self.starts[texts]
        tokens: IntArray | slice = slice(self.starts[texts[0]], self.starts[texts[-1] + 1])
        if texts[-1] - texts[0] + 1 != len(texts):
            tokens = runs(self.starts[texts], counts)
        return _Gathered(
            np.asarray(self.codes[tokens]),
            self.scales[tokens],
            self.lengths[tokens],
            np.repeat(self.languages[texts], counts),
            self.centres,
            np.cumsum(counts) - counts,
        )


class TextTokens(NamedTuple):
    """The tokens of one text, as in `TokenVectors`.

    Attributes:
        codes: uint8 (tokens, dimension / 2).
        scales: float32 (tokens,).
    """

    codes: CodeArray
    scales: FloatArray


class _Gathered(NamedTuple):
    """Tokens of some texts, one after the other; as in `TokenVectors`, but for `languages`.

    Attributes:
        languages: int64 (tokens,): the row of `centres` that belongs to each token.
        starts: int64 (texts,): where the tokens of each text start.
    """

    codes: CodeArray
    scales: FloatArray
    lengths: FloatArray
    languages: IntArray
    centres: FloatArray
    starts: IntArray

    def cosines(self, vectors: QuantisedVectors) -> FloatArray:
        """Their cosines with question tokens: float32 (tokens, question tokens)."""
        found = inner_products(self.codes, vectors)
        found *= (self.scales / self.lengths)[:, None]
        centred = vectors.inner_products(self.centres)[self.languages]
        centred /= self.lengths[:, None]
        found -= centred
        return found


def _means(encodings: Sequence[TokenEncoding], languages: IntArray, count: int) -> FloatArray:
    """The mean token of each language: float32 (languages, dimension)."""
    dimension = encodings[0].sentences.shape[1]
    centres = np.zeros((count, dimension), np.float32)
    tokens = np.full(count, _PRIOR_TOKENS)
    for language, encoding in zip(languages, encodings, strict=True):
        centres[language] += from_codes(encoding.codes, encoding.scales, dimension).sum(axis=0)
        tokens[language] += len(encoding.codes)
    return np.asarray(centres / tokens[:, None], np.float32)


def unit(vectors: FloatArray) -> FloatArray:
    """`vectors` (n, dimension), each of length 1; one of zeros stays so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, _LEAST_LENGTH), np.float32)


def _weighted(best: FloatArray, weights: FloatArray) -> FloatArray:
    total = float(weights.sum())
    return np.asarray(best @ weights / (total or 1.0), np.float32)


def _chunks(counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of queries with about `_CHUNK` tokens together."""
    first, tokens = 0, 0
    for number, count in enumerate(counts):
        if tokens and tokens + count > _CHUNK:
            yield first, number
            first, tokens = number, 0
        tokens += count
    if first < len(counts):
        yield first, len(counts)
