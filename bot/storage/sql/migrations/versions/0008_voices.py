"""Whose opinion is whose, so that a member's second one takes the place of the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the pseudonym of each answer's member; opinions of before have none."""
    op.add_column("opinions", sa.Column("voice", sa.String(32)))
    op.create_index("opinions_by_voice", "opinions", ["guild_id", "voice"])
