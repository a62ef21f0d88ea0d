"""Changes a server's knowledge until it is killed; run by `test_knowledge_killed`."""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

from bot.answering.answers import Answerer
from bot.config.settings import KnowledgeSettings, QuestionSettings
from bot.guilds.knowledge import GuildKnowledge
from bot.storage import DocumentChanges, DocumentVersion, open_storage
from index import EncoderChoice, Index, LanguageDetector, open_encoder

GUILD = 1
SLUG = "bakery"


def files(number: int) -> dict[str, str]:
    """A version that is told by its text."""
    text = f"On Sundays the bakery number {number} opens at nine."
    return {"en.md": f"---\ntitle: Bakery\nlanguage: en\n---\n\n{text}\n"}


async def step(documents: DocumentChanges, newest: DocumentVersion | None, number: int) -> str:
    """Do what comes next: add or edit twice, remove, bring back, restore the version before."""
    turn = number % 5
    if turn == 2 and newest is not None:
        await documents.remove(SLUG, by=1, expected=newest.number)
        return "removed"
    if newest is None and await documents.bring_back(SLUG, by=1) is not None:
        return "brought_back"
    expected = 0 if newest is None else newest.number
    if turn == 4 and expected > 1:
        await documents.restore(SLUG, expected - 1, by=1, expected=expected)
        return "restored"
    await documents.put(SLUG, files(number), by=1, expected=expected)
    return "put"


async def write(folder: Path, index: Path, models: Path) -> None:
    """Change and acknowledge, for ever."""
    encoder = open_encoder(EncoderChoice(), models, print)
    answerer = Answerer(Index.open(index, encoder), LanguageDetector(), QuestionSettings())
    async with open_storage(folder / "test.db") as storage:
        knowledge = GuildKnowledge(answerer, storage, folder / "guilds", KnowledgeSettings())
        for number in itertools.count():

            async def act(documents: DocumentChanges, number: int = number) -> str:
                newest = await storage.guild(GUILD).documents.newest(SLUG)
                return await step(documents, newest, number)

            print(await knowledge.change(GUILD, act), flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(write(*map(Path, sys.argv[1:])))
