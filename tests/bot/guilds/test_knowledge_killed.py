"""A process is killed while it changes a server's knowledge: the index agrees with the storage."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.answering.answers import Answerer
from bot.config.settings import KnowledgeSettings
from bot.drafts import body_of
from bot.guilds.knowledge import GuildKnowledge
from bot.storage import open_storage
from index import Encoder
from knowledge import Language
from tests.bot.killing import acknowledged
from tests.bot.knowledge_writer import GUILD, SLUG

KILLS = 5


async def test_after_a_kill_the_index_has_what_the_storage_has(
    answerer: Answerer,
    real_encoder: Encoder,
    index_folder: Path,
    pytestconfig: pytest.Config,
    tmp_path: Path,
) -> None:
    del real_encoder  # made ready, so that the writer finds it
    models = pytestconfig.cache.mkdir("models")
    chosen = random.Random(7)
    changes = 0
    for _ in range(KILLS):
        made = await acknowledged(
            "tests.bot.knowledge_writer", tmp_path, index_folder, models, after=chosen.uniform(0, 2)
        )
        changes += len(made)
        async with open_storage(tmp_path / "test.db") as storage:
            knowledge = GuildKnowledge(answerer, storage, tmp_path / "guilds", KnowledgeSettings())
            index = (await knowledge.of(GUILD)).answerer.index
            own = [each for each in index.documents if each.slug == SLUG]
            newest = await storage.guild(GUILD).documents.newest(SLUG)
            texts = [] if newest is None else [body_of(newest.files["en.md"])]
            assert [each.editions[Language.ENGLISH].text.strip() for each in own] == texts
            # Nothing that a kill cut short is left.
            segments = [path for path in (tmp_path / "guilds" / "1").iterdir() if path.is_dir()]
            assert len(segments) == len(index.segments.every) - 1
            await knowledge.close()
    assert changes > KILLS
