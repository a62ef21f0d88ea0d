"""How the bot carries load: an open loop of questions against the stand-in for Discord."""
