"""Print how well the language of questions is told: `python -m benchmarks.languages`.

The test questions about the bundled article, with what its index speaks, and where they are beside
the repository the shared sets, without an index. Before: py3langid alone, as it was until 0.1.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from rich.console import Console
from rich.table import Table

from bot.answering.startup import open_index
from bot.config import read_config
from index import LanguageDetector
from index.language import Spoken
from knowledge import Language

_QUESTIONS = Path("tests/data/questions.yaml")
_SHARED = Path(__file__).parents[2] / "shared"
_CERTAIN = 0.95

Told = Callable[[str], Language | None]
Asked = tuple[str, Language]


def _test_questions() -> list[Asked]:
    every = yaml.safe_load(_QUESTIONS.read_text("utf-8"))
    return [(each["question"], Language(each["language"])) for each in every]


def _shared() -> Iterator[tuple[str, list[Asked]]]:
    def lines(path: Path) -> Iterator[dict[str, Any]]:
        return (json.loads(line) for line in path.read_text("utf-8").splitlines())

    if not _SHARED.is_dir():
        return
    written = [
        (str(each["q"]), Language(each["lang"]))
        for path in sorted((_SHARED / "training").glob("*.jsonl"))
        for document in lines(path)
        for each in document["questions"]
    ]
    yield "written questions", written
    evaluation = _SHARED / "evaluation"
    for name, path, language in (
        ("CNIL", "cnil/questions.jsonl", Language.FRENCH),
        ("CNIL", "cnil/questions_en.jsonl", Language.ENGLISH),
        ("SQuAD", "squad/translated.jsonl", Language.FRENCH),
        ("SQuAD", "squad/questions.jsonl", Language.ENGLISH),
    ):
        yield name, [(str(each["q"]), language) for each in lines(evaluation / path)]


def _before() -> Told:
    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages([each.value for each in Language])

    def told(question: str) -> Language | None:
        code, probability = identifier.classify(question)
        return Language(code) if probability >= _CERTAIN else None

    return told


def _now(detector: LanguageDetector, spoken: Spoken | None) -> Told:
    def told(question: str) -> Language | None:
        found = detector.detect(question, Language.ENGLISH, spoken)
        return found.language if found.told else None

    return told


def main() -> None:
    """Measure and print."""
    index = open_index(read_config(None), print)
    detector = LanguageDetector()
    figures = ("before: wrong", "not told", "now: wrong", "not told")
    table = Table("set", "language", "questions", *figures)
    sets: list[tuple[str, list[Asked], Spoken | None]] = [
        ("test questions", _test_questions(), index.spoken)
    ]
    sets += [(name, asked, None) for name, asked in _shared()]
    for name, every, spoken in sets:
        for language in Language:
            asked = [question for question, own in every if own is language]
            if asked:
                table.add_row(
                    name,
                    language,
                    str(len(asked)),
                    *_figures(asked, language, _before()),
                    *_figures(asked, language, _now(detector, spoken)),
                )
    Console(width=120).print(table)


def _figures(asked: list[str], language: Language, told: Told) -> tuple[str, str]:
    found = [told(question) for question in asked]
    wrong = sum(each not in {None, language} for each in found)
    untold = sum(each is None for each in found)
    shown = [f"{each} ({100 * each / len(asked):.1f} %)" for each in (wrong, untold)]
    return shown[0], shown[1]


if __name__ == "__main__":
    main()
