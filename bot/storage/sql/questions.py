"""The questions that were asked in a guild, and what was thought of the answers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from bot.storage.records import (
    Action,
    AskedQuestion,
    Gap,
    Meaning,
    Opinion,
    PastQuestion,
    Resolution,
    Statistics,
    Surface,
)
from bot.storage.same_question import folded_question
from bot.storage.sql.database import batched
from bot.storage.sql.part import GuildPart
from bot.storage.sql.tables import OpinionRow, QuestionRow
from index import Outcome
from knowledge import Language

_TOP = 5
_MOST_SOUGHT = 2000


def rows_of(questions: Iterable[AskedQuestion]) -> Iterator[QuestionRow]:
    """Questions as the tables have them."""
    for each in questions:
        yield QuestionRow(
            id=each.id,
            guild_id=each.guild,
            at=each.at,
            text=each.text,
            folded=folded_question(each.text),
            language=each.language,
            outcome=each.outcome,
            passage=each.passage,
            evidence=each.evidence,
            milliseconds=each.milliseconds,
            channel=each.channel,
            surface=each.surface,
            url=each.url,
            progress=each.progress,
            encoder=None if each.meaning is None else each.meaning.encoder,
            embedding=None if each.meaning is None else each.meaning.vector,
        )


class SqlQuestions(GuildPart):
    """Implements `Questions`."""

    async def get(self, identifier: str) -> AskedQuestion | None:
        """A question by its id."""
        async with self._reading() as session:
            row = await session.scalar(select(QuestionRow).where(QuestionRow.id == identifier))
            return None if row is None else _question(row)

    async def made_public(self, identifier: str, url: str) -> None:
        """Note where everybody can see an answer."""
        async with self._writing() as session:
            await session.execute(
                update(QuestionRow).where(QuestionRow.id == identifier).values(url=url)
            )

    async def add_opinion(self, opinion: Opinion, *, voice: str | None = None) -> None:
        """Keep an opinion."""
        async with self._writing() as session:
            row = None
            if voice is not None:
                row = await session.scalar(select(OpinionRow).where(OpinionRow.voice == voice))
            if row is None:
                row = OpinionRow(question_id=opinion.question, sought="", voice=voice)
                session.add(row)
            row.at, row.passage = self._database.clock(), opinion.passage
            row.helpful, row.sought = opinion.helpful, opinion.sought or row.sought

    async def opinions(self, since: dt.datetime) -> tuple[Opinion, ...]:
        """What members thought since then."""
        wanted = select(OpinionRow).where(OpinionRow.at >= since).order_by(OpinionRow.id)
        async with self._reading() as session:
            found = await session.scalars(wanted)
            return tuple(
                Opinion(row.question_id, row.passage, row.helpful, row.sought) for row in found
            )

    async def sought(self, identifier: str) -> tuple[str, ...]:
        """What members were looking for."""
        wanted = (
            select(OpinionRow.sought)
            .where(OpinionRow.question_id == identifier, OpinionRow.sought != "")
            .order_by(OpinionRow.id.desc())
        )
        async with self._reading() as session:
            return tuple(dict.fromkeys(await session.scalars(wanted)))

    async def since(self, start: dt.datetime) -> tuple[AskedQuestion, ...]:
        """All questions asked since then."""
        wanted = select(QuestionRow).where(QuestionRow.at >= start).order_by(QuestionRow.at)
        async with self._reading() as session:
            return tuple(map(_question, await session.scalars(wanted)))

    async def different_since(self, start: dt.datetime, most: int) -> tuple[PastQuestion, ...]:
        """Questions asked since then, of the same words one."""
        latest_first = QuestionRow.at.desc(), QuestionRow.id
        each = (
            select(
                QuestionRow.id,
                func.count().over(partition_by=QuestionRow.folded).label("count"),
                func.row_number()
                .over(partition_by=QuestionRow.folded, order_by=latest_first)
                .label("place"),
            )
            .where(QuestionRow.at >= start)
            .subquery()
        )
        wanted = (
            select(
                QuestionRow.text,
                QuestionRow.language,
                each.c.count,
                QuestionRow.encoder,
                QuestionRow.embedding,
            )
            .join(each, each.c.id == QuestionRow.id)
            .where(each.c.place == 1)
            .order_by(each.c.count.desc(), *latest_first)
            .limit(most)
        )

        async def read(session: AsyncSession) -> tuple[PastQuestion, ...]:
            return tuple(
                PastQuestion(row.text, Language(row.language), row.count, _meaning(row))
                for row in await session.execute(wanted)
            )

        return await self._report(read)

    async def quoted_since(self, start: dt.datetime) -> dict[str, int]:
        """How often each passage was quoted since then."""
        wanted = (
            select(QuestionRow.passage, func.count())
            .where(QuestionRow.at >= start, QuestionRow.passage.is_not(None))
            .group_by(QuestionRow.passage)
        )

        async def read(session: AsyncSession) -> dict[str, int]:
            return {passage: count for passage, count in await session.execute(wanted)}  # noqa: C416

        return await self._report(read)

    async def statistics(self, start: dt.datetime) -> Statistics:
        """What was asked since then, in numbers."""
        asked = select(
            QuestionRow.at,
            QuestionRow.outcome,
            QuestionRow.language,
            QuestionRow.passage,
            QuestionRow.milliseconds,
        ).where(QuestionRow.at >= start)
        thought = select(OpinionRow.helpful, OpinionRow.sought).where(OpinionRow.at >= start)

        async def read(
            session: AsyncSession,
        ) -> tuple[Sequence[Any], Sequence[Any]]:
            return (await session.execute(asked)).all(), (await session.execute(thought)).all()

        rows, opinions = await self._report(read)
        helpful = sum(each.helpful for each in opinions)
        passages = Counter(row.passage for row in rows if row.passage is not None)
        languages = Counter(Language(row.language) for row in rows)
        return Statistics(
            dict(Counter((row.at.date(), Outcome(row.outcome)) for row in rows)),
            dict(languages.most_common()),
            tuple(passages.most_common(_TOP)),
            helpful,
            len(opinions) - helpful,
            median(row.milliseconds for row in rows) if rows else None,
            sum(not each.helpful and bool(each.sought) for each in opinions),
        )

    async def gaps(self, most: int) -> tuple[Gap, ...]:
        """Open questions that were not answered well."""
        disliked = select(OpinionRow.question_id).where(
            OpinionRow.helpful.is_(False), OpinionRow.question_id.is_not(None)
        )
        # What was once found to be no subject of ours stays so, however often it is asked.
        refused = select(QuestionRow.folded).where(QuestionRow.progress == Resolution.OFF_SUBJECT)
        latest_first = QuestionRow.at.desc(), QuestionRow.id
        each = (
            select(
                QuestionRow.id,
                func.count().over(partition_by=QuestionRow.folded).label("count"),
                func.max(QuestionRow.url).over(partition_by=QuestionRow.folded).label("url"),
                func.row_number()
                .over(partition_by=QuestionRow.folded, order_by=latest_first)
                .label("place"),
            )
            .where(
                QuestionRow.progress == Resolution.OPEN,
                or_(QuestionRow.outcome != Outcome.ANSWER, QuestionRow.id.in_(disliked)),
                QuestionRow.folded.not_in(refused),
            )
            .subquery()
        )
        wanted = (
            select(QuestionRow, each.c.count, each.c.url)
            .join(each, each.c.id == QuestionRow.id)
            .where(each.c.place == 1)
            .order_by(each.c.count.desc(), *latest_first)
            .limit(most)
            .options(undefer(QuestionRow.encoder), undefer(QuestionRow.embedding))
        )

        wishes = (
            select(QuestionRow.folded, OpinionRow.sought)
            .join(OpinionRow, OpinionRow.question_id == QuestionRow.id)
            .where(OpinionRow.helpful.is_(False), OpinionRow.sought != "")
            .where(QuestionRow.progress == Resolution.OPEN)
            .order_by(OpinionRow.id.desc())
            .limit(_MOST_SOUGHT)
        )

        async def read(session: AsyncSession) -> tuple[Gap, ...]:
            sought: dict[str, dict[str, None]] = {}
            for folded, words in await session.execute(wishes):
                sought.setdefault(folded, {})[words] = None
            return tuple(
                Gap(
                    row.id,
                    row.text,
                    Language(row.language),
                    Outcome(row.outcome),
                    count,
                    row.at,
                    url,
                    _meaning(row),
                    tuple(sought.get(row.folded, ())),
                )
                for row, count, url in await session.execute(wanted)
            )

        return await self._report(read)

    async def settle(self, identifiers: Sequence[str], progress: Resolution, *, by: int) -> int:
        """Note what was done about questions."""
        async with self._writing() as session:
            subject, count = "", 0
            for some in batched(identifiers):
                chosen = QuestionRow.id.in_(some)
                words = select(QuestionRow.folded).where(chosen)
                same = QuestionRow.folded.in_(words) & (QuestionRow.progress == Resolution.OPEN)
                texts = list(await session.scalars(select(QuestionRow.text).where(same)))
                subject = subject or next(iter(texts), "")
                count += len(texts)
                await session.execute(update(QuestionRow).where(same).values(progress=progress))
            if count:
                new = {"progress": progress, "questions": count}
                self._note(session, Action.GAP_SETTLED, subject, by=by, new=new)
            return count


def _meaning(row: Any) -> Meaning | None:  # noqa: ANN401 - a row of any columns
    if row.encoder is None or row.embedding is None:
        return None
    return Meaning(row.encoder, row.embedding)


def _question(row: QuestionRow) -> AskedQuestion:
    return AskedQuestion(
        row.id,
        row.guild_id,
        row.at,
        row.text,
        Language(row.language),
        Outcome(row.outcome),
        row.passage,
        row.evidence,
        row.milliseconds,
        row.channel,
        Surface(row.surface),
        row.url,
        Resolution(row.progress),
    )
