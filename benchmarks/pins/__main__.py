"""Print what a pin takes: `python -m benchmarks.pins [--list]`.

Counted by question asked: each meets every pin that belongs to another passage, and one that is
taken by any of them counts as wrong. Pins are the curated questions of the article; and in each
written document (`index/data/written.jsonl`, `training/documents/`) all its other questions.
`others.yaml` holds pairs that are nearly alike; `paraphrases.yaml` pairs that ask the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.answering.startup import open_index
from bot.config import read_config
from index import Index
from index.evaluation import read_cases
from index.ranking.same_meaning import asks_the_same
from knowledge.located_yaml import parse_yaml

_QUESTIONS = Path("tests/data/questions.yaml")
_WRITTEN = (Path("index/data/written.jsonl"), *sorted(Path("training/documents").glob("*.jsonl")))
_ALIKE = 0.93
"""The cosine by which pins were taken before, to compare with."""
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Met:
    """A question that meets pins.

    Attributes:
        asked: The question.
        pins: Pins that it may meet.
    """

    asked: str
    pins: tuple[str, ...]


def main() -> None:
    """Measure and print."""
    index = open_index(read_config(None), print)
    console = Console(width=200)
    table = Table("questions asked", "asked", "taken by words and meaning", "by the cosine alone")
    here = Path(__file__).parent
    sets = {
        "curated, pins of other passages: wrong": list(_curated(index)),
        "about the article, pins of other passages: wrong": list(_about_the_article(index)),
        "of written documents, pins of other passages: wrong": list(_written()),
        "nearly alike: wrong": list(_pairs(here / "others.yaml")),
    }
    same = list(_pairs(here / "paraphrases.yaml"))
    sets |= {
        "asking the same, to develop with: right": same[::2],
        "asking the same, report: right": same[1::2],
    }
    for name, every in sets.items():
        # To embed thousands takes long, and a cosine alone was shown to be too little.
        compare = "written" not in name
        taken, before = _taken(index, every, compare=compare)
        total = len(every)
        alone = _share(before, total) if compare else ""
        table.add_row(name, str(total), _share(len(taken), total), alone)
        if "--list" in sys.argv and name.endswith("wrong"):
            for asked, pin in taken.items():
                console.print(f"{asked}  ←  {pin}", markup=False)
    console.print(table)


def _taken(index: Index, every: Sequence[Met], *, compare: bool) -> tuple[dict[str, str], int]:
    """By each question that is taken the pin that takes it; and how many a cosine would take."""
    by_words = {each: [p for p in each.pins if asks_the_same(p, each.asked, 1.0)] for each in every}
    met = by_words if not compare else {each: each.pins for each in every}
    texts = sorted({text for each, pins in met.items() for text in (*pins, each.asked) if pins})
    found = [index.embed(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
    embedded = dict(zip(texts, np.concatenate(found), strict=True)) if found else {}
    taken: dict[str, str] = {}
    before = 0
    for each, pins in met.items():
        likeness = [float(embedded[pin] @ embedded[each.asked]) for pin in pins]
        before += max(likeness, default=0.0) >= _ALIKE
        for pin, alike in zip(pins, likeness, strict=True):
            if pin in by_words[each] and asks_the_same(pin, each.asked, alike):
                taken[each.asked] = pin
    return taken, before


def _share(count: int, total: int) -> str:
    return f"{count}: {100 * count / total:.2f} %"


def _curated(index: Index) -> Iterator[Met]:
    for each in index.curated:
        yield Met(
            each.question,
            tuple(pin.question for pin in index.curated if pin.passage != each.passage),
        )


def _about_the_article(index: Index) -> Iterator[Met]:
    for case in read_cases(_QUESTIONS, index):
        right = {
            passage.id
            for document in index.documents
            for passage in document.passages
            if case.is_met_by(document, passage)
        }
        yield Met(case.question, tuple(e.question for e in index.curated if e.passage not in right))


def _written() -> Iterator[Met]:
    for path in _WRITTEN:
        for line in path.read_text("utf-8").splitlines():
            asked: list[dict[str, Any]] = json.loads(line)["questions"]
            for each in asked:
                pins = tuple(
                    pin["q"]
                    for pin in asked
                    if pin.get("passage") is not None and pin["passage"] != each.get("passage")
                )
                if pins:
                    yield Met(each["q"], pins)


def _pairs(path: Path) -> Iterator[Met]:
    found = parse_yaml(path.read_text("utf-8")).value
    assert isinstance(found, dict)  # noqa: S101 - the files are ours
    for every in found.values():
        yield from (Met(asked, (pin,)) for pin, asked in every)


if __name__ == "__main__":
    main()
