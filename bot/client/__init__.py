"""The connection to Discord: events in, answers out, shards, load, failures."""
