"""Print what it costs to say what would change: `python -m benchmarks.community.changes FOLDER`.

A server of 200 documents is asked 10,000 different questions, before and after one document is
edited and before and after it is removed. Seconds are those of a processor. What is overlooked is
counted on a sample, of which every question is asked of both.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.community.filled import GUILD, filled, known
from benchmarks.community.made import community
from bot.answering import foresight
from bot.answering.foresight import Foresight, Known, foresee
from index.comparing import Comparison, KnownQuestion
from index.ranking.runs import IntArray

_DOCUMENTS, _QUESTIONS, _SAMPLE = 200, 10_000, 300
_EDITED = "rules-the-sailing-club-belleville"


def _go_on(done: int, total: int) -> bool:
    del done, total
    return True


def _both(
    before: Known, after: Known, questions: list[KnownQuestion]
) -> tuple[Foresight, float, float, int]:
    """What would change; seconds in all, and to find whom to ask; how many were asked."""
    begun = time.process_time()
    comparison = Comparison(before.answerer.index, after.answerer.index)
    suspects: IntArray = comparison.unsettled(questions)
    found = time.process_time()
    seen = foresee(before, after, questions, None, _go_on)
    return seen, time.process_time() - found, found - begun, len(suspects)


def _every(before: Known, after: Known, questions: list[KnownQuestion]) -> Foresight:
    """The same where every question is asked of both."""
    changed = foresight._differences(before, after, questions, None)  # noqa: SLF001
    return Foresight(tuple(changed), len(questions))


async def measure(folder: Path) -> None:
    """Fill, ask and print."""
    table = Table(
        "change", "s in all", "s to find whom to ask", "asked of both", "different",
        f"different of {_SAMPLE} at random", "of these overlooked",
    )  # fmt: skip
    async with filled(_DOCUMENTS, _DOCUMENTS, folder) as server:
        answerer = (await server.knowledge.of(GUILD)).answerer
        asked = community(10 * _DOCUMENTS, _QUESTIONS).questions
        questions = known(asked, answerer.index, folder)
        files = next(each.files for each in server.community.documents if each.slug == _EDITED)
        edited = {_EDITED: {name: _changed(text) for name, text in files.items()}}
        plans: Mapping[str, tuple[Mapping[str, Mapping[str, str]], tuple[str, ...]]] = {
            "an edit": (edited, ()),
            "a removal": ({}, (_EDITED,)),
        }
        some = random.Random(1).sample(questions, _SAMPLE)  # noqa: S311 - not for secrets
        for name, (put, removed) in plans.items():
            begun = time.process_time()
            foreseen = await server.knowledge.foreseen(GUILD, put, removed)
            making = time.process_time() - begun
            before, after = Known(foreseen.before, None), Known(foreseen.after, None)
            seen, took, finding, suspects = _both(before, after, questions)
            print(f"{name}: {finding:.1f} s to find {suspects} of them", flush=True)
            truth = {each.question for each in _every(before, after, some).changed}
            told = {each.question for each in seen.changed}
            table.add_row(
                name, f"{making + took:.1f}", f"{finding:.1f}", str(suspects),
                str(len(seen.changed)), str(len(truth)), str(len(truth - told)),
            )  # fmt: skip
            print(f"{name}: making the index {making:.1f} s, then {took:.1f} s", flush=True)
    Console(width=120).print(f"{len(questions):,} questions, {_DOCUMENTS} documents", table)


def _changed(text: str) -> str:
    return text.replace("ouvrent", "accueillent le public").replace("are open", "welcome all")


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1])))
