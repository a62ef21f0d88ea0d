"""Fuzzing of what takes text and files from strangers: `python -m tests.fuzzing`."""
