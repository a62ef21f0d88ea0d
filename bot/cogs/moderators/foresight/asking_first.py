"""Asks a moderator before a change is saved, where questions would be answered differently.

A change waits in memory for as long as Discord lets the message be edited. What was written stands
in the message as a file, so that a restart loses no text.
"""

from __future__ import annotations

import asyncio
import io
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import discord

from bot.answering.foresight import Foresight, GivenUp
from bot.client.client import CoalitionBot
from bot.cogs.access import for_moderators, guild_of
from bot.cogs.moderators.foresight.cards import (
    CancelChange,
    OpenChanged,
    SaveChange,
    TurnChanged,
    foresight_card,
    opened_card,
    working_card,
)
from bot.components.cards import Card, notice_card
from bot.components.sending import reply_privately, sent
from bot.errors import BusyError, WorkerError
from bot.guilds.foresight import Told
from bot.locales import Phrasebook
from bot.storage import StorageError
from index import EncoderError, IndexingError
from knowledge import Language

log = logging.getLogger(__name__)

_KEPT = 840.0
"""Seconds that a change waits: Discord lets a private message be edited for 900."""
_MOST_KEPT = 50
_FILE = "text.md"
_HOW = ("knowledge.progress", "foresight.working")
"""How far encoding is, then asking."""
_BETWEEN = 2.0
"""Seconds between two words on how far it is."""

Interaction: TypeAlias = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """Documents that would be put and removed.

    Attributes:
        files: By slug the files of those that would be put.
        removed: The slugs of those that would be removed.
        only_adds: Whether documents, translations or questions are added and nothing is taken
            away; that questions gain an answer is then no reason to ask.
    """

    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    removed: Collection[str] = ()
    only_adds: bool = False


@dataclass(frozen=True, slots=True)
class PinPlan:
    """A question that would be given a passage."""

    question: str
    language: Language
    passage: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change that is to be saved.

    Attributes:
        plan: What it is.
        save: Saves it, and says so.
        text: What was written, to be given back.
        note: What is said first, where it is asked.
        label: The phrase of the button that saves.
        always: Whether it is asked also where no question minds.
        ask: What is done in place of saving where no question minds; None saves.
    """

    plan: DocumentPlan | PinPlan
    save: Callable[[Interaction], Awaitable[None]]
    text: str | None = None
    note: str = ""
    label: str = "foresight.save"
    always: bool = False
    ask: Callable[[Interaction], Awaitable[None]] | None = None


@dataclass(slots=True)
class _Waiting:
    """A change that waits for a moderator.

    Attributes:
        guild: The server.
        change: The change.
        until: When it is dropped, as `time.monotonic` tells it.
        sequence: The server's sequence when it was compared.
        foresight: What it would do; None while that is found out.
        cancelled: Whether it was dropped.
        telling: Words on how far it is that are on their way.
    """

    guild: int
    change: Change
    until: float
    sequence: int = 0
    foresight: Foresight | None = None
    cancelled: bool = False
    telling: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def is_wanted(self) -> bool:
        """Whether anybody still waits for it."""
        return not self.cancelled and time.monotonic() < self.until


class AskingFirst:
    """Shows what a change would do, before it is saved."""

    def __init__(self, bot: CoalitionBot) -> None:
        self._bot = bot
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()
        bot.presses.on(SaveChange, for_moderators(self._save))
        bot.presses.on(CancelChange, for_moderators(self._cancel))
        bot.presses.on(OpenChanged, for_moderators(self._open))
        bot.presses.on(TurnChanged, for_moderators(self._turn))

    async def take(self, interaction: Interaction, change: Change) -> None:
        """Save a change at once where no question minds, else ask first.

        Args:
            interaction: What the moderator does; it was told that an answer will come.
            change: The change.
        """
        key = secrets.token_urlsafe(6)
        waiting = _Waiting(guild_of(interaction), change, time.monotonic() + _KEPT)
        self._waiting[key] = waiting
        # What was shown goes first: its text stands in its message.
        shown = [key for key, each in self._waiting.items() if each.foresight is not None]
        for oldest in shown[: max(0, len(self._waiting) - _MOST_KEPT)]:
            self._drop(oldest)
        await self._compare(interaction, key, waiting)

    async def _compare(
        self, interaction: Interaction, key: str, waiting: _Waiting, note: str = ""
    ) -> None:
        before = waiting.foresight
        phrases = await self._bot.localiser.phrases_for(interaction)
        try:
            waiting.sequence = await self._bot.storage.guild(waiting.guild).sequence()
            try:
                foresight = await self._foresee(
                    waiting, *(self._teller(interaction, key, waiting, how) for how in _HOW)
                )
            finally:
                # What is said last must arrive last.
                await asyncio.gather(*waiting.telling, return_exceptions=True)
        except GivenUp:
            return
        except StorageError as error:
            # Saving fails too, which gives back what was written, or it is back by then.
            log.warning("What a change would do could not be told: %s", error)
            self._waiting.pop(key, None)
            await (waiting.change.ask or waiting.change.save)(interaction)
            return
        except (BusyError, WorkerError, IndexingError, EncoderError) as error:
            log.warning("What a change would do could not be told: %s", error)
            foresight = Foresight((), 0)
            note = phrases("foresight.untold")
        if waiting.cancelled:
            return
        plan = waiting.change.plan
        only_adds = isinstance(plan, PinPlan) or plan.only_adds
        settled = not foresight.changed or (only_adds and foresight.only_gains)
        if before is not None and _alike(before, foresight):
            self._waiting.pop(key, None)
            await waiting.change.save(interaction)
            return
        if settled and not note and not waiting.change.always:
            self._waiting.pop(key, None)
            await (waiting.change.ask or waiting.change.save)(interaction)
            return
        waiting.foresight = foresight
        await self._show(interaction, key, waiting, note)

    async def _foresee(self, waiting: _Waiting, reading: Told, told: Told) -> Foresight:
        plan, guild, foreseer = waiting.change.plan, waiting.guild, self._bot.foreseer
        if isinstance(plan, PinPlan):
            return await foreseer.of_pin(guild, plan.question, plan.language, plan.passage, told)
        return await foreseer.of_documents(guild, plan.files, plan.removed, reading, told)

    def _teller(self, interaction: Interaction, key: str, waiting: _Waiting, how: str) -> Told:
        """Tells the moderator how far it is; whether to go on."""
        loop, last = asyncio.get_running_loop(), time.monotonic()

        async def tell(done: int, total: int) -> None:
            phrases = await self._bot.localiser.phrases_for(interaction)
            if waiting.cancelled:
                return
            try:
                card = working_card(key, phrases(how, done=done, total=total), phrases)
                await interaction.edit_original_response(view=card)
            except discord.NotFound:
                # The window is gone.
                self._drop(key)
            except discord.HTTPException as error:
                log.debug("How far a comparison is could not be said: %s", error)

        def begin(done: int, total: int) -> None:
            if not waiting.telling:
                task = asyncio.create_task(tell(done, total))
                waiting.telling.add(task)
                task.add_done_callback(waiting.telling.discard)

        def told(done: int, total: int) -> bool:
            nonlocal last
            if waiting.is_wanted and time.monotonic() - last >= _BETWEEN:
                last = time.monotonic()
                loop.call_soon_threadsafe(begin, done, total)
            return waiting.is_wanted

        return told

    async def _show(
        self, interaction: Interaction, key: str, waiting: _Waiting, note: str = ""
    ) -> None:
        """Show the effects of a change where its answer is or will be."""
        phrases = await self._bot.localiser.phrases_for(interaction)
        text = waiting.change.text
        card = self._card(key, waiting, 0, phrases, note)
        files = [] if text is None else [discord.File(io.BytesIO(text.encode()), filename=_FILE)]
        await interaction.edit_original_response(view=card, attachments=files)

    @staticmethod
    def _card(key: str, waiting: _Waiting, at: int, phrases: Phrasebook, note: str = "") -> Card:
        assert waiting.foresight is not None  # noqa: S101 - nothing is shown before
        change = waiting.change
        return foresight_card(
            SaveChange.of(key, phrases, change.label),
            waiting.foresight,
            at,
            phrases,
            note="\n".join(filter(None, (change.note, note))),
            file=None if change.text is None else _FILE,
        )

    async def _save(self, button: SaveChange, interaction: Interaction) -> None:
        """Save a change in place of what was shown, unless it would do something else by now."""
        key = button.fields["key"]
        waiting = await self._of(key, interaction)
        if waiting is None:
            return
        phrases = await self._bot.localiser.phrases_for(interaction)
        # Where that fails, the message stays as it is, with what was written.
        sequence = await self._bot.storage.guild(waiting.guild).sequence()
        card = notice_card(phrases("foresight.saving"))
        await interaction.response.edit_message(view=card, attachments=[])
        if sequence != waiting.sequence:
            await self._compare(interaction, key, waiting, phrases("foresight.again"))
            return
        self._waiting.pop(key, None)
        await waiting.change.save(interaction)

    async def _cancel(self, button: CancelChange, interaction: Interaction) -> None:
        """Drop a change; what was written stays in the message as a file."""
        key = button.fields["key"]
        waiting = self._drop(key)
        phrases = await self._bot.localiser.phrases_for(interaction)
        text = None if waiting is None else waiting.change.text
        if text is None:
            await _in_place(interaction, notice_card(phrases("foresight.cancelled")))
            return
        file = discord.File(io.BytesIO(text.encode()), filename=_FILE)
        said = f"{phrases('foresight.cancelled')} {phrases('foresight.file')}"
        card = Card(
            discord.Colour(0x80848E),
            discord.ui.TextDisplay(said),
            discord.ui.File(f"attachment://{_FILE}"),
        )
        await interaction.response.edit_message(view=card, attachments=[file])

    async def _open(self, button: OpenChanged, interaction: Interaction) -> None:
        """Show what a question is given and would be."""
        waiting = await self._of(button.fields["key"], interaction)
        if waiting is None or waiting.foresight is None:
            return
        phrases = await self._bot.localiser.phrases_for(interaction)
        changed = waiting.foresight.changed
        if button.at < len(changed):
            await sent(interaction, opened_card(changed[button.at], phrases), private=True)
        else:
            await reply_privately(interaction, phrases("foresight.gone"))

    async def _turn(self, button: TurnChanged, interaction: Interaction) -> None:
        """Show another page."""
        key = button.fields["key"]
        waiting = await self._of(key, interaction)
        if waiting is None or waiting.foresight is None:
            return
        phrases = await self._bot.localiser.phrases_for(interaction)
        card = self._card(key, waiting, button.at, phrases)
        await interaction.response.edit_message(view=card)

    async def _of(self, key: str, interaction: Interaction) -> _Waiting | None:
        """The change of a key; None where it waits no more, which the moderator is told."""
        waiting = self._waiting.get(key)
        mine = waiting is not None and waiting.guild == guild_of(interaction)
        if waiting is not None and mine and waiting.is_wanted:
            return waiting
        phrases = await self._bot.localiser.phrases_for(interaction)
        await reply_privately(interaction, phrases("foresight.gone"))
        return None

    def _drop(self, key: str) -> _Waiting | None:
        waiting = self._waiting.pop(key, None)
        if waiting is not None:
            waiting.cancelled = True
        return waiting


def _alike(before: Foresight, after: Foresight) -> bool:
    """Whether a moderator who has seen the one knows the other."""
    seen = {(each.question, each.before.passage, each.after.passage) for each in before.changed}
    return all(
        (each.question, each.before.passage, each.after.passage) in seen for each in after.changed
    )


async def _in_place(interaction: Interaction, card: Card) -> None:
    await interaction.response.edit_message(view=card, attachments=[])
