"""What the buttons under an answer show: other passages, the whole, what stands around it."""

from __future__ import annotations

import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import discord

from bot.answering.answers import Answerer, Found
from bot.answering.wording import not_open
from bot.client.client import CoalitionBot
from bot.cogs.access import admit_asker
from bot.cogs.members.replying import Replying, may_ask_moderators
from bot.components.answer_buttons import (
    AskSuggestion,
    Delete,
    EarlierShowPassage,
    InContext,
    OtherPassages,
    ShowEveryone,
    ShowPassage,
    WholePassage,
    suggested_question,
)
from bot.components.answer_cards import (
    Audience,
    Look,
    context_card,
    others_card,
    passage_card,
    shown_card,
    whole_card,
)
from bot.components.buttons import KeptButton
from bot.components.cards import Card
from bot.components.channels import with_channels
from bot.components.sending import reply_privately, send_in_place, sent
from bot.guilds.settings import is_open
from bot.locales import Phrasebook
from bot.storage import StorageError, Surface

log = logging.getLogger(__name__)
_MOST_SHOWN = 1000
"""Private answers of which it is remembered that everybody sees them."""


class Passages:
    """Shows passages to whoever clicks. Whatever a button says is checked again."""

    def __init__(self, bot: CoalitionBot, replying: Replying) -> None:
        self.bot = bot
        self._replying = replying
        # By the private answer, the public one that shows it; None while that is sent.
        self._shown: OrderedDict[int, int | None] = OrderedDict()
        bot.add_listener(self._forget_shown, "on_raw_message_delete")
        bot.presses.on(ShowPassage, self.show)
        bot.presses.on(EarlierShowPassage, self.show)
        bot.presses.on(OtherPassages, self.turn_to)
        bot.presses.on(InContext, self.show_in_context)
        bot.presses.on(WholePassage, self.show_whole)
        bot.presses.on(ShowEveryone, self.show_everyone)
        bot.presses.on(Delete, self.delete)
        bot.presses.on(AskSuggestion, self.answer_suggestion)

    async def show(self, button: ShowPassage, interaction: discord.Interaction[Any]) -> None:
        """Show a passage."""

        def card(found: Found, phrases: Phrasebook, answerer: Answerer) -> Card:
            del answerer
            return passage_card(found, phrases)

        await self._show(button, interaction, card)

    async def turn_to(self, button: OtherPassages, interaction: discord.Interaction[Any]) -> None:
        """Show one of the passages that were found beside the best."""

        def card(found: Found, phrases: Phrasebook, answerer: Answerer) -> Card:
            del answerer
            return others_card(found, button.places, button.at, phrases)

        await self._show(button, interaction, card)

    async def show_in_context(
        self, button: InContext, interaction: discord.Interaction[Any]
    ) -> None:
        """Show a passage between its neighbours."""

        def card(found: Found, phrases: Phrasebook, answerer: Answerer) -> Card:
            around = answerer.neighbours(button.place.passage, found.quote.language)
            return context_card(found, around.before, around.after, phrases)

        await self._show(button, interaction, card)

    async def show_whole(self, button: WholePassage, interaction: discord.Interaction[Any]) -> None:
        """Show a page of a long passage."""

        def card(found: Found, phrases: Phrasebook, answerer: Answerer) -> Card:
            del answerer
            return whole_card(found, button.at, phrases)

        await self._show(button, interaction, card)

    async def _show(
        self,
        button: KeptButton,
        interaction: discord.Interaction[Any],
        card: Callable[[Found, Phrasebook, Answerer], Card],
    ) -> None:
        """Send what `card` makes of a button's passage, or say that the passage is gone."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        answerer = (await self.bot.answerer.of(interaction.guild_id)).answerer
        place = button.place
        found = answerer.passage(place.passage, button.language, place.sentence)
        shown = None
        if found is not None:
            shown = with_channels(card(found, phrases, answerer), interaction.guild)
        await send_in_place(interaction, shown, phrases, in_place=button.in_place)

    async def show_everyone(
        self, button: ShowEveryone, interaction: discord.Interaction[Any]
    ) -> None:
        """Show a private answer in the channel."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        settings = await self.bot.settings.of(interaction.guild_id)
        if not is_open(settings, interaction.channel):
            await reply_privately(interaction, not_open(settings, phrases))
            return
        answerer = (await self.bot.answerer.of(interaction.guild_id)).answerer
        place, question = button.place, button.fields["question"]
        found = answerer.passage(place.passage, button.language, place.sentence)
        if found is None:
            await reply_privately(interaction, phrases("problem.gone"))
            return
        audience = Audience(interaction.user.id, private=False, question=question)
        frame = await self.bot.localiser.public_phrases(interaction)
        look = Look.of(interaction.message)
        ask = question is not None and await may_ask_moderators(self.bot, interaction.guild)
        card = shown_card(look, found, frame, audience, ask_moderators=ask)
        original = 0 if interaction.message is None else interaction.message.id
        if original in self._shown:
            await reply_privately(interaction, phrases("problem.shown_already"))
            return
        self._shown[original] = None
        try:
            if await self._stands(interaction.guild_id, question):
                self._shown.pop(original, None)
                await reply_privately(interaction, phrases("problem.shown_already"))
                return
            url = await sent(interaction, with_channels(card, interaction.guild), private=False)
        except BaseException:
            self._shown.pop(original, None)
            raise
        self._shown[original] = int(url.rpartition("/")[2])
        if len(self._shown) > _MOST_SHOWN:
            self._shown.popitem(last=False)
        if question is not None and interaction.guild_id is not None:
            try:
                questions = await self.bot.recorder.questions(interaction.guild_id)
                await questions.made_public(question, url)
            except StorageError as error:
                log.warning("%s", error)

    async def _stands(self, guild: int | None, question: str | None) -> bool:
        """Whether everybody sees an answer to a question already, also since before a restart."""
        if guild is None or question is None:
            return False
        try:
            asked = await (await self.bot.recorder.questions(guild)).get(question)
        except StorageError as error:
            log.warning("%s", error)
            return False
        if asked is None or asked.url is None:
            return False
        channel, message = map(int, asked.url.split("/")[-2:])
        try:
            await self.bot.get_partial_messageable(channel).fetch_message(message)
        except discord.NotFound:
            return False
        except discord.HTTPException:
            log.debug("Where the answer was shown, the bot may not look.")
        return True

    async def _forget_shown(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Let an answer be shown again whose public message is gone."""
        for original, public in list(self._shown.items()):
            if public == payload.message_id:
                del self._shown[original]

    async def delete(self, button: Delete, interaction: discord.Interaction[Any]) -> None:
        """Delete an answer, where the member may."""
        if not await admit_asker(interaction, int(button.fields["asker"])):
            return
        # The interaction itself may delete, also where the bot cannot see the channel.
        await interaction.response.defer()
        with contextlib.suppress(discord.NotFound):
            await interaction.delete_original_response()

    async def answer_suggestion(
        self, button: AskSuggestion, interaction: discord.Interaction[Any]
    ) -> None:
        """Answer a curated question."""
        index = await self.bot.answerer.index(interaction.guild_id)
        passage, check = button.fields["passage"], button.fields["check"]
        question = suggested_question(index, passage, button.language, check)
        if question is None:
            phrases = await self.bot.localiser.phrases_for(interaction)
            await reply_privately(interaction, phrases("problem.gone"))
        else:
            await self._replying.answer_interaction(
                interaction, question, button.language, Surface.SUGGESTION, private=True
            )
