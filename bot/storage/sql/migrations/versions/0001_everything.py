"""Documents, settings, audit, questions, opinions, pins, requests and preferences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _id() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, primary_key=True)


def _guild(*, key: bool = False) -> sa.Column[int]:
    return sa.Column(
        "guild_id",
        sa.BigInteger(),
        sa.ForeignKey("guilds.guild_id", ondelete="CASCADE"),
        primary_key=key,
        autoincrement=False,
        nullable=False,
    )


def _member() -> sa.Column[int]:
    return sa.Column("member_id", sa.BigInteger())


def _time(name: str, *, nullable: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Text() if length is None else sa.String(length)
    return sa.Column(name, kind, nullable=nullable)


def _needed(name: str, kind: type[sa.types.TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=False)


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "guilds",
        sa.Column("guild_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        _needed("sequence", sa.BigInteger),
        _time("left_at", nullable=True),
    )
    op.create_table(
        "preferences",
        sa.Column("member_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        _text("language", 2),
    )
    op.create_table(
        "documents",
        _id(),
        _guild(),
        sa.Column(
            "slug",
            sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql"),
            nullable=False,
        ),
        _needed("version", sa.Integer),
        _needed("sequence", sa.BigInteger),
        _time("changed"),
        _member(),
        _time("removed_at", nullable=True),
    )
    op.create_index("documents_by_slug", "documents", ["guild_id", "slug"], unique=True)
    op.create_index("documents_by_sequence", "documents", ["guild_id", "sequence"])
    op.create_table(
        "document_versions",
        _id(),
        _guild(),
        sa.Column(
            "document_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            nullable=False,
        ),
        _needed("number", sa.Integer),
        _needed("files", sa.JSON),
        _time("at"),
        _member(),
    )
    op.create_index(
        "versions_by_number", "document_versions", ["document_id", "number"], unique=True
    )
    op.create_index("versions_by_guild", "document_versions", ["guild_id"])
    op.create_table(
        "settings",
        _guild(key=True),
        sa.Column("key", sa.String(50), primary_key=True),
        _needed("value", sa.JSON),
    )
    op.create_table(
        "audit",
        _id(),
        _guild(),
        _time("at"),
        _member(),
        _text("action", 50),
        _text("subject"),
        _needed("old", sa.JSON),
        _needed("new", sa.JSON),
    )
    op.create_index("audit_by_time", "audit", ["guild_id", "at"])
    op.create_table(
        "questions",
        sa.Column("id", sa.String(16), primary_key=True),
        _guild(),
        _time("at"),
        _text("text"),
        _text("folded"),
        _text("language", 2),
        _text("outcome", 10),
        _text("passage", 16, nullable=True),
        _needed("evidence", sa.Double),
        _needed("milliseconds", sa.Double),
        _needed("channel_id", sa.BigInteger),
        _text("surface", 20),
        _text("url", nullable=True),
        _text("progress", 20),
    )
    op.create_index("questions_by_time", "questions", ["guild_id", "at"])
    op.create_index("questions_by_text", "questions", ["guild_id", "folded"])
    op.create_table(
        "opinions",
        _id(),
        _guild(),
        _text("question_id", 16, nullable=True),
        _time("at"),
        _text("passage", 16),
        _needed("helpful", sa.Boolean),
        _text("sought"),
    )
    op.create_index("opinions_by_question", "opinions", ["question_id"])
    op.create_index("opinions_by_time", "opinions", ["guild_id", "at"])
    op.create_table(
        "pins",
        _id(),
        _guild(),
        _text("question"),
        _text("folded"),
        _text("language", 2),
        _text("passage", 16),
        _time("at"),
        _member(),
    )
    op.create_index("pins_by_text", "pins", ["guild_id", "folded"], unique=True)
    op.create_table(
        "requests",
        _id(),
        _guild(),
        _member(),
        _text("text"),
        _text("folded"),
        _text("language", 2),
        _needed("channel_id", sa.BigInteger),
        _time("at"),
        _text("question_id", 16, nullable=True),
        _text("url", nullable=True),
        _time("answered_at", nullable=True),
    )
    op.create_index("requests_by_guild", "requests", ["guild_id", "at"])
    op.create_index("requests_by_member", "requests", ["member_id"])
