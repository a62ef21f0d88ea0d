"""The encoder that answers: made ready once, mended where it was damaged."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from index import Encoder, EncoderChoice, open_encoder
from index.encoders.bundled import BUNDLED_REVISION
from index.encoders.exported.encoder import ExportedEncoder
from index.encoders.opening import refusal_of
from index.encoders.sentence_transformer import (
    SentenceTransformerEncoder,
    load_sentence_transformer,
)
from tests.conftest import ROOT
from tests.index.encoders.test_exported import tiny


@pytest.fixture
def models(tmp_path: Path, pytestconfig: pytest.Config, real_encoder: ExportedEncoder) -> Path:
    """A copy of the exported model alone."""
    del real_encoder
    folder = tmp_path / "models"
    (export,) = pytestconfig.cache.mkdir("models").glob("exported-*")
    shutil.copytree(export, folder / export.name)
    return folder


def test_what_was_exported_is_opened_without_a_word(models: Path) -> None:
    told: list[str] = []
    encoder = open_encoder(EncoderChoice(), models, told.append)
    assert isinstance(encoder, ExportedEncoder)
    encoder.close()
    assert told == []


def test_a_damaged_export_is_mended_and_what_a_crash_left_is_removed(tmp_path: Path) -> None:
    tiny(tmp_path / "parts", "mean", {}).save(str(tmp_path / "model"))
    models = tmp_path / "models"
    encoder, _ = opened(tmp_path / "model", models)
    assert isinstance(encoder, ExportedEncoder)
    encoder.close()
    (weights,) = models.glob("exported-*/encoder.weights")
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    left = models / f".{weights.parent.name}.crashed"
    left.mkdir()
    encoder, told = opened(tmp_path / "model", models)
    assert isinstance(encoder, ExportedEncoder)
    encoder.close()
    assert len(told) == 1 and "encoder.weights has another checksum" in told[0]
    assert [each.name for each in models.iterdir() if each.is_dir()] == [weights.parent.name]


MAKING = "Making the model ready; this is done once."


def opened(model: Path, models: Path) -> tuple[Encoder, list[str]]:
    """The encoder of a model's folder, and what was told meanwhile."""
    told: list[str] = []
    return open_encoder(EncoderChoice(model=str(model)), models, told.append), told


def test_a_refusal_is_remembered_until_what_refused_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny(tmp_path / "parts", "max", {}).save(str(tmp_path / "model"))
    models = tmp_path / "models"
    encoder, told = opened(tmp_path / "model", models)
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert told[0] == MAKING and "its pooling must be mean or cls" in told[1]
    assert opened(tmp_path / "model", models)[1] == told[1:]
    choice = EncoderChoice(model=str(tmp_path / "model"))
    assert refusal_of(choice, models) == told[1]
    (marker,) = models.glob("*.refused")
    # As versions wrote it that did not say who they were.
    marker.write_text("Models are not what they were.\n")
    assert opened(tmp_path / "model", models)[1] == told
    version = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "99" if name == "onnxruntime" else version(name)
    )
    assert refusal_of(choice, models) is None
    assert opened(tmp_path / "model", models)[1] == told
    assert opened(tmp_path / "model", models)[1] == told[1:]


def test_a_model_that_two_processes_unpack_at_once_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"

    def unpack(folder: Path) -> None:
        # The other process is quicker.
        for each in (folder, models / BUNDLED_REVISION):
            tiny(tmp_path / "parts", "mean", {}).save(str(each))

    monkeypatch.setattr("index.encoders.sentence_transformer.unpack_bundled_model", unpack)
    assert load_sentence_transformer(EncoderChoice(), models).dimension == 64
    assert [each.name for each in models.iterdir()] == [BUNDLED_REVISION]


def test_what_was_refused_is_served_by_an_upgrade_that_can(tmp_path: Path) -> None:
    tiny(tmp_path / "parts", "mean", {}).save(str(tmp_path / "model"))
    models = tmp_path / "models"
    encoder, _ = opened(tmp_path / "model", models)
    assert isinstance(encoder, ExportedEncoder)
    encoder.close()
    (export,) = models.glob("exported-*")
    shutil.rmtree(export)
    marker = export.with_suffix(".refused")
    marker.write_text('{"reason": "Too new.", "by": {"onnxruntime": "1.0"}}')
    encoder, told = opened(tmp_path / "model", models)
    assert isinstance(encoder, ExportedEncoder)
    encoder.close()
    assert told == [MAKING]
    assert not marker.exists()


def test_the_bundled_model_is_made_ready_without_torch(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from index import EncoderChoice, open_encoder
encoder = open_encoder(EncoderChoice(), Path({str(tmp_path)!r}), print)
print(len(encoder.encode_queries(["Qui ?"])))
print([name for name in ("torch", "transformers", "sentence_transformers") if name in sys.modules])
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"{MAKING}\n1\n[]\n"


def test_answering_imports_no_torch(models: Path, index_folder: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from index import EncoderChoice, Index, open_encoder
from knowledge import Language
encoder = open_encoder(EncoderChoice(), Path({str(models)!r}), print)
index = Index.open(Path({str(index_folder)!r}), encoder)
print(index.search("Who is Lina Khan?", Language.ENGLISH).matches[0].passage.number)
print([name for name in ("torch", "transformers", "sentence_transformers", "onnx")
       if name in sys.modules])
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "8\n[]\n"


def test_nobody_is_told_that_the_model_is_used(models: Path, tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from index import EncoderChoice, open_encoder
open_encoder(EncoderChoice(), Path({str(models)!r}), print).encode_queries(["Who?"])
"""
    home = tmp_path / "home"
    home.mkdir()
    places = {name: str(home) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=True,
    )
    # Its telemetry keeps what it has to send, and an id of the device, in the user's folders.
    assert ran.stderr == ""
    assert list(home.rglob("*")) == []
