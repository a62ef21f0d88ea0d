"""The encoder that answers: made ready once, mended where it was damaged."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index import EncoderChoice, open_encoder
from index.bundled import BUNDLED_REVISION
from index.exported import ExportedEncoder
from tests.conftest import ROOT


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


def test_a_damaged_export_is_mended_and_what_it_was_made_of_is_removed(models: Path) -> None:
    (weights,) = models.glob("*/encoder.weights")
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    left = models / f".{weights.parent.name}.crashed"
    left.mkdir()
    told: list[str] = []
    encoder = open_encoder(EncoderChoice(), models, told.append)
    assert isinstance(encoder, ExportedEncoder)
    encoder.close()
    assert len(told) == 1 and "encoder.weights has another checksum" in told[0]
    assert not left.exists()
    assert not (models / BUNDLED_REVISION).exists()


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
