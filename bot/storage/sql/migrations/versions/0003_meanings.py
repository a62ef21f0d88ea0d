"""What questions mean, so that those that were not answered are grouped without reading them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the embedding of each question, and which encoder gave it."""
    op.add_column("questions", sa.Column("encoder", sa.String(16)))
    op.add_column("questions", sa.Column("embedding", sa.LargeBinary()))
