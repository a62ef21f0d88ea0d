"""Print how well curated questions are suggested: `python -m benchmarks.suggestions [half]`.

What a member types is one of the questions about the article, whole or begun; a suggestion is
right where its passage answers that question.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bot.answering.startup import open_index
from bot.answering.suggestions import Suggestion, Suggestions
from bot.config import read_config
from index import Index
from index.evaluation import Case, read_cases
from knowledge import CoalitionBotError, Language

_QUESTIONS = Path("tests/data/questions.yaml")
_OFFERED = 3

Suggest = Callable[[str, Language, int], Sequence[Suggestion]]


class Begun(NamedTuple):
    """How much of a question is typed."""

    name: str
    cut: Callable[[str], str]


_BEGUN = (
    Begun("the whole question", lambda text: text),
    Begun("seven letters of ten", lambda text: text[: len(text) * 7 // 10]),
    Begun("the first half of its words", lambda text: _first_words(text, share=0.5)),
    Begun("its first three words", lambda text: " ".join(text.split()[:3])),
)


def _first_words(text: str, share: float) -> str:
    words = text.split()
    return " ".join(words[: max(2, round(share * len(words)))])


def main() -> None:
    """Measure and print."""
    half = sys.argv[1] if len(sys.argv) > 1 else "develop"
    index = open_index(read_config(None), print)
    suggestions = Suggestions(index)
    cases = [each for each in read_cases(_QUESTIONS, index) if {half, "answerable"} <= {*each.tags}]

    def by_both(typed: str, language: Language, most: int) -> Sequence[Suggestion]:
        return suggestions.nearest(typed, index.embed([typed])[0], language, most)

    ways = (_one_a_passage(suggestions.matching), by_both)
    table = Table("typed", "language", "by words", "by meaning and words", "questions")
    for begun in _BEGUN:
        for language in Language:
            asked = [each for each in cases if each.language is language]
            figures = [_figures(index, asked, begun, each) for each in ways]
            table.add_row(begun.name, language.value, *figures, str(len(asked)))
    console = Console(width=110)
    console.print(f"A right suggestion comes first / is among the first {_OFFERED}, in %.")
    console.print(table)


def _one_a_passage(suggest: Suggest) -> Suggest:
    """The same, of each passage the best question alone."""

    def best(typed: str, language: Language, most: int) -> list[Suggestion]:
        chosen: dict[str, Suggestion] = {}
        for each in suggest(typed, language, sys.maxsize):
            chosen.setdefault(each.passage, each)
        return list(chosen.values())[:most]

    return best


def _figures(index: Index, cases: Sequence[Case], begun: Begun, suggest: Suggest) -> str:
    ranks = []
    for case in cases:
        right = set(_right_passages(index, case))
        offered = suggest(begun.cut(case.question), case.language or Language.ENGLISH, _OFFERED)
        places = (place for place, each in enumerate(offered, 1) if each.passage in right)
        ranks.append(next(places, 0))
    first, among = (
        100 * sum(1 <= rank <= most for rank in ranks) / len(ranks) for most in (1, _OFFERED)
    )
    return f"{first:.1f} / {among:.1f}"


def _right_passages(index: Index, case: Case) -> Iterator[str]:
    """The ids of the passages that answer a question."""
    for document in index.documents:
        for passage in document.passages:
            if case.is_met_by(document, passage):
                yield passage.id


if __name__ == "__main__":
    try:
        main()
    except CoalitionBotError as error:
        sys.exit(str(error))
