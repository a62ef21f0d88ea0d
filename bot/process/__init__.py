"""This process: its threads, its memory, its end."""
