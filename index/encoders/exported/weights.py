"""Taking a sentence-transformers model apart; not imported where a model is served."""

# The modules of transformers have no common type.
# ruff: noqa: ANN401

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from index.encoders.encoder import FloatArray
from index.encoders.exported.errors import NotExportableError
from index.encoders.exported.manifest import Pooling
from index.encoders.exported.parts import Layer, Layers, Linear, ModelParts, Norm

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
        raise _refused("modules", "Transformer, Pooling and maybe Normalize", ", ".join(kinds))
    if model.truncate_dim is not None:
        raise _refused("embeddings", "whole", f"cut to {model.truncate_dim} numbers")
    transformer, pooling = modules[:2]
    kind = _pooling(pooling)
    core = _core(transformer)
    layers = _layers(core)
    return ModelParts(
        tokenizer=transformer.tokenizer.backend_tokenizer.to_str(),
        table=_floats(core.embeddings.word_embeddings.weight),
        layers=lambda: layers,
        pooling=kind,
        longest=min(int(model.max_seq_length or len(layers.positions)), len(layers.positions)),
    )


def _layers(core: Any) -> Layers:
    embeddings = core.embeddings
    positions = _floats(embeddings.position_embeddings.weight)
    positions = positions + _floats(embeddings.token_type_embeddings.weight)[0]
    if type(core).__name__ != "BertModel":
        # The RoBERTa family counts positions from behind the padding token.
        positions = positions[embeddings.padding_idx + 1 :]
    return Layers(
        positions=positions,
        embedding_norm=_norm(embeddings.LayerNorm),
        every=[
            Layer(
                query_key_value=_joined(layer.attention.self),
                attention_out=_linear(layer.attention.output.dense),
                attention_norm=_norm(layer.attention.output.LayerNorm),
                up=_linear(layer.intermediate.dense),
                down=_linear(layer.output.dense),
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
        raise _refused("pooling", "mean or cls", mode)
    if not settings.get("include_prompt", True):
        raise _refused("pooling", "over all tokens", "one without the prompt's")
    kind: Pooling = mode
    return kind


def _core(transformer: Any) -> Any:
    core = transformer.auto_model
    kind = type(core).__name__
    if kind not in _FAMILIES:
        raise _refused("architecture", " or ".join(_FAMILIES), kind)
    if not getattr(transformer.tokenizer, "is_fast", False):
        kind = type(transformer.tokenizer).__name__
        raise _refused("tokenizer", "one with a tokenizer.json", kind)
    if getattr(transformer, "do_lower_case", False):
        raise _refused("texts", "read as they are", "lower-cased first")
    if core.config.hidden_act not in _ACTIVATIONS:
        raise _refused("activation", " or ".join(_ACTIVATIONS), core.config.hidden_act)
    positions = getattr(core.config, "position_embedding_type", None) or "absolute"
    if positions != "absolute":
        raise _refused("positions", "absolute", positions)
    return core


def _refused(part: str, expected: str, found: object) -> NotExportableError:
    return NotExportableError(
        f"The model cannot be exported to ONNX Runtime: its {part} must be {expected}, and "
        f"{'is' if part in {'pooling', 'architecture', 'tokenizer', 'activation'} else 'are'} "
        f"{found}. It can be served by sentence-transformers, which takes more time and memory."
    )


def _floats(tensor: Any) -> FloatArray:
    return np.asarray(tensor.detach().to(torch.float32).cpu().numpy())


def _linear(module: Any) -> Linear:
    return Linear(_floats(module.weight), _floats(module.bias))


def _joined(attention: Any) -> Linear:
    return Linear.joined(
        [_linear(each) for each in (attention.query, attention.key, attention.value)]
    )


def _norm(module: Any) -> Norm:
    return Norm(_floats(module.weight), _floats(module.bias))
