"""Readers of random weights: a `CrossEncoder` folder, and a packed one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertForSequenceClassification

from index.encoders.encoder import FloatArray
from index.readers.packed import CONFIG, WEIGHTS, ReaderWeights
from tests.index.encoders.test_exported import tiny

WIDTH, WIDE, POSITIONS = 384, 64, 512


def cross_encoder_folder(folder: Path, labels: int = 1, act: str = "gelu") -> Path:
    """A BERT with a score, or with several, and a vocabulary of letters; it reads 256 tokens."""
    tiny(folder, "mean", {})
    about = folder / "tokenizer_config.json"
    names = {"model_input_names": ["input_ids", "token_type_ids", "attention_mask"]}
    about.write_text(json.dumps(json.loads(about.read_text()) | names))
    config = BertConfig.from_pretrained(folder, num_labels=labels, hidden_act=act)
    torch.manual_seed(1)
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        for name, each in model.named_parameters():
            if each.dim() > 1:
                # Weights of the usual size give all pairs one score.
                each.mul_(10 if "attention" in name else 5)
    model.save_pretrained(folder)
    return folder


def packed_folder(folder: Path) -> Path:
    """One layer over the bundled vocabulary."""
    folder.mkdir(parents=True)
    config = {
        "architectures": ["BertForSequenceClassification"],
        "model_type": "bert",
        "vocab_size": 250_037,
        "hidden_size": WIDTH,
        "intermediate_size": WIDE,
        "num_hidden_layers": 1,
        "num_attention_heads": 12,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2,
    }
    (folder / CONFIG).write_text(json.dumps(config))
    (folder / WEIGHTS).write_bytes(ReaderWeights.of(drawn_tensors()).to_bytes())
    return folder


def drawn_tensors() -> dict[str, FloatArray]:
    """The tensors of a packed reader."""
    drawn = np.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {
        "bert.embeddings.position_embeddings": (POSITIONS, WIDTH),
        "bert.embeddings.token_type_embeddings": (2, WIDTH),
        "bert.pooler.dense": (WIDTH, WIDTH),
        "classifier": (1, WIDTH),
    }
    layer = "bert.encoder.layer.0"
    for name in ("self.query", "self.key", "self.value", "output.dense"):
        shapes[f"{layer}.attention.{name}"] = (WIDTH, WIDTH)
    shapes[f"{layer}.intermediate.dense"] = (WIDE, WIDTH)
    shapes[f"{layer}.output.dense"] = (WIDTH, WIDE)
    tensors = {
        f"{name}.weight": drawn.normal(0, 0.1, shape).astype(np.float32)
        for name, shape in shapes.items()
    }
    for name, shape in shapes.items():
        if not name.startswith("bert.embeddings"):
            tensors[f"{name}.bias"] = np.zeros(shape[0], np.float32)
    for name in ("embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"):
        tensors[f"bert.{name}.LayerNorm.weight"] = np.ones(WIDTH, np.float32)
        tensors[f"bert.{name}.LayerNorm.bias"] = np.zeros(WIDTH, np.float32)
    return tensors
