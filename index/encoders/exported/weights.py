"""Taking a sentence-transformers model apart; not imported where a model is served."""

# The modules of transformers have no common type.
# ruff: noqa: ANN401

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from index.encoders.encoder import FloatArray
from index.encoders.exported.errors import refused
from index.encoders.exported.manifest import Pooling
from index.encoders.exported.parts import Layer, Layers, Linear, ModelParts, Norm
from index.encoders.exported.tokenizer import TokenizerSource

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_FAMILIES = ("BertModel", "CamembertModel", "RobertaModel", "XLMRobertaModel")
_ACTIVATIONS = ("gelu", "relu")


def parts_of(model: SentenceTransformer) -> ModelParts:
    """Take a model apart.

    Raises:
        NotExportableError: It is not one that can be exported.
    """
    modules: list[Any] = list(model)
    kinds = [type(module).__name__ for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise refused("modules", "Transformer, Pooling and maybe Normalize", ", ".join(kinds))
    if model.truncate_dim is not None:
        raise refused("embeddings", "whole", f"cut to {model.truncate_dim} numbers")
    transformer, pooling = modules[:2]
    kind = _pooling(pooling)
    core = transformer.auto_model
    check_core(core, transformer)
    layers = layers_of(core)
    return ModelParts(
        tokenizer=TokenizerSource(transformer.tokenizer.backend_tokenizer.to_str()),
        table=floats(core.embeddings.word_embeddings.weight),
        layers=lambda: layers,
        pooling=kind,
        longest=min(int(model.max_seq_length or len(layers.positions)), len(layers.positions)),
    )


def layers_of(core: Any) -> Layers:
    """What lies behind the token table of a BERT or one of its kin."""
    embeddings = core.embeddings
    positions = floats(embeddings.position_embeddings.weight)
    positions = positions + floats(embeddings.token_type_embeddings.weight)[0]
    if type(core).__name__ != "BertModel":
        # The RoBERTa family counts positions from behind the padding token.
        positions = positions[embeddings.padding_idx + 1 :]
    return Layers(
        positions=positions,
        embedding_norm=_norm(embeddings.LayerNorm),
        every=[
            Layer(
                query_key_value=_joined(layer.attention.self),
                attention_out=linear(layer.attention.output.dense),
                attention_norm=_norm(layer.attention.output.LayerNorm),
                up=linear(layer.intermediate.dense),
                down=linear(layer.output.dense),
                output_norm=_norm(layer.output.LayerNorm),
            )
            for layer in core.encoder.layer
        ],
        heads=core.config.num_attention_heads,
        epsilon=core.config.layer_norm_eps,
        activation=core.config.hidden_act,
    )


def _pooling(module: Any) -> Pooling:
    settings = module.get_config_dict()
    mode = settings["pooling_mode"]
    if mode not in ("mean", "cls"):
        raise refused("pooling", "mean or cls", mode)
    if not settings.get("include_prompt", True):
        raise refused("pooling", "over all tokens", "one without the prompt's")
    kind: Pooling = mode
    return kind


def check_core(core: Any, transformer: Any) -> None:
    """See whether a model can be exported.

    Args:
        core: Its layers, a model of transformers.
        transformer: The module of sentence-transformers that they are in.

    Raises:
        NotExportableError: It cannot.
    """
    kind = type(core).__name__
    if kind not in _FAMILIES:
        raise refused("architecture", " or ".join(_FAMILIES), kind)
    if not getattr(transformer.tokenizer, "is_fast", False):
        kind = type(transformer.tokenizer).__name__
        raise refused("tokenizer", "one with a tokenizer.json", kind)
    if getattr(transformer, "do_lower_case", False):
        raise refused("texts", "read as they are", "lower-cased first")
    if core.config.hidden_act not in _ACTIVATIONS:
        raise refused("activation", " or ".join(_ACTIVATIONS), core.config.hidden_act)
    positions = getattr(core.config, "position_embedding_type", None) or "absolute"
    if positions != "absolute":
        raise refused("positions", "absolute", positions)


def floats(tensor: Any) -> FloatArray:
    """A tensor in float32."""
    return np.asarray(tensor.detach().to(torch.float32).cpu().numpy())


def linear(module: Any) -> Linear:
    """A linear module."""
    return Linear(floats(module.weight), floats(module.bias))


def _joined(attention: Any) -> Linear:
    return Linear.joined(
        [linear(each) for each in (attention.query, attention.key, attention.value)]
    )


def _norm(module: Any) -> Norm:
    return Norm(floats(module.weight), floats(module.bias))
