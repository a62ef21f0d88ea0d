"""Documents that are added for something, and what comes of that.

A question is dealt with only once a document answers it, which is tried by asking it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import discord
from discord import ui

from bot.client.localisation import Localiser
from bot.components.buttons import PassageReference
from bot.components.cards import LONGEST_ECHO
from bot.components.markup import in_short
from bot.errors import BusyError
from bot.guilds.answerer import GuildAnswerer
from bot.locales import Phrasebook
from bot.storage import StorageError
from index import Outcome
from knowledge import Language

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a document is added for.

    Attributes:
        kind: Who follows it up: what is registered with `FollowUps`.
        reference: What that needs to know: letters, digits, hyphens, underscores and colons.
    """

    kind: str
    reference: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.reference}"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a moderator is told of what a document was added for.

    Attributes:
        text: Whether it is answered now.
        items: What else can be done about it.
    """

    text: str
    items: tuple[ui.Item[Any], ...] = ()


Follow: TypeAlias = Callable[[discord.Interaction[Any], str, str], Awaitable[FollowUp]]
"""Follows up a reference, now that there is the document of a slug."""


class FollowUps:
    """Whom to ask what came of a document, by what it was added for."""

    def __init__(self, localiser: Localiser) -> None:
        self._localiser = localiser
        self._kinds: dict[str, Follow] = {}

    def on(self, kind: str, follow: Follow) -> None:
        """Register who follows up occasions of a kind."""
        self._kinds[kind] = follow

    async def follow(
        self, interaction: discord.Interaction[Any], occasion: Occasion, slug: str
    ) -> FollowUp:
        """What came of it that the document `slug` was added."""
        try:
            return await self._kinds[occasion.kind](interaction, occasion.reference, slug)
        except (BusyError, StorageError) as error:
            # The document is there, and that is what must be said.
            log.warning("A question could not be tried again: %s", error)
            phrases = await self._localiser.phrases_for(interaction)
            return FollowUp(phrases("filling.not_tried"))


class Question(Protocol):
    """A question that was not answered well."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def language(self) -> Language:
        """Its language."""


async def place_in(
    answerer: GuildAnswerer, guild: int, question: Question, slug: str
) -> PassageReference | None:
    """Where the document answers a question, asked as a member would; None if it does not."""
    answer = await answerer.try_out(guild, question.text, question.language)
    if answer.outcome is not Outcome.ANSWER or answer.found[0].quote.document != slug:
        return None
    return PassageReference.of(answer.found[0])


def answered(question: str, told: Sequence[bool], phrases: Phrasebook) -> FollowUp:
    """That a question is answered now, and whether who waited was told."""
    lines = [phrases("filling.answered", question=in_short(question, LONGEST_ECHO))]
    if told:
        lines.append(phrases("filling.told" if all(told) else "filling.not_told"))
    return FollowUp(" ".join(lines))


def unanswered(question: str, otherwise: ui.Item[Any], phrases: Phrasebook) -> FollowUp:
    """That a question is not answered by the document, and what else can be done."""
    said = phrases("filling.unanswered", question=in_short(question, LONGEST_ECHO))
    return FollowUp(said, (otherwise,))
