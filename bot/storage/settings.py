"""The settings of a guild, which its moderators change."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypedDict

from pydantic import BaseModel, ConfigDict, Field

from index import Strictness
from knowledge import Language

LONGEST_LIST = 25
"""Channels or roles in a setting: as many as a select of Discord takes."""
_Ids = Annotated[tuple[int, ...], Field(max_length=LONGEST_LIST)]


class DocumentWord(StrEnum):
    """What a guild calls what the bot quotes."""

    ARTICLES = "articles"
    RULES = "rules"
    STATUTES = "statutes"
    DOCUMENTS = "documents"


class GuildSettings(BaseModel):
    """What moderators of a guild chose.

    Attributes:
        language: The language of what surrounds answers that everybody sees; None takes the
            guild's own.
        open_channels: The channels in which the bot answers; empty stands for all.
        auto_channels: The channels in which it answers questions that are not put to it.
        strictness: How sure it must be; None takes the operator's.
        questions_a_minute: How many questions a member may ask; None takes the operator's.
        moderators_channel: Where members' requests and digests go.
        moderator_roles: Roles that may use the moderators' commands beside those who have
            the permission.
        retention_days: How long questions are kept.
        digest: Whether a digest is posted every week.
        called: What the documents are called.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    language: Language | None = None
    open_channels: _Ids = ()
    auto_channels: _Ids = ()
    strictness: Strictness | None = None
    questions_a_minute: Annotated[int, Field(ge=1, le=1000)] | None = None
    moderators_channel: int | None = None
    moderator_roles: _Ids = ()
    retention_days: Annotated[int, Field(ge=1, le=730)] = 90
    digest: bool = False
    called: DocumentWord = DocumentWord.ARTICLES


class SettingChanges(TypedDict, total=False):
    """Settings to change, by name; those left out stay as they are."""

    language: Language | None
    open_channels: tuple[int, ...]
    auto_channels: tuple[int, ...]
    strictness: Strictness | None
    questions_a_minute: int | None
    moderators_channel: int | None
    moderator_roles: tuple[int, ...]
    retention_days: int
    digest: bool
    called: DocumentWord
