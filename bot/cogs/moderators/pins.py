"""What moderators do about an answer that is not right: give its question another passage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.answering.answers import Found
from bot.answering.wording import source_line
from bot.cogs.access import ModeratorButton, guild_of
from bot.components.answer_buttons import KeptButton, SayWhatWasSought
from bot.components.cards import (
    COLOURS,
    LONGEST_ECHO,
    ROOM,
    Card,
    notice_card,
    quote_markdown,
    source_markdown,
)
from bot.components.markup import escaped, in_short, on_one_line
from bot.components.sending import in_time, put_in_place, sent
from bot.locales import Phrasebook
from bot.storage import AskedQuestion, Pin, Progress
from index import Outcome
from knowledge import Language

if TYPE_CHECKING:
    from bot.client.client import CoalitionBot

_MOST_OFFERED = 4
_LONGEST_EXCERPT = 220


class PinPassage(
    ModeratorButton, template=r"pin:(?P<passage>[0-9a-f]{16}):(?P<question>[\w-]{16})"
):
    """Gives a question that was asked another passage from now on."""

    @classmethod
    def of(cls, passage: str, question: str, phrases: Phrasebook) -> Self:
        """The button beside a passage."""
        return cls(phrases("pins.pin"), f"pin:{passage}:{question}")

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Pin the passage, in place of the panel."""
        await put_in_place(interaction, await in_time(interaction, self._pinned(bot, interaction)))

    async def _pinned(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> Card:
        questions = await bot.questions(guild_of(interaction))
        asked = await questions.get(self.fields["question"])
        phrases = await bot.phrases_for(interaction)
        if asked is None:
            return notice_card(phrases("pins.question_gone"))
        by = interaction.user.id
        card = await pin_passage(
            bot,
            guild_of(interaction),
            asked.text,
            asked.language,
            self.fields["passage"],
            by=by,
            phrases=phrases,
        )
        alike = await bot.gaps.alike(guild_of(interaction), asked.id)
        await questions.settle(alike, Progress.PINNED, by=by)
        return card


class Unpin(ModeratorButton, template=r"unpin:(?P<pin>\d{1,18})"):
    """Takes a pin away."""

    @classmethod
    def of(cls, pin: Pin, phrases: Phrasebook) -> Self:
        """The button under a pin."""
        return cls(phrases("pins.unpin"), f"unpin:{pin.id}")

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Take it away, and say so in place of the panel."""
        guild, number = guild_of(interaction), int(self.fields["pin"])
        pin = await in_time(interaction, bot.pins.unpin(guild, number, by=interaction.user.id))
        card = notice_card(unpinned(pin, await bot.phrases_for(interaction)))
        await put_in_place(interaction, card)


CORRECTING_BUTTONS: tuple[type[KeptButton], ...] = (PinPassage, Unpin)


async def pin_passage(
    bot: CoalitionBot,
    guild: int,
    question: str,
    language: Language,
    passage: str,
    *,
    by: int,
    phrases: Phrasebook,
) -> Card:
    """Pin a passage; returns the card that says so, or that the passage has gone."""
    found = (await bot.known(guild)).answerer.passage(passage, language, None)
    if found is None:
        return notice_card(phrases("problem.gone"))
    return pinned_card(
        await bot.pins.pin(guild, question, language, passage, by=by), found, phrases
    )


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
            ui.TextDisplay(offer(each, phrases)),
            accessory=PinPassage.of(each.quote.passage_id, identifier, phrases),
        )
        for each in others
    ]
    items = [ui.TextDisplay(f"**{asked}**\n-# {head}"), *sections]
    if shown is not None:
        items.append(ui.ActionRow(SayWhatWasSought.of(shown, identifier, phrases)))
    return Card(COLOURS[Outcome.CLOSEST], *items)


def offer(found: Found, phrases: Phrasebook) -> str:
    """A passage in short, as Markdown: its telling sentence or beginning, and its source."""
    quote = found.quote
    telling = quote.text if quote.sentence is None else quote.sentence.of(quote.text)
    text = in_short(telling, _LONGEST_EXCERPT)
    return f"{text}\n-# {escaped(on_one_line(source_line(quote, phrases)))}"


async def kept_question(
    bot: CoalitionBot, interaction: discord.Interaction[Any], question: str
) -> AskedQuestion | None:
    """A question by its id; None where it is no longer kept, which the moderator is told."""
    asked = await (await bot.questions(guild_of(interaction))).get(question)
    if asked is None:
        phrases = await bot.phrases_for(interaction)
        await bot.reply_privately(interaction, phrases("pins.question_gone"))
    return asked


async def offer_others(
    bot: CoalitionBot, interaction: discord.Interaction[Any], passage: str | None, question: str
) -> None:
    """Let a moderator choose another passage for a question than the one that was shown.

    Args:
        bot: The bot.
        interaction: What is answered.
        passage: The passage that was shown; None offers all.
        question: The question's id.
    """
    asked = await kept_question(bot, interaction, question)
    if asked is None:
        return
    phrases = await bot.phrases_for(interaction)
    answer = await bot.try_out(guild_of(interaction), asked.text, asked.language)
    card = correcting_card(asked.text, question, passage, answer.all_found, phrases)
    await sent(interaction, card, private=True)
