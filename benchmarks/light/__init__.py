"""How light the bot is, beside an earlier version of itself."""
