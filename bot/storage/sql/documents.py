"""The documents of a guild."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    delete,
    func,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.errors import ConflictError
from bot.storage.records import REMOVAL, Action, DocumentState, DocumentVersion
from bot.storage.sql.database import advance, batched
from bot.storage.sql.part import GuildPart
from bot.storage.sql.tables import DocumentRow, EncodingRow, VersionRow
from index.building.encodings import EncodedDocument


class SqlDocuments(GuildPart):
    """Implements `Documents`."""

    async def every(self) -> tuple[DocumentState, ...]:
        """All documents that are not removed."""
        return await self._states(DocumentRow.removed_at.is_(None), DocumentRow.slug)

    async def slugs(self) -> tuple[str, ...]:
        """The slugs of all documents that are not removed."""
        wanted = select(DocumentRow.slug).where(DocumentRow.removed_at.is_(None))
        async with self._reading() as session:
            return tuple(await session.scalars(wanted.order_by(DocumentRow.slug)))

    async def removed(self) -> tuple[DocumentState, ...]:
        """Those that can be brought back."""
        since = self._database.clock() - REMOVAL
        return await self._states(DocumentRow.removed_at > since, DocumentRow.removed_at.desc())

    async def count(self) -> int:
        """How many are not removed."""
        wanted = select(func.count(DocumentRow.id)).where(DocumentRow.removed_at.is_(None))
        async with self._reading() as session:
            return await session.scalar(wanted) or 0

    async def newest(self, slug: str) -> DocumentVersion | None:
        """The newest version of a document that is not removed."""
        return next(iter(await self.newest_of([slug])), None)

    async def newest_of(self, slugs: Collection[str]) -> tuple[DocumentVersion, ...]:
        """The newest versions of several documents, without those that are removed."""
        read: list[DocumentVersion] = []
        async with self._reading() as session:
            for some in batched(sorted(slugs)):
                read += [DocumentVersion(*each) for each in await session.execute(_newest(some))]
        return tuple(read)

    async def version(self, slug: str, number: int) -> DocumentVersion | None:
        """One version."""
        async with self._reading() as session:
            row = await _row(session, slug)
            return None if row is None else await _version(session, row, number)

    async def history(self, slug: str) -> tuple[DocumentVersion, ...]:
        """All versions without their files."""
        wanted = (
            select(VersionRow.number, VersionRow.at, VersionRow.by)
            .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
            .where(DocumentRow.slug == slug)
            .order_by(VersionRow.number.desc())
        )
        async with self._reading() as session:
            found = await session.execute(wanted)
            return tuple(DocumentVersion(slug, number, {}, at, by) for number, at, by in found)

    async def put(
        self,
        slug: str,
        files: Mapping[str, str],
        *,
        by: int,
        expected: int,
        encoded: EncodedDocument | None = None,
    ) -> DocumentVersion:
        """Write a new version."""
        async with self._writing() as session:
            row = await _row(session, slug)
            _expect(slug, row, expected)
            added = row is None or row.removed_at is not None
            action = Action.DOCUMENT_ADDED if added else Action.DOCUMENT_EDITED
            return await self._write(session, slug, row, files, encoded, by=by, action=action)

    async def remove(self, slug: str, *, by: int, expected: int) -> DocumentState:
        """Remove a document."""
        async with self._writing() as session:
            row = await _row(session, slug)
            _expect(slug, row, expected)
            if row is None or row.removed_at is not None:
                raise ConflictError(slug, expected, 0)
            await self._change(session, row, by)
            row.removed_at = row.changed
            await _keep_encoded(session, row, None)
            self._note(session, Action.DOCUMENT_REMOVED, slug, by=by, old=row.version)
            return _state(row)

    async def bring_back(
        self, slug: str, *, by: int, encoded: EncodedDocument | None = None
    ) -> DocumentState | None:
        """Undo a removal."""
        async with self._writing() as session:
            row = await _row(session, slug)
            since = self._database.clock() - REMOVAL
            if row is None or row.removed_at is None or row.removed_at <= since:
                return None
            row.removed_at = None
            await self._change(session, row, by)
            await _keep_encoded(session, row, encoded)
            self._note(session, Action.DOCUMENT_BROUGHT_BACK, slug, by=by, new=row.version)
            return _state(row)

    async def restore(
        self,
        slug: str,
        number: int,
        *,
        by: int,
        expected: int,
        encoded: EncodedDocument | None = None,
    ) -> DocumentVersion | None:
        """Make an earlier version the newest again."""
        async with self._writing() as session:
            row = await _row(session, slug)
            _expect(slug, row, expected)
            earlier = None if row is None else await _version(session, row, number)
            if earlier is None:
                return None
            return await self._write(
                session,
                slug,
                row,
                earlier.files,
                encoded,
                by=by,
                action=Action.DOCUMENT_RESTORED,
                restored=number,
            )

    async def encoded_of(self, versions: Mapping[str, int]) -> Mapping[str, EncodedDocument]:
        """What is kept of these versions."""
        row = EncodingRow
        read = {}
        async with self._reading() as session:
            for some in batched(versions.items()):
                wanted = (
                    select(DocumentRow.slug, row.encoder, row.sha256, row.content)
                    .join(DocumentRow, DocumentRow.id == row.document_id)
                    .where(_are_newest(some))
                )
                for slug, encoder, sha256, content in await session.execute(wanted):
                    read[slug] = EncodedDocument(encoder, sha256, content)
        return read

    async def keep_encoded(
        self, versions: Mapping[str, int], encoded: Mapping[str, EncodedDocument]
    ) -> None:
        """Keep what was encoded of these versions."""
        async with self._writing() as session:
            kept = False
            for some in batched(versions.items()):
                for row in await session.scalars(select(DocumentRow).where(_are_newest(some))):
                    await _keep_encoded(session, row, encoded[row.slug])
                    kept = True
            if not kept:
                # Nothing may be left of a guild that was erased meanwhile.
                await session.rollback()

    async def changes_since(self, sequence: int) -> tuple[DocumentState, ...]:
        """Documents that were changed after `sequence`."""
        return await self._states(DocumentRow.sequence > sequence, DocumentRow.sequence)

    async def _states(
        self, among: ColumnElement[bool], order: SQLColumnExpression[Any]
    ) -> tuple[DocumentState, ...]:
        # Columns and not rows: objects for ten thousand documents would hold up everybody else.
        row = DocumentRow
        removed = row.removed_at.is_not(None)
        wanted = select(row.slug, row.version, row.sequence, row.changed, row.by, removed)
        async with self._reading() as session:
            found = await session.execute(wanted.where(among).order_by(order))
            return tuple(DocumentState(*each) for each in found)

    async def _write(
        self,
        session: AsyncSession,
        slug: str,
        row: DocumentRow | None,
        files: Mapping[str, str],
        encoded: EncodedDocument | None,
        *,
        by: int,
        action: Action,
        restored: int | None = None,
    ) -> DocumentVersion:
        before = None
        if row is None:
            row = DocumentRow(slug=slug, version=0, sequence=0)
        elif row.removed_at is None:
            before = row.version
        row.version += 1
        row.removed_at = None
        await self._change(session, row, by)
        session.add(row)
        await session.flush()
        version = DocumentVersion(slug, row.version, dict(files), row.changed, by)
        session.add(
            VersionRow(
                document_id=row.id, number=row.version, files=version.files, at=version.at, by=by
            )
        )
        await _keep_encoded(session, row, encoded)
        new = row.version if restored is None else {"version": row.version, "as": restored}
        self._note(session, action, slug, by=by, old=before, new=new)
        return version

    async def _change(self, session: AsyncSession, row: DocumentRow, by: int) -> None:
        row.sequence = await advance(session)
        row.changed = self._database.clock()
        row.by = by


def _expect(slug: str, row: DocumentRow | None, expected: int) -> None:
    found = 0 if row is None or row.removed_at is not None else row.version
    if found != expected:
        raise ConflictError(slug, expected, found)


async def _row(session: AsyncSession, slug: str) -> DocumentRow | None:
    found: DocumentRow | None = await session.scalar(
        select(DocumentRow).where(DocumentRow.slug == slug)
    )
    return found


async def _version(
    session: AsyncSession, document: DocumentRow, number: int
) -> DocumentVersion | None:
    row = await session.scalar(
        select(VersionRow).where(VersionRow.document_id == document.id, VersionRow.number == number)
    )
    if row is None:
        return None
    return DocumentVersion(document.slug, row.number, row.files, row.at, row.by)


async def _keep_encoded(
    session: AsyncSession, document: DocumentRow, encoded: EncodedDocument | None
) -> None:
    """Keep what was encoded of a document in place of what is kept of it."""
    await session.execute(delete(EncodingRow).where(EncodingRow.document_id == document.id))
    if encoded is not None:
        session.add(
            EncodingRow(
                document_id=document.id,
                encoder=encoded.encoder,
                sha256=encoded.sha256,
                content=encoded.content,
            )
        )


def _are_newest(versions: Sequence[tuple[str, int]]) -> ColumnElement[bool]:
    """Whether a document that is not removed has the version that its slug comes with."""
    named = tuple_(DocumentRow.slug, DocumentRow.version).in_(versions)
    return and_(DocumentRow.removed_at.is_(None), named)


def _newest(
    slugs: Sequence[str],
) -> Select[str, int, dict[str, str], dt.datetime, int | None]:
    """What the newest versions are made of, in the order of their slugs."""
    version = VersionRow
    return (
        select(DocumentRow.slug, version.number, version.files, version.at, version.by)
        .join(DocumentRow, DocumentRow.id == version.document_id)
        .where(DocumentRow.slug.in_(slugs), DocumentRow.removed_at.is_(None))
        .where(version.number == DocumentRow.version)
        .order_by(DocumentRow.slug)
    )


def _state(row: DocumentRow) -> DocumentState:
    removed = row.removed_at is not None
    return DocumentState(row.slug, row.version, row.sequence, row.changed, row.by, removed)
