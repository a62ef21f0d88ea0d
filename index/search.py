"""Searching an index: from a question to ranked passages and an outcome."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial
from itertools import islice
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Self

import numpy as np

from index.calibration.calibration import Outcome, Standing, Strictness, Threshold
from index.calibration.confidence import Confidence, Signals, known_confidence
from index.calibration.reference import Reference, stored_reference
from index.calibration.small_talk import SmallTalk
from index.encoders.encoder import Encoded, Encoder, FloatArray, finite
from index.errors import DamagedIndexError, EncoderError
from index.explanation import ExplainedText, Explanation, Weights
from index.quotes import Located
from index.ranking.asking import asked_parts
from index.ranking.courtesies import without_courtesies
from index.ranking.ranking import CANDIDATES, Query, RankedPassage, TextScore
from index.ranking.runs import IntArray
from index.ranking.same_meaning import asks_the_same
from index.ranking.telling import Telling
from index.readers.reader import Reader
from index.reading import Reading, ReadPassage, reordered, with_first
from index.results import Match, RememberedResults, Result, Verdict
from index.segments.generation import read_generation
from index.segments.manifest import Manifest, read_manifest
from index.segments.segments import CuratedQuestion, Segment, Segments
from knowledge import Document, Language

_REMEMBERED = 256
"""Questions whose results are kept, for those that are asked again and again."""


class _Tally:
    """Counts the searches of indexes of one family; safe in threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = self._searched = 0

    def note_asked(self) -> None:
        with self._lock:
            self._asked += 1

    def note_searched(self) -> None:
        with self._lock:
            self._searched += 1

    def results(self) -> RememberedResults:
        with self._lock:
            return RememberedResults(self._asked - self._searched, self._searched)


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """What a question may ask, as the encoder reads it.

    Attributes:
        parts: Different parts of it, without courtesies.
        encoded: The same, encoded.
    """

    parts: tuple[str, ...]
    encoded: tuple[Encoded, ...]


class Index:
    """A built index, ready to be searched from any thread."""

    def __init__(
        self,
        manifest: Manifest,
        segments: Segments,
        encoder: Encoder,
        reference: Reference,
        confidence: Confidence,
        *,
        unread: Confidence | None = None,
        reading: Reading | None = None,
        strictness: Strictness = Strictness.BALANCED,
        tally: _Tally | None = None,
    ) -> None:
        """Put an index together; `open` does so from its files.

        Args:
            manifest: Says what was built.
            segments: What is searched.
            encoder: Encodes questions.
            reference: What is bundled to know silence by.
            confidence: How sure answers are, of what was read where there is a reader.
            unread: How sure they are of what was not read; None where there is no reader.
            reading: Reads with the reader; None where there is none.
            strictness: How sure to be where nothing is said.
            tally: Counts searches; None starts anew.
        """
        self.manifest = manifest
        self.segments = segments
        self.reference = reference
        self.encoder = encoder
        self.confidence = confidence
        self._unread = unread or confidence
        self._reading = reading
        self._strictness = strictness
        self._small_talk = SmallTalk(
            reference.messages,
            reference.embeddings,
            [reference.asked, *(each.curated.embeddings for each in segments.every)],
        )
        self._tally = tally or _Tally()
        # An index never changes, so neither do its results.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._searched)

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder: Encoder,
        strictness: Strictness = Strictness.BALANCED,
        reader: Reader | None = None,
    ) -> Self:
        """Open the index in force.

        Args:
            folder: Where it is.
            encoder: What it was built with.
            strictness: How sure to be where nothing is said.
            reader: Reads the first passages with the question; None reads none.

        Raises:
            DamagedIndexError: There is none, or its files are not what was built.
            EncoderError: It was built with another encoder.
        """
        manifest = read_manifest(folder)
        if manifest is None:
            raise DamagedIndexError("there is no index yet")
        if manifest.encoder != encoder.name:
            raise EncoderError(
                f"the index was built with {manifest.encoder}, the encoder is {encoder.name}"
            )
        generation = read_generation(manifest, folder)
        reference = stored_reference(folder, encoder)
        if reference is None:
            raise DamagedIndexError("what is bundled to know silence by is missing or damaged")
        unread = confidence = known_confidence(folder, encoder.name)
        if confidence is None or unread is None:
            raise DamagedIndexError("how sure this encoder's answers are is not known yet")
        if reader is not None:
            confidence = known_confidence(folder, encoder.name, reader.name)
            if confidence is None:
                raise DamagedIndexError("how sure answers are with this reader is not known yet")
        return cls(
            manifest,
            Segments([Segment(generation)], reference),
            encoder,
            reference,
            confidence,
            unread=unread,
            reading=None if reader is None else Reading(reader),
            strictness=strictness,
        )

    def with_segments(self, segments: Sequence[Segment]) -> Index:
        """The index of the same documents and those of `segments`."""
        if not segments:
            return self
        return self._made_of([*self.segments.every, *segments])

    def without(self, slugs: Collection[str]) -> Index:
        """The index without some of its documents, as if it had never had them.

        Args:
            slugs: Their names; some document stays.
        """
        if not slugs:
            return self
        segments = []
        for each in self.segments.every:
            gone = {document.slug for document in each.documents} & set(slugs)
            segment = Segment(each.generation, each.without | gone) if gone else each
            if segment.documents:
                segments.append(segment)
        return self._made_of(segments)

    def _made_of(self, segments: Sequence[Segment]) -> Index:
        return Index(
            self.manifest,
            Segments(segments, self.reference),
            self.encoder,
            self.reference,
            self.confidence,
            unread=self._unread,
            reading=self._reading,
            strictness=self._strictness,
            tally=self._tally,
        )

    @property
    def doubtful(self) -> tuple[Language, ...]:
        """Languages whose unrelated questions this knowledge base seems to answer."""
        return tuple(each for each, found in self.segments.thresholds.items() if found.doubtful)

    @property
    def remembered(self) -> RememberedResults:
        """How often a result was remembered, and how often it had to be searched for.

        Indexes that were made of this one with more segments count with it.
        """
        return self._tally.results()

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that it is made of."""
        return self.segments.documents

    def spoken(self, words: Sequence[str]) -> IntArray:
        """In how many texts of each language folded words stand: int64 (words, languages)."""
        return self.segments.spoken(words)

    def language_of(self, match: Match) -> Language:
        """The language of the text that made a passage match."""
        return self.segments.text(match.why.text.text).language

    def passage(self, identifier: str) -> Located | None:
        """The passage with that id and its document, or None where it is not there."""
        number = self.segments.number(identifier)
        return None if number is None else self.segments.at(number)

    def worded(self, words: str, most: int) -> tuple[Located, ...]:
        """The passages that have the most of some words, whatever they mean; best first."""
        return tuple(map(self.segments.at, self.segments.worded(words, most)))

    @cached_property
    def curated(self) -> tuple[CuratedQuestion, ...]:
        """All curated questions, those of a passage together."""
        return tuple(one for each in self.segments.every for one in each.curated.questions)

    def curated_similarities(self, embedding: FloatArray) -> FloatArray:
        """How much each of `curated` means the same: float32 (curated questions,), cosines.

        Args:
            embedding: Of what was asked or typed, as `embed` gives it: float32 (dimension,).
        """
        return np.concatenate([each.curated.embeddings @ embedding for each in self.segments.every])

    def search(
        self,
        question: str,
        language: Language,
        limit: int = 5,
        strictness: Strictness | None = None,
    ) -> Result:
        """The passages that answer `question` best.

        Args:
            question: Any text that is not blank.
            language: The language of the question.
            limit: How many passages to return at the most.
            strictness: How sure to be; None takes the one that the index was opened with.
        """
        self._tally.note_asked()
        return self._remembered(question, language, limit, strictness or self._strictness)

    def _searched(
        self, question: str, language: Language, limit: int, strictness: Strictness
    ) -> Result:
        self._tally.note_searched()
        (found,) = self.results(self.read([question]), [language], limit, strictness)
        return found

    def _encoded(self, questions: Sequence[str]) -> Sequence[Encoded]:
        return finite(questions, self.encoder.encode_queries(questions))

    def match(self, question: str, language: Language, identifier: str) -> Match | None:
        """How one passage answers `question`, whatever else does; None where it is not there."""
        number = self.segments.number(identifier)
        if number is None:
            return None
        threshold = self.segments.thresholds[language]
        parts = asked_parts(question)
        queries = [
            self.segments.query(part, encoded, language)
            for part, encoded in zip(parts, self._encoded(parts), strict=True)
        ]
        fits = [self.segments.fit(each, threshold.noise, number) for each in queries]
        ranked, query = max(zip(fits, queries, strict=True), key=lambda each: each[0].score)
        (match,) = self._matches([ranked], query, threshold)
        return match

    def explain(self, question: str, match: Match) -> Explanation:
        """Where the score of a passage that `question` found here comes from."""
        text, curated = match.why.text, match.why.question
        return Explanation(
            self._explained(question, text),
            None if curated is None else self._explained(question, curated),
            Weights(),
        )

    def _explained(self, question: str, score: TextScore) -> ExplainedText:
        text = self.segments.text(score.text)
        return ExplainedText(
            text.language,
            text.content,
            score.score,
            score.tokens,
            score.sentence,
            score.words,
            self.segments.matched_words(question, score),
        )

    def embed(self, questions: Sequence[str]) -> FloatArray:
        """What questions mean: float32 (questions, dimension), each of length 1."""
        asked = [without_courtesies(each) for each in questions]
        return np.stack([each.embedding for each in self._encoded(asked)])

    def search_many(
        self, questions: Sequence[str], languages: Sequence[Language], limit: int = 5
    ) -> list[Result]:
        """As `search`, for questions that are encoded together."""
        return self.results(self.read(questions), languages, limit)

    def read(self, questions: Sequence[str]) -> list[ReadQuestion]:
        """Questions as the encoder reads them, to be asked of several indexes of one family."""
        # What asks is drowned in what surrounds it, or only points at what that names.
        parts = [asked_parts(each) for each in questions]
        encoded = iter(self._encoded([part for each in parts for part in each]))
        return [ReadQuestion(each, tuple(islice(encoded, len(each)))) for each in parts]

    def results(
        self,
        questions: Sequence[ReadQuestion],
        languages: Sequence[Language],
        limit: int = 5,
        strictness: Strictness | None = None,
    ) -> list[Result]:
        """As `search`, for questions that were read: for each what fits best of what it may ask."""
        sure = strictness or self._strictness
        return [
            max(
                [
                    self._result(part, encoded, language, limit, sure)
                    for part, encoded in zip(each.parts, each.encoded, strict=True)
                ],
                key=lambda found: found.verdict.evidence,
            )
            for each, language in zip(questions, languages, strict=True)
        ]

    def _result(
        self,
        question: str,
        encoded: Encoded,
        language: Language,
        limit: int,
        strictness: Strictness,
    ) -> Result:
        query = self.segments.query(question, encoded, language)
        threshold = self.segments.thresholds[language]
        ranked = self.segments.rank(query, threshold.noise, max(limit, CANDIDATES))
        different = self.segments.different(ranked)
        standing = threshold.standing([each.score for each in different])
        needed = threshold.evidence[strictness]
        small_talk = self._small_talk.kind_of(query.embedding, fits=standing.evidence >= needed)
        model, logits = self._unread, dict[int, float]()
        if small_talk is None and standing.evidence >= needed:
            read = self._read(question, query, different, standing)
            logits = {each.ranked.passage: each.logit for each in read}
        if logits:
            model = self.confidence
            ordered = reordered(different, read, model.reading)
            ranked = self.segments.ordered_as(ordered, ranked)
            different = with_first(different, ordered[0])
        signals = best_signals(
            self.segments,
            query,
            different,
            threshold.standing([each.score for each in different]),
            language,
            reader=logits.get(different[0].passage),
        )
        confidence = model.of(signals)
        outcome = threshold.judge(standing, confidence, strictness)
        first, *others = self._matches(ranked[:limit], query, threshold, logits)
        return Result(
            language,
            outcome if small_talk is None else Outcome.NONE,
            (replace(first, confidence=confidence), *others),
            Verdict(standing.evidence, needed),
            query.embedding,
            small_talk,
        )

    def _read(
        self,
        question: str,
        query: Query,
        different: Sequence[RankedPassage],
        standing: Standing,
    ) -> list[ReadPassage]:
        """Read the first passages; none where nobody reads, or where a person has said it."""
        if self._reading is None or self._is_curated(question, query, different[0]):
            return []
        return self._reading.of(question, self.segments, different, standing)

    def _is_curated(self, question: str, query: Query, ranked: RankedPassage) -> bool:
        """Whether a curated question of a passage surely asks the same."""
        if ranked.question is None:
            return False
        passage = self.segments.at(ranked.passage).passage.id
        likeness = self.curated_similarities(query.embedding).tolist()
        return any(
            each.passage == passage and asks_the_same(each.question, question, alike)
            for each, alike in zip(self.curated, likeness, strict=True)
        )

    def _matches(
        self,
        every: Sequence[RankedPassage],
        query: Query,
        threshold: Threshold,
        logits: Mapping[int, float] = MappingProxyType({}),
    ) -> Iterator[Match]:
        @cache
        def telling() -> list[Telling]:
            # Found for all at once, which takes little more than for one.
            return self.segments.telling(every, query, threshold.noise)

        for at, ranked in enumerate(every):
            find_telling = partial(lambda at: telling()[at], at)
            yield Match(
                self.segments.at(ranked.passage),
                ranked.score,
                None,
                ranked,
                find_telling,
                logits.get(ranked.passage),
            )


def best_signals(
    segments: Segments,
    query: Query,
    different: Sequence[RankedPassage],
    standing: Standing,
    language: Language,
    *,
    reader: float | None = None,
) -> Signals:
    """What speaks for and against the best passage.

    Args:
        segments: What was asked.
        query: The question.
        different: Passages that say different things, best first.
        standing: How the best stands.
        language: The language of the question.
        reader: What a reader gave for the best; None where none has read it.
    """
    best = different[0]
    return Signals.of(
        standing,
        best.text.tokens,
        segments.word_supports(query, best),
        across=segments.text(best.text.text).language is not language,
        passages=segments.passages,
        alone=len(different) == 1,
        reader=reader,
    )
