"""What people do with the bot on Discord, one module for each audience."""
