"""As `tests.discord_server.launch`, with an encoder that breaks at certain words.

A question with `unreadable` in it fails, one with `deadly` would end the process, one with
`slow` takes three seconds, one with `stuck` a minute; all others are encoded as they are.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import bot.answering.startup
from bot.cli.app import main
from index import Encoder
from index.encoders.encoder import Encoded
from tests.discord_server.target import point_at


class Broken:
    """An encoder that breaks."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        for text in texts:
            if "unreadable" in text:
                raise RuntimeError("the encoder broke")
            if "deadly" in text:
                raise SystemExit(3)
            if "slow" in text:
                time.sleep(3)
            if "stuck" in text:
                time.sleep(60)
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        return self._encoder.encode_passages(texts)


if __name__ == "__main__":
    point_at(sys.argv.pop(1))
    load = bot.answering.startup.load_encoder
    bot.answering.startup.load_encoder = lambda config, say: Broken(load(config, say))
    main()
