"""The scenarios' bot and stand-in for Discord."""

from tests.scenarios.conftest import config, discord, house

__all__ = ["config", "discord", "house"]
