"""What is fuzzed: each target takes bytes, and raises where something is not as it must be."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import bot.cogs.composition  # noqa: F401 - it knows all buttons
from bot.answering.questions import clean_question
from bot.answering.wording import without_mentions
from bot.components.buttons import LONGEST_LABEL, every_button
from bot.components.markup import escaped, in_short, quoted
from bot.config import read_config
from bot.drafts import about_file, body_of, checked, has_front_matter, with_body
from bot.errors import ConfigError, QuestionError
from bot.storage.same_question import folded_question
from knowledge import DocumentError, PassageLimits
from knowledge.files import ArchiveError
from knowledge.files.archives import MOST_UNPACKED, unpacked

Target = Callable[[bytes], None]

_LONGEST = 500
_ALL_BUTTONS = tuple(every_button())


def question(data: bytes) -> None:
    """A question is cleaned to something short and printable that cleaning leaves alone."""
    text = data.decode("utf-8", "surrogateescape")
    without_mentions(text)
    assert len(in_short(text, 100)) <= 200
    assert quoted(escaped(text)).startswith("> ")
    try:
        cleaned = clean_question(text, _LONGEST)
    except QuestionError:
        return
    assert 0 < len(cleaned) <= _LONGEST
    assert cleaned.isprintable(), ascii(cleaned)
    assert clean_question(cleaned, _LONGEST) == cleaned, ascii(cleaned)
    assert "\n" not in folded_question(cleaned)


def custom_id(data: bytes) -> None:
    """A custom id is no button's, or one that reads all that it needs of it."""
    text = data.decode("utf-8", "replace")
    for kind in _ALL_BUTTONS:
        if kind.__discord_ui_compiled_template__.fullmatch(text) is None:
            continue
        button = kind("label", text)
        if "place" in button.fields:
            assert button.place.passage
        if "language" in button.fields:
            assert button.language
        assert len(button.item.label or "") <= LONGEST_LABEL


def config(data: bytes) -> None:
    """A configuration is read, or refused by its name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_bytes(data)
        said = path.name
        try:
            read_config(path)
        except ConfigError as refused:
            said = str(refused)
        assert path.name in said


def document(data: bytes) -> None:
    """A document is read or refused with a word, and what is written into it comes out again."""
    text = data.decode("utf-8", "replace")
    with contextlib.suppress(DocumentError):
        draft = checked("document", {"en.md": text}, PassageLimits())
        source = draft.document.original.text
        for passage in draft.document.passages:
            for each in passage.texts.values():
                assert each.span.of(source)
    if has_front_matter(text):
        with contextlib.suppress(DocumentError):
            about_file(text)
        assert body_of(with_body(text, "It opens.")).strip() == "It opens."


def questions(data: bytes) -> None:
    """Curated questions are taken, or left out with a word."""
    files = {
        "en.md": "---\ntitle: T\nlanguage: en\n---\n\nIt opens at nine.\n",
        "questions.yaml": data.decode("utf-8", "replace"),
    }
    draft = checked("document", files, PassageLimits())
    assert all(draft.problems)


def archive(data: bytes) -> None:
    """A zip is refused, or has documents of plain names that are not too large."""
    try:
        found = unpacked(data)
    except ArchiveError:
        return
    for folder, files in found.documents.items():
        for name, text in files.items():
            assert PurePosixPath(folder, name).parts == (folder, name)
            assert folder not in {".", ".."} and name.isprintable()
            assert len(text) <= MOST_UNPACKED
    for path in found.problems:
        assert path.isprintable()


TARGETS: Mapping[str, Target] = {
    "question": question,
    "custom_id": custom_id,
    "config": config,
    "document": document,
    "questions": questions,
    "archive": archive,
}
