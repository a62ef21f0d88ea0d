"""Knowing when there is no answer, and how sure an answer is."""
