"""Pins of a guild, and what waits for its moderators."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.storage.records import Action, Pin, Request
from bot.storage.same_question import folded_question
from bot.storage.sql.database import advance
from bot.storage.sql.part import GuildPart
from bot.storage.sql.tables import PinRow, RequestRow
from knowledge import Language


class SqlPins(GuildPart):
    """Implements `Pins`."""

    async def every(self) -> tuple[Pin, ...]:
        """All pins."""
        async with self._reading() as session:
            found = await session.scalars(select(PinRow).order_by(PinRow.id.desc()))
            return tuple(map(_pin, found))

    async def get(self, identifier: int) -> Pin | None:
        """A pin by its number."""
        async with self._reading() as session:
            row = await session.scalar(select(PinRow).where(PinRow.id == identifier))
            return None if row is None else _pin(row)

    async def pin(self, question: str, language: Language, passage: str, *, by: int) -> Pin:
        """Give a question a passage."""
        folded = folded_question(question)
        async with self._writing() as session:
            row = await session.scalar(select(PinRow).where(PinRow.folded == folded))
            old = None if row is None else row.passage
            if row is None:
                row = PinRow(folded=folded)
                session.add(row)
            row.question, row.language, row.passage = question, language, passage
            row.at, row.by = self._database.clock(), by
            await advance(session)
            self._note(session, Action.PINNED, question, by=by, old=old, new=passage)
            await session.flush()
            return _pin(row)

    async def unpin(self, identifier: int, *, by: int) -> Pin | None:
        """Take a pin away."""
        async with self._writing() as session:
            row = await session.scalar(select(PinRow).where(PinRow.id == identifier))
            if row is None:
                return None
            pin = _pin(row)
            await session.delete(row)
            await advance(session)
            self._note(session, Action.UNPINNED, pin.question, by=by, old=pin.passage)
            return pin


class SqlRequests(GuildPart):
    """Implements `Requests`."""

    async def add(
        self,
        *,
        member: int,
        text: str,
        language: Language,
        channel: int,
        question: str | None = None,
        url: str | None = None,
    ) -> Request:
        """Keep a request."""
        folded = folded_question(text)
        async with self._writing() as session:
            row = await session.scalar(
                select(RequestRow).where(
                    RequestRow.member == member,
                    RequestRow.folded == folded,
                    RequestRow.answered_at.is_(None),
                )
            )
            if row is None:
                row = RequestRow(
                    member=member,
                    text=text,
                    folded=folded,
                    language=language,
                    channel=channel,
                    at=self._database.clock(),
                    question_id=question,
                    url=url,
                )
                session.add(row)
                await session.flush()
            return _request(row)

    async def get(self, identifier: int) -> Request | None:
        """A request by its number."""
        async with self._reading() as session:
            row = await session.scalar(select(RequestRow).where(RequestRow.id == identifier))
            return None if row is None else _request(row)

    async def waiting(self) -> tuple[Request, ...]:
        """Requests that are not answered."""
        wanted = select(RequestRow).where(RequestRow.answered_at.is_(None))
        async with self._reading() as session:
            return tuple(map(_request, await session.scalars(wanted.order_by(RequestRow.id))))

    async def posted(self, identifier: int, message: int) -> None:
        """Note which message shows a request."""
        async with self._writing() as session:
            await session.execute(
                update(RequestRow).where(RequestRow.id == identifier).values(post=message)
            )

    async def answer(self, identifier: int, *, by: int) -> Request | None:
        """Note that a request is answered."""
        async with self._writing() as session:
            row = await session.scalar(select(RequestRow).where(RequestRow.id == identifier))
            if row is None or row.answered_at is not None:
                return None
            request = _request(row)
            row.answered_at, row.member = self._database.clock(), None
            self._note(session, Action.REQUEST_ANSWERED, row.text, by=by)
            return request


def _pin(row: PinRow) -> Pin:
    return Pin(row.id, row.question, Language(row.language), row.passage, row.at, row.by)


def _request(row: RequestRow) -> Request:
    return Request(
        row.id,
        row.member,
        row.text,
        Language(row.language),
        row.channel,
        row.at,
        row.question_id,
        row.url,
        row.answered_at is not None,
        row.post,
    )
