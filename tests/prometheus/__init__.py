"""A real Prometheus that scrapes the real bot, and is asked what the dashboard asks."""
