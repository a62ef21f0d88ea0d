"""The preview of the real bot: real index, real cards, real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.answering.answers import Answerer
from bot.locales import Phrasebooks
from bot.operations.preview.previewer import Previewer
from bot.process.worker import Worker


@pytest.fixture
def previewer(answerer: Answerer) -> Iterator[Previewer]:
    """What answers the page."""
    worker = Worker(threads=1, waiting=10)
    yield Previewer(answerer, Phrasebooks.read(), worker)
    worker.close()
