"""What happens when a member presses a button."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.buttons import Place, checksum
from bot.cards import (
    Card,
    context_card,
    others_card,
    passage_card,
    shown_card,
    whole_card,
)
from bot.keeping import Opinion
from bot.locale import Phrasebook
from knowledge import Language

if TYPE_CHECKING:
    from bot.client import CoalitionBot

LONGEST_SOUGHT = 500


class Responses:
    """Answers buttons. Whatever a button says is checked again."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    async def show_passage(
        self, interaction: discord.Interaction[Any], place: Place, language: Language
    ) -> None:
        """Show a passage to whoever clicked."""
        phrases = self.bot.phrases(interaction.locale)
        found = self.bot.answerer.passage(place.passage, language, place.sentence)
        await self._send(
            interaction, None if found is None else passage_card(found, phrases), phrases
        )

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
        phrases = self.bot.phrases(interaction.locale)
        place = places[min(at, len(places) - 1)]
        found = self.bot.answerer.passage(place.passage, language, place.sentence)
        card = None if found is None else others_card(found, places, at, phrases)
        await self._send(interaction, card, phrases, in_place=in_place)

    async def show_in_context(
        self, interaction: discord.Interaction[Any], place: Place, language: Language
    ) -> None:
        """Show a passage between its neighbours."""
        phrases = self.bot.phrases(interaction.locale)
        found = self.bot.answerer.passage(place.passage, language, place.sentence)
        card = None
        if found is not None:
            before, after = self.bot.answerer.neighbours(place.passage, found.quote.language)
            card = context_card(found, before, after, phrases)
        await self._send(interaction, card, phrases)

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
        phrases = self.bot.phrases(interaction.locale)
        found = self.bot.answerer.passage(place.passage, language, place.sentence)
        card = None if found is None else whole_card(found, at, phrases)
        await self._send(interaction, card, phrases, in_place=in_place)

    async def show_everyone(
        self, interaction: discord.Interaction[Any], place: Place, language: Language
    ) -> None:
        """Show a private answer in the channel."""
        phrases = self.bot.phrases(interaction.locale)
        found = self.bot.answerer.passage(place.passage, language, place.sentence)
        if found is None:
            await self._send(interaction, None, phrases)
            return
        card = shown_card(_head(interaction.message), found, phrases, interaction.user.id)
        await interaction.response.send_message(view=card)

    async def delete(self, interaction: discord.Interaction[Any], asker: int) -> None:
        """Delete an answer, where the member may."""
        phrases = self.bot.phrases(interaction.locale)
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
        *,
        helpful: bool,
        sought: str = "",
    ) -> None:
        """Keep what a member thinks of an answer, and say thanks."""
        phrases = self.bot.phrases(interaction.locale)
        message = 0 if interaction.message is None else interaction.message.id
        await self.bot.opinions.add(
            Opinion(interaction.guild_id, message, passage, helpful, sought.strip())
        )
        await self.bot.reply_privately(interaction, phrases("opinion.thanks"))

    async def ask_what_was_sought(
        self, interaction: discord.Interaction[Any], passage: str
    ) -> None:
        """Ask, in a modal, what a member sought."""
        phrases = self.bot.phrases(interaction.locale)
        await interaction.response.send_modal(_Sought(self, passage, phrases))

    async def answer_suggestion(
        self, interaction: discord.Interaction[Any], passage: str, language: Language, check: str
    ) -> None:
        """Answer a curated question, for whoever clicked."""
        found = self.bot.answerer.index.passage(passage)
        questions = () if found is None else found[1].questions.get(language, ())
        question = next((each for each in questions if checksum(each) == check), None)
        if question is None:
            await self._send(interaction, None, self.bot.phrases(interaction.locale))
        else:
            await self.bot.answer_interaction(interaction, question, language, private=True)

    async def _send(
        self,
        interaction: discord.Interaction[Any],
        card: Card | None,
        phrases: Phrasebook,
        *,
        in_place: bool = False,
    ) -> None:
        if card is None:
            await self.bot.reply_privately(interaction, phrases("problem.gone"))
        elif in_place:
            await interaction.response.edit_message(view=card)
        else:
            await interaction.response.send_message(view=card, ephemeral=True)


class _Sought(ui.Modal):
    """Asks what a member sought; an empty answer is one too."""

    def __init__(self, responses: Responses, passage: str, phrases: Phrasebook) -> None:
        super().__init__(title=phrases("opinion.title"), timeout=900)
        self._responses = responses
        self._passage = passage
        self._sought: ui.TextInput[Any] = ui.TextInput(
            custom_id="sought",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=LONGEST_SOUGHT,
        )
        self.add_item(ui.Label(text=phrases("opinion.label"), component=self._sought))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Keep the opinion."""
        await self._responses.keep_opinion(
            interaction, self._passage, helpful=False, sought=self._sought.value
        )

    async def on_error(  # type: ignore[override]  # a modal has no item to pass
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Say that it failed."""
        await self._responses.bot.say_failed(interaction, error)


def _head(message: discord.Message | None) -> str:
    """The question and the outcome of an answer, as the bot wrote them."""
    for component in () if message is None else message.components:
        if isinstance(component, discord.Container):
            for child in component.children:
                if isinstance(child, discord.TextDisplay):
                    return child.content
    return "\u2014"
