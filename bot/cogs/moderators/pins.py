"""What moderators do about an answer that is not right: give its question another passage."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import app_commands, ui

from bot.answering.answers import Found
from bot.answering.wording import refusal, source_line
from bot.client.client import CoalitionBot
from bot.client.translator import named_options, phrase
from bot.cogs.access import ModeratorCog, for_moderators, guild_of, in_servers, is_moderator
from bot.cogs.members.opinions import Opinions
from bot.cogs.moderators.foresight.asking_first import AskingFirst, Change, PinPlan
from bot.components.answer_buttons import NotHelpful, SayWhatWasSought
from bot.components.buttons import KeptButton
from bot.components.cards import (
    COLOURS,
    LONGEST_ECHO,
    ROOM,
    Card,
    notice_card,
    quote_markdown,
    source_markdown,
)
from bot.components.choices import MOST_CHOICES, choice, meant
from bot.components.markup import escaped, in_short, on_one_line
from bot.components.paging import separated
from bot.components.sending import in_time, put_in_place, reply_privately, sent
from bot.errors import BusyError, QuestionError
from bot.locales import Phrasebook
from bot.storage import AskedQuestion, Pin, Resolution
from bot.storage.same_question import folded_question
from index import Index, Located, Outcome
from knowledge import Language

_MOST_OFFERED = 4
_LONGEST_EXCERPT = 220
_FEWEST_WORDS = 2
_PIN = "pin:{}"
"""What a choice stands for; a number that somebody types is the words of a question."""


class PinPassage(KeptButton, template=r"pin:(?P<passage>[0-9a-f]{16}):(?P<question>[\w-]{16})"):
    """Gives a question that was asked another passage from now on."""

    @classmethod
    def of(cls, passage: str, question: str, number: int, phrases: Phrasebook) -> Self:
        """The button beside the passage with a number."""
        return cls(phrases("pins.pin", number=number), f"pin:{passage}:{question}")


class Unpin(KeptButton, template=r"unpin:(?P<pin>\d{1,18})"):
    """Takes a pin away."""

    @classmethod
    def of(cls, pin: Pin, phrases: Phrasebook) -> Self:
        """The button under a pin."""
        return cls(phrases("pins.unpin"), f"unpin:{pin.id}")


class Pins(ModeratorCog):
    """Giving questions the passage that moderators choose."""

    def __init__(self, bot: CoalitionBot, opinions: Opinions, first: AskingFirst) -> None:
        super().__init__(bot)
        self._first = first
        self._opinions = opinions
        bot.presses.on(PinPassage, for_moderators(self.pin_offered))
        bot.presses.on(Unpin, for_moderators(self.unpin_shown))
        bot.presses.on(NotHelpful, self.correct)

    @app_commands.command(
        name=phrase("command.pin.name"), description=phrase("command.pin.description")
    )
    @app_commands.describe(
        question=phrase("command.pin.question"), passage=phrase("command.pin.passage")
    )
    @named_options("question", "passage")
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def pin(
        self,
        interaction: discord.Interaction[CoalitionBot],
        question: app_commands.Range[str, 1, 500],
        passage: str,
    ) -> None:
        """Give a question a passage."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        guild = guild_of(interaction)
        try:
            answer = await self.bot.answerer.try_out(guild, question, phrases.language)
        except (QuestionError, BusyError) as error:
            await reply_privately(interaction, refusal(error, phrases))
            return
        index = await self.bot.answerer.index(guild)
        found = await asyncio.to_thread(_meant_passages, index, passage)
        if len(found) != 1:
            key = "pins.several_passages" if found else "pins.no_passage"
            await reply_privately(interaction, phrases(key, count=len(found)))
            return

        plan = PinPlan(answer.question, answer.detected.language, found[0])
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.take(interaction, plan)

    async def take(self, interaction: discord.Interaction[Any], plan: PinPlan) -> None:
        """Pin, once it is known what that would change; an answer was announced."""

        async def save(interaction: discord.Interaction[Any]) -> None:
            phrases = await self.bot.localiser.phrases_for(interaction)
            card = await self.pinned(
                guild_of(interaction),
                plan.question,
                plan.language,
                plan.passage,
                by=interaction.user.id,
                phrases=phrases,
            )
            await sent(interaction, card, private=True)

        await self._first.take(interaction, Change(plan, save))

    @pin.autocomplete("passage")
    async def offer_passages(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the passages that fit what is typed, or else the question."""
        text = typed.strip() or interaction.namespace.question
        if not text or not await is_moderator(interaction):
            return []
        phrases = await self.bot.localiser.phrases_for(interaction)
        try:
            answer = await self.bot.answerer.try_out(guild_of(interaction), text, phrases.language)
        except (QuestionError, BusyError):
            return []
        return [
            choice(_named(each), each.quote.passage_id) for each in answer.all_found[:MOST_CHOICES]
        ]

    @app_commands.command(
        name=phrase("command.unpin.name"), description=phrase("command.unpin.description")
    )
    @app_commands.describe(question=phrase("command.unpin.question"))
    @named_options("question")
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def unpin(self, interaction: discord.Interaction[CoalitionBot], question: str) -> None:
        """Take a pin away."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        guild, by = guild_of(interaction), interaction.user.id
        pins = await self.bot.storage.guild(guild).pins.every()
        named = {_PIN.format(each.id): each for each in pins}
        # Pinned questions differ in their words, so that at most one is meant.
        found = meant(question, {key: [each.question] for key, each in named.items()})
        pin = None
        for key in found:
            pin = await in_time(interaction, self.bot.pins.unpin(guild, named[key].id, by=by))
        await reply_privately(interaction, unpinned(pin, phrases))

    @unpin.autocomplete("question")
    async def offer_pins(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the pins whose question contains what is typed; those without passage first."""
        if not await is_moderator(interaction):
            return []
        pins = await self.bot.storage.guild(guild_of(interaction)).pins.every()
        phrases = await self.bot.localiser.phrases_for(interaction)
        found = [each for each in pins if typed.casefold() in each.question.casefold()]
        index = await self.bot.answerer.index(interaction.guild_id)
        found.sort(key=lambda each: index.passage(each.passage) is not None)
        return [
            choice(
                (f"[{phrases('pins.gone')}] " if index.passage(each.passage) is None else "")
                + each.question,
                _PIN.format(each.id),
            )
            for each in found[:MOST_CHOICES]
        ]

    async def correct(self, button: NotHelpful, interaction: discord.Interaction[Any]) -> None:
        """Offer a moderator what else was found; ask a member what was sought."""
        question = button.fields["question"]
        if question is None or not await is_moderator(interaction):
            await self._opinions.ask_what_was_sought(button, interaction)
        else:
            await self.offer_others(interaction, button.fields["passage"], question)

    async def offer_others(
        self, interaction: discord.Interaction[Any], passage: str | None, question: str
    ) -> None:
        """Let a moderator choose another passage for a question than the one that was shown.

        Args:
            interaction: What is answered.
            passage: The passage that was shown; None offers all.
            question: The question's id.
        """
        asked = await self.kept_question(interaction, question)
        if asked is None:
            return
        phrases = await self.bot.localiser.phrases_for(interaction)
        guild = guild_of(interaction)
        answer = await self.bot.answerer.try_out(guild, asked.text, asked.language)
        card = correcting_card(asked.text, question, passage, answer.all_found, phrases)
        await sent(interaction, card, private=True)

    async def kept_question(
        self, interaction: discord.Interaction[Any], question: str
    ) -> AskedQuestion | None:
        """A question by its id; None where it is no longer kept, which the moderator is told."""
        asked = await (await self.bot.recorder.questions(guild_of(interaction))).get(question)
        if asked is None:
            phrases = await self.bot.localiser.phrases_for(interaction)
            await reply_privately(interaction, phrases("pins.question_gone"))
        return asked

    async def pin_offered(self, button: PinPassage, interaction: discord.Interaction[Any]) -> None:
        """Pin a passage that was offered, in place of the panel."""
        await interaction.response.defer()
        guild = guild_of(interaction)
        questions = await self.bot.recorder.questions(guild)
        asked = await questions.get(button.fields["question"])
        phrases = await self.bot.localiser.phrases_for(interaction)
        if asked is None:
            card = notice_card(phrases("pins.question_gone"))
            await interaction.edit_original_response(view=card)
            return

        async def save(interaction: discord.Interaction[Any]) -> None:
            by, passage = interaction.user.id, button.fields["passage"]
            card = await self.pinned(
                guild, asked.text, asked.language, passage, by=by, phrases=phrases
            )
            alike = await self.bot.gaps.alike(guild, asked.id)
            await questions.settle(alike, Resolution.PINNED, by=by)
            await interaction.edit_original_response(view=card)

        plan = PinPlan(asked.text, asked.language, button.fields["passage"])
        await self._first.take(interaction, Change(plan, save))

    async def unpin_shown(self, button: Unpin, interaction: discord.Interaction[Any]) -> None:
        """Take a pin away, and say so in place of the panel."""
        guild, number = guild_of(interaction), int(button.fields["pin"])
        unpinning = self.bot.pins.unpin(guild, number, by=interaction.user.id)
        pin = await in_time(interaction, unpinning)
        phrases = await self.bot.localiser.phrases_for(interaction)
        await put_in_place(interaction, notice_card(unpinned(pin, phrases)))

    async def pinned(
        self,
        guild: int,
        question: str,
        language: Language,
        passage: str,
        *,
        by: int,
        phrases: Phrasebook,
    ) -> Card:
        """Pin a passage; returns the card that says so, or that the passage has gone."""
        found = (await self.bot.answerer.of(guild)).answerer.passage(passage, language, None)
        if found is None:
            return notice_card(phrases("problem.gone"))
        pin = await self.bot.pins.pin(guild, question, language, passage, by=by)
        return pinned_card(pin, found, phrases)


def pinned_card(pin: Pin, found: Found, phrases: Phrasebook) -> Card:
    """The card that says which passage a question gets from now on."""
    question = in_short(pin.question, LONGEST_ECHO)
    head = f"**{question}**\n-# {phrases('pins.pinned')}"
    about = source_markdown(found.quote, phrases)
    return Card(
        COLOURS[Outcome.ANSWER],
        ui.TextDisplay(head),
        ui.TextDisplay(quote_markdown(found.quote, ROOM - len(head) - len(about))),
        ui.TextDisplay(about),
        ui.ActionRow(Unpin.of(pin, phrases)),
    )


def unpinned(pin: Pin | None, phrases: Phrasebook) -> str:
    """That a pin was taken away, or was not there."""
    if pin is None:
        return phrases("pins.no_pin")
    question = in_short(pin.question, LONGEST_ECHO)
    return phrases("pins.unpinned", question=question)


def correcting_card(
    question: str, identifier: str, shown: str | None, offered: Sequence[Found], phrases: Phrasebook
) -> Card:
    """The panel in which a moderator chooses a passage for a question.

    Args:
        question: The question.
        identifier: Its id.
        shown: The passage that was not right; None where none was shown.
        offered: Passages to choose from, best first.
        phrases: For the rest.
    """
    others = [each for each in offered if each.quote.passage_id != shown][:_MOST_OFFERED]
    asked = in_short(question, LONGEST_ECHO)
    head = phrases("pins.choose" if others else "pins.none_to_choose")
    sections: list[ui.Item[Any]] = [
        ui.Section(
            ui.TextDisplay(f"**{number}.** {offer(each, phrases)}"),
            accessory=PinPassage.of(each.quote.passage_id, identifier, number, phrases),
        )
        for number, each in enumerate(others, 1)
    ]
    items = [ui.TextDisplay(f"**{asked}**\n-# {head}"), *separated(sections)]
    if shown is not None:
        items.append(ui.ActionRow(SayWhatWasSought.of(shown, identifier, phrases)))
    return Card(COLOURS[Outcome.CLOSEST], *items)


def offer(found: Found, phrases: Phrasebook) -> str:
    """A passage in short, as Markdown: its telling sentence or beginning, and its source."""
    quote = found.quote
    telling = quote.text if quote.sentence is None else quote.sentence.of(quote.text)
    text = in_short(telling, _LONGEST_EXCERPT)
    return f"{text}\n-# {escaped(on_one_line(source_line(quote, phrases)))}"


def _meant_passages(index: Index, typed: str) -> tuple[str, ...]:
    """The ids of the passages that somebody means who chose from the list, or typed words.

    Args:
        index: Where to look.
        typed: The id that a choice stands for; else a curated question, or words that stand in
            the passage. One word alone, or a number, names none.
    """
    if index.passage(typed) is not None:
        return (typed,)
    words = folded_question(typed)
    curated = {
        each.passage for each in index.curated if words and folded_question(each.question) == words
    }
    if curated or sum(not each.isdecimal() for each in words.split()) < _FEWEST_WORDS:
        return tuple(sorted(curated))
    return tuple(
        passage.id
        for document in index.documents
        for passage in document.passages
        for located in [Located(document, passage)]
        if any(
            f" {words} " in f" {folded_question(located.quote(each).text)} "
            for each in passage.texts
        )
    )


def _named(found: Found) -> str:
    quote = found.quote
    text = quote.text if quote.sentence is None else quote.sentence.of(quote.text)
    return f"{quote.number}/{quote.of} · {text}"
