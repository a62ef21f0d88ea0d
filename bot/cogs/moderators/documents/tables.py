"""Questions and answers that moderators bring along in a table."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import PurePath
from typing import Any

import discord

from bot.client.attachments import fetched
from bot.client.client import CoalitionBot
from bot.cogs.moderators.documents.changing import Changing
from bot.cogs.moderators.documents.window import answer_text
from bot.cogs.moderators.documents.writing import Writer
from bot.components.cards import notice_card
from bot.components.markup import in_short
from bot.components.sending import LARGEST_SENT, sent
from bot.errors import AttachmentError
from bot.locales import Phrasebook
from bot.tables import AnswerTable, BadRow, TableError, read_answers
from knowledge import Language
from knowledge.files import FileError
from knowledge.files.decoding import words_in

_NAMED = 10
"""Bad rows that are named on the card; all of them stand in the file."""
_LONGEST_SEEN = 60
_LONGEST_NAME = 100


class TableImporter:
    """Takes a table of questions and answers, and asks where rows cannot be used."""

    def __init__(self, bot: CoalitionBot, changing: Changing, writer: Writer) -> None:
        self._bot = bot
        self._changing = changing
        self._writer = writer

    async def take(self, interaction: discord.Interaction[Any], file: discord.Attachment) -> None:
        """Add what a table has as one document for each language."""
        await self._changing.think(interaction)
        phrases = await self._bot.localiser.phrases_for(interaction)
        name = in_short(file.filename, _LONGEST_NAME)
        try:
            content = await fetched(file, LARGEST_SENT)
            table = await asyncio.to_thread(_read, content)
        except AttachmentError as error:
            key = "archive.too_large_file" if error.too_large else "file.not_fetched"
            said = phrases(key, largest=LARGEST_SENT >> 20, name=name)
        except FileError as error:
            said = phrases(f"file.{error.problem}", name=name)
        except TableError as error:
            said = phrases(f"table.{error.problem}", seen=in_short(error.seen, _LONGEST_SEEN))
        else:
            if table.rows:
                await self._add(interaction, PurePath(file.filename).stem, table, phrases)
                return
            said = "\n".join([phrases("table.no_rows"), *_named(table.bad, phrases)])
        await sent(interaction, notice_card(said), private=True)

    async def _add(
        self,
        interaction: discord.Interaction[Any],
        title: str,
        table: AnswerTable,
        phrases: Phrasebook,
    ) -> None:
        answerer = self._bot.knowledge.shared.answerer
        texts: dict[Language, list[str]] = defaultdict(list)
        for each in table.rows:
            language = each.language or answerer.language_of(each.question, phrases.language)
            texts[language].append(answer_text(each.question, each.answer))
        note = ""
        if table.bad:
            head = phrases("table.bad", count=len(table.bad), rest=len(table.rows))
            note = "\n".join([head, *_named(table.bad, phrases)])
        written = {language: "\n\n".join(each) for language, each in texts.items()}
        problems = "\n".join(_said(each, phrases) for each in table.bad)
        await self._writer.add_many(interaction, title, written, note, problems)


def _read(content: bytes) -> AnswerTable:
    return read_answers(words_in(content))


def _named(bad: tuple[BadRow, ...], phrases: Phrasebook) -> list[str]:
    lines = [f"- {_said(each, phrases)}" for each in bad[:_NAMED]]
    if len(bad) > _NAMED:
        lines.append(f"- {phrases('reading.more', count=len(bad) - _NAMED)}")
    return lines


def _said(bad: BadRow, phrases: Phrasebook) -> str:
    seen = in_short(bad.seen, _LONGEST_SEEN) or "–"
    return phrases(f"table.{bad.problem}", line=bad.line, seen=seen)
