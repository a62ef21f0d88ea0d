"""The bot where it has several shards, some of them perhaps in other processes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import discord
import yarl

from bot.answering.answers import Answerer
from bot.client.client import CoalitionBot, Features
from bot.config import Config
from bot.config.sharding import Shards
from bot.locales import Phrasebooks
from bot.storage import Cluster, Storage, StorageError
from bot.telemetry.watch import Watch

log = logging.getLogger(__name__)

_SECONDS_TO_CONNECT = 60.0


class ShardedBot(CoalitionBot, discord.AutoShardedClient):
    """Answers on the shards of one process."""

    def __init__(
        self,
        config: Config,
        books: Phrasebooks,
        features: Features,
        answerer: Answerer,
        storage: Storage,
        *,
        watch: Watch | None = None,
        shards: Shards,
        cluster: Cluster | None,
    ) -> None:
        """Make the bot; without a cluster, all shards are here."""
        super().__init__(
            config,
            books,
            features,
            answerer,
            storage,
            watch=watch,
            shard_count=shards.count,
            shard_ids=list(shards.ids),
            shard_connect_timeout=_SECONDS_TO_CONNECT,
        )
        self._cluster = cluster
        self._buckets: int | None = None
        self._turns: dict[int, Callable[[], None]] = {}

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect a shard when it is its turn among all processes.

        The turn is waited for here: a connection that is open meanwhile would seem dead.
        """
        if self._cluster is not None and shard_id not in self._turns:
            await self._wait_for_turn(self._cluster, shard_id)
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Say that a shard identifies now; one that lost its session waits for another turn."""
        if self._cluster is None or shard_id is None:
            await super().before_identify_hook(shard_id, initial=initial)
            return
        if shard_id not in self._turns:
            await self._wait_for_turn(self._cluster, shard_id)
        self._turns.pop(shard_id)()

    async def _wait_for_turn(self, cluster: Cluster, shard: int) -> None:
        if self._buckets is None:
            self._buckets = (await self.fetch_session_start_limits()).max_concurrency
        try:
            self._turns[shard] = await cluster.may_identify(shard % self._buckets)
        except StorageError as error:
            # Better to be refused by Discord for a moment than not to answer at all.
            log.warning("Shard %d connects without asking the others. %s", shard, error)
            await super().before_identify_hook(shard, initial=False)
            self._turns[shard] = _nothing


def _nothing() -> None:
    """There is nobody to tell."""


async def run_holding(cluster: Cluster | None, running: Coroutine[Any, Any, None]) -> None:
    """Run as long as the shards are this process's.

    Args:
        cluster: Who holds them; None where there is no other process.
        running: What is to be run.

    Raises:
        RunningError: Another process has them.
        StorageError: It cannot be found out at the start.
    """
    if cluster is None:
        await running
        return
    try:
        await cluster.take()
    except BaseException:
        running.close()
        raise
    tasks = {asyncio.ensure_future(running), asyncio.ensure_future(cluster.keep())}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await cluster.leave()
