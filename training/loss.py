"""What is minimised: whether a text answers, and where it does.

One bit a pair teaches slowly. Where a text answers, the place of the answer is known too: the same
head that scores the first token scores every token of the text, and those of the answer are to
stand out from the others. No weight is added, so the trained model is an ordinary cross-encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

PLACE_WEIGHT = 0.5
"""What the place counts beside the score; at first it is off by six times as much."""


class ScoreAndPlace(nn.Module):
    """Binary cross-entropy of the score, and cross-entropy of the answer's tokens.

    Attributes:
        model: The cross-encoder.
        fast: Whether products of matrices are computed in bfloat16.
    """

    def __init__(self, model: CrossEncoder, *, fast: bool) -> None:
        super().__init__()
        self.model = model
        self.fast = fast

    def forward(
        self,
        inputs: tuple[Sequence[str], Sequence[str], Sequence[int], Sequence[int]],
        labels: Tensor,
        **_: object,
    ) -> dict[str, Tensor]:
        """The two losses of a batch.

        Args:
            inputs: Questions; texts; where the answers start and end in the texts, in characters.
            labels: float (pairs,): 1 where the text answers.
        """
        questions, texts, starts, ends = inputs
        read = self.model.tokenizer(
            list(questions),
            list(texts),
            padding=True,
            truncation=True,
            max_length=self.model.max_seq_length,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = read.pop("offset_mapping")
        second = torch.tensor(
            [[each == 1 for each in read.sequence_ids(row)] for row in range(len(texts))]
        )
        held = (
            second
            & (offsets[..., 0] < torch.tensor(ends)[:, None])
            & (offsets[..., 1] > torch.tensor(starts)[:, None])
        )
        scores, places = self._scores(dict(read))
        losses = {"score": binary_cross_entropy_with_logits(scores, labels.float())}
        answering = (labels > 0) & held.any(1)
        if answering.any():
            likely = places.masked_fill(~second, -torch.inf)[answering].log_softmax(1)
            own = held[answering]
            mean = likely.masked_fill(~own, 0).sum(1) / own.sum(1)
            losses["place"] = -PLACE_WEIGHT * mean.mean() * answering.float().mean()
        return losses

    def _scores(self, read: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Scores of the pairs, (pairs,), and of all their tokens, (pairs, tokens)."""
        model: Any = self.model.model
        with torch.autocast("cpu", torch.bfloat16, enabled=self.fast):
            states = model.bert(**read).last_hidden_state
            pooled = torch.tanh(model.bert.pooler.dense(states))
            logits = model.classifier(pooled).squeeze(-1).float()
        return logits[:, 0], logits
