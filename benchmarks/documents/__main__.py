"""How well real files are read: `python -m benchmarks.documents FOLDER`.

Each file of the folder is read as `/knowledge add` reads it, in this process, and its words are
compared with those that another program finds: pdftotext, LibreOffice, w3m, cmark-gfm (Debian's
packages poppler-utils, libreoffice-writer, w3m, cmark-gfm). Words are what stands between blanks,
without signs around it and without regard to case.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.documents.extracting import text_of
from bot.drafts import Given, checked, described
from knowledge import DocumentError, Language, PassageLimits
from knowledge.files import FileError, FileKind, Upload, title_in
from knowledge.files.readers import upload_of

_WORD = re.compile(r"[^\W_](?:\S*[^\W_])?")
_UNSEEN = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]")
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Compared:
    """A file's words beside those that another program finds.

    Attributes:
        name: The file.
        refused: Why it was not read; blank where it was.
        words: How many words the other program finds.
        kept: How many of them stand in passages and titles.
        said: How many words are said to be left out.
        invented: Words that the other program does not find, and that are no two of its words.
        passages: How many passages came of it.
    """

    name: str
    refused: str = ""
    words: int = 0
    kept: int = 0
    said: int = 0
    invented: tuple[str, ...] = ()
    passages: int = 0

    @property
    def share(self) -> float:
        """Of the words that are not said to be left out, those that are kept."""
        return min(1.0, self.kept / max(1, self.words - self.said))


def words_of(text: str) -> list[str]:
    """The words of a text, in one form each."""
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    return _WORD.findall(plain)


def compared(file: Path) -> Compared:
    """Read a file in both ways."""
    kind = FileKind(FileKind.of(file.name) or "")
    try:
        upload = upload_of(file.read_bytes(), kind, title_in(file.name))
    except FileError as error:
        return Compared(file.name, str(error.problem))
    try:
        text, passages = _shown(upload, file)
    except DocumentError as error:
        return Compared(file.name, str(error))
    theirs, ours = words_of(text_of(file)), words_of(text)
    there, here = Counter(theirs), Counter(ours)
    # A word that is divided at the end of a line is two for some programs.
    joined = {a + b for a, b in pairwise(theirs)}
    invented = [each for each in here if each not in there and each not in joined]
    parts = Counter(
        part for a, b in pairwise(theirs) if a + b in here and a + b not in there for part in (a, b)
    )
    kept = (there & (here + parts)).total()
    said = sum(each.words for each in upload.left_out)
    return Compared(file.name, "", len(theirs), kept, said, tuple(invented), passages)


def _shown(upload: Upload, file: Path) -> tuple[str, int]:
    """What can be quoted of a file, with its titles, and how many passages that is."""
    language = Language.FRENCH if ".fr." in file.name else Language.ENGLISH
    written = described(
        upload.markdown, Given(language=language), upload.said, file.stem, lambda _: language
    )
    document = checked("file", {f"{language}.md": written}, PassageLimits()).document
    return document.original.text, len(document.passages)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table of the files in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    files = sorted(each for each in folder.iterdir() if FileKind.of(each.name) is not None)
    print(
        "| file | words | said to be left out | kept of the rest | not in the original | passages |"
    )
    print("|---|---|---|---|---|---|")
    done: list[Compared] = []
    for file in files:
        try:
            each = compared(file)
        except (OSError, subprocess.SubprocessError) as error:
            raise SystemExit(f"{file.name}: no other program reads it here ({error}).") from error
        done.append(each)
        print(_line(each), flush=True)
    print(_total(done))


def _line(each: Compared) -> str:
    if each.refused:
        return f"| {each.name} | refused: {each.refused} | | | | |"
    invented = ", ".join(each.invented[:_SHOWN]) + ("…" if len(each.invented) > _SHOWN else "")
    return (
        f"| {each.name} | {each.words} | {each.said} | {each.share:.1%} "
        f"| {len(each.invented)} {invented} | {each.passages} |"
    )


def _total(done: Iterable[Compared]) -> str:
    read = [each for each in done if not each.refused]
    words = sum(each.words for each in read)
    said = sum(each.said for each in read)
    kept = sum(min(each.kept, each.words - each.said) for each in read)
    invented = sum(len(each.invented) for each in read)
    return (
        f"| {len(read)} read | {words} | {said} | {kept / max(1, words - said):.2%} "
        f"| {invented} | {sum(each.passages for each in read)} |"
    )


if __name__ == "__main__":
    main()
