"""What stands in the audit for a moderator who wished to be forgotten, to tell two apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add it; those who were forgotten before have none."""
    op.add_column("audit", sa.Column("pseudonym", sa.String(8)))
