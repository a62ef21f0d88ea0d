from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from knowledge import Language, Library, Passage, PassageLimits, Span, read_library

LONG = "Cette phrase est assez longue pour faire à elle seule un passage de plus de 80 signes."

# A slow disk is no failure.
settings.register_profile("files", deadline=None)
settings.load_profile("files")


class Articles:
    """A folder of articles that a test fills and reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def write(self, name: str, text: str = LONG, **front_matter: str) -> Path:
        """Write an edition, such as `one/fr.md`, with a title and the language of its name."""
        keys = {"title": "Titre", "language": Path(name).stem} | front_matter
        lines = "".join(f"{key}: {value}\n" for key, value in keys.items())
        return self.write_raw(name, f"---\n{lines}---\n\n{text}\n")

    def write_raw(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, *, shortest: int = 80, longest: int = 1200) -> Library:
        return read_library(self.folder, PassageLimits(shortest, longest))

    def passages(self, text: str, *, shortest: int = 1, longest: int = 1200) -> list[str]:
        """The passages of a French text."""
        self.write("one/fr.md", text)
        return quotes(self.read(shortest=shortest, longest=longest))

    def problem(self) -> str:
        """The one thing that is wrong."""
        (problem,) = self.read().problems
        return str(problem)


@pytest.fixture
def articles(tmp_path: Path) -> Articles:
    return Articles(tmp_path / "articles")


def quotes(library: Library, language: Language = Language.FRENCH) -> list[str]:
    return [spanned(library, passage, language) for passage in library.passages]


def spanned(library: Library, passage: Passage, language: Language = Language.FRENCH) -> str:
    return passage.texts[language].span.of(text_of(library, passage, language))


def sentences(library: Library, language: Language = Language.FRENCH) -> list[list[str]]:
    return [
        [
            sentence.of(text_of(library, passage, language))
            for sentence in passage.texts[language].sentences
        ]
        for passage in library.passages
    ]


def text_of(library: Library, passage: Passage, language: Language) -> str:
    (document,) = (each for each in library.documents if passage in each.passages)
    return document.editions[language].text


def check_spans(library: Library) -> None:
    """Every passage and sentence is a part of its text, in order, with no word left out."""
    for document in library.documents:
        for language, edition in document.editions.items():
            end = 0
            for passage in document.passages:
                quoted = passage.texts[language]
                check_tiles(edition.text, quoted.span, quoted.sentences)
                assert end <= quoted.span.start
                end = quoted.span.end


def check_tiles(text: str, span: Span, parts: tuple[Span, ...]) -> None:
    assert 0 <= span.start < span.end <= len(text)
    assert parts
    assert (parts[0].start, parts[-1].end) == span
    for part in parts:
        assert part.of(text) == part.of(text).strip() != ""
    for gap in gaps(parts):
        assert gap.length >= 0
        assert not gap.of(text).strip()


def gaps(parts: tuple[Span, ...]) -> Iterator[Span]:
    for before, after in itertools.pairwise(parts):
        yield Span(before.end, after.start)
