"""What the operator chose: `config.yaml`, the token, the shards."""

from bot.config.settings import Config, DatabaseServer, read_config

__all__ = ["Config", "DatabaseServer", "read_config"]
