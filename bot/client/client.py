"""The bot's connection to Discord, and how it answers there."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.answers import Answer, Answerer
from bot.answering.judging import judged
from bot.answering.rate_limit import Asker, Turns
from bot.answering.suggestions import Suggestion
from bot.answering.wording import refusal
from bot.client.admission import Door
from bot.client.translator import CommandTranslator, language_of
from bot.cogs.members.passages import Responses
from bot.cogs.members.topics import READING_BUTTONS
from bot.cogs.moderators.audit_panel import AUDIT_BUTTONS
from bot.cogs.moderators.documents.follow_ups import Filler
from bot.cogs.moderators.documents.library import Library
from bot.cogs.moderators.gaps_panel import GAP_BUTTONS
from bot.cogs.moderators.pins import CORRECTING_BUTTONS
from bot.cogs.moderators.requests.desk import REQUEST_BUTTONS, Desk
from bot.components.answer_buttons import BUTTONS
from bot.components.cards import Audience, answer_card
from bot.components.sending import in_time, sent, sent_privately
from bot.config import Config
from bot.errors import BusyError, QuestionError, TurnError
from bot.guilds.gaps import GapFinder
from bot.guilds.knowledge import GuildKnowledge, Knowledge
from bot.guilds.languages import LanguageBook
from bot.guilds.pins import PinBook
from bot.guilds.recording import Origin, Recorder, Reply, question_to_keep
from bot.guilds.settings import SettingsBook, is_open
from bot.locales import Phrasebook, Phrasebooks
from bot.process.worker import Worker
from bot.storage import Questions, Storage, StorageError, Surface
from bot.telemetry.tracing import Stage, request_id, stage
from bot.telemetry.watch import Watch
from index import IndexingError, Outcome
from index.encoders.encoder import FloatArray
from knowledge import Language

log = logging.getLogger(__name__)

_EXTENSIONS = (
    "bot.cogs.members.asking",
    "bot.cogs.members.messages",
    "bot.cogs.members.reading",
    "bot.cogs.members.channels",
    "bot.cogs.moderators.settings.cog",
    "bot.cogs.moderators.correcting",
    "bot.cogs.moderators.gaps",
    "bot.cogs.moderators.audit",
    "bot.cogs.moderators.statistics.cog",
    "bot.cogs.members.privacy",
    "bot.cogs.upkeep.retention",
    "bot.cogs.moderators.documents.cog",
    "bot.cogs.upkeep.following",
)
_OFFERED = 3
"""Questions that are offered where nothing fits."""
_QUICK = 0.05
"""Seconds after which suggestions come without their meaning."""
_AHEAD = 4
"""Questions that have had their turn before a thread is free; in a flood the loop is late."""
_GONE = {10003, 10008, 10015, 10062}
"""What Discord says where channel, message, token or interaction is no longer there."""
_ANSWERED = 40060
"""What Discord says of an interaction that has its answer."""


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
    """The commands; they come in by the door."""

    async def interaction_check(self, interaction: discord.Interaction[CoalitionBot], /) -> bool:
        """Whether a command may be answered; tells the member where not."""
        return await self.client.admit(interaction)


class CoalitionBot(commands.Bot):
    """Answers questions on Discord."""

    def __init__(
        self,
        config: Config,
        books: Phrasebooks,
        answerer: Answerer | None = None,
        storage: Storage | None = None,
        watch: Watch | None = None,
        **options: Any,  # noqa: ANN401 - as discord.py has them
    ) -> None:
        """Make the bot; without an answerer and a storage it can only register its commands.

        Who opened the storage closes it. `options` are for discord.py.
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
        self._storage = storage
        self._knowledge = (
            None
            if answerer is None
            else GuildKnowledge(answerer, storage, config.guilds_folder, config.knowledge)
        )
        self.settings = SettingsBook(storage)
        self.languages = LanguageBook(storage)
        self.pins = PinBook(storage, self._embed)
        self.gaps = GapFinder(self)
        self.recorder = Recorder(lambda: self.storage)
        self.responses = Responses(self)
        self.desk = Desk(self)
        self.library = Library(self)
        self.filler = Filler(self)
        self.books = books
        self.worker = Worker(config.discord.threads, config.discord.waiting, ahead=_AHEAD)
        self.door = Door()
        self.turns = Turns(config.discord.questions_a_minute)
        self.tree.error(self._on_command_error)

    async def setup_hook(self) -> None:
        """Load what members use; called once, before the connection."""
        self.add_dynamic_items(
            *BUTTONS,
            *READING_BUTTONS,
            *REQUEST_BUTTONS,
            *CORRECTING_BUTTONS,
            *GAP_BUTTONS,
            *AUDIT_BUTTONS,
        )
        await self.tree.set_translator(CommandTranslator(self.books))
        for extension in _EXTENSIONS:
            await self.load_extension(extension)

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
        is_modal = interaction.type is discord.InteractionType.modal_submit
        if not is_modal or not await self.admit(interaction):
            return
        try:
            await self.responses.take_sought(interaction)
            await self.desk.take_words(interaction)
            await self.library.writer.take(interaction)
        except Exception as error:  # noqa: BLE001 - the member must be told, whatever it was
            await self.say_failed(interaction, error)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what an event made fail."""
        del event_method, kwargs
        error = sys.exception()
        if error is not None:
            about = args[0] if args else None
            self.report(error, request_id(about.id if isinstance(about, discord.Message) else 0))

    async def close(self) -> None:
        """Disconnect."""
        await super().close()
        await self.recorder.flush()
        if self._knowledge is not None:
            await self._knowledge.close()
        self.worker.close()

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
    def answerer(self) -> Answerer:
        """What answers from the shared documents alone; `known` has what a server is asked of."""
        return self.knowledge.shared.answerer

    async def known(self, guild: int | None) -> Knowledge:
        """What is known in a server; what is shared alone where the bot is not in it.

        So too, for now, where its own documents cannot be read.
        """
        try:
            return await self.knowledge.of(self.home(guild))
        except (StorageError, IndexingError) as error:
            log.warning("The server %s is answered from what is shared alone. %s", guild, error)
            return self.knowledge.shared

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

    async def questions(self, guild: int) -> Questions:
        """What was asked in a server up to now."""
        await self.recorder.flush()
        return self.storage.guild(guild).questions

    def phrases(self, locale: discord.Locale | None, chosen: Language | None = None) -> Phrasebook:
        """The phrases for somebody whose Discord is in `locale`, or who chose a language."""
        return self.books[chosen or language_of(locale) or self.config.discord.language]

    async def phrases_for(self, interaction: discord.Interaction[Any]) -> Phrasebook:
        """The phrases for who acts: in the language chosen with `/language`, else in Discord's."""
        return self.phrases(interaction.locale, await self.languages.of(interaction.user.id))

    async def guild_phrases(self, guild: discord.Guild | None) -> Phrasebook:
        """The phrases of a server."""
        return self.books[await self.guild_language(guild) or self.config.discord.language]

    async def guild_language(self, guild: discord.Guild | None) -> Language | None:
        """The language that a server chose: in its settings, or as a community server."""
        if guild is None:
            return None
        chosen = (await self.settings.of(guild.id)).language
        if chosen is None and "COMMUNITY" in guild.features:
            return language_of(guild.preferred_locale)
        return chosen

    @judged
    async def answer(
        self, asker: Asker, text: str, tie_breaker: Language, language: Language | None = None
    ) -> Answer:
        """Answer a member's question without blocking the event loop.

        Raises:
            QuestionError: The text is no question that can be searched for.
            BusyError: Too many questions wait.
            TurnError: It is not the member's turn.
        """
        settings = await self.settings.of(asker.guild)
        answerer = (await self.known(asker.guild)).answerer
        with self.turns.of(asker.member, settings.questions_a_minute):
            pinned = await self.pins.of(asker.guild)
            return await self.worker.run_for(
                asker.queue,
                answerer.answer,
                text,
                tie_breaker,
                language,
                settings.strictness,
                pinned,
            )

    async def try_out(self, guild: int, text: str, language: Language) -> Answer:
        """What the bot would answer in a server, out of turn, for a moderator to look at.

        Raises:
            QuestionError: The text is no question that can be searched for.
            BusyError: Too many questions wait.
        """
        settings = await self.settings.of(guild)
        pinned = await self.pins.of(guild)
        answerer = (await self.known(guild)).answerer
        return await self.worker.run_for(
            guild, answerer.answer, text, language, None, settings.strictness, pinned
        )

    async def _embed(self, guild: int, questions: Sequence[str]) -> FloatArray:
        index = self.knowledge.shared.answerer.index
        return await self.worker.run_for(guild, index.embed, questions)

    async def reply(
        self, asker: Asker, origin: Origin, answer: Answer, phrases: Phrasebook, *, private: bool
    ) -> Reply:
        """The card for an answer, with questions to ask instead where nothing fits."""
        suggestions: tuple[Suggestion, ...] = ()
        if answer.outcome is Outcome.NONE and answer.result.small_talk is None:
            known = (await self.known(asker.guild)).suggestions
            with contextlib.suppress(BusyError):
                suggestions = await self.worker.run_for(
                    asker.queue,
                    known.nearest,
                    answer.question,
                    answer.result.embedding,
                    phrases.language,
                    _OFFERED,
                )
        question = question_to_keep(answer, origin, self.answerer.index.encoder.name)
        audience = Audience(asker.member, private, None if question is None else question.id)
        guild = None if origin.guild is None else self.get_guild(origin.guild)
        ask = answer.outcome is Outcome.NONE and await self.desk.channel(guild) is not None
        with stage(Stage.RENDER):
            card = answer_card(answer, phrases, audience, suggestions, ask_moderators=ask)
        return Reply(card, question)

    async def suggest(
        self, guild: int | None, typed: str, language: Language, most: int
    ) -> tuple[Suggestion, ...]:
        """Curated questions for what a member types; by meaning where that delays nobody."""
        known = (await self.known(guild)).suggestions
        if self.worker.idle:
            meant = asyncio.ensure_future(self.worker.run(known.meant, typed, language, most))
            done, _ = await asyncio.wait({meant}, timeout=_QUICK)
            if done:
                return meant.result()
        return known.matching(typed, language, most)

    async def answer_interaction(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        language: Language | None,
        surface: Surface,
        *,
        private: bool,
    ) -> None:
        """Answer a question that came as an interaction, with a card, and keep the question.

        Where the bot is not open to everybody, only who asked sees the answer.
        """
        with self.watch.asking(surface, interaction.id):
            await self._answer_interaction(interaction, text, language, surface, private=private)

    async def _answer_interaction(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        language: Language | None,
        surface: Surface,
        *,
        private: bool,
    ) -> None:
        settings = await self.settings.of(interaction.guild_id)
        private = private or not is_open(settings, interaction.channel)
        chosen = await self.languages.of(interaction.user.id)
        phrases = self.phrases(interaction.locale, chosen)
        asker = Asker(interaction.user.id, interaction.guild_id)
        origin = Origin(self.home(interaction.guild_id), interaction.channel_id or 0, surface)

        async def answered() -> Reply:
            answer = await self.answer(asker, text, phrases.language, language or chosen)
            return await self.reply(asker, origin, answer, phrases, private=private)

        try:
            reply = await in_time(interaction, answered(), private=private)
        except (QuestionError, BusyError, TurnError) as error:
            await self.reply_privately(interaction, refusal(error, phrases))
        else:
            url = await sent(interaction, reply.card, private=private)
            if reply.question is not None:
                self.recorder.record(replace(reply.question, url=None if private else url))

    def home(self, guild: int | None) -> int | None:
        """The server of that id if the bot is in it, and not only installed by a member."""
        return guild if guild is not None and self.get_guild(guild) is not None else None

    async def admit(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether what a member did may be answered; where not, the member is told."""
        if self.door.admit():
            return True
        with contextlib.suppress(discord.HTTPException):
            if interaction.type is discord.InteractionType.autocomplete:
                await interaction.response.autocomplete([])
            else:
                phrases = self.phrases(interaction.locale)
                await self.reply_privately(interaction, phrases("problem.stopping"))
        return False

    async def reply_privately(self, interaction: discord.Interaction[Any], text: str) -> None:
        """Say one thing to the member alone."""
        await sent_privately(interaction, text)

    def report(self, error: BaseException, reference: str) -> str:
        """Log and count an error that nobody expected; returns the reference to find it by.

        Args:
            error: The error.
            reference: The id of the request that failed.
        """
        if self.is_closed():
            # It failed because the connection is gone, which is said elsewhere.
            log.warning("Gave up an answer, since the bot stops (reference %s).", reference)
            return reference
        log.error("Failed with reference %s.", reference, exc_info=error)
        self.watch.failed(error)
        return reference

    async def _on_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        # Who was not admitted has been told.
        if not isinstance(error, app_commands.CheckFailure):
            await self.say_failed(interaction, error)

    async def say_failed(self, interaction: discord.Interaction[Any], error: Exception) -> None:
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
        phrases = await self.phrases_for(interaction)
        if isinstance(cause, StorageError):
            log.error("%s", cause)
            text = phrases("problem.storage")
        elif isinstance(cause, IndexingError):
            log.error("%s", cause)
            text = phrases("problem.not_searchable")
        else:
            reference = self.report(error, request_id(interaction.id))
            text = phrases("problem.failed", reference=reference)
        if self.is_closed():
            return
        try:
            await self.reply_privately(interaction, text)
        except discord.HTTPException:
            log.warning("The member could not be told of it.")
