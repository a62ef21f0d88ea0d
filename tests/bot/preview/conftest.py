"""The preview of the real bot: real index, real cards, real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.answers import Answerer
from bot.locale import Phrasebooks
from bot.preview.desk import Desk
from bot.worker import Worker


@pytest.fixture
def desk(answerer: Answerer) -> Iterator[Desk]:
    """What answers the page."""
    worker = Worker(threads=1, waiting=10)
    yield Desk(answerer, Phrasebooks.read(), worker)
    worker.close()
