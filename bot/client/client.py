"""The bot's connection to Discord, and what it does with what comes from there."""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.answers import Answerer
from bot.answering.rate_limit import RateLimit
from bot.client.admission import Admission
from bot.client.failures import Failures
from bot.client.localisation import Localiser
from bot.client.mentions import CommandMentions
from bot.client.translator import CommandTranslator
from bot.components.modals import Modals
from bot.components.presses import Pressed, Presses
from bot.config import Config
from bot.guilds.answerer import GuildAnswerer
from bot.guilds.catalogue import Catalogues
from bot.guilds.foresight import Foreseer
from bot.guilds.gaps import GapFinder
from bot.guilds.knowledge import GuildKnowledge
from bot.guilds.languages import LanguageBook
from bot.guilds.pins import PinBook
from bot.guilds.recording import Recorder
from bot.guilds.settings import SettingsBook
from bot.locales import Phrasebooks
from bot.process.worker import Worker
from bot.storage import Storage
from bot.telemetry.tracing import request_id
from bot.telemetry.watch import Watch
from index import Index
from index.encoders.encoder import FloatArray

log = logging.getLogger(__name__)

_AHEAD = 4
"""Questions that have had their turn before a thread is free; in a flood the loop is late."""


def intents(*, message_content: bool = False) -> discord.Intents:
    """What the bot is told of: servers and messages, by default without any privileged intent.

    Discord sends the text of messages that mention the bot, and of direct messages, even so.

    Args:
        message_content: Whether to be told what other messages say, a privileged intent.
    """
    return discord.Intents(
        guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
    )


class _Commands(app_commands.CommandTree["CoalitionBot"]):
    """The commands, as far as they are admitted."""

    async def interaction_check(self, interaction: discord.Interaction[CoalitionBot], /) -> bool:
        """Whether a command may be answered; tells the member where not."""
        return await self.client.admission.admit(interaction)

    async def on_error(
        self,
        interaction: discord.Interaction[CoalitionBot],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        """Say what failed. Who was not admitted has been told."""
        if not isinstance(error, app_commands.CheckFailure):
            await self.client.failures.say(interaction, error)


class CoalitionBot(commands.Bot):
    """Connects to Discord, and hands on what comes from there.

    Attributes:
        presses, modals: What features do with buttons and windows.
        mentions: The commands, to click on.
    """

    def __init__(
        self,
        config: Config,
        books: Phrasebooks,
        features: Features,
        answerer: Answerer | None = None,
        storage: Storage | None = None,
        *,
        watch: Watch | None = None,
        **options: Any,  # noqa: ANN401 - as discord.py has them
    ) -> None:
        """Make the bot; without an answerer and a storage it can only register its commands.

        Who opened the storage closes it. `features` adds what people use, before the connection.
        `options` are for discord.py.
        """
        self.watch = watch or Watch()
        super().__init__(
            # There are no text commands; what mentions the bot is a question.
            command_prefix=(),
            help_command=None,
            tree_cls=_Commands,
            intents=intents(message_content=config.discord.message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            # Nothing is looked up in past messages, so none is kept.
            max_messages=None,
            # Members may also install the bot for themselves, and ask wherever they are.
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            http_trace=self.watch.trace(),
            **options,
        )
        self.config = config
        self._features = features
        self._storage = storage
        self.presses, self.modals = Presses(), Modals()
        self.mentions = CommandMentions(self.tree)
        self.worker = Worker(config.discord.threads, config.discord.waiting, ahead=_AHEAD)
        self.settings = SettingsBook(storage)
        self.languages = LanguageBook(storage)
        self.pins = PinBook(storage, self._embed)
        self.recorder = Recorder(lambda: self.storage)
        self.gaps = GapFinder(self.recorder.questions, self.worker, self._shared_index)
        self.localiser = Localiser(books, self.languages, self.settings, config.discord.language)
        self.admission = Admission(self.localiser)
        self.failures = Failures(self.watch, self.localiser, self.is_closed)
        self._knowledge: GuildKnowledge | None = None
        self._answerer: GuildAnswerer | None = None
        self._catalogues: Catalogues | None = None
        self._foreseer: Foreseer | None = None
        if answerer is not None:
            self._knowledge = GuildKnowledge(
                answerer, storage, config.guilds_folder, config.knowledge
            )
            self._foreseer = Foreseer(
                self._knowledge, self.settings, self.pins, self.recorder.questions
            )
            self._answerer = GuildAnswerer(
                self._knowledge,
                self.settings,
                self.pins,
                rate_limit=RateLimit(config.discord.questions_a_minute),
                worker=self.worker,
                home=self.home,
            )
            self._catalogues = Catalogues(
                self._answerer, lambda: self.storage, self.recorder.questions, self.worker
            )

    async def setup_hook(self) -> None:
        """Load what members use; called once, before the connection."""
        await self.tree.set_translator(CommandTranslator(self.localiser.books))
        await self._features(self)
        self.add_dynamic_items(*self.presses.kinds)

    async def on_ready(self) -> None:
        """Say that the bot is there."""
        log.info("Connected as %s, in %d servers.", self.user, len(self.guilds))

    async def on_disconnect(self) -> None:
        """Note that the gateway was lost."""
        if not self.is_closed():
            self.watch.disconnected()

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no text commands to look for."""

    async def on_interaction(self, interaction: discord.Interaction[Any], /) -> None:
        """Read modals; discord.py itself takes all else to where it belongs."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self._do(interaction, self.modals.take)

    async def pressed(self, item: Pressed, interaction: discord.Interaction[Any]) -> None:
        """Do what was registered for a button."""

        async def act(interaction: discord.Interaction[Any]) -> None:
            await self.presses.take(item, interaction)

        await self._do(interaction, act)

    async def _do(
        self,
        interaction: discord.Interaction[Any],
        act: Callable[[discord.Interaction[Any]], Awaitable[None]],
    ) -> None:
        """Do what is admitted; what fails is said, since discord.py would only log it."""
        if not await self.admission.admit(interaction):
            return
        try:
            await act(interaction)
        except Exception as error:  # noqa: BLE001 - the member must be told, whatever it was
            await self.failures.say(interaction, error)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what an event made fail."""
        del event_method, kwargs
        error = sys.exception()
        if error is not None:
            about = args[0] if args else None
            snowflake = about.id if isinstance(about, discord.Message) else 0
            self.failures.report(error, request_id(snowflake))

    async def close(self) -> None:
        """Disconnect."""
        await super().close()
        await self.recorder.flush()
        if self._foreseer is not None:
            self._foreseer.close()
        if self._knowledge is not None:
            await self._knowledge.close()
        self.worker.close()

    def home(self, guild: int | None) -> int | None:
        """The server of that id if the bot is in it, and not only installed by a member."""
        return guild if guild is not None and self.get_guild(guild) is not None else None

    @property
    def knowledge(self) -> GuildKnowledge:
        """What each server knows.

        Raises:
            RuntimeError: The bot was made to register its commands alone.
        """
        if self._knowledge is None:
            raise RuntimeError("this bot has nothing to answer from")
        return self._knowledge

    @property
    def answerer(self) -> GuildAnswerer:
        """What answers questions.

        Raises:
            RuntimeError: The bot was made to register its commands alone.
        """
        if self._answerer is None:
            raise RuntimeError("this bot has nothing to answer from")
        return self._answerer

    @property
    def foreseer(self) -> Foreseer:
        """What says what a change would do.

        Raises:
            RuntimeError: The bot was made to register its commands alone.
        """
        if self._foreseer is None:
            raise RuntimeError("this bot has nothing to answer from")
        return self._foreseer

    @property
    def catalogues(self) -> Catalogues:
        """What can be read.

        Raises:
            RuntimeError: The bot was made to register its commands alone.
        """
        if self._catalogues is None:
            raise RuntimeError("this bot has nothing to answer from")
        return self._catalogues

    @property
    def keeps(self) -> bool:
        """Whether there is a storage."""
        return self._storage is not None

    @property
    def storage(self) -> Storage:
        """Where everything is kept that cannot be rebuilt.

        Raises:
            RuntimeError: The bot was made to register its commands alone.
        """
        if self._storage is None:
            raise RuntimeError("this bot has nowhere to keep anything")
        return self._storage

    async def _embed(self, guild: int, questions: Sequence[str]) -> FloatArray:
        return await self.worker.run_for(guild, self._shared_index().embed, questions)

    def _shared_index(self) -> Index:
        return self.knowledge.index


Features: TypeAlias = Callable[[CoalitionBot], Awaitable[None]]
"""Adds what people use to a bot; `bot.cogs.composition` has all of it."""
