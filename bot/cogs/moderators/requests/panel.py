"""A request in the moderators' channel: its post, its buttons, its window."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import ui

from bot.answering.answers import Found
from bot.components.buttons import PLACE, KeptButton, PassageReference
from bot.components.cards import COLOURS, LONGEST_ECHO, Card, quote_markdown, source_markdown
from bot.components.markup import escaped, in_short, on_one_line, shortened, unescaped
from bot.components.modals import FORGOTTEN
from bot.components.paging import separated
from bot.locales import Phrasebook
from bot.storage import Request, Resolution
from index import Outcome

_ROOM = 600
"""Characters of each passage that is offered."""
_LONGEST_WORDS = 300
INPUT = "words"
_NUMBER = r"(?P<number>\d{1,15})"
REPLY = re.compile(rf"request:reply:{_NUMBER}:(?P<message>\d{{1,20}})")
LONGEST_REPLY = 1000
"""Characters; shown to the letter, they may be twice as many."""
_REPLY = 1002
"""The component that holds a moderator's reply, by which it is read again."""
_LONGEST_GIVEN = 120
_LONGEST_DESCRIPTION = 100
_MOST_SOUGHT = 3
WORDS = re.compile(rf"request:{_NUMBER}:(?P<message>\d{{1,20}})")


class FindPassage(KeptButton, template=rf"request:find:{_NUMBER}"):
    """Asks a moderator for the words by which to look for a passage."""

    @classmethod
    def of(cls, request: Request, phrases: Phrasebook) -> Self:
        """The button under a request."""
        return cls(phrases("request.find"), f"request:find:{request.id}")


class AddForRequest(KeptButton, template=rf"request:add:{_NUMBER}"):
    """Lets a moderator write a document that answers a request."""

    @classmethod
    def of(cls, request: Request, phrases: Phrasebook) -> Self:
        """The button under a request."""
        return cls(phrases("filling.add"), f"request:add:{request.id}")


class ReplyInOwnWords(KeptButton, template=rf"request:reply:{_NUMBER}"):
    """Lets a moderator answer a request in their own words."""

    @classmethod
    def of(cls, request: Request, phrases: Phrasebook) -> Self:
        """The button under a request."""
        return cls(phrases("request.reply"), f"request:reply:{request.id}")


class KeepReply(KeptButton, template=rf"request:keep:{_NUMBER}"):
    """Makes a document of the server of a question and what a moderator replied to it."""

    @classmethod
    def of(cls, request: Request, phrases: Phrasebook) -> Self:
        """The button under the reply."""
        return cls(phrases("request.keep"), f"request:keep:{request.id}")


class SettleRequest(KeptButton, template=rf"request:(?P<how>off_subject|done):{_NUMBER}"):
    """Ends a request without a passage."""

    @classmethod
    def of(cls, how: Resolution, request: Request, phrases: Phrasebook) -> Self:
        """The button under a request."""
        return cls(phrases(f"request.{how}"), f"request:{how}:{request.id}")


class ChoosePassage(
    KeptButton,
    template=rf"request:choose:{_NUMBER}:(?P<message>\d{{1,20}}):(?P<place>{PLACE})",
):
    """Answers a request with a passage, which its question has from then on."""

    @classmethod
    def of(cls, number: int, request: str, found: Found, phrases: Phrasebook) -> Self:
        """The button beside the passage that is offered with a number.

        Args:
            number: The passage's number.
            request: The request's, and its post: two numbers with a colon between.
            found: The passage.
            phrases: For the label.
        """
        label, place = phrases("request.choose", number=number), PassageReference.of(found)
        return cls(label, f"request:choose:{request}:{place}")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ends.

    Attributes:
        said: Which words say so: `pinned`, `added`, `replied`, `off_subject` or `done`.
        how: What is noted about its question.
        by: The moderator who ends it.
        place: The passage that answers it, where one does.
        words: What the moderator replied, where that answers it.
    """

    said: str
    how: Resolution
    by: int
    place: PassageReference | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """What came before a request.

    Attributes:
        given: The passage that its question got, in short; None where nothing fitted.
        sought: What members said that they were looking for instead.
    """

    given: str | None = None
    sought: tuple[str, ...] = ()


def request_card(
    request: Request,
    phrases: Phrasebook,
    ending: Ending | None = None,
    background: Background | None = None,
) -> Card:
    """The post in the moderators' channel.

    Args:
        request: The request.
        phrases: In the language of the server.
        ending: How it ended, if it has.
        background: What came before it, as far as it is known.
    """
    before = background or Background()
    lines = [f"**{in_short(request.text, LONGEST_ECHO)}**"]
    lines += [f"-# {each}" for each in background_lines(request, before, phrases)]
    if ending is None:
        rows = request_rows(request, phrases)
        return Card(COLOURS[Outcome.CLOSEST], ui.TextDisplay("\n".join(lines)), *rows)
    marked = phrases(f"request.marked_{ending.said}", moderator=f"<@{ending.by}>")
    lines.append(f"-# {marked}")
    reply = [] if not ending.words else reply_items(request, ending.words, phrases)
    return Card(COLOURS[Outcome.NONE], ui.TextDisplay("\n".join(lines)), *reply)


def background_lines(request: Request, background: Background, phrases: Phrasebook) -> list[str]:
    """Where a request comes from, what its question got, and what was sought."""
    how = "posted" if background.given is None else "posted_answered"
    lines = [phrases(f"request.{how}", channel=f"<#{request.channel}>")]
    if background.given is not None:
        lines.append(phrases("request.given", passage=in_short(background.given, _LONGEST_GIVEN)))
    if background.sought:
        some = [in_short(each, _LONGEST_GIVEN) for each in background.sought[:_MOST_SOUGHT]]
        lines.append(phrases("gaps.sought", words=" / ".join(some)))
    return lines


def reply_items(request: Request, words: str, phrases: Phrasebook) -> list[ui.Item[Any]]:
    """What a moderator replied, and the button that makes it a document."""
    return [
        ui.TextDisplay(escaped(words), id=_REPLY),
        ui.ActionRow(KeepReply.of(request, phrases)),
    ]


def reply_in(message: discord.Message | None) -> str | None:
    """What a moderator replied, from the message that shows it; None where none does."""
    for component in () if message is None else message.components:
        if isinstance(component, discord.Container):
            for each in component.children:
                if isinstance(each, discord.TextDisplay) and each.id == _REPLY:
                    return unescaped(each.content)
    return None


def request_rows(request: Request, phrases: Phrasebook) -> list[ui.ActionRow[Any]]:
    """What moderators can do about a request: answer it, or end it without an answer."""
    ending: list[ui.Item[Any]] = [
        SettleRequest.of(Resolution.OFF_SUBJECT, request, phrases),
        SettleRequest.of(Resolution.DONE, request, phrases),
    ]
    if request.url is not None:
        ending.append(ui.Button(label=phrases("request.jump"), url=request.url))
    return [
        ui.ActionRow(
            FindPassage.of(request, phrases),
            ReplyInOwnWords.of(request, phrases),
            AddForRequest.of(request, phrases),
        ),
        ui.ActionRow(*ending),
    ]


def offered_card(request: int, message: int, offered: Sequence[Found], phrases: Phrasebook) -> Card:
    """The passages that a moderator may choose from; `message` is the request's post."""
    title = phrases("request.offered" if offered else "topics.none")
    sections = [
        ui.Section[Any](
            ui.TextDisplay(quote_markdown(found.quote, _ROOM)),
            ui.TextDisplay(f"-# **{number}.**\n{source_markdown(found.quote, phrases)}"),
            accessory=ChoosePassage.of(number, f"{request}:{message}", found, phrases),
        )
        for number, found in enumerate(offered, 1)
    ]
    return Card(COLOURS[Outcome.CLOSEST], ui.TextDisplay(f"**{title}**"), *separated(sections))


class ReplyWindow(ui.Modal):
    """Takes what a moderator replies."""

    def __init__(self, request: Request, message: int, phrases: Phrasebook) -> None:
        super().__init__(
            title=phrases("request.reply_title"),
            custom_id=f"request:reply:{request.id}:{message}",
            timeout=FORGOTTEN,
        )
        words: ui.TextInput[Any] = ui.TextInput(
            custom_id=INPUT, style=discord.TextStyle.paragraph, max_length=LONGEST_REPLY
        )
        self.add_item(
            ui.Label(
                text=phrases("request.reply_label"),
                description=shortened(on_one_line(request.text), _LONGEST_DESCRIPTION),
                component=words,
            )
        )


class WordsWindow(ui.Modal):
    """Asks for the words by which to look for a passage."""

    def __init__(self, request: Request, message: int, phrases: Phrasebook) -> None:
        super().__init__(
            title=phrases("request.words_title"),
            custom_id=f"request:{request.id}:{message}",
            timeout=FORGOTTEN,
        )
        words: ui.TextInput[Any] = ui.TextInput(
            custom_id=INPUT, default=request.text[:_LONGEST_WORDS], max_length=_LONGEST_WORDS
        )
        self.add_item(ui.Label(text=phrases("request.words_label"), component=words))
