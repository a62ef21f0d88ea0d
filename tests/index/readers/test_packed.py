"""A reader is packed into a few megabytes and comes back nearly as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from index.errors import ReaderError
from index.readers.packed import CONFIG, WEIGHTS, WORDS, PackedReader, ReaderWeights


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    drawn = np.random.default_rng(0)
    tensors: dict[str, npt.NDArray[np.floating[Any]]] = {
        WORDS: np.zeros((9, 8), np.float32),
        "bert.encoder.layer.0.output.dense.weight": drawn.normal(0, 0.05, (64, 32)),
        "bert.encoder.layer.0.output.dense.bias": drawn.normal(0, 0.05, 64),
        "bert.embeddings.token_type_embeddings.weight": np.zeros((2, 8)),
        "classifier.weight": drawn.normal(0, 0.05, (1, 8)),
    }
    weights = ReaderWeights.of({name: each.astype(np.float32) for name, each in tensors.items()})
    (tmp_path / WEIGHTS).write_bytes(weights.to_bytes())
    (tmp_path / CONFIG).write_text("{}")
    return tmp_path


def test_weights_come_back_to_half_a_step_and_the_vocabulary_is_left_out(packed: Path) -> None:
    named = dict(PackedReader.read(packed).weights.named())
    drawn = np.random.default_rng(0)
    matrix = drawn.normal(0, 0.05, (64, 32)).astype(np.float32)
    bias = drawn.normal(0, 0.05, 64).astype(np.float32)
    found = named["bert.encoder.layer.0.output.dense.weight"]
    steps = np.abs(matrix).max(1, keepdims=True) / 127
    assert (np.abs(found - matrix) <= steps * 0.5001).all()
    assert (named["bert.encoder.layer.0.output.dense.bias"] == bias).all()
    assert not named["bert.embeddings.token_type_embeddings.weight"].any()
    assert WORDS not in named
    assert len(named) == 4


def test_weights_that_come_back_are_packed_to_the_same_bytes(packed: Path) -> None:
    weights = PackedReader.read(packed).weights
    assert ReaderWeights.of(dict(weights.named())).to_bytes() == weights.to_bytes()


def test_a_file_that_is_cut_short_is_called_damaged(packed: Path) -> None:
    whole = (packed / WEIGHTS).read_bytes()
    (packed / WEIGHTS).write_bytes(whole[:-9])
    with pytest.raises(ReaderError, match="The packed reader is damaged"):
        PackedReader.read(packed)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_file_that_is_missing_is_named(packed: Path, name: str) -> None:
    (packed / name).unlink()
    with pytest.raises(ReaderError, match=f"lacks .*{name}"):
        PackedReader.read(packed)
