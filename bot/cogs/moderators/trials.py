"""Trying out what the bot would answer in a server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands, ui

from bot.answering.answers import Answer, Answerer
from bot.answering.explanation import explanation
from bot.answering.pins import Pinned
from bot.answering.wording import likelihood, refusal
from bot.client.client import CoalitionBot
from bot.client.translator import named_options, phrase
from bot.cogs.access import ModeratorCog, guild_of, in_servers
from bot.cogs.moderators.pins import offer
from bot.components.cards import COLOURS, LONGEST_ECHO, ROOM, Card, notice_card
from bot.components.markup import in_short
from bot.components.paging import separated
from bot.components.sending import reply_privately, sent
from bot.components.standing import Standing
from bot.errors import BusyError, QuestionError
from bot.locales import Phrasebook
from bot.storage import Pin
from index import Index, Outcome, Strictness
from knowledge import Language

_LONGEST_QUESTION = 120
_AT_ONCE = 16
"""Questions that are asked before somebody else's turn comes."""


class Trials(ModeratorCog):
    """Trying out questions."""

    @app_commands.command(
        name=phrase("command.test.name"), description=phrase("command.test.description")
    )
    @app_commands.describe(question=phrase("command.test.question"))
    @named_options("question")
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def test(self, interaction: discord.Interaction[CoalitionBot], question: str) -> None:
        """Show what would be answered, and why."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        try:
            answer = await self.bot.answerer.try_out(
                guild_of(interaction), question, phrases.language, whole=True
            )
        except (QuestionError, BusyError) as error:
            await reply_privately(interaction, refusal(error, phrases))
            return
        index = await self.bot.answerer.whole_index(interaction.guild_id)
        card = trial_card(index, answer, phrases)
        await sent(interaction, card, private=True)

    @app_commands.command(
        name=phrase("command.test_all.name"), description=phrase("command.test_all.description")
    )
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def test_all(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Ask every question whose passage is known, and name those that fail."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        phrases = await self.bot.localiser.phrases_for(interaction)
        await sent(interaction, await self._tested(guild_of(interaction), phrases), private=True)

    async def _tested(self, guild: int, phrases: Phrasebook) -> Card:
        answerer = (await self.bot.answerer.of(guild)).answerer
        settings = await self.bot.settings.of(guild)
        pins = await self.bot.storage.guild(guild).pins.every()
        pinned = await self.bot.pins.of(guild)
        expected = expectations(answerer.index, pins)
        failed: list[Failure] = []
        for some in in_batches(expected):
            failed += await self.bot.worker.run_for(
                guild, failures, answerer, some, settings.strictness, pinned
            )
        return failures_card(answerer.index, failed, len(expected), phrases)


def trial_card(index: Index, answer: Answer, phrases: Phrasebook) -> Card:
    """The card that shows all passages that were found for a question, and why."""
    explained = explanation(index, answer)
    question = in_short(answer.question, LONGEST_ECHO)
    head = [
        f"### {phrases('testing.title')}",
        f"**{question}**",
        Standing.of(answer).said(phrases),
    ]
    confidence = answer.result.matches[0].confidence
    if confidence is not None:
        head.append(
            f"**{phrases('testing.confidence', confidence=likelihood(confidence, phrases))}**"
        )
    evidence, needed = (phrases.decimal(explained[each]) for each in ("evidence", "needed"))
    head.append(f"-# {phrases('testing.verdict', evidence=evidence, needed=needed)}")
    rows = [
        f"**{place}.** {offer(found, phrases)}\n-# {_why(each, phrases)}"
        for place, (found, each) in enumerate(
            zip(answer.all_found, explained["passages"], strict=True), 1
        )
    ]
    parts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(head))]
    return Card(Standing.of(answer).colour, *parts, *separated(map(ui.TextDisplay[Any], rows)))


def _why(explained: dict[str, Any], phrases: Phrasebook) -> str:
    text = explained["text"]
    parts = {each: phrases.decimal(text[each]) for each in ("tokens", "sentence", "words")}
    why = phrases("testing.score", score=phrases.decimal(explained["score"]), **parts)
    if explained["reader"] is not None:
        read = phrases("testing.read", answers=likelihood(explained["reader"], phrases))
        why = f"{why} · {read}"
    raised = explained["curated_question"]
    if raised is None:
        return why
    question = in_short(raised["content"], _LONGEST_QUESTION)
    return f"{why} · {phrases('testing.raised', question=question)}"


@dataclass(frozen=True, slots=True)
class Expected:
    """A question whose passage is known.

    Attributes:
        question: The question.
        language: Its language.
        passage: The id of the passage that must come first.
        pin: The pin that says so; None for a curated question.
    """

    question: str
    language: Language
    passage: str
    pin: Pin | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that does not find its passage first.

    Attributes:
        expected: The question.
        found: The id of the passage that came first; None where nothing fits.
    """

    expected: Expected
    found: str | None


def expectations(index: Index, pins: Sequence[Pin]) -> list[Expected]:
    """Every pinned and every curated question."""
    return [
        *(Expected(each.question, each.language, each.passage, each) for each in pins),
        *(
            Expected(question, language, passage.id)
            for document in index.documents
            for passage in document.passages
            for language, questions in passage.questions.items()
            for question in questions
        ),
    ]


def in_batches(expected: Sequence[Expected]) -> Iterator[Sequence[Expected]]:
    """Questions, so many at a time that nobody else waits long."""
    for start in range(0, len(expected), _AT_ONCE):
        yield expected[start : start + _AT_ONCE]


def failures(
    answerer: Answerer,
    expected: Sequence[Expected],
    strictness: Strictness | None,
    pinned: Pinned | None,
) -> list[Failure]:
    """Which questions do not find their passage first. It may be called from any thread."""
    failed = []
    for each in expected:
        try:
            answer = answerer.answer(each.question, each.language, None, strictness, pinned)
        except QuestionError:
            found = None
        else:
            found = answer.found[0].quote.passage_id if answer.found else None
        if found != each.passage:
            failed.append(Failure(each, found))
    return failed


def failures_card(index: Index, failed: Sequence[Failure], count: int, phrases: Phrasebook) -> Card:
    """The card that names the questions that failed, out of `count`."""
    if not count:
        return notice_card(phrases("testing.none"))
    if not failed:
        text = phrases("testing.all_right", count=count)
        return Card(COLOURS[Outcome.ANSWER], ui.TextDisplay(text))
    lines = [phrases("testing.some_wrong", wrong=len(failed), count=count)]
    more: list[ui.TextDisplay[Any]] = []
    room = ROOM - len(lines[0]) - LONGEST_ECHO
    for place, each in enumerate(failed):
        line = _failure(index, each, phrases)
        room -= len(line) + 1
        if room < 0:
            # Beside the list, to whose last item it would belong.
            more.append(ui.TextDisplay(phrases("testing.more", count=len(failed) - place)))
            break
        lines.append(line)
    return Card(COLOURS[Outcome.CLOSEST], ui.TextDisplay("\n".join(lines)), *more)


def _failure(index: Index, failure: Failure, phrases: Phrasebook) -> str:
    expected = failure.expected
    question = in_short(expected.question, _LONGEST_QUESTION)
    if index.passage(expected.passage) is None:
        return f"- **{question}** · {phrases('testing.gone')}"
    said = phrases(
        "testing.instead",
        expected=_where(index, expected.passage, phrases),
        found=_where(index, failure.found, phrases),
    )
    return f"- **{question}** · {said}"


def _where(index: Index, passage: str | None, phrases: Phrasebook) -> str:
    found = None if passage is None else index.passage(passage)
    if found is None:
        return phrases("testing.nothing")
    document = found.document
    position = phrases("source.position", number=found.passage.number, of=len(document.passages))
    return f"{document.slug}, {position}"
