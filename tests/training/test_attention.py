"""Attention gives what torch's own gives, there and back."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from training.attention import attend


@pytest.mark.parametrize("masked", ["none", "true", "added"])
def test_it_agrees_with_torch(masked: str) -> None:
    torch.manual_seed(0)
    shape = (3, 2, 7, 4)
    counts = torch.ones(3, 1, 7, 7, dtype=torch.bool)
    counts[1, :, :, 5:] = False
    mask = {
        "none": None,
        "true": counts,
        "added": torch.zeros(3, 1, 7, 7).masked_fill(~counts, torch.finfo(torch.float32).min),
    }[masked]
    own = [torch.randn(shape, requires_grad=True) for _ in range(3)]
    theirs = [each.detach().clone().requires_grad_() for each in own]
    weight = torch.randn(3, 7, 2, 4)

    mixed, _ = attend(torch.nn.Identity(), own[0], own[1], own[2], mask)
    expected = scaled_dot_product_attention(
        theirs[0], theirs[1], theirs[2], attn_mask=mask
    ).transpose(1, 2)
    torch.autograd.backward((mixed * weight).sum())
    torch.autograd.backward((expected * weight).sum())

    torch.testing.assert_close(mixed, expected)
    for mine, other in zip(own, theirs, strict=True):
        torch.testing.assert_close(mine.grad, other.grad)


def test_it_refuses_dropout() -> None:
    one = torch.zeros(1, 1, 1, 1)
    with pytest.raises(ValueError, match="knows no dropout"):
        attend(torch.nn.Identity(), one, one, one, None, dropout=0.1)
