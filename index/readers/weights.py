"""Taking a sentence-transformers cross-encoder apart; not imported where one is served."""

# The modules of transformers have no common type.
# ruff: noqa: ANN401

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoders.encoder import FloatArray
from index.encoders.exported.errors import refused
from index.encoders.exported.parts import Head, ModelParts
from index.encoders.exported.tokenizer import TokenizerSource
from index.encoders.exported.weights import check_core, floats, layers_of, linear
from index.readers.parts import ReaderParts

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BERT = "BertForSequenceClassification"
_ROBERTA = (
    "CamembertForSequenceClassification",
    "RobertaForSequenceClassification",
    "XLMRobertaForSequenceClassification",
)
_TYPES = 2


def parts_of(model: CrossEncoder) -> ReaderParts:
    """Take a cross-encoder with one score apart.

    Raises:
        NotExportableError: It is not one that can be exported.
    """
    modules: list[Any] = list(model)
    kinds = [type(module).__name__ for module in modules]
    if kinds != ["Transformer"]:
        raise refused("modules", "one Transformer", ", ".join(kinds))
    transformer = modules[0]
    whole = transformer.auto_model
    kind = type(whole).__name__
    if kind not in {_BERT, *_ROBERTA}:
        raise refused("architecture", " or ".join((_BERT, *_ROBERTA)), kind)
    core = whole.bert if kind == _BERT else whole.roberta
    check_core(core, transformer)
    layers = layers_of(core)
    if kind == _BERT:
        head = Head(linear(core.pooler.dense), linear(whole.classifier))
    else:
        head = Head(linear(whole.classifier.dense), linear(whole.classifier.out_proj))
    read = ModelParts(
        tokenizer=TokenizerSource(transformer.tokenizer.backend_tokenizer.to_str()),
        table=floats(core.embeddings.word_embeddings.weight),
        layers=lambda: layers,
        pooling="cls",
        longest=min(int(model.max_seq_length or len(layers.positions)), len(layers.positions)),
    )
    return ReaderParts(read, lambda: head, _types(core, transformer.tokenizer))


def _types(core: Any, tokenizer: Any) -> FloatArray:
    every = floats(core.embeddings.token_type_embeddings.weight)
    more = np.zeros((_TYPES, every.shape[1]), np.float32)
    if "token_type_ids" in tokenizer.model_input_names:
        more[: len(every)] = every[:_TYPES] - every[0]
    return more
