"""A request in the moderators' channel: its post, its buttons, its window."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from discord import ui

from bot.answering.answers import Found
from bot.components.buttons import PLACE, KeptButton, PassageReference
from bot.components.cards import COLOURS, LONGEST_ECHO, Card, quote_markdown, source_markdown
from bot.components.markup import in_short
from bot.components.modals import FORGOTTEN
from bot.locales import Phrasebook
from bot.storage import Request, Resolution
from index import Outcome

_ROOM = 600
"""Characters of each passage that is offered."""
_LONGEST_WORDS = 300
INPUT = "words"
_NUMBER = r"(?P<number>\d{1,15})"
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
    def of(cls, request: int, message: int, found: Found, phrases: Phrasebook) -> Self:
        """The button beside a passage that is offered."""
        place = PassageReference.of(found)
        return cls(phrases("request.choose"), f"request:choose:{request}:{message}:{place}")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ends.

    Attributes:
        said: Which words say so: `pinned`, `added`, `off_subject` or `done`.
        how: What is noted about its question.
        by: The moderator who ends it.
        place: The passage that answers it, where one does.
    """

    said: str
    how: Resolution
    by: int
    place: PassageReference | None = None


def request_card(request: Request, phrases: Phrasebook, ending: Ending | None = None) -> Card:
    """The post in the moderators' channel.

    Args:
        request: The request.
        phrases: In the language of the server.
        ending: How it ended, if it has.
    """
    question = in_short(request.text, LONGEST_ECHO)
    lines = [f"**{question}**", f"-# {phrases('request.posted', channel=f'<#{request.channel}>')}"]
    if ending is not None:
        marked = phrases(f"request.marked_{ending.said}", moderator=f"<@{ending.by}>")
        lines.append(f"-# {marked}")
        return Card(COLOURS[Outcome.NONE], ui.TextDisplay("\n".join(lines)))
    row = request_row(request, phrases)
    return Card(COLOURS[Outcome.CLOSEST], ui.TextDisplay("\n".join(lines)), row)


def request_row(request: Request, phrases: Phrasebook) -> ui.ActionRow[Any]:
    """What moderators can do about a request."""
    row: list[ui.Item[Any]] = [
        FindPassage.of(request, phrases),
        AddForRequest.of(request, phrases),
        SettleRequest.of(Resolution.OFF_SUBJECT, request, phrases),
        SettleRequest.of(Resolution.DONE, request, phrases),
    ]
    if request.url is not None:
        row.append(ui.Button(label=phrases("request.jump"), url=request.url))
    return ui.ActionRow(*row)


def offered_card(request: int, message: int, offered: Sequence[Found], phrases: Phrasebook) -> Card:
    """The passages that a moderator may choose from; `message` is the request's post."""
    title = phrases("request.offered" if offered else "topics.none")
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"**{title}**")]
    for found in offered:
        quoted = quote_markdown(found.quote, _ROOM)
        about = source_markdown(found.quote, phrases)
        button = ChoosePassage.of(request, message, found, phrases)
        section: ui.Section[Any] = ui.Section(
            ui.TextDisplay(quoted), ui.TextDisplay(about), accessory=button
        )
        items.append(section)
    return Card(COLOURS[Outcome.CLOSEST], *items)


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
