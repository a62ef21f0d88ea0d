"""Print what politeness costs: `python -m benchmarks.polite [half] [--list]`.

Each question of `develop.yaml` or `report.yaml` is asked bare, and within greetings, thanks,
apologies and context. Three things are compared: the first passage is the right one; it is also
shown; it is shown as an answer.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.answering.startup import open_index
from bot.config import read_config
from index import Index, Outcome
from index.evaluation import Case, read_cases
from index.results import Result
from knowledge import Language
from knowledge.located_yaml import parse_yaml

QUESTIONS = Path("tests/data/questions.yaml")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A question within what is said around it.

    Attributes:
        case: The bare question, and what answers it.
        asked: The whole message.
        language: The language of both.
    """

    case: Case
    asked: str
    language: Language


def read_wrapped(path: Path, index: Index) -> list[Wrapped]:
    """Read messages, each with the bare question of `tests/data/questions.yaml`.

    Raises:
        KeyError: A bare question does not stand there.
    """
    cases = {each.question: each for each in read_cases(QUESTIONS, index)}
    found = parse_yaml(path.read_text("utf-8")).value
    assert isinstance(found, dict)  # noqa: S101 - the files are ours
    return [
        Wrapped(cases[each["bare"]], each["asked"], Language(language))
        for language, every in found.items()
        for each in every
    ]


def states(case: Case, result: Result) -> tuple[bool, bool, bool]:
    """Whether the first passage is right, is shown too, is shown as an answer."""
    first = result.matches[0].located
    right = case.is_met_by(first.document, first.passage)
    shown = right and result.outcome is not Outcome.NONE
    return right, shown, right and result.outcome is Outcome.ANSWER


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("half", nargs="?", default="develop", choices=("develop", "report"))
    parser.add_argument("--list", action="store_true", help="Print what is lost.")
    arguments = parser.parse_args()
    index = open_index(read_config(None), print)
    every = read_wrapped(Path(__file__).parent / f"{arguments.half}.yaml", index)
    names = ("right", "right and shown", "right and an answer")
    table = Table("language", "questions", *(f"{each}: bare, polite" for each in names))
    console = Console(width=200)
    for language in Language:
        counts = [[0, 0], [0, 0], [0, 0]]
        some = [each for each in every if each.language is language]
        for each in some:
            bare = index.search(each.case.question, language)
            polite = index.search(each.asked, language)
            before, after = states(each.case, bare), states(each.case, polite)
            for at in range(3):
                counts[at][0] += before[at]
                counts[at][1] += after[at]
            if arguments.list and after != before:
                sign = "-" if after < before else "+"
                console.print(f"{sign} {bare.outcome} → {polite.outcome}: {each.asked}")
        shares = (f"{100 * a / len(some):.1f}, {100 * b / len(some):.1f}" for a, b in counts)
        table.add_row(language, str(len(some)), *shares)
    console.print(table)
    console.print(_of_others(index, every))


def _of_others(index: Index, every: Sequence[Wrapped]) -> Table:
    """What questions get that the article does not answer, bare and in the same words around."""
    table = Table("language", "asks", "questions", *(f"{each}: bare, polite" for each in Outcome))
    cases = read_cases(QUESTIONS, index)
    for language in Language:
        frames = [
            each.asked.split(each.case.question)
            for each in every
            if each.language is language and each.case.question in each.asked
        ]
        for kind in ("near-topic", "unrelated"):
            asked = [e.question for e in cases if e.language is language and kind in e.tags]
            polite = [frames[at % len(frames)] for at in range(len(asked))]
            counts = [
                Counter(index.search(one, language).outcome for one in texts)
                for texts in (
                    asked,
                    [
                        around[0] + one + around[1]
                        for one, around in zip(asked, polite, strict=True)
                    ],
                )
            ]
            shares = (
                ", ".join(f"{100 * one[each] / len(asked):.1f}" for one in counts)
                for each in Outcome
            )
            table.add_row(language, kind, str(len(asked)), *shares)
    return table


if __name__ == "__main__":
    main()
