"""Silencing what the model libraries print while they load."""

from __future__ import annotations

import logging as std_logging


def quieten() -> None:
    """Keep progress bars and remarks about the checkpoint off the terminal and the log."""
    from huggingface_hub.utils.tqdm import disable_progress_bars
    from transformers.utils import logging

    disable_progress_bars()
    std_logging.getLogger("sentence_transformers").setLevel(std_logging.WARNING)
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
