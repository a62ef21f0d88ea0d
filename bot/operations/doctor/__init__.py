"""Examining everything that can be wrong, and saying for each what to do."""
