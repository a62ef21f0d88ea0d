"""What the bot comes with to know how sure it is."""
