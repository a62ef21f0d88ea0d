"""Print how well places are suggested: `python -m benchmarks.community.suggesting FOLDER`.

200 documents without curated questions. What a member types is seven letters of ten of a question;
a suggestion is right where it is of the passage that answers.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.community.filled import GUILD, filled
from benchmarks.community.made import MadeQuestion
from index import Index
from knowledge import Language

_DOCUMENTS, _QUESTIONS, _ASKED = 200, 1000, 200
_OFFERED = 3


async def measure(folder: Path) -> None:
    """Type, and look at what is offered."""
    table = Table("language", "right first, %", f"among the first {_OFFERED}, %", "questions")
    async with filled(_DOCUMENTS, _QUESTIONS, folder) as server:
        sources = await server.knowledge.of(GUILD)
        index, suggestions = sources.answerer.index, sources.suggestions
        for language in Language:
            asked = [each for each in server.community.questions if each.language is language]
            asked = asked[:_ASKED]
            places = []
            for each in asked:
                typed = each.text[: len(each.text) * 7 // 10]
                offered = suggestions.meant(typed, language, _OFFERED)
                right = [_is_right(index, one.passage, each) for one in offered]
                places.append(right.index(True) if True in right else _OFFERED)
            first = sum(each == 0 for each in places)
            among = sum(each < _OFFERED for each in places)
            figures = (f"{100 * each / len(asked):.1f}" for each in (first, among))
            table.add_row(language.value, *figures, str(len(asked)))
    Console().print(table)


def _is_right(index: Index, passage: str, question: MadeQuestion) -> bool:
    found = index.passage(passage)
    if found is None or found.document.slug != question.slug:
        return False
    return any(question.words in found.quote(language).text for language in found.passage.texts)


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1])))
