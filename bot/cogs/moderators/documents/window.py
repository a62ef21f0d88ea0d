"""The window in which moderators write a document, an edition, questions or an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.cogs.moderators.documents.cards import SLUG
from bot.cogs.moderators.documents.follow_ups import Occasion
from bot.components.modals import FORGOTTEN
from bot.locales import Phrasebook
from knowledge import Language
from knowledge.faq import question_of

LONGEST_TYPED = 4000
"""Characters that Discord takes in a modal's input."""
LONGEST_TITLE = 200
TITLE, TEXT = "title", "text"
WRITING = re.compile(
    rf"knowledge:(?P<what>add|answer|edit|translate|questions):(?P<version>\d{{1,9}})"
    rf":(?P<language>fr|en|-):{SLUG}"
    r"(?::(?P<kind>[a-z]+):(?P<reference>[\w:-]+))?"
)


@dataclass(frozen=True, slots=True)
class Writing:
    """What a moderator writes.

    Attributes:
        what: `add`, `answer`, `edit`, `translate` or `questions`.
        slug: The document; anything where one is added.
        version: The version of it that the text is made from; 0 where one is added.
        language: The language of the text; None for questions, and where it is to be told.
        occasion: What it is added for, if for something.
    """

    what: str
    slug: str = "new"
    version: int = 0
    language: Language | None = None
    occasion: Occasion | None = None

    def __str__(self) -> str:
        written = f"knowledge:{self.what}:{self.version}:{self.language or '-'}:{self.slug}"
        return written if self.occasion is None else f"{written}:{self.occasion}"

    @classmethod
    def read(cls, match: re.Match[str]) -> Writing:
        """What `str` made the matched text of."""
        language = None if match["language"] == "-" else Language(match["language"])
        occasion = None
        if match["kind"] is not None:
            occasion = Occasion(match["kind"], match["reference"])
        return cls(match["what"], match["slug"], int(match["version"]), language, occasion)


class Window(ui.Modal):
    """Takes a document, an edition or questions."""

    def __init__(self, writing: Writing, text: str, phrases: Phrasebook, title: str = "") -> None:
        what = writing.what
        super().__init__(
            title=phrases(f"knowledge.window.{what}"), custom_id=str(writing), timeout=FORGOTTEN
        )
        if what in {"add", "answer"}:
            named: ui.TextInput[Any] = ui.TextInput(
                custom_id=TITLE,
                default=title[:LONGEST_TITLE].strip() or None,
                max_length=LONGEST_TITLE,
            )
            self.add_item(
                ui.Label(
                    text=phrases(f"knowledge.window.{'title' if what == 'add' else 'question'}"),
                    component=named,
                )
            )
        written: ui.TextInput[Any] = ui.TextInput(
            custom_id=TEXT,
            style=discord.TextStyle.paragraph,
            default=text or None,
            max_length=LONGEST_TYPED,
        )
        self.add_item(
            ui.Label(
                text=phrases(f"knowledge.window.{'answered' if what == 'answer' else 'text'}"),
                description=phrases(f"knowledge.window.{what}_how"),
                component=written,
            )
        )


def answer_text(question: str, answer: str) -> str:
    """A text of one question with its answer."""
    # What does not read as a question is marked as one.
    heading = question if question_of(question) else f"Q: {question}"
    return f"## {heading}\n\n{answer.strip()}"
