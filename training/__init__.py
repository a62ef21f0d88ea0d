"""Trains the reader: a cross-encoder that decides whether a passage answers a question."""
