"""What nobody expected: it is logged with a reference, and who waits is told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import discord

from bot.client.localisation import Localiser
from bot.components.sending import reply_privately
from bot.storage import StorageError
from bot.telemetry.tracing import request_id
from bot.telemetry.watch import Watch
from index import IndexingError

log = logging.getLogger(__name__)

_GONE = {10003, 10008, 10015, 10062}
"""What Discord says where channel, message, token or interaction is no longer there."""
_ANSWERED = 40060
"""What Discord says of an interaction that has its answer."""


class Failures:
    """Notes what failed, and says so."""

    def __init__(self, watch: Watch, localiser: Localiser, is_closed: Callable[[], bool]) -> None:
        """Start.

        Args:
            watch: Counts them.
            localiser: Has the words for who waits.
            is_closed: Whether the connection is gone, which is said elsewhere.
        """
        self._watch = watch
        self._localiser = localiser
        self._is_closed = is_closed

    def report(self, error: BaseException, reference: str) -> str:
        """Log and count an error that nobody expected; returns the reference to find it by.

        Args:
            error: The error.
            reference: The id of the request that failed.
        """
        if self._is_closed():
            log.warning("Gave up an answer, since the bot stops (reference %s).", reference)
            return reference
        log.error("Failed with reference %s.", reference, exc_info=error)
        self._watch.failed(error)
        return reference

    async def say(self, interaction: discord.Interaction[Any], error: Exception) -> None:
        """Tell a member privately that something failed, with the reference to find it by."""
        cause = getattr(error, "original", error)
        if isinstance(cause, discord.NotFound) and cause.code in _GONE:
            log.warning("An interaction could not be answered: it expired or was deleted.")
            return
        if isinstance(cause, discord.HTTPException) and cause.code == _ANSWERED:
            log.error(
                "Somebody else answered an interaction: does another copy of the bot run with "
                "this token? Stop one of them."
            )
            return
        phrases = await self._localiser.phrases_for(interaction)
        if isinstance(cause, StorageError):
            log.error("%s", cause)
            text = phrases("problem.storage")
        elif isinstance(cause, IndexingError):
            log.error("%s", cause)
            text = phrases("problem.not_searchable")
        else:
            reference = self.report(error, request_id(interaction.id))
            text = phrases("problem.failed", reference=reference)
        if self._is_closed():
            return
        try:
            await reply_privately(interaction, text)
        except discord.HTTPException:
            log.warning("The member could not be told of it.")
