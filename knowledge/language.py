"""The languages of articles and questions."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """A language that documents are written in and questions are asked in."""

    FRENCH = "fr"
    ENGLISH = "en"

    @property
    def other(self) -> Language:
        """The language that is not this one."""
        return Language.ENGLISH if self is Language.FRENCH else Language.FRENCH
