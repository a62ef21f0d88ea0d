"""Words for whoever runs the bot: English in the log, their own language in their terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from bot.locales.document_problems import problem_in_words, yaml_problem_in_words
from bot.locales.phrasebook import Phrasebook, phrasebook
from knowledge import CoalitionBotError, DocumentError, Language
from knowledge.located_yaml import YamlError


class Words(str):
    """A phrase of `bot/locales` in English, which `said` says in another language.

    An error or a finding carries it, and whoever shows that knows who reads.

    Attributes:
        key: The phrase.
        values: What its placeholders stand for; words and errors among them are said too.
    """

    key: str
    values: Mapping[str, object]

    def __new__(cls, key: str, **values: object) -> Self:
        """The phrase `key` in English, with its placeholders filled."""
        words = super().__new__(cls, _filled(key, values, phrasebook(Language.ENGLISH)))
        words.key, words.values = key, values
        return words


def said(what: object, phrases: Phrasebook) -> str:
    """Words or an error in a language; what has no words in it stays as it is.

    Errors that come from below `bot/` name their problem and what was seen; in English they are
    said as they were written there.
    """
    if isinstance(what, Words):
        return _filled(what.key, what.values, phrases)
    if phrases.language is not Language.ENGLISH:
        if isinstance(what, DocumentError):
            return problem_in_words(what, phrases)
        if isinstance(what, YamlError):
            return yaml_problem_in_words(what, phrases)
        if isinstance(what, CoalitionBotError) and f"error.{what.problem}" in phrases.phrases:
            return _filled(f"error.{what.problem}", what.fields, phrases)
    if isinstance(what, CoalitionBotError) and what.args and isinstance(what.args[0], Words):
        return said(what.args[0], phrases)
    return str(what)


def _filled(key: str, values: Mapping[str, object], phrases: Phrasebook) -> str:
    return phrases(key, **{name: _value(each, phrases) for name, each in values.items()})


def _value(value: object, phrases: Phrasebook) -> object:
    if isinstance(value, (Words, Exception)):
        return said(value, phrases)
    return phrases.decimal(value, 1) if isinstance(value, float) else value
