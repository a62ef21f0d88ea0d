"""The files that another program exported, made into documents of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.reading_report import left_out_of
from bot.drafts import Draft, Given, about_file, checked, described, same_as, slugs_of
from bot.locales import Phrasebook
from bot.locales.document_problems import problem_in_words
from knowledge import Document, DocumentError, Language, PassageLimits
from knowledge.files import ExportedFile, FileProblem, Upload, title_in


@dataclass(frozen=True, slots=True)
class Made:
    """What becomes of a file.

    Attributes:
        path: Where it is in the export.
        upload: What was read; None where nothing was.
        draft: The document that it makes; None where it makes none.
        changes: Whether that takes the place of one that is there.
        same: What has the same title and words already: a document, or a file; else blank.
        problem: Why it makes no document, in the reader's words; else blank.
        is_unread: Whether it is of a kind that is not read: a picture.
    """

    path: str
    upload: Upload | None = None
    draft: Draft | None = None
    changes: bool = False
    same: str = ""
    problem: str = ""
    is_unread: bool = False

    def line(self, what: str, phrases: Phrasebook) -> str:
        """What became of it, on one line.

        Args:
            what: What was done with its document.
            phrases: The words of whoever reads it.
        """
        if self.upload is None or self.problem:
            said = phrases("reading.file_not", name=self.path, why=self.problem)
            return (
                said if self.upload is None else said + left_out_of(self.upload.left_out, phrases)
            )
        passages = 0 if self.draft is None else len(self.draft.document.passages)
        if self.same:
            what = phrases("reading.file_same", name=self.same)
        words = self.upload.words
        line = phrases("reading.file", name=self.path, what=what, words=words, count=passages)
        return line + left_out_of(self.upload.left_out, phrases)


@dataclass(frozen=True, slots=True)
class Around:
    """Where the documents of an export come in.

    Attributes:
        known: The documents that are there.
        own: The slugs of those that may be changed: in one language, without questions.
        taken: The slugs that no new document may have.
        limits: How documents are divided.
        spoken: Tells the language of a text.
    """

    known: Sequence[Document]
    own: Collection[str]
    taken: Collection[str]
    limits: PassageLimits
    spoken: Callable[[str], Language]


def made_of(
    files: Iterable[ExportedFile],
    around: Around,
    phrases: Phrasebook,
    language: Language | None = None,
) -> list[Made]:
    """What the files of an export make, in their order.

    A file with the title and the words of a document that is there makes none. One with the
    title alone takes its place where it may; of several files with one title each has a name of
    its own.

    Args:
        files: The files.
        around: What is there.
        phrases: The words of whoever reads what is wrong.
        language: The language of all; None tells it from each.
    """
    by_title: defaultdict[str, list[tuple[Document, str]]] = defaultdict(list)
    for document in around.known:
        by_title[document.original.about.title].append((document, document.slug))
    used: set[str] = set()
    found: list[Made] = []
    for file in files:
        made = _looked_at(file, around, phrases, language)
        if made.draft is not None:
            document = made.draft.document
            alike = by_title[document.original.about.title]
            same = next((name for each, name in alike if same_as(document, (each,))), "")
            if same:
                used.add(same)
                made = replace(made, same=same)
            else:
                alike.append((document, made.path))
        found.append(made)
    languages = {each.slug: [*each.editions] for each in around.known}
    return [_named(each, around, used, languages) for each in found]


def _looked_at(
    file: ExportedFile, around: Around, phrases: Phrasebook, language: Language | None
) -> Made:
    upload = file.upload
    if upload is None:
        unread = file.problem is FileProblem.UNKNOWN_KIND
        key = "archive.unread" if unread else f"file.{file.problem}"
        why = phrases(key, name=file.path.rpartition("/")[2])
        return Made(file.path, problem=why, is_unread=unread)
    given = Given(language=language)
    title = title_in(file.path.rpartition("/")[2]) or "–"
    written = described(upload.markdown, given, upload.said, title, around.spoken)
    try:
        draft = checked(file.path, {f"{about_file(written).language}.md": written}, around.limits)
    except DocumentError as error:
        return Made(file.path, upload, problem=problem_in_words(error, phrases))
    return Made(file.path, upload, draft)


def _named(
    made: Made, around: Around, used: set[str], languages: Mapping[str, list[Language]]
) -> Made:
    """It with the slug that its document has from now on."""
    if made.draft is None or made.same:
        return made
    document = made.draft.document

    def changes(slug: str) -> bool:
        return slug in around.own and languages.get(slug) == [*document.editions]

    slug = next(
        each
        for each in slugs_of(document.original.about.title)
        if each not in used and (changes(each) or each not in around.taken)
    )
    used.add(slug)
    draft = replace(made.draft, document=replace(document, slug=slug))
    return replace(made, draft=draft, changes=changes(slug))
