"""A server tells whoever listens that a guild's sequence has grown."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Ring with every change of a sequence; a file has nobody to tell."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("""
        CREATE FUNCTION ring() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('guild_changed', COALESCE(NEW.guild_id, OLD.guild_id)::text);
            RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER ring AFTER INSERT OR DELETE OR UPDATE OF sequence ON guilds
        FOR EACH ROW EXECUTE FUNCTION ring()
    """)
