"""Trains a reader with sentence-transformers' own trainer; goes on from its last checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.readers.packed import WORDS
from training.attention import NAME, register_attention
from training.batches import InOrder
from training.loss import ScoreAndPlace
from training.pairs import Pair
from training.settings import Settings
from training.start import open_reader

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


def train(
    start: Path, checkpoints: Path, pairs: Sequence[Pair], settings: Settings
) -> CrossEncoder:
    """Train the model in `start` on `pairs`, once each.

    Args:
        start: A `CrossEncoder` folder.
        checkpoints: Where checkpoints are written, and looked for.
        pairs: What is shown, in its order.
        settings: How.

    Returns:
        The trained model.
    """
    import torch
    from datasets import Dataset
    from sentence_transformers.cross_encoder import (
        CrossEncoderTrainer,
        CrossEncoderTrainingArguments,
    )

    # One thread: two wait for each other wherever others want the processor too.
    torch.set_num_threads(1)
    register_attention()
    model = open_reader(start, attn_implementation=NAME)
    for name, parameter in model.named_parameters():
        if name.endswith(WORDS) or _stays(name, settings.frozen):
            parameter.requires_grad = False
    data = Dataset.from_dict(
        {
            "question": [each.question for each in pairs],
            "passage": [each.passage for each in pairs],
            "start": [each.start for each in pairs],
            "end": [each.end for each in pairs],
            "label": [each.label for each in pairs],
        }
    )
    arguments = CrossEncoderTrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=1,
        per_device_train_batch_size=settings.batch,
        learning_rate=settings.rate,
        warmup_steps=0.06,
        lr_scheduler_type="linear",
        weight_decay=0.01,
        seed=settings.seed,
        use_cpu=True,
        bf16=fast_in_bfloat16(),
        batch_sampler=InOrder,
        logging_steps=25,
        save_steps=settings.save_steps,
        save_total_limit=2,
        report_to="none",
        disable_tqdm=True,
        optim="adamw_torch_fused",
    )
    loss = ScoreAndPlace(model, fast=fast_in_bfloat16())
    trainer = CrossEncoderTrainer(model=model, args=arguments, train_dataset=data, loss=loss)
    found = _last_checkpoint(checkpoints)
    trainer.train(resume_from_checkpoint=found)
    return model


def _stays(name: str, frozen: int) -> bool:
    layers = tuple(f"encoder.layer.{number}." for number in range(frozen))
    return frozen > 0 and (".embeddings." in name or any(each in name for each in layers))


def _last_checkpoint(folder: Path) -> str | None:
    from transformers.trainer_utils import get_last_checkpoint

    if not folder.exists():
        return None
    found: str | None = get_last_checkpoint(str(folder))  # type: ignore[no-untyped-call]
    return found


def fast_in_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware."""
    import torch

    amx, avx512 = torch.cpu._is_amx_tile_supported, torch.cpu._is_avx512_bf16_supported  # noqa: SLF001
    return bool(amx() or avx512())
