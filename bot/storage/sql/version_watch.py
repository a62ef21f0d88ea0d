"""A process that runs while a newer version of the bot changes the tables.

It goes on answering from what it has, so that processes can be updated one after another; it
writes nothing, since it does not know what its rows would mean in the new tables.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.sql.schema import refusal, version_now

log = logging.getLogger(__name__)


class VersionWatch:
    """Asks for the version of the tables in every transaction that writes."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Watch the transactions that have the execution option `of_this_version`."""
        self._said = False
        event.listen(engine.sync_engine, "begin", self._begin)

    def look(self, connection: Connection) -> None:
        """Let the log say once that the tables are no longer of this version, or are again.

        Raises:
            StorageError: They are not.
        """
        refused = refusal(version_now(connection))
        if refused is None:
            self._said = False
            return
        if not self._said:
            self._said = True
            log.error("Nothing is written any more; answers go on from what is here. %s", refused)
        raise refused

    def _begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get("of_this_version"):
            self.look(connection)
