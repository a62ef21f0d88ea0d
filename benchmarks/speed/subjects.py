"""What is asked, and of what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from benchmarks.quality.sets import SHARED
from benchmarks.speed.answering import Subject
from benchmarks.speed.plain import Plain
from index import Encoder, Index
from index.evaluation import read_cases
from index.ranking.texts import TextKind, texts_of
from knowledge import Language

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

T = TypeVar("T")

_QUESTIONS = Path("tests/data/questions.yaml")
_ASKED = 100


def passages_of(index: Index) -> list[str]:
    """The texts of all passages; curated questions are not among them."""
    texts = texts_of(index.documents)
    return [each.content for each in texts if each.kind is TextKind.PASSAGE]


def article(index: Index, model: SentenceTransformer) -> Subject:
    """The repository's article, with 100 of the held-out questions about it."""
    cases = _evenly(read_cases(_QUESTIONS, index))
    questions = [(each.question, each.language or Language.ENGLISH) for each in cases]
    return Subject("the article", index, Plain.build(model, passages_of(index)), questions)


def shared_set(folder: Path, encoder: Encoder, model: SentenceTransformer) -> Subject:
    """The set `squad` as `python -m benchmarks.quality` left it, with 100 of its questions.

    Raises:
        OSError: It was not left there.
        CoalitionBotError: It was left by another version.
    """
    index = Index.open(folder / "squad", encoder)
    plain = Plain.of(model, np.load(folder / "squad-plain.npy"))
    lines = (SHARED / "squad" / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [(str(json.loads(each)["q"]), Language.ENGLISH) for each in _evenly(lines)]
    return Subject(f"{len(passages_of(index)):,} passages", index, plain, questions)


def _evenly(items: Sequence[T]) -> list[T]:
    return [items[at] for at in np.linspace(0, len(items) - 1, _ASKED).astype(int)]
