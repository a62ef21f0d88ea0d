"""The tables. `migrations` makes them; a test keeps the two alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment: aware in Python, in UTC where it is kept."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Engines that know time zones keep one."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """From Python."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone, got {value!r}")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:  # noqa: ANN401
        """To Python."""
        del dialect
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


Snowflake = BigInteger()
# In the order of its letters' codes everywhere, whatever language a server sorts by.
Slug = String(200).with_variant(String(200, collation="C"), "postgresql")
# SQLite gives numbers by itself only to a column of exactly this type.
Number = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """All tables."""


class GuildRow:
    """A row that belongs to a guild; deleted with it."""

    guild_id: Mapped[int] = mapped_column(
        Snowflake, ForeignKey("guilds.guild_id", ondelete="CASCADE"), nullable=False
    )


class GuildRecord(Base):
    """A guild of which something is kept."""

    __tablename__ = "guilds"
    guild_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    left_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    digested_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class DocumentRow(GuildRow, Base):
    """A document of a guild."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("documents_by_slug", "guild_id", "slug", unique=True),
        Index("documents_by_sequence", "guild_id", "sequence"),
    )
    id: Mapped[int] = mapped_column(Number, primary_key=True)
    slug: Mapped[str] = mapped_column(Slug)
    version: Mapped[int]
    sequence: Mapped[int] = mapped_column(BigInteger)
    changed: Mapped[dt.datetime] = mapped_column(UtcTime)
    by: Mapped[int | None] = mapped_column("member_id", Snowflake)
    removed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class VersionRow(GuildRow, Base):
    """A version of a document."""

    __tablename__ = "document_versions"
    __table_args__ = (
        Index("versions_by_number", "document_id", "number", unique=True),
        Index("versions_by_guild", "guild_id"),
    )
    id: Mapped[int] = mapped_column(Number, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    number: Mapped[int]
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    by: Mapped[int | None] = mapped_column("member_id", Snowflake)


class EncodingRow(GuildRow, Base):
    """What was encoded of the newest version of a document."""

    __tablename__ = "document_encodings"
    __table_args__ = (Index("encodings_by_guild", "guild_id"),)
    document_id: Mapped[int] = mapped_column(
        Number,
        ForeignKey("documents.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    encoder: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    # As large as many texts; computed from one, and no text.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class SettingRow(GuildRow, Base):
    """A setting that was changed."""

    __tablename__ = "settings"
    guild_id: Mapped[int] = mapped_column(
        Snowflake,
        ForeignKey("guilds.guild_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    key: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class AuditRow(GuildRow, Base):
    """A change."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_by_time", "guild_id", "at"),)
    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    by: Mapped[int | None] = mapped_column("member_id", Snowflake)
    action: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str] = mapped_column(Text)
    old: Mapped[Any] = mapped_column(JSON)
    new: Mapped[Any] = mapped_column(JSON)
    pseudonym: Mapped[str | None] = mapped_column(String(8))


class QuestionRow(GuildRow, Base):
    """A question that was asked."""

    __tablename__ = "questions"
    __table_args__ = (
        Index("questions_by_time", "guild_id", "at"),
        Index("questions_by_text", "guild_id", "folded"),
    )
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    outcome: Mapped[str] = mapped_column(String(10))
    passage: Mapped[str | None] = mapped_column(String(16))
    evidence: Mapped[float]
    milliseconds: Mapped[float]
    channel: Mapped[int] = mapped_column("channel_id", Snowflake)
    surface: Mapped[str] = mapped_column(String(20))
    url: Mapped[str | None] = mapped_column(Text)
    progress: Mapped[str] = mapped_column(String(20))
    # Read where questions are grouped alone: each is as long as three questions.
    encoder: Mapped[str | None] = mapped_column(String(16), deferred=True)
    embedding: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class OpinionRow(GuildRow, Base):
    """What somebody thinks of an answer."""

    __tablename__ = "opinions"
    __table_args__ = (
        Index("opinions_by_question", "question_id"),
        Index("opinions_by_time", "guild_id", "at"),
        Index("opinions_by_voice", "guild_id", "voice"),
    )
    id: Mapped[int] = mapped_column(Number, primary_key=True)
    # Not a foreign key: an opinion may be written before its question, which waits its turn.
    question_id: Mapped[str | None] = mapped_column(String(16))
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    passage: Mapped[str] = mapped_column(String(16))
    helpful: Mapped[bool]
    sought: Mapped[str] = mapped_column(Text)
    # Compared and never read: it says that two opinions are one member's, not whose.
    voice: Mapped[str | None] = mapped_column(String(32), deferred=True)


class PinRow(GuildRow, Base):
    """A question with the passage that was chosen for it."""

    __tablename__ = "pins"
    __table_args__ = (Index("pins_by_text", "guild_id", "folded", unique=True),)
    id: Mapped[int] = mapped_column(Number, primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    passage: Mapped[str] = mapped_column(String(16))
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    by: Mapped[int | None] = mapped_column("member_id", Snowflake)


class RequestRow(GuildRow, Base):
    """A question that waits for the moderators."""

    __tablename__ = "requests"
    __table_args__ = (
        Index("requests_by_guild", "guild_id", "at"),
        Index("requests_by_member", "member_id"),
    )
    id: Mapped[int] = mapped_column(Number, primary_key=True)
    member: Mapped[int | None] = mapped_column("member_id", Snowflake)
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    channel: Mapped[int] = mapped_column("channel_id", Snowflake)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    question_id: Mapped[str | None] = mapped_column(String(16))
    url: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    post: Mapped[int | None] = mapped_column("post_id", Snowflake)


class PreferenceRow(Base):
    """What a member chose."""

    __tablename__ = "preferences"
    member: Mapped[int] = mapped_column(
        "member_id", Snowflake, primary_key=True, autoincrement=False
    )
    language: Mapped[str] = mapped_column(String(2))
