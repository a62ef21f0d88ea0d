"""How the reader is trained."""

from __future__ import annotations

from dataclasses import dataclass

from training.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training run depends on.

    Attributes:
        layers: Which of the encoder's layers the reader keeps.
        rounds: How often each question is shown with its own passage.
        in_parts: How many rounds, the first ones, show a sentence or two in place of a passage.
        seed: What is drawn by chance.
        fraction: The share of the documents that are used, for a rehearsal.
        batch: Pairs in a step.
        rate: The highest learning rate.
        save_steps: Steps between two checkpoints.
        begin: The folder of a trained reader that it goes on from, of the same layers; None
            begins with the encoder's.
        frozen: How many layers, the first ones, stay as they are; with them the embeddings do.
    """

    layers: tuple[int, ...] = (0, 1, 2, 3, 10, 11)
    rounds: int = 5
    in_parts: int = 4
    seed: int = 0
    fraction: float = 1.0
    batch: int = 32
    rate: float = 2.5e-4
    save_steps: int = 100
    begin: str | None = None
    frozen: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.fraction <= 1:
            raise TrainingError(
                f"The fraction is {self.fraction}; expected more than 0, at most 1."
            )
        if self.rounds < 1:
            raise TrainingError(f"There are to be {self.rounds} rounds; expected 1 or more.")
        if not 0 <= self.in_parts <= self.rounds:
            raise TrainingError(
                f"Of {self.rounds} rounds {self.in_parts} are to show parts; expected 0 to all."
            )
        if not self.layers or sorted(set(self.layers)) != list(self.layers):
            raise TrainingError(f"The layers are {self.layers}; expected some, from the first up.")
