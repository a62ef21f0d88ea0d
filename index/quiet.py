"""Silencing what the model libraries print while they load."""

from __future__ import annotations


def quieten() -> None:
    """Keep progress bars and remarks about the checkpoint off the terminal."""
    from huggingface_hub.utils.tqdm import disable_progress_bars
    from transformers.utils import logging

    disable_progress_bars()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
