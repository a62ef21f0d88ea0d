"""The folder of articles, read as a whole: one folder a document, one file a language."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from unicodedata import combining

from knowledge.documents import Edition, Source, check_alignment, read_source
from knowledge.errors import AlignmentError, DocumentError, DocumentProblem, KnowledgeError, Place
from knowledge.front_matter import Visibility
from knowledge.language import Language
from knowledge.passages.dividing import Passage, PassageLimits, divide
from knowledge.questions import QUESTIONS_FILE, attach_questions


@dataclass(frozen=True)
class Document:
    """An article in one language or both.

    Attributes:
        slug: Its name, unique in a library: lower-case letters, digits and hyphens.
        editions: The article in each language that it has.
        passages: Its passages in order.
    """

    slug: str
    editions: Mapping[Language, Edition]
    passages: tuple[Passage, ...]

    @property
    def original(self) -> Edition:
        """The edition that is no translation, or the only one."""
        editions = list(self.editions.values())
        return next((each for each in editions if not each.about.translated_from), editions[0])

    @property
    def tags(self) -> tuple[str, ...]:
        """What it is about, in the words of all its editions."""
        every = (tag for each in self.editions.values() for tag in each.about.tags)
        return tuple(dict.fromkeys(every))

    @property
    def is_for_moderators(self) -> bool:
        """Whether an edition says that only moderators are given quotes."""
        every = (each.about.visible_to for each in self.editions.values())
        return Visibility.MODERATORS in every

    @property
    def review_by(self) -> dt.date | None:
        """The first day by which an edition should be looked at again; None for never."""
        days = [each.about.review_by for each in self.editions.values()]
        return min((each for each in days if each is not None), default=None)


@dataclass(frozen=True)
class Library:
    """All documents that can be used, and what is wrong with the others.

    Attributes:
        documents: In the order of their slugs.
        problems: One error for each document, edition or question that was left out.
        fingerprint: Changes whenever a file or a limit changes.
    """

    documents: tuple[Document, ...]
    problems: tuple[DocumentError, ...]
    fingerprint: str

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, document by document."""
        return tuple(passage for document in self.documents for passage in document.passages)


def read_library(folder: Path, limits: PassageLimits) -> Library:
    """Read every document in `folder`.

    A document that cannot be used is left out and named in `Library.problems`; it never
    stops the others.

    Args:
        folder: Has one folder for each document, with a Markdown file for each language.
        limits: When paragraphs are merged or divided.

    Raises:
        KnowledgeError: There is no such folder, or it cannot be read.
    """
    before = fingerprint(folder, limits)
    entries = _entries(folder)
    documents: dict[str, Document] = {}
    problems: list[DocumentError] = []
    for entry in entries:
        try:
            slug = _slug(entry)
            if slug in documents:
                raise DocumentError(
                    Place(entry),
                    f"another folder already has the name “{slug}”. Rename one of them.",
                    DocumentProblem.NAME_TAKEN,
                    slug=slug,
                )
            read = _Folder(entry, dict.fromkeys(entry.iterdir()))
            documents[slug] = _read_document(slug, read, limits, problems)
        except DocumentError as error:
            problems.append(error)
        except OSError as error:
            message = f"the folder cannot be read ({error.strerror}). Check its permissions."
            problems.append(DocumentError(Place(entry), message, DocumentProblem.UNREADABLE))
    in_order = tuple(documents[slug] for slug in sorted(documents))
    return Library(in_order, tuple(problems), before)


@dataclass(frozen=True)
class ReadDocument:
    """A document that was read from the texts of its files.

    Attributes:
        document: The document.
        problems: One error for each edition or question that was left out.
    """

    document: Document
    problems: tuple[DocumentError, ...]


def read_document(
    slug: str, files: Mapping[str, str], limits: PassageLimits, space: str
) -> ReadDocument:
    """Read one document from the texts of its files, as `read_library` reads a folder.

    Args:
        slug: Its name.
        files: The text of each file by its name.
        limits: When paragraphs are merged or divided.
        space: Whose document it is. The same words in another's document, or in that of a
            folder, are another passage, with another id.

    Raises:
        DocumentError: It cannot be used.
    """
    problems: list[DocumentError] = []
    path = Path(slug)
    folder = _Folder(path, {path / name: text for name, text in files.items()}, space)
    document = _read_document(slug, folder, limits, problems)
    return ReadDocument(document, tuple(problems))


def slug_of(name: str) -> str:
    """A document's name made of any words; blank where they have no letter and no digit."""
    plain = name.casefold().replace("œ", "oe").replace("æ", "ae")
    letters = (each for each in unicodedata.normalize("NFKD", plain) if not combining(each))
    # What else is no letter of ours divides words, such as the apostrophe of “l’atelier”.
    return "-".join(re.findall(r"[a-z0-9]+", "".join(letters)))


def fingerprint(folder: Path, limits: PassageLimits) -> str:
    """What the files in `folder` are, in 64 hexadecimal digits, without reading them as text.

    Raises:
        KnowledgeError: There is no such folder, or it cannot be read.
    """
    digest = hashlib.sha256(repr(limits).encode())
    for entry in _entries(folder):
        try:
            paths = sorted(entry.iterdir()) if entry.is_dir() else [entry]
            files = [path for path in paths if path.is_file()]
        except OSError as error:
            digest.update(b"\n%b\n%d" % (os.fsencode(entry.name), error.errno or 0))
            continue
        for path in files:
            digest.update(b"\n%b\n" % os.fsencode(path.relative_to(folder)))
            try:
                digest.update(hashlib.sha256(path.read_bytes()).digest())
            except OSError as error:
                digest.update(b"%d" % (error.errno or 0))
    return digest.hexdigest()


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise KnowledgeError(
            f"The folder of articles {folder} cannot be read ({error.strerror}). "
            "Set `knowledge.folder` to the folder that holds one folder for each article.",
            "articles_unreadable",
            folder=folder,
            reason=error.strerror,
        ) from error


def _slug(entry: Path) -> str:
    if not entry.is_dir():
        raise DocumentError(
            Place(entry),
            "this is a file, but each document is a folder. Put it into a folder of its own.",
            DocumentProblem.NOT_A_FOLDER,
        )
    slug = slug_of(entry.name)
    if not slug:
        raise DocumentError(
            Place(entry),
            "no name can be made of this. Name the folder with letters from a to z or digits.",
            DocumentProblem.NO_NAME,
        )
    return slug


class _Folder(NamedTuple):
    """A document's folder.

    Attributes:
        path: Where it is.
        texts: For each file in there its text; None to read it from the disk.
        space: Whose document it is; blank for one of the folder of articles.
    """

    path: Path
    texts: Mapping[Path, str | None]
    space: str = ""


def _read_document(
    slug: str, folder: _Folder, limits: PassageLimits, problems: list[DocumentError]
) -> Document:
    """Read one folder; what can be left out of it is added to `problems`."""
    original, twin = _read_sources(folder, problems)
    name = f"{folder.space}/{slug}" if folder.space else slug
    try:
        if twin is not None:
            check_alignment(original, twin)
        passages = divide(name, original, twin, limits)
    except AlignmentError as error:
        problems.append(error)
        twin = None
        passages = divide(name, original, None, limits)
    sources = (original,) if twin is None else (original, twin)
    questions = folder.path / QUESTIONS_FILE
    if questions in folder.texts:
        try:
            curated = attach_questions(questions, passages, sources, folder.texts[questions])
        except DocumentError as error:
            problems.append(error)
        else:
            passages = curated.passages
            problems += curated.problems
    return Document(slug, {each.language: each.edition for each in sources}, passages)


def _read_sources(folder: _Folder, problems: list[DocumentError]) -> tuple[Source, Source | None]:
    """The original and its twin, if there is one."""
    sources: dict[Language, Source] = {}
    broken: list[DocumentError] = []
    doubled: DocumentError | None = None
    for path, text in sorted(folder.texts.items()):
        if path.name == QUESTIONS_FILE or path.name.startswith("."):
            continue
        if path.suffix != ".md":
            problems.append(
                DocumentError(
                    Place(path),
                    f"only .md files and {QUESTIONS_FILE} are read here. Remove it.",
                    DocumentProblem.OTHER_FILE,
                )
            )
            continue
        try:
            source = read_source(path, text)
        except DocumentError as error:
            broken.append(error)
            continue
        if source.language in sources:
            doubled = DocumentError(
                Place(path),
                f"{sources[source.language].place} has the same language "
                f"“{source.language}”. Keep one file for each language.",
                DocumentProblem.SAME_LANGUAGE,
                language=source.language.value,
                other=sources[source.language].place.file,
            )
        sources.setdefault(source.language, source)
    if doubled is not None:
        problems += broken
        raise doubled
    originals = [each for each in sources.values() if each.edition.about.translated_from is None]
    if broken and not originals:
        # Ids are made from the original: serving its translation alone would change them.
        first, *others = broken
        problems += others
        raise first
    problems += broken
    if not sources:
        raise DocumentError(
            Place(folder.path),
            "the folder has no .md file. Add one, or remove it.",
            DocumentProblem.NO_FILE,
        )
    if len(sources) > 1 and not originals:
        raise DocumentError(
            Place(folder.path),
            "both editions say `translated_from`. Take it out of the original.",
            DocumentProblem.BOTH_TRANSLATED,
        )
    original = originals[0] if originals else next(iter(sources.values()))
    return original, sources.get(original.language.other)
