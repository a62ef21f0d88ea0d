"""A whole training run on a fiftieth of the documents, and the command's complaints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch.nn.functional import binary_cross_entropy

from index.readers.packed import CARD, CONFIG, WEIGHTS, WORDS, PackedReader
from training.__main__ import main
from training.loss import ScoreAndPlace
from training.run import FIGURES
from training.start import open_reader

# Two layers: what a run does is the same for six, and the suite runs on slow machines.
SMALL = ("--fraction", "0.02", "--rounds", "2", "--in-parts", "1", "--layers", "0", "11")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    assert main(["--out", str(folder), *SMALL]) == 0
    return folder


def test_a_run_writes_a_cross_encoder_that_scores_pairs(out: Path) -> None:
    model = open_reader(out / "reader")
    assert model.num_labels == 1
    scores = model.predict([("when?", "At nine."), ("quand ?", "À neuf heures.")])
    assert scores.shape == (2,)
    assert ((scores > 0) & (scores < 1)).all()


def test_the_layers_were_trained_and_the_vocabulary_was_not(out: Path) -> None:
    before, after = (load_file(out / each / "model.safetensors") for each in ("start", "reader"))
    assert set(before) == set(after)
    same = {name for name in before if (before[name] == after[name]).all()}
    assert WORDS in same
    assert not [each for each in same if each.endswith("dense.weight")]


def test_a_run_goes_on_from_a_trained_reader_and_keeps_frozen_layers(
    out: Path, tmp_path: Path
) -> None:
    begun = out / "reader"
    more = ("--begin", str(begun), "--frozen", "1", "--rate", "1e-3")
    assert main(["--out", str(tmp_path), *SMALL, "--rounds", "1", "--in-parts", "1", *more]) == 0
    before, after = (load_file(each / "reader" / "model.safetensors") for each in (out, tmp_path))
    same = {name for name in before if (before[name] == after[name]).all()}
    stayed = {name for name in before if ".embeddings." in name or ".layer.0." in name}
    assert same == stayed
    assert (
        "went on from a reader that was trained before" in (tmp_path / "reader" / CARD).read_text()
    )


def test_the_loss_is_that_of_what_the_reader_says_and_of_where_the_answer_is(out: Path) -> None:
    model = open_reader(out / "reader")
    questions, texts = ["when?", "who?"], ["The shed opens at nine.", "The shed."]
    loss = ScoreAndPlace(model, fast=False)
    labels = torch.tensor([1.0, 0.0])
    right = loss((questions, texts, [18, 0], [22, 0]), labels)
    scores = torch.tensor(model.predict(list(zip(questions, texts, strict=True))))
    torch.testing.assert_close(right["score"], binary_cross_entropy(scores, labels))
    # Nothing to place where nothing answers; and the whole text holds the answer for certain.
    assert "place" not in loss((questions, texts, [0, 0], [0, 0]), torch.zeros(2))
    everywhere = loss((questions, texts, [0, 0], [23, 0]), labels)
    assert everywhere["place"] > 0


def test_what_ships_is_the_reader_without_its_vocabulary(out: Path) -> None:
    packed = PackedReader.read(out / "packed")
    trained = load_file(out / "reader" / "model.safetensors")
    named = dict(packed.weights.named())
    assert set(trained) - set(named) == {WORDS}
    for name, tensor in named.items():
        step = np.abs(trained[name]).max() / 127
        assert np.abs(trained[name] - tensor).max() <= step
    assert (out / "packed" / WEIGHTS).stat().st_size < 25 * 2**20
    assert json.loads(packed.config)["num_hidden_layers"] == 2


def test_what_ships_is_unpacked_into_a_cross_encoder(out: Path, tmp_path: Path) -> None:
    PackedReader.read(out / "packed").unpack(tmp_path)
    pairs = [("when does it open?", "The shed opens at nine."), ("who?", "The shed.")]
    own, shipped = (open_reader(each).predict(pairs) for each in (out / "reader", tmp_path))
    assert np.abs(own - shipped).max() < 0.05


def test_figures_and_card_say_what_was_measured(out: Path) -> None:
    figures = json.loads((out / FIGURES).read_text("utf-8"))
    assert set(figures) == {"As trained", "As it ships"}
    assert 0 <= figures["As trained"]["all"]["area"] <= 1
    card = (out / "packed" / CARD).read_text("utf-8")
    assert f"{figures['As it ships']['all']['area']:.3f}" in card
    assert "layers 1, 12 " in card.lower()
    assert (out / "packed" / CONFIG).exists()


def test_a_run_that_ended_is_not_begun_again(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It goes on from its last checkpoint, here the end: the weights stay the same."""
    before = (out / "packed" / WEIGHTS).read_bytes()
    assert main(["--out", str(out), *SMALL]) == 0
    assert (out / "packed" / WEIGHTS).read_bytes() == before
    assert "what ships in" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fraction", "0"), "The fraction is 0.0; expected more than 0, at most 1."),
        (("--rounds", "0"), "There are to be 0 rounds"),
        (("--in-parts", "-1"), "Of 5 rounds -1 are to show parts; expected 0 to all."),
        (("--layers", "3", "1"), "The layers are (3, 1)"),
        (("--layers", "0", "12"), "The encoder has layers 0 to 11"),
        (("--documents", "nowhere"), "No training documents (*.jsonl) are in nowhere"),
    ],
)
def test_what_cannot_be_trained_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: Sequence[str], said: str
) -> None:
    assert main(["--out", str(tmp_path / "out"), *arguments]) == 1
    assert said in capsys.readouterr().err


def test_a_folder_with_another_run_is_left_alone(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (out / "packed" / WEIGHTS).read_bytes()
    assert main(["--out", str(out), *SMALL, "--seed", "7"]) == 1
    assert "holds a run with other settings" in capsys.readouterr().err
    assert (out / "packed" / WEIGHTS).read_bytes() == before
