"""Print how long `/gaps` takes: `python -m benchmarks.moderating.gaps [questions]`.

A server of a database in a temporary folder gets 50,000 questions of the last ninety days: the
texts are those of the tests and of the bundled unrelated questions with small changes, asked as
unevenly as questions are (Zipf), two in three of them without a good answer.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import read_config
from bot.guilds.gaps import meaning_of
from bot.locales import Phrasebooks
from bot.operations.running import open_answerer
from bot.storage import AskedQuestion, Storage, Surface, new_question_id, open_storage
from index import Index, Outcome
from index.evaluation import read_cases
from knowledge import Language

_QUESTIONS = Path("tests/data/questions.yaml")
_GUILD = 1
_TEXTS = 6000
_BATCH = 2000


def _texts(index: Index, chosen: random.Random) -> list[str]:
    """Different questions: real ones, with a word more or less."""
    real = [each.question for each in read_cases(_QUESTIONS, index)]
    words = sorted({word for each in real for word in each.split()})
    found = set(real)
    while len(found) < _TEXTS:
        changed = chosen.choice(real).split()
        changed.insert(chosen.randrange(len(changed) + 1), chosen.choice(words))
        found.add(" ".join(changed))
    return sorted(found)


async def _fill(storage: Storage, index: Index, count: int) -> None:
    chosen = random.Random(7)  # noqa: S311 - not for secrets
    texts = _texts(index, chosen)
    chosen.shuffle(texts)
    meanings = [meaning_of(each, index.encoder.name) for each in index.embed(texts)]
    weights = 1 / np.arange(1, len(texts) + 1)
    asked = chosen.choices(range(len(texts)), weights=list(weights), k=count)
    now = dt.datetime.now(dt.UTC)
    batch: list[AskedQuestion] = []
    for number, text in enumerate(asked):
        outcome = (Outcome.NONE, Outcome.CLOSEST, Outcome.ANSWER)[text % 3]
        batch.append(
            AskedQuestion(
                new_question_id(), _GUILD, now - dt.timedelta(days=89 * number / count),
                texts[text], Language.ENGLISH, outcome, None, 3.0, 9.0, 1, Surface.COMMAND,
                meaning=meanings[text],
            )
        )  # fmt: skip
        if len(batch) == _BATCH or number == count - 1:
            await storage.record(batch)
            batch = []


async def measure(count: int) -> None:
    """Fill a database and find its gaps, five times."""
    config = read_config(None)
    answerer = open_answerer(config, print)
    with tempfile.TemporaryDirectory() as folder:
        async with open_storage(Path(folder) / "gaps.db") as storage:
            await _fill(storage, answerer.index, count)
            size = (Path(folder) / "gaps.db").stat().st_size / 1e6
            bot = CoalitionBot(config, Phrasebooks.read(), add_features, answerer, storage)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            times, groups = [], []
            for _ in range(5):
                start = time.perf_counter()
                groups = await bot.gaps.groups(_GUILD)
                times.append(time.perf_counter() - start)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
            texts = sum(len(each.gaps) for each in groups)
            print(f"{count} questions, {size:.0f} MB: {texts} texts in {len(groups)} groups")
            print("seconds: " + ", ".join(f"{each:.2f}" for each in times) + f"; +{peak:.0f} MB")
            await bot.close()


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
