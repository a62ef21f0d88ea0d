"""What moderators use, measured."""
