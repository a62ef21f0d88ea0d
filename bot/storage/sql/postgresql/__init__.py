"""A PostgreSQL server, which processes on several machines share."""
