"""Which message shows a request to the moderators, so that one that was not sent is sent again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add it; requests of before count as sent, by a message that nobody knows."""
    op.add_column("requests", sa.Column("post_id", sa.BigInteger()))
    op.execute("UPDATE requests SET post_id = 0")
