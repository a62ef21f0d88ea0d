"""The reader that runs any sentence-transformers cross-encoder with one score."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoders.encoder import FloatArray
from index.encoders.quiet import quieten
from index.errors import ReaderError
from index.readers.memory import available_memory
from index.readers.reader import BLANK, ReaderChoice, finite_score
from index.readers.windows import question_room, windows
from knowledge.visible import visible

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_CHOOSE = (
    "Set `reader.model` to `bundled`, `none`, a folder with a sentence-transformers CrossEncoder "
    "that gives one score, or a name that the model hub knows while it can be reached."
)
_HEADS = ("ForSequenceClassification", "ForCausalLM")
_WEIGHTS = (".safetensors", ".bin")
_WHOLE = 64 << 20
"""Bytes up to which a file counts as a whole in what tells models apart."""
_SAMPLES = 256
_SAMPLE = 16 << 10


class CrossEncoderReader:
    """A sentence-transformers cross-encoder behind the `Reader` protocol."""

    def __init__(self, model: CrossEncoder, name: str, choice: ReaderChoice) -> None:
        """Wrap a model.

        Raises:
            ReaderError: It gives more scores than one, or its tokens have no places.
        """
        if model.num_labels != 1:
            raise ReaderError(
                f"The reader “{choice.model}” gives {model.num_labels} scores for a passage, "
                f"expected one. {_CHOOSE}"
            )
        self.model = model
        self.name = name
        own = model.prompts.get(model.default_prompt_name or "", "")
        self.prompt: str = (own or "") if choice.prompt is None else choice.prompt
        self._tokenizer: Any = model.tokenizer
        if not getattr(self._tokenizer, "is_fast", False):
            kind = type(self._tokenizer).__name__
            raise ReaderError(
                f"The reader “{choice.model}” splits texts by {kind}, which does not say where "
                f"tokens stand; expected a tokenizer.json. {_CHOOSE}"
            )

    def scores(self, question: str, passages: Sequence[str]) -> FloatArray:
        """How likely each passage answers; see `Reader`."""
        asked = self.prompt + visible(question)
        return np.array([self._score(asked, visible(each)) for each in passages], np.float32)

    def _score(self, question: str, passage: str) -> float:
        from torch.nn import Identity

        if not passage.strip():
            return BLANK
        # One pair at a time: padding would change the last bits.
        found = self.model.predict(
            list(self._windows(question, passage)),
            prompt="",
            batch_size=1,
            show_progress_bar=False,
            activation_fn=Identity(),
        )
        return finite_score(float(np.max(found)), question, passage)

    def _windows(self, question: str, passage: str) -> Iterator[tuple[str, str]]:
        room = self.model.max_seq_length - self._tokenizer.num_special_tokens_to_add(pair=True)
        asked, read = self._places(question), self._places(passage)
        if len(asked) > question_room(room):
            asked = asked[: question_room(room)]
            question = question[: asked[-1][1]]
        for window in windows(len(read), room - len(asked)):
            part = read[window]
            yield question, passage[part[0][0] : part[-1][1]] if part else passage

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Where each token starts and ends."""
        read = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        return list(read["offset_mapping"])


def load_cross_encoder(choice: ReaderChoice, name: str) -> CrossEncoderReader:
    """Load the chosen model.

    Args:
        choice: Which model; neither the bundled one nor none.
        name: Its name.

    Raises:
        ReaderError: It cannot be found or loaded, is no cross-encoder with one score, or is
            larger than the memory.
    """
    folder = folder_of(choice)
    source = str(folder or choice.model)
    if folder is not None:
        _check_memory(choice, folder)
    try:
        from sentence_transformers import CrossEncoder
        from transformers import AutoConfig

        quieten()
        about = AutoConfig.from_pretrained(
            source, revision=choice.revision, local_files_only=folder is not None
        )
        _check_kind(choice, about)
        model: CrossEncoder = CrossEncoder(
            source, device="cpu", revision=choice.revision, local_files_only=folder is not None
        )
    except ReaderError:
        raise
    # The libraries below raise whatever their parts raise: HTTP, JSON, safetensors, torch.
    except Exception as error:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        raise ReaderError(
            f"The reader “{choice.model}” cannot be loaded ({first_line}). {_CHOOSE}"
        ) from error
    if folder is not None:
        _check_head(choice, folder, model)
    return CrossEncoderReader(model, name, choice)


def folder_of(choice: ReaderChoice) -> Path | None:
    """The folder that is chosen, or None for a name of the hub.

    Raises:
        ReaderError: The choice is a folder that is not there.
    """
    folder = Path(choice.model).expanduser()
    if folder.is_dir():
        return folder
    if choice.model.startswith((".", "/", "~")):
        raise ReaderError(f"The reader's folder “{choice.model}” does not exist. {_CHOOSE}")
    return None


def folder_digest(folder: Path) -> str:
    """Tells readers apart by their files: the large ones by samples of what is in them."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        if path.suffix == ".md":
            continue
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder)}:{size}\n".encode())
        with path.open("rb") as file:
            if size <= _WHOLE:
                digest.update(file.read())
                continue
            for number in range(_SAMPLES):
                file.seek(number * (size - _SAMPLE) // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE))
    return digest.hexdigest()[:16]


def _check_memory(choice: ReaderChoice, folder: Path) -> None:
    needed = sum(each.stat().st_size for each in folder.iterdir() if each.suffix in _WEIGHTS)
    free = available_memory()
    if free is not None and needed > free:
        raise ReaderError(
            f"The reader “{choice.model}” takes {needed >> 20} MB of memory to load, and "
            f"{free >> 20} MB are free. Choose a smaller one under `reader.model`, or none."
        )


def _check_kind(choice: ReaderChoice, about: Any) -> None:  # noqa: ANN401 - any config
    kinds = about.architectures or []
    if kinds and not any(each.endswith(_HEADS) for each in kinds):
        raise ReaderError(
            f"The model “{choice.model}” is a {', '.join(kinds)}, which has no score for a "
            f"question and a passage. {_CHOOSE}"
        )


def _check_head(choice: ReaderChoice, folder: Path, model: CrossEncoder) -> None:
    """Transformers draws at random what a file lacks, and only mentions it."""
    from safetensors import safe_open

    path, whole = folder / "model.safetensors", model.model
    if whole is None or not path.is_file():
        return
    with safe_open(path, "pt") as file:
        there = set(file.keys())
    inside = f"{whole.base_model_prefix}."
    lacking = [
        name
        for name, _ in whole.named_parameters()
        if not name.startswith(inside) and name not in there
    ]
    if lacking:
        raise ReaderError(
            f"The reader “{choice.model}” is damaged: {path.name} lacks {', '.join(lacking)}. "
            f"{_CHOOSE}"
        )
