"""Documents that come and go, kept in segments beside an index that they are searched with.

What is new is encoded alone and becomes a segment of its own; what is removed is left out at
once. Segments of like size are then joined, so that there are never many: each is at least
twice as large as all that came after it (O'Neil et al. 1996, "The Log-Structured Merge-Tree").

A manifest says which segments are in force. It is replaced in one step once everything that
it names is written, so a crash leaves what was before or what came after. All of it is a
cache: what is lost is said, and comes back when the documents are put in again.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from index.building.assembly import EncodedTexts, Progress, assemble, encode_missing
from index.building.encodings import Encodings
from index.building.joining import join
from index.calibration.reference import reference_digest
from index.errors import DamagedIndexError, IndexingError
from index.files import sync_folder
from index.ranking.texts import texts_of
from index.search import Index
from index.segments.generation import DOCUMENTS_FILE, VECTORS_FILE, Generation
from index.segments.manifest import (
    FORMAT,
    FileFact,
    check_files,
    read_sealed_model,
    write_sealed_model,
    written_files,
)
from index.segments.segments import Segment, Segments
from knowledge import Document

STORE_FILE = "segments.json"
_TEMPORARY = ".writing."
_UNPACKED = 6
"""About how many times larger documents are in memory than in their file: 5.3 times where 500
servers with 100 passages each are open (`python -m benchmarks.moderating.servers`), and what the
process keeps of closed ones comes on top."""


class SegmentFact(BaseModel):
    """What a segment must be.

    Attributes:
        name: Its folder.
        files: Every file in there.
        versions: By its slug the version of each document that it was made of.
        without: The slugs of those that it has no longer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    files: dict[str, FileFact]
    versions: dict[str, int]
    without: frozenset[str] = frozenset()

    @property
    def live(self) -> dict[str, int]:
        """The versions of the documents that it has."""
        return {slug: each for slug, each in self.versions.items() if slug not in self.without}


class StoreManifest(BaseModel):
    """Which segments are in force, the oldest first, and what they were made with.

    Attributes:
        format, encoder, reference: As in `index.segments.manifest.Manifest`.
        divided: How documents were divided into passages.
        segments: The segments.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    encoder: str
    reference: str
    divided: str
    segments: tuple[SegmentFact, ...]


@dataclass(frozen=True, slots=True)
class VersionedDocument:
    """A document and the number of its version."""

    document: Document
    version: int


@dataclass(frozen=True, slots=True)
class _Held:
    """A segment in force and what the manifest says of it."""

    fact: SegmentFact
    segment: Segment


class DocumentStore:
    """Documents in segments. One thread may change it at a time; any may search `index`.

    Attributes:
        index: Searches the documents together with those of the base; replaced as a whole
            whenever they change.
        problems: What was lost when it was opened, in one sentence each.
    """

    def __init__(self, folder: Path, base: Index, divided: str) -> None:
        """Open what is in `folder`, made if missing.

        Args:
            folder: Where the segments are; nobody else writes there.
            base: What they are searched together with.
            divided: How documents are divided into passages, in words of the caller's; what
                was divided otherwise counts as lost.

        Raises:
            IndexingError: The folder cannot be used.
        """
        self._folder = folder
        self._base = base
        self._divided = divided
        self.problems: tuple[str, ...] = ()
        self._foreseen = EncodedTexts()
        with _explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._held = self._read()
            self._remove_others()
        self.index = self._indexed()

    @property
    def versions(self) -> Mapping[str, int]:
        """By its slug, the version of every document in force."""
        return {slug: each for held in self._held for slug, each in held.fact.live.items()}

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every document in force, without those of the base."""
        return self.index.documents[len(self._base.documents) :]

    @property
    def segments(self) -> int:
        """How many segments are in force."""
        return len(self._held)

    @property
    def bytes(self) -> int:
        """About how much memory the segments take; what stays in files is not counted."""
        return sum(
            _UNPACKED * each.fact.files[DOCUMENTS_FILE].bytes + each.fact.files[VECTORS_FILE].bytes
            for each in self._held
        )

    def change(
        self,
        put: Sequence[VersionedDocument],
        removed: Collection[str] = (),
        progress: Progress | None = None,
        encodings: Encodings | None = None,
    ) -> None:
        """Put documents in, in place of their earlier versions, and remove others.

        Passages that an earlier version had too are not encoded again. Afterwards `index`
        has all of it, or after an error nothing.

        Args:
            put: Documents; none is named twice.
            removed: The slugs of those to remove.
            progress: Called after every batch that is encoded.
            encodings: What `encode_documents` gave for them; None encodes them now.

        Raises:
            IndexingError: It cannot be written.
            EncoderError: The encoder failed.
        """
        gone = {*removed, *(each.document.slug for each in put)}
        with _explained(self._folder):
            held = [_without(each, gone) for each in self._held]
            held = [each for each in held if each.fact.live]
            if put:
                known = None if encodings is None else encodings.known
                held.append(self._added(put, known, held, progress))
            self._put_in_force(held)
            self._foreseen = EncodedTexts()

    def foreseen(
        self,
        put: Sequence[VersionedDocument],
        removed: Collection[str] = (),
        progress: Progress | None = None,
    ) -> Index:
        """What `index` would be after `change`; nothing is written, and all stays in force.

        What is encoded for it is remembered until something is changed.

        Raises:
            EncoderError: The encoder failed.
        """
        gone = {*removed, *(each.document.slug for each in put)}
        held = [_without(each, gone) for each in self._held]
        held = [each for each in held if each.fact.live]
        segments = [each.segment for each in held]
        if put:
            self._foreseen = self._known({each.document.slug for each in put})
            segments.append(Segment(self._assembled(put, self._foreseen, held, progress)))
        return self._base.with_segments(segments)

    def is_due(self) -> bool:
        """Whether segments should be joined."""
        return self._due() is not None

    def join(self) -> bool:
        """Join segments of like size; returns whether more are due.

        Raises:
            IndexingError: It cannot be written; what is in force is as it was.
        """
        first = self._due()
        if first is None:
            return False
        old = self._held[first:]
        with _explained(self._folder):
            with self._new_folder() as temporary:
                generation = join([each.segment for each in old], temporary)
                versions = {slug: no for each in old for slug, no in each.fact.live.items()}
                joined = self._written(generation, versions, temporary)
            self._put_in_force([*self._held[:first], joined])
        return self.is_due()

    def _due(self) -> int | None:
        """The number of the first segment that should be joined with those after it."""
        sizes = [len(each.segment.generation.texts) for each in self._held]
        first = len(sizes) - 1
        for at in range(len(sizes) - 2, -1, -1):
            if sizes[at] < 2 * sum(sizes[at + 1 :]):
                first = at
        if first >= 0 and first < len(sizes) - 1:
            return first
        # What is left out still takes room and time.
        worn = (at for at, each in enumerate(self._held) if _is_worn(each.segment))
        return next(worn, None)

    def _added(
        self,
        put: Sequence[VersionedDocument],
        known: EncodedTexts | None,
        beside: Sequence[_Held],
        progress: Progress | None,
    ) -> _Held:
        if known is None:
            known = self._known({each.document.slug for each in put})
        generation = self._assembled(put, known, beside, progress)
        with self._new_folder() as temporary:
            versions = {each.document.slug: each.version for each in put}
            return self._written(generation, versions, temporary)

    def _assembled(
        self,
        put: Sequence[VersionedDocument],
        known: EncodedTexts,
        beside: Sequence[_Held],
        progress: Progress | None,
    ) -> Generation:
        """Encode what is not known of documents, which is added, and put them together."""
        documents = [each.document for each in put]
        encoder, reference = self._base.encoder, self._base.reference
        encode_missing(known, tuple(texts_of(documents)), encoder, reference, progress)
        others = [*self._base.segments.every, *(each.segment for each in beside)]
        return assemble(documents, known, reference, Segments(others, reference))

    def _known(self, slugs: Collection[str]) -> EncodedTexts:
        """What is encoded of earlier versions of some documents, and of what was foreseen."""
        known = EncodedTexts(dict(self._foreseen.texts), dict(self._foreseen.questions))
        for each in self._held:
            if wanted := slugs & each.fact.live.keys():
                known.add(each.segment.generation, wanted)
        return known

    def _written(
        self, generation: Generation, versions: Mapping[str, int], temporary: Path
    ) -> _Held:
        """Write a segment; it is not in force yet."""
        generation.write(temporary)
        fact = SegmentFact(
            name=secrets.token_hex(8), files=written_files(temporary), versions=dict(versions)
        )
        destination = self._folder / fact.name
        temporary.chmod(0o755)
        temporary.rename(destination)
        sync_folder(self._folder)
        # Read back: what was assembled is in memory, what is read stays in its files.
        return _Held(fact, Segment(Generation.read(destination)))

    def _put_in_force(self, held: Sequence[_Held]) -> None:
        manifest = StoreManifest(
            format=FORMAT,
            encoder=self._base.encoder.name,
            reference=reference_digest(),
            divided=self._divided,
            segments=tuple(each.fact for each in held),
        )
        write_sealed_model(self._folder / STORE_FILE, manifest)
        self._held = list(held)
        self.index = self._indexed()
        self._remove_others()

    def _indexed(self) -> Index:
        return self._base.with_segments([each.segment for each in self._held])

    def _read(self) -> list[_Held]:
        try:
            manifest = read_sealed_model(self._folder / STORE_FILE, StoreManifest)
            if manifest is None:
                return []
            if manifest.encoder != self._base.encoder.name:
                raise DamagedIndexError("the encoder has changed")
            if manifest.reference != reference_digest():
                raise DamagedIndexError("what is bundled to know silence by has changed")
            if manifest.divided != self._divided:
                raise DamagedIndexError("documents are divided otherwise now")
        except DamagedIndexError as error:
            self.problems = (str(error),)
            return []
        held: list[_Held] = []
        for fact in manifest.segments:
            try:
                check_files(self._folder / fact.name, fact.files)
                generation = Generation.read(self._folder / fact.name)
            except DamagedIndexError as error:
                self.problems = (*self.problems, str(error))
            else:
                held.append(_Held(fact, Segment(generation, fact.without)))
        return held

    @contextmanager
    def _new_folder(self) -> Iterator[Path]:
        temporary = self._folder / f"{_TEMPORARY}{secrets.token_hex(4)}"
        temporary.mkdir()
        try:
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _remove_others(self) -> None:
        """Remove what a crash left, and segments that are in force no longer.

        Whoever still searches in those has their files open.
        """
        named = {each.fact.name for each in self._held}
        for path in self._folder.iterdir():
            if path.is_dir() and path.name not in named:
                shutil.rmtree(path, ignore_errors=True)


def _without(held: _Held, gone: Collection[str]) -> _Held:
    """The same without some documents."""
    if not held.fact.live.keys() & gone:
        return held
    without = held.fact.without | (held.fact.versions.keys() & gone)
    return _Held(
        held.fact.model_copy(update={"without": frozenset(without)}),
        Segment(held.segment.generation, frozenset(without)),
    )


def _is_worn(segment: Segment) -> bool:
    among = segment.among
    return among is not None and 2 * int(among.sum()) < len(among)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IndexingError(
            f"The index cannot be written to {folder} ({error.strerror or error}). Free some "
            "space; the index in force is unchanged."
        ) from error
