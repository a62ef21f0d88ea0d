"""What can go wrong while training."""

from knowledge import CoalitionBotError


class TrainingError(CoalitionBotError):
    """Training cannot go on; the message says why, and what to do."""
