"""What the operator chose: `config.yaml`, the token, the shards."""

from bot.config.database import DatabaseServer
from bot.config.reading import read_config
from bot.config.settings import Config

__all__ = ["Config", "DatabaseServer", "read_config"]
