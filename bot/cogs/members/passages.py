"""What happens when a member presses a button."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.answering.answers import Found
from bot.answering.wording import not_open
from bot.cogs.access import is_moderator
from bot.cogs.moderators.pins import offer_others
from bot.components.answer_buttons import Place, suggested_question
from bot.components.cards import (
    COLOURS,
    Audience,
    Card,
    Look,
    context_card,
    others_card,
    passage_card,
    shown_card,
    whole_card,
)
from bot.components.modals import FORGOTTEN, submission
from bot.components.sending import in_time, sent
from bot.guilds.settings import is_open
from bot.locales import Phrasebook
from bot.storage import Opinion, StorageError, Surface
from index import Outcome
from knowledge import Language

if TYPE_CHECKING:
    from bot.client.client import CoalitionBot

log = logging.getLogger(__name__)

LONGEST_SOUGHT = 500
_SOUGHT = re.compile(r"sought:(?P<passage>[0-9a-f]{16})(?::(?P<question>[\w-]{16}))?")
_INPUT = "sought"


class Responses:
    """Answers buttons. Whatever a button says is checked again."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    async def show_passage(
        self, interaction: discord.Interaction[Any], place: Place, language: Language
    ) -> None:
        """Show a passage to whoever clicked."""
        await self._show(interaction, place, language, passage_card)

    async def turn_to(
        self,
        interaction: discord.Interaction[Any],
        places: Sequence[Place],
        at: int,
        language: Language,
        *,
        in_place: bool,
    ) -> None:
        """Show the passage `at` of those that were found beside the best."""

        def card(found: Found, phrases: Phrasebook) -> Card:
            return others_card(found, places, at, phrases)

        place = places[min(at, len(places) - 1)]
        await self._show(interaction, place, language, card, in_place=in_place)

    async def show_in_context(
        self, interaction: discord.Interaction[Any], place: Place, language: Language
    ) -> None:
        """Show a passage between its neighbours."""
        answerer = (await self.bot.known(interaction.guild_id)).answerer

        def card(found: Found, phrases: Phrasebook) -> Card:
            around = answerer.neighbours(place.passage, found.quote.language)
            return context_card(found, around.before, around.after, phrases)

        await self._show(interaction, place, language, card)

    async def show_whole(
        self,
        interaction: discord.Interaction[Any],
        place: Place,
        language: Language,
        at: int,
        *,
        in_place: bool,
    ) -> None:
        """Show a page of a long passage."""

        def card(found: Found, phrases: Phrasebook) -> Card:
            return whole_card(found, at, phrases)

        await self._show(interaction, place, language, card, in_place=in_place)

    async def _show(
        self,
        interaction: discord.Interaction[Any],
        place: Place,
        language: Language,
        card: Callable[[Found, Phrasebook], Card],
        *,
        in_place: bool = False,
    ) -> None:
        """Send what `card` makes of a passage, or say that the passage is gone."""
        phrases = await self.bot.phrases_for(interaction)
        answerer = (await self.bot.known(interaction.guild_id)).answerer
        found = answerer.passage(place.passage, language, place.sentence)
        shown = None if found is None else card(found, phrases)
        await self.send(interaction, shown, phrases, in_place=in_place)

    async def show_everyone(
        self,
        interaction: discord.Interaction[Any],
        place: Place,
        language: Language,
        question: str | None,
    ) -> None:
        """Show a private answer in the channel."""
        phrases = await self.bot.phrases_for(interaction)
        settings = await self.bot.settings.of(interaction.guild_id)
        if not is_open(settings, interaction.channel):
            await self.bot.reply_privately(interaction, not_open(settings, phrases))
            return
        answerer = (await self.bot.known(interaction.guild_id)).answerer
        found = answerer.passage(place.passage, language, place.sentence)
        if found is None:
            await self.send(interaction, None, phrases)
            return
        audience = Audience(interaction.user.id, private=False, question=question)
        card = shown_card(_look(interaction.message), found, phrases, audience)
        url = await sent(interaction, card, private=False)
        if question is not None and interaction.guild_id is not None:
            try:
                await (await self.bot.questions(interaction.guild_id)).made_public(question, url)
            except StorageError as error:
                log.warning("%s", error)

    async def delete(self, interaction: discord.Interaction[Any], asker: int) -> None:
        """Delete an answer, where the member may."""
        phrases = await self.bot.phrases_for(interaction)
        if interaction.user.id != asker and not interaction.permissions.manage_messages:
            await self.bot.reply_privately(interaction, phrases("problem.not_yours"))
            return
        # The interaction itself may delete, also where the bot cannot see the channel.
        await interaction.response.defer()
        with contextlib.suppress(discord.NotFound):
            await interaction.delete_original_response()

    async def keep_opinion(
        self,
        interaction: discord.Interaction[Any],
        passage: str,
        question: str | None,
        *,
        helpful: bool,
        sought: str = "",
    ) -> None:
        """Keep what a member thinks of an answer, and say thanks."""
        phrases = await self.bot.phrases_for(interaction)
        # What is said in direct messages is not kept.
        if interaction.guild_id is not None:
            opinion = Opinion(question, passage, helpful, sought.strip())
            await in_time(interaction, self._keep(interaction.guild_id, opinion))
        await self.bot.reply_privately(interaction, phrases("opinion.thanks"))

    async def _keep(self, guild: int, opinion: Opinion) -> None:
        await (await self.bot.questions(guild)).add_opinion(opinion)

    async def find_what_was_sought(
        self, interaction: discord.Interaction[Any], passage: str, question: str | None
    ) -> None:
        """Offer a moderator what else was found; ask a member what was sought."""
        if question is None or not await is_moderator(self.bot, interaction):
            await self.ask_what_was_sought(interaction, passage, question)
        else:
            await offer_others(self.bot, interaction, passage, question)

    async def ask_what_was_sought(
        self, interaction: discord.Interaction[Any], passage: str, question: str | None
    ) -> None:
        """Ask, in a modal, what a member sought."""
        phrases = await self.bot.phrases_for(interaction)
        await interaction.response.send_modal(_Sought(passage, question, phrases))

    async def take_sought(self, interaction: discord.Interaction[Any]) -> None:
        """Keep what a member typed into that modal, also where a restart came between."""
        sent_in = submission(interaction, _SOUGHT)
        if sent_in is not None:
            await self.keep_opinion(
                interaction,
                sent_in.match["passage"],
                sent_in.match["question"],
                helpful=False,
                sought=sent_in.typed(_INPUT),
            )

    async def answer_suggestion(
        self, interaction: discord.Interaction[Any], passage: str, language: Language, check: str
    ) -> None:
        """Answer a curated question, for whoever clicked."""
        known = await self.bot.known(interaction.guild_id)
        question = suggested_question(known.answerer.index, passage, language, check)
        if question is None:
            await self.send(interaction, None, await self.bot.phrases_for(interaction))
        else:
            await self.bot.answer_interaction(
                interaction, question, language, Surface.SUGGESTION, private=True
            )

    async def send(
        self,
        interaction: discord.Interaction[Any],
        card: Card | None,
        phrases: Phrasebook,
        *,
        in_place: bool = False,
    ) -> None:
        """Send a card to the member alone or put it in place; None says that it is gone."""
        if card is None:
            await self.bot.reply_privately(interaction, phrases("problem.gone"))
        elif in_place:
            await interaction.response.edit_message(view=card)
        else:
            await interaction.response.send_message(view=card, ephemeral=True)


class _Sought(ui.Modal):
    """Asks what a member sought; `Responses.take_sought` reads it."""

    def __init__(self, passage: str, question: str | None, phrases: Phrasebook) -> None:
        kept = "" if question is None else f":{question}"
        super().__init__(
            title=phrases("opinion.title"), custom_id=f"sought:{passage}{kept}", timeout=FORGOTTEN
        )
        sought: ui.TextInput[Any] = ui.TextInput(
            custom_id=_INPUT,
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=LONGEST_SOUGHT,
        )
        self.add_item(ui.Label(text=phrases("opinion.label"), component=sought))


def _look(message: discord.Message | None) -> Look:
    """How an answer looks above its quote, from what the bot wrote there."""
    for component in () if message is None else message.components:
        if isinstance(component, discord.Container):
            colour = component.accent_colour or COLOURS[Outcome.CLOSEST]
            for child in component.children:
                if isinstance(child, discord.TextDisplay):
                    return Look(child.content, colour)
    return Look("\u2014", COLOURS[Outcome.CLOSEST])
