"""What titles and introductions do for finding a passage: see `__main__`."""
