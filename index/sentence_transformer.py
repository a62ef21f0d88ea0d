"""The encoder that runs any sentence-transformers model."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.bundled import BUNDLED_REVISION, unpack_bundled_model
from index.encoder import BUNDLED, EncoderChoice, FloatArray
from index.errors import EncoderError
from index.quiet import quieten

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 32


class SentenceTransformerEncoder:
    """A sentence-transformers model behind the `Encoder` protocol."""

    def __init__(self, model: SentenceTransformer, name: str, choice: EncoderChoice) -> None:
        self._model = model
        self._query_prompt = choice.query_prompt
        self._passage_prompt = choice.passage_prompt
        self.name = name
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise EncoderError(
                f"The model {choice.model} does not say how long its embeddings are. "
                "Choose a model that gives one embedding for each text."
            )
        self.dimension = dimension

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embeddings of questions: float32 of shape (texts, dimension), rows of length 1."""
        return self._checked(self._model.encode_query(list(texts), **self._how(self._query_prompt)))

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Embeddings of what is searched: float32 (texts, dimension), rows of length 1."""
        how = self._how(self._passage_prompt)
        return self._checked(self._model.encode_document(list(texts), **how))

    @staticmethod
    def _how(prompt: str | None) -> dict[str, Any]:
        how: dict[str, Any] = {
            "batch_size": BATCH,
            "normalize_embeddings": True,
            "show_progress_bar": False,
        }
        return how if prompt is None else {**how, "prompt": prompt}

    def _checked(self, embeddings: object) -> FloatArray:
        array = np.ascontiguousarray(np.asarray(embeddings, np.float32))
        if array.ndim != 2 or array.shape[1] != self.dimension:  # noqa: PLR2004
            raise EncoderError(
                f"The model gave embeddings of shape {array.shape}, expected "
                f"(texts, {self.dimension}). Choose another model under `encoder.model`."
            )
        return array


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
            "the model hub knows while it can be reached."
        ) from error


def _is_folder(model: str) -> bool:
    if Path(model).is_dir():
        return True
    if model.startswith((".", "/", "~")):
        raise EncoderError(
            f"The model folder “{model}” does not exist. Set `encoder.model` to `bundled`, or "
            "to a folder with a sentence-transformers model."
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
