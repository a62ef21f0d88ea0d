"""The values of a server's settings in words, as its panel and the audit say them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.config import Config
from bot.locales import Phrasebook


def setting_in_words(name: str, value: Any, config: Config, phrases: Phrasebook) -> str:  # noqa: ANN401 - as JSON has it
    """What a setting is.

    Channels and roles are mentions, which show their names.

    Args:
        name: The setting.
        value: Its value, as JSON has it.
        config: Has what the operator chose.
        phrases: For the words.
    """
    if value is None or value == []:
        return _unset(name, config, phrases)
    match name:
        case "language" | "strictness" | "called":
            return phrases(f"settings.{name}.{value}")
        case "digest":
            return phrases(f"settings.digest.{'yes' if value else 'no'}")
        case "retention_days":
            return phrases("settings.days", value=value)
        case "open_channels" | "auto_channels" | "moderators_channel" | "moderator_roles":
            sign = "@&" if name == "moderator_roles" else "#"
            listed: Sequence[int] = value if isinstance(value, list) else [value]
            return ", ".join(f"<{sign}{each}>" for each in listed)
        case _:
            return str(value)


def _unset(name: str, config: Config, phrases: Phrasebook) -> str:
    usual = {
        "strictness": config.questions.strictness.value,
        "questions_a_minute": config.discord.questions_a_minute,
    }
    if name not in usual:
        return phrases(f"settings.{name}.unset")
    # As the operator has it until the server chooses.
    return phrases("settings.unset", value=setting_in_words(name, usual[name], config, phrases))
