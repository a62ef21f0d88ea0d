"""When a server got its last digest, so that it gets one a week and not one a start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the time of the last digest."""
    op.add_column("guilds", sa.Column("digested_at", sa.DateTime(timezone=True)))
