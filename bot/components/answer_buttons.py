"""Buttons that work after a restart: all that they need is in their `custom_id`."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.answering.answers import Found
from bot.answering.suggestions import Suggestion
from bot.components.markup import shortened
from bot.locales import Phrasebook
from index import Index
from knowledge import Language

if TYPE_CHECKING:
    from bot.client.client import CoalitionBot

LONGEST_LABEL = 80
MOST_OTHERS = 3
"""Passages that fit into a `custom_id` with what else it holds."""
PLACE = r"[0-9a-f]{16}(?:\d{1,3}|-)"
_SHOWN = rf"(?P<place>{PLACE}):(?P<language>fr|en)"
# Messages of before questions were kept have buttons without one.
_QUESTION = r"(?::(?P<question>[\w-]{16}))?"


@dataclass(frozen=True, slots=True)
class Place:
    """A passage, and which of its sentences is telling.

    Attributes:
        passage: The passage's id.
        sentence: The number of the sentence; None where the whole passage is needed.
    """

    passage: str
    sentence: int | None

    def __str__(self) -> str:
        return f"{self.passage}{'-' if self.sentence is None else self.sentence}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The place that `str` made `text` of."""
        return cls(text[:16], None if text[16:] == "-" else int(text[16:]))

    @classmethod
    def of(cls, found: Found) -> Self:
        """The place of a passage as it is shown."""
        quote = found.quote
        sentence = None if quote.sentence is None else quote.sentences.index(quote.sentence)
        # Three digits are kept for it; so long a passage is shown without its mark.
        return cls(quote.passage_id, sentence if sentence is None or sentence < 1000 else None)  # noqa: PLR2004


def _shown(found: Found) -> str:
    """A passage as it is shown, in the form that `_SHOWN` reads."""
    return f"{Place.of(found)}:{found.quote.language}"


class KeptButton(ui.DynamicItem[ui.Button[Any]], template=r"(?!)"):
    """A button of which Discord alone keeps the state."""

    def __init__(
        self,
        label: str,
        custom_id: str,
    ) -> None:
        super().__init__(
            ui.Button(
                label=shortened(label, LONGEST_LABEL),
                style=discord.ButtonStyle.secondary,
                custom_id=custom_id,
            )
        )
        match = self.template.fullmatch(custom_id)
        self.fields: dict[str, Any] = {} if match is None else match.groupdict()

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """The button that a `custom_id` stands for."""
        del interaction
        return cls((item.label if isinstance(item, ui.Button) else None) or "·", match.string)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press; what fails is said, since discord.py would only log it."""
        bot: CoalitionBot = interaction.client
        if not await bot.admit(interaction):
            return
        try:
            await self.press(bot, interaction)
        except Exception as error:  # noqa: BLE001 - the member must be told, whatever it was
            await bot.say_failed(interaction, error)

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Do what the button is for."""
        raise NotImplementedError

    @property
    def place(self) -> Place:
        """The passage that the button is about."""
        return Place.read(self.fields["place"])

    @property
    def language(self) -> Language:
        """The language that it is about."""
        return Language(self.fields["language"])

    @property
    def at(self) -> int:
        """The page that it goes to, counted from 0."""
        return int(self.fields["at"])

    @property
    def in_place(self) -> bool:
        """Whether what it shows takes the place of the message with the button."""
        return self.fields.get("how") == "turn"


class ShowPassage(KeptButton, template=rf"passage:{_SHOWN}"):
    """Shows a passage in a language, to whoever clicks."""

    @classmethod
    def in_other_language(cls, found: Found, phrases: Phrasebook) -> Self | None:
        """The button for a passage's other text, where it has one."""
        if found.other is None:
            return None
        place = Place(found.quote.passage_id, found.other.sentence)
        written_in = phrases(f"written_in.{found.other.language}")
        return cls(
            phrases("card.other_language", language=written_in),
            f"passage:{place}:{found.other.language}",
        )

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Show the passage."""
        await bot.responses.show_passage(interaction, self.place, self.language)


class EarlierShowPassage(
    ShowPassage,
    template=r"passage:(?P<passage>[0-9a-f]{16}):(?P<language>fr|en):(?P<sentence>\d{1,3}|-)",
):
    """The same button as the first releases wrote it; messages of then still have it."""

    @property
    def place(self) -> Place:
        """The passage that the button is about."""
        return Place.read(self.fields["passage"] + self.fields["sentence"])


class OtherPassages(
    KeptButton,
    template=rf"others:(?P<how>open|turn):(?P<at>\d):(?P<language>fr|en):(?P<places>(?:{PLACE},?)+)",
):
    """Shows another passage that was found; `open` in a new message, `turn` in its place."""

    @classmethod
    def opening(cls, others: Sequence[Found], language: Language, phrases: Phrasebook) -> Self:
        """The button under an answer."""
        return cls(
            phrases("card.others", count=len(others)),
            cls._written("open", 0, language, [Place.of(each) for each in others]),
        )

    @classmethod
    def turning(cls, label: str, at: int, language: Language, places: Sequence[Place]) -> Self:
        """The button that goes to the passage `at`, counted from 0."""
        return cls(label, cls._written("turn", at, language, places))

    @staticmethod
    def _written(how: str, at: int, language: Language, places: Sequence[Place]) -> str:
        return f"others:{how}:{at}:{language}:{','.join(map(str, places))}"

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Show the passage."""
        await bot.responses.turn_to(
            interaction, self.places, self.at, self.language, in_place=self.in_place
        )

    @property
    def places(self) -> list[Place]:
        """The passages that are paged through."""
        return [Place.read(each) for each in self.fields["places"].split(",")]

    @property
    def place(self) -> Place:
        """The passage that it goes to."""
        return self.places[min(self.at, len(self.places) - 1)]


class InContext(KeptButton, template=rf"context:{_SHOWN}"):
    """Shows a passage between its neighbours, to whoever clicks."""

    @classmethod
    def of(cls, found: Found, phrases: Phrasebook) -> Self:
        """The button for a passage."""
        return cls(phrases("card.context"), f"context:{_shown(found)}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Show the passages."""
        await bot.responses.show_in_context(interaction, self.place, self.language)


class WholePassage(KeptButton, template=rf"whole:(?P<how>open|turn):(?P<at>\d{{1,3}}):{_SHOWN}"):
    """Shows a page of a passage that was cut, to whoever clicks."""

    @classmethod
    def of(cls, found: Found, phrases: Phrasebook) -> Self:
        """The button for a passage."""
        return cls(phrases("card.whole"), f"whole:open:0:{_shown(found)}")

    @classmethod
    def turning(cls, label: str, at: int, found: Found) -> Self:
        """The button that goes to the page `at`, counted from 0."""
        return cls(label, f"whole:turn:{at}:{_shown(found)}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Show the page."""
        await bot.responses.show_whole(
            interaction, self.place, self.language, self.at, in_place=self.in_place
        )


class Helpful(KeptButton, template=rf"helpful:(?P<passage>[0-9a-f]{{16}}){_QUESTION}"):
    """Says that an answer helped."""

    @classmethod
    def of(cls, found: Found, question: str, phrases: Phrasebook) -> Self:
        """The button for an answer's passage."""
        return cls(phrases("card.helpful"), f"helpful:{found.quote.passage_id}:{question}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Keep the opinion."""
        await bot.responses.keep_opinion(
            interaction, self.fields["passage"], self.fields["question"], helpful=True
        )


class NotHelpful(KeptButton, template=rf"unhelpful:(?P<passage>[0-9a-f]{{16}}){_QUESTION}"):
    """Says that an answer did not help: a member says what was sought, a moderator corrects."""

    @classmethod
    def of(cls, found: Found, question: str, phrases: Phrasebook) -> Self:
        """The button for an answer's passage."""
        return cls(phrases("card.unhelpful"), f"unhelpful:{found.quote.passage_id}:{question}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Ask what was sought, or offer what else was found."""
        await bot.responses.find_what_was_sought(
            interaction, self.fields["passage"], self.fields["question"]
        )


class SayWhatWasSought(KeptButton, template=rf"say:(?P<passage>[0-9a-f]{{16}}){_QUESTION}"):
    """Asks a moderator what was sought, who was offered other passages first."""

    @classmethod
    def of(cls, passage: str, question: str, phrases: Phrasebook) -> Self:
        """The button under the other passages."""
        return cls(phrases("pins.say"), f"say:{passage}:{question}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Ask."""
        await bot.responses.ask_what_was_sought(
            interaction, self.fields["passage"], self.fields["question"]
        )


class ShowEveryone(KeptButton, template=rf"everyone:{_SHOWN}{_QUESTION}"):
    """Shows a private answer to everybody in the channel."""

    @classmethod
    def of(cls, found: Found, question: str | None, phrases: Phrasebook) -> Self:
        """The button for an answer's passage."""
        kept = "" if question is None else f":{question}"
        return cls(phrases("card.everyone"), f"everyone:{_shown(found)}{kept}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        await bot.responses.show_everyone(
            interaction, self.place, self.language, self.fields["question"]
        )


class Delete(KeptButton, template=r"delete:(?P<asker>\d{1,20})"):
    """Deletes an answer, for who asked and for moderators."""

    @classmethod
    def of(cls, asker: int, phrases: Phrasebook) -> Self:
        """The button under an answer to the member `asker`."""
        return cls(phrases("card.delete"), f"delete:{asker}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Delete it, or say who may."""
        await bot.responses.delete(interaction, int(self.fields["asker"]))


class AskSuggestion(
    KeptButton,
    template=r"suggested:(?P<passage>[0-9a-f]{16}):(?P<language>fr|en):(?P<check>[0-9a-f]{8})",
):
    """Asks a curated question."""

    @classmethod
    def of(cls, suggestion: Suggestion) -> Self:
        """The button for a curated question."""
        return cls(
            suggestion.question,
            f"suggested:{suggestion.passage}:{suggestion.language}:{checksum(suggestion.question)}",
        )

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Answer the question."""
        await bot.responses.answer_suggestion(
            interaction, self.fields["passage"], self.language, self.fields["check"]
        )


class AskModerators(KeptButton, template=r"moderators:(?P<question>[\w-]{16}):(?P<asker>\d{1,20})"):
    """Hands a question that found nothing to the moderators, for who asked it."""

    @classmethod
    def of(cls, question: str, asker: int, phrases: Phrasebook) -> Self:
        """The button for the question that is kept under an id."""
        return cls(phrases("request.ask"), f"moderators:{question}:{asker}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Hand it over."""
        if interaction.user.id == int(self.fields["asker"]):
            await bot.desk.hand_over(interaction, self.fields["question"])
        else:
            phrases = await bot.phrases_for(interaction)
            await bot.reply_privately(interaction, phrases("request.not_yours"))


BUTTONS: tuple[type[KeptButton], ...] = (
    ShowPassage,
    EarlierShowPassage,
    OtherPassages,
    InContext,
    WholePassage,
    Helpful,
    NotHelpful,
    SayWhatWasSought,
    ShowEveryone,
    Delete,
    AskSuggestion,
    AskModerators,
)


def checksum(question: str) -> str:
    """Eight hexadecimal digits by which a passage's curated question is found again."""
    return f"{zlib.crc32(question.encode()):08x}"


def suggested_question(index: Index, passage: str, language: Language, check: str) -> str | None:
    """A passage's curated question with that checksum, or None where it is no longer there."""
    found = index.passage(passage)
    questions = () if found is None else found.passage.questions.get(language, ())
    return next((each for each in questions if checksum(each) == check), None)
