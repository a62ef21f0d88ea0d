"""Readers that cannot be: each is named, with what was seen and what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index import Reader, ReaderChoice, ReaderError, open_reader
from index.readers.cross_encoder import CrossEncoderReader
from index.readers.exported import ExportedReader
from index.readers.packed import CONFIG, WEIGHTS
from tests.conftest import ROOT
from tests.index.encoders.test_exported import tiny
from tests.index.readers.made import cross_encoder_folder, packed_folder

pytestmark = pytest.mark.timeout(300)
MAKING = "Making the reader ready; this is done once."


def opened(model: Path, models: Path) -> tuple[Reader | None, list[str]]:
    told: list[str] = []
    return open_reader(ReaderChoice(str(model)), models, told.append), told


def refused(model: Path, models: Path) -> str:
    with pytest.raises(ReaderError) as caught:
        opened(model, models)
    return str(caught.value)


def scored(model: Path, models: Path) -> tuple[str, bytes, list[str]]:
    """The name of an exported reader, what it gives for two passages, and what was told."""
    reader, told = opened(model, models)
    assert isinstance(reader, ExportedReader)
    found = reader.scores("who", ["she did", "he"]).tobytes()
    reader.close()
    return reader.name, found, told


def test_none_is_none(tmp_path: Path) -> None:
    told: list[str] = []
    assert open_reader(ReaderChoice("none"), tmp_path / "models", told.append) is None
    assert told == [] and not (tmp_path / "models").exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path / "nowhere", tmp_path / "models")
    assert "nowhere” does not exist" in said and "`reader.model`" in said


def test_a_hub_that_is_away_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ReaderError, match=r"nobody/nothing” cannot be loaded .* hub"):
        open_reader(ReaderChoice("nobody/nothing"), tmp_path / "models", print)


def test_a_reader_with_two_labels_is_none(tmp_path: Path) -> None:
    folder = cross_encoder_folder(tmp_path / "reader", labels=2)
    assert "gives 2 scores for a passage, expected one" in refused(folder, tmp_path / "models")


def test_an_encoder_is_no_reader(tmp_path: Path) -> None:
    tiny(tmp_path / "parts", "mean", {}).save(str(tmp_path / "encoder"))
    said = refused(tmp_path / "encoder", tmp_path / "models")
    assert "is a BertModel, which has no score for a question and a passage" in said


def test_a_reader_whose_score_was_lost_is_damaged(tmp_path: Path) -> None:
    folder = cross_encoder_folder(tmp_path / "reader")
    tensors = load_file(folder / "model.safetensors")
    del tensors["classifier.weight"]
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    said = refused(folder, tmp_path / "models")
    assert "is damaged: model.safetensors lacks classifier.weight" in said


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_file_that_is_cut_short_is_said(tmp_path: Path, name: str) -> None:
    folder = cross_encoder_folder(tmp_path / "reader")
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    assert "cannot be loaded (" in refused(folder, tmp_path / "models")


def test_one_larger_than_the_memory_is_not_loaded(tmp_path: Path) -> None:
    folder = cross_encoder_folder(tmp_path / "reader")
    with (folder / "more.safetensors").open("wb") as file:
        file.truncate(1 << 40)
    said = refused(folder, tmp_path / "models")
    assert "takes 1048576 MB of memory to load, and" in said and "are free" in said


def test_a_packed_reader_whose_config_is_anothers_is_damaged(tmp_path: Path) -> None:
    folder = packed_folder(tmp_path / "reader")
    config = (folder / CONFIG).read_text()
    for now, other, seen in (
        ('"num_hidden_layers": 1', '"num_hidden_layers": 2', "it has no bert.encoder.layer.1"),
        ('"intermediate_size": 64', '"intermediate_size": 65', "expected (65, 384)"),
        ('"vocab_size": 250037', '"vocab_size": 30522', "its vocabulary is 30522 × 384"),
        ('"hidden_act": "gelu"', '"hidden_act": "silu"', "hidden_act"),
    ):
        (folder / CONFIG).write_text(config.replace(now, other))
        said = refused(folder, tmp_path / "models")
        assert "The packed reader is damaged: " in said and seen in said
    (folder / WEIGHTS).write_bytes(b"nothing")
    assert "The packed reader is damaged" in refused(folder, tmp_path / "models")


def test_what_cannot_be_exported_is_read_by_sentence_transformers(tmp_path: Path) -> None:
    folder = cross_encoder_folder(tmp_path / "reader", act="silu")
    reader, told = opened(folder, tmp_path / "models")
    assert isinstance(reader, CrossEncoderReader)
    assert told[0] == MAKING and "its activation must be gelu or relu, and is silu" in told[1]
    assert np.isfinite(reader.scores("who", ["she", "a " * 600])).all()
    assert opened(folder, tmp_path / "models")[1] == told[1:]


def test_a_damaged_export_is_made_again_and_another_reader_is_another_export(
    tmp_path: Path,
) -> None:
    folder, models = cross_encoder_folder(tmp_path / "reader"), tmp_path / "models"
    name, before, told = scored(folder, models)
    assert told == [MAKING]
    assert scored(folder, models) == (name, before, [])
    (weights,) = models.glob("reader-*/encoder.weights")
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    again, after, told = scored(folder, models)
    assert (again, after) == (name, before)
    assert len(told) == 1 and "encoder.weights has another checksum" in told[0]

    tensors = load_file(folder / "model.safetensors")
    tensors["classifier.bias"] += 1
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    other, _, told = scored(folder, models)
    assert told == [MAKING] and other != name


def test_without_torch_a_folder_is_said_to_need_it(tmp_path: Path) -> None:
    folder = cross_encoder_folder(tmp_path / "reader")
    code = f"""
import sys
sys.modules["torch"] = None
from pathlib import Path
from index import ReaderChoice, ReaderError, open_reader
try:
    open_reader(ReaderChoice({str(folder)!r}), Path({str(tmp_path / "models")!r}), print)
except ReaderError as error:
    print(error)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "cannot be loaded" in ran.stdout and "Traceback" not in ran.stderr
