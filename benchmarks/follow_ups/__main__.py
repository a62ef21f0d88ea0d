"""Print whether leaning on the question before helps: `python -m benchmarks.follow_ups`.

Each way is tried on pairs of questions, some of which follow up and some of which do not. What
is shown is what members would be shown; `right` is the right passage, or silence where no
passage answers; `wrong` is another passage.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter
from rich.console import Console
from rich.table import Table

from bot.answering.startup import open_index
from bot.config import read_config
from index import Index, Outcome, Result
from index.ranking.terms import fold
from knowledge import CoalitionBotError, Language

_PAIRS = Path("tests/data/follow_ups.yaml")
_FEW_WORDS = 4
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "and but so then who whom whose what when where why how which by to for with from since "
        "until against about of in on at else other others more much many exactly is was it that "
        "this et mais alors qui que quoi quand ou comment combien pourquoi quel quelle lequel "
        "laquelle d de a par pour avec contre chez depuis autre autres encore sinon ca cela c est "
        "ce qu",
    )
)
"""Words without a subject of their own."""
_KINDS = ("ellipsis", "pronoun", "switch", "new", "bare", "away")

Way = Callable[[str, str, Language], Result]


class Pair(BaseModel):
    """Two questions of a member.

    Attributes:
        first, second: The questions.
        language: Their language.
        kind: How the second depends on the first.
        passage: The number of the passage that answers the second; 0 where none does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: str
    second: str
    language: Language
    kind: str
    passage: int


def ways(index: Index) -> Mapping[str, Way]:
    """How the second question may be searched for, by name."""

    def alone(first: str, second: str, language: Language) -> Result:
        del first
        return index.search(second, language)

    def together(first: str, second: str, language: Language) -> Result:
        return index.search(f"{first} {second}", language)

    def if_short(first: str, second: str, language: Language) -> Result:
        short = len(second.split()) <= _FEW_WORDS
        return (together if short else alone)(first, second, language)

    def if_empty(first: str, second: str, language: Language) -> Result:
        words = re.findall(r"\w+", fold(second))
        return (together if _EMPTY_WORDS.issuperset(words) else alone)(first, second, language)

    def if_nothing(first: str, second: str, language: Language) -> Result:
        result = alone(first, second, language)
        if result.outcome is Outcome.NONE and result.small_talk is None:
            return if_short(first, second, language)
        return result

    def if_surer(first: str, second: str, language: Language) -> Result:
        result, leaning = (way(first, second, language) for way in (alone, if_nothing))
        before = index.search(first, language)
        # It must say more than the first question does by itself.
        surer = leaning.verdict.evidence > before.verdict.evidence
        return leaning if surer else result

    return {
        "alone": alone,
        "with the one before, always": together,
        "with it, up to 4 words": if_short,
        "with it, up to 4 words, if nothing fits alone": if_nothing,
        "the same, if surer than of the one before": if_surer,
        "with it, if it has no subject": if_empty,
    }


def main() -> None:
    """Measure and print."""
    index = open_index(read_config(None), print)
    pairs = TypeAdapter(list[Pair]).validate_python(yaml.safe_load(_PAIRS.read_text("utf-8")))
    table = Table("way", "language", *_KINDS, "gained", "lost")
    for name, way in ways(index).items():
        for language in Language:
            own = [each for each in pairs if each.language is language]
            verdicts = [_verdict(way, each) for each in own]
            before = [_verdict(ways(index)["alone"], each) for each in own]
            cells = [
                _cell([it for it, each in zip(verdicts, own, strict=True) if each.kind == kind])
                for kind in _KINDS
            ]
            both = list(zip(before, verdicts, strict=True))
            gained = sum(it == "right" != was for was, it in both)
            lost = sum(it == "wrong" != was for was, it in both)
            table.add_row(name, language.value, *cells, str(gained), str(lost))
    console = Console(width=130)
    console.print("right / silent / wrong; gained: newly right; lost: newly wrong")
    console.print(table)


def _verdict(way: Way, pair: Pair) -> str:
    result = way(pair.first, pair.second, pair.language)
    if result.outcome is Outcome.NONE:
        return "silent" if pair.passage else "right"
    return "right" if result.matches[0].passage.number == pair.passage else "wrong"


def _cell(verdicts: list[str]) -> str:
    return " / ".join(str(verdicts.count(each)) for each in ("right", "silent", "wrong"))


if __name__ == "__main__":
    try:
        main()
    except CoalitionBotError as error:
        sys.exit(str(error))
