"""Sessions that see one guild alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from sqlalchemy import event
from sqlalchemy.orm import (
    FromStatement,
    ORMExecuteState,
    Session,
    UOWTransaction,
    with_loader_criteria,
)

from bot.storage.errors import IsolationError
from bot.storage.sql.tables import GuildRecord, GuildRow


class GuildSession(Session):
    """Reads and writes rows of one guild; whatever else is asked of it is refused.

    Every ORM statement gets the guild as a condition, and every new row the guild as its
    owner. SQL in words cannot be given a condition, and is not taken.
    """

    def __init__(self, *args: Any, guild: int, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.guild = guild

    def connection(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ANN401
        """Refused: a connection takes any SQL."""
        del args, kwargs
        raise _refused("a connection")

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ANN401
        """Refused: it goes around the check of rows."""
        del args, kwargs
        raise _refused("a bulk write")

    def bulk_insert_mappings(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ANN401
        """Refused: it goes around the check of rows."""
        del args, kwargs
        raise _refused("a bulk write")

    def bulk_update_mappings(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ANN401
        """Refused: it goes around the check of rows."""
        del args, kwargs
        raise _refused("a bulk write")


def _refused(what: str) -> IsolationError:
    return IsolationError(f"a session of one guild was asked for {what}")


@event.listens_for(GuildSession, "do_orm_execute")
def _keep_to_the_guild(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, GuildSession)  # noqa: S101 - what the listener is registered for
    if not state.is_orm_statement or isinstance(state.statement, FromStatement):
        raise _refused("SQL that is not of the ORM")
    if state.is_insert or not (state.is_select or state.is_update or state.is_delete):
        raise _refused("a statement that only adding rows should make")
    if any(not issubclass(each.class_, (GuildRow, GuildRecord)) for each in state.all_mappers):
        raise _refused("rows that belong to no guild")
    if state.is_update and "guild_id" in _assigned(state):
        raise _refused("rows given to another guild")
    guild = session.guild
    for kind in (GuildRow, GuildRecord):
        state.statement = state.statement.options(
            with_loader_criteria(kind, lambda cls: cls.guild_id == guild, include_aliases=True)
        )


def _assigned(state: ORMExecuteState) -> set[str]:
    values: Iterable[Any] = getattr(state.statement, "_values", None) or ()
    return {getattr(each, "key", str(each)) for each in values}


@event.listens_for(GuildSession, "before_flush")
def _check_rows(session: GuildSession, context: UOWTransaction, instances: object) -> None:
    del context, instances
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, (GuildRow, GuildRecord)):
            raise _refused("a row that belongs to no guild")
        if getattr(row, "guild_id", None) is None and row in session.new:
            row.guild_id = session.guild
        if row.guild_id != session.guild:
            raise _refused("a row of another guild")
