"""The encoder that runs any sentence-transformers model."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoders.bundled import BUNDLED_REVISION
from index.encoders.encoder import BUNDLED, Encoded, EncoderChoice, FloatArray
from index.encoders.quiet import quieten
from index.encoders.unpacking import unpack_bundled_model
from index.encoders.visible import encode_visible
from index.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

BATCH = 32
_LEAST_LENGTH = 1e-9
# The names that sentence-transformers looks for.
_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("document", "passage", "corpus")


class SentenceTransformerEncoder:
    """A sentence-transformers model behind the `Encoder` protocol."""

    def __init__(self, model: SentenceTransformer, name: str, choice: EncoderChoice) -> None:
        self.model = model
        self.query_prompt = _prompt(model, choice.query_prompt, _QUERY_PROMPTS)
        self.passage_prompt = _prompt(model, choice.passage_prompt, _PASSAGE_PROMPTS)
        self.name = name
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise EncoderError(
                f"The model {choice.model} does not say how long its embeddings are. "
                "Choose a model that gives one embedding for each text.",
                "model_without_length",
                model=choice.model,
            )
        self.dimension = dimension

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        """Questions, each as the encoder reads it."""
        encode = partial(self._encode, self.model.encode_query, self.query_prompt)
        return encode_visible(encode, texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Texts that are searched, each as the encoder reads it."""
        encode = partial(self._encode, self.model.encode_document, self.passage_prompt)
        return encode_visible(encode, texts)

    def _encode(
        self, encode: Callable[..., Any], prompt: str, texts: Sequence[str]
    ) -> list[Encoded]:
        outputs = encode(
            list(texts),
            prompt=prompt,
            batch_size=BATCH,
            output_value=None,
            show_progress_bar=False,
        )
        return [
            self._encoded(text, prompt, output) for text, output in zip(texts, outputs, strict=True)
        ]

    def _encoded(self, text: str, prompt: str, output: dict[str, Tensor]) -> Encoded:
        embedding = _array(output["sentence_embedding"])
        tokens = _array(output["token_embeddings"])
        if embedding.shape != (self.dimension,) or tokens.shape[1:] != (self.dimension,):
            raise EncoderError(
                f"The model gave an embedding of shape {embedding.shape} and token vectors of "
                f"shape {tokens.shape}, expected ({self.dimension},) and (tokens, "
                f"{self.dimension}). Choose another model under `encoder.model`."
            )
        # Padding stands on the right, where no offset is asked for.
        read = self.model.tokenizer(
            prompt + text,
            truncation=True,
            max_length=self.model.max_seq_length,
            return_offsets_mapping=True,
        )
        offsets = np.array(read["offset_mapping"], np.int32).reshape(-1, 2) - len(prompt)
        # Markers are empty; a word may take in the blank before it, even the prompt's last.
        own = (offsets[:, 1] > 0) & (offsets[:, 1] > offsets[:, 0])
        length = max(float(np.linalg.norm(embedding)), _LEAST_LENGTH)
        return Encoded(
            np.asarray(embedding / length, np.float32),
            tokens[: len(own)][own],
            np.maximum(offsets[own], 0),
        )


def _prompt(model: SentenceTransformer, chosen: str | None, names: Sequence[str]) -> str:
    """The prompt that was chosen, or else the model's own under the first of `names`."""
    if chosen is not None:
        return chosen
    return next((found for name in names if (found := model.prompts.get(name))), "")


def _array(tensor: Tensor) -> FloatArray:
    return np.asarray(tensor.float().cpu().numpy(), np.float32)


def encoder_name(choice: EncoderChoice) -> str:
    """The name that the chosen encoder will have, without loading it.

    Raises:
        EncoderError: The choice is a folder that is not there.
    """
    if choice.model == BUNDLED:
        identity = f"{BUNDLED}:{BUNDLED_REVISION}"
    elif _is_folder(choice.model):
        identity = f"{Path(choice.model).name}:{_folder_digest(Path(choice.model))}"
    else:
        identity = f"{choice.model}@{choice.revision or 'main'}"
    prompts = [choice.query_prompt, choice.passage_prompt]
    return identity if prompts == [None, None] else f"{identity} {prompts!r}"


def load_sentence_transformer(
    choice: EncoderChoice, models_folder: Path
) -> SentenceTransformerEncoder:
    """Load the chosen model, unpacking the bundled one first where that was not done yet.

    Args:
        choice: Which model.
        models_folder: Where the bundled model is unpacked to; made if missing.

    Raises:
        EncoderError: The model cannot be found or loaded.
        OSError: The bundled model cannot be written.
    """
    if importlib.util.find_spec("sentence_transformers") is None:
        raise EncoderError(
            f"The model “{choice.model}” has to be made ready by sentence-transformers, which is "
            "not installed: the small set-up takes the bundled model alone. Run `pip install .`, "
            "or set `encoder.model` to `bundled`."
        )
    if choice.model != BUNDLED:
        return SentenceTransformerEncoder(_load(choice, choice.model), encoder_name(choice), choice)
    folder = models_folder / BUNDLED_REVISION
    fresh = not folder.exists()
    if fresh:
        _unpack(folder)
    try:
        model = _load(choice, str(folder))
    except EncoderError:
        if fresh:
            raise
        # What was unpacked can be unpacked again; it may have been damaged since.
        shutil.rmtree(folder)
        _unpack(folder)
        model = _load(choice, str(folder))
    return SentenceTransformerEncoder(model, encoder_name(choice), choice)


def _unpack(folder: Path) -> None:
    from safetensors import SafetensorError

    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        unpack_bundled_model(temporary)
        temporary.chmod(0o755)
        temporary.rename(folder)
    except SafetensorError as error:
        # What its writer says of a full disk.
        raise OSError(str(error)) from error
    except OSError:
        # Another process may have been quicker.
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _load(choice: EncoderChoice, source: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    quieten()
    local = _is_folder(source)
    try:
        return SentenceTransformer(
            source, device="cpu", revision=choice.revision, local_files_only=local
        )
    # The libraries below raise whatever their parts raise: HTTP, JSON, safetensors, torch.
    except Exception as error:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        raise EncoderError(
            f"The model “{choice.model}” cannot be loaded ({first_line}). Set `encoder.model` "
            "to `bundled`, to a folder with a sentence-transformers model, or to a name that "
            "the model hub knows while it can be reached.",
            "model_not_loaded",
            model=choice.model,
            reason=first_line,
        ) from error


def _is_folder(model: str) -> bool:
    if Path(model).is_dir():
        return True
    if model.startswith((".", "/", "~")):
        raise EncoderError(
            f"The model folder “{model}” does not exist. Set `encoder.model` to `bundled`, or "
            "to a folder with a sentence-transformers model.",
            "model_folder_missing",
            model=model,
        )
    return False


def _folder_digest(folder: Path) -> str:
    """Tells models apart by their configuration and the sizes of their weights."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder)}:{path.stat().st_size}\n".encode())
        if path.suffix == ".json" and not path.name.startswith("tokenizer"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
