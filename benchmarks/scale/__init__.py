"""What a PostgreSQL server and several processes give, and what they cost."""
