"""An exported reader gives what sentence-transformers gives, each pair for itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder
from tokenizers import Tokenizer
from torch.nn import Identity
from transformers import BertConfig, BertForSequenceClassification

from index import ReaderChoice, ReaderError, open_reader
from index.encoders.bundled import BundledWeights, bundled_parts, bundled_weights_path
from index.encoders.encoder import FloatArray
from index.encoders.exported.encoder import ExportedEncoder
from index.encoders.unpacking import unpack_tokenizer
from index.readers.cross_encoder import CrossEncoderReader
from index.readers.exported import ExportedReader
from index.readers.packed import CONFIG, LONGEST, PackedReader
from index.readers.reader import BLANK
from tests.conftest import ROOT
from tests.index.readers.made import cross_encoder_folder, packed_folder

pytestmark = pytest.mark.timeout(300)
QUESTION = "when does the bakery open"
PASSAGES = (
    "The bakery on Mill Street opens at six.",
    "Prices rose in May.",
    "a",
    "Quorum: two thirds (of the members, present or represented) -- see art. 7!",
)
LONG = "the quick brown fox jumps over the lazy dog " * 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_encoder_folder(tmp_path_factory.mktemp("reader") / "reader")


@pytest.fixture(scope="module")
def reader(folder: Path) -> Iterator[ExportedReader]:
    opened = open_reader(ReaderChoice(str(folder)), folder.parent / "models", print)
    assert isinstance(opened, ExportedReader)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def original(folder: Path) -> CrossEncoderReader:
    model: CrossEncoder = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    return CrossEncoderReader(model, "original", ReaderChoice(str(folder)))


def close(made: FloatArray, expected: FloatArray, reader: ExportedReader) -> bool:
    """Whether scores differ no more than the check of the export lets them."""
    apart = 0.6 if reader.manifest.precision == "int8" else 0.3
    return bool(np.abs(made - expected).max() <= apart * expected.std())


def test_scores_are_those_of_sentence_transformers(
    reader: ExportedReader, original: CrossEncoderReader
) -> None:
    expected = original.model.predict(
        [(QUESTION, each) for each in PASSAGES], activation_fn=Identity(), convert_to_numpy=True
    )
    assert np.allclose(original.scores(QUESTION, PASSAGES), expected, atol=1e-4)
    made = reader.scores(QUESTION, PASSAGES)
    assert made.dtype == np.float32 and made.shape == (len(PASSAGES),)
    assert close(made, expected, reader)


def test_a_pair_has_the_same_score_alone_and_beside_others(reader: ExportedReader) -> None:
    together = reader.scores(QUESTION, [*PASSAGES, LONG])
    alone = [reader.scores(QUESTION, [each]) for each in (*PASSAGES, LONG)]
    assert together.tobytes() == np.concatenate(alone).tobytes()
    assert reader.scores(QUESTION, PASSAGES[::-1]).tobytes() == together[3::-1].tobytes()


def test_of_a_long_passage_the_best_window_counts(
    reader: ExportedReader, original: CrossEncoderReader
) -> None:
    words = LONG.split()
    long = " ".join([*words, PASSAGES[0], *words])
    (found,) = reader.scores(QUESTION, [long])
    (expected,) = original.scores(QUESTION, [long])
    start = original.model.predict([(QUESTION, long)], activation_fn=Identity())[0]
    assert expected >= start - 1e-3
    spread = original.scores(QUESTION, PASSAGES).std()
    assert abs(found - expected) <= spread


def test_a_question_longer_than_it_reads_is_cut(reader: ExportedReader) -> None:
    assert np.isfinite(reader.scores(LONG, [PASSAGES[0], LONG])).all()


def test_a_blank_passage_answers_nothing(
    reader: ExportedReader, original: CrossEncoderReader
) -> None:
    for each in (reader, original):
        assert each.scores(QUESTION, ["", " \n", "\u200b"]).tolist() == [BLANK] * 3
        assert each.scores(QUESTION, []).shape == (0,)


def test_a_prompt_stands_before_the_question(
    folder: Path, reader: ExportedReader, tmp_path: Path
) -> None:
    choice = ReaderChoice(str(folder), prompt="ask ")
    prompted = open_reader(choice, tmp_path, print)
    assert isinstance(prompted, ExportedReader) and prompted.name != reader.name
    plain = reader.scores(f"ask {QUESTION}", PASSAGES)
    assert np.abs(prompted.scores(QUESTION, PASSAGES) - plain).max() <= plain.std()
    prompted.close()


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed_folder(tmp_path_factory.mktemp("packed") / "packed")


@pytest.fixture(scope="module")
def models(
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
    real_encoder: ExportedEncoder,
) -> Path:
    """A folder with the export of the encoder, whose vocabulary is shared."""
    del real_encoder
    made = tmp_path_factory.mktemp("models")
    for export in pytestconfig.cache.mkdir("models").glob("exported-*"):
        shutil.copytree(export, made / export.name)
    return made


def test_a_packed_reader_is_what_it_was_packed_from(
    packed: Path, models: Path, tmp_path: Path
) -> None:
    reader = open_reader(ReaderChoice(str(packed)), models, print)
    assert isinstance(reader, ExportedReader)
    weights = PackedReader.read(packed).weights
    about = json.loads((packed / CONFIG).read_text())
    config = BertConfig.from_dict({**about, "vocab_size": 2, "num_labels": 1})
    model = BertForSequenceClassification(config)
    model.train(mode=False)
    tensors = {name: torch.from_numpy(each) for name, each in weights.named()}
    model.load_state_dict(tensors, strict=False)
    parts = bundled_parts()
    unpack_tokenizer(BundledWeights(bundled_weights_path()), tmp_path, LONGEST)
    whole = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    expected = []
    for each in PASSAGES:
        ids = whole.encode(QUESTION, each).ids
        rows = np.concatenate([parts.table[number : number + 1] for number in ids])
        with torch.no_grad():
            expected.append(model(inputs_embeds=torch.from_numpy(rows[None])).logits.item())
    made = reader.scores(QUESTION, PASSAGES)
    assert close(made, np.array(expected, np.float32), reader)
    reader.close()
    (encoder,) = models.glob("exported-*")
    (own,) = models.glob("reader-*")
    assert (own / "tokens.bin").samefile(encoder / "tokens.bin")
    reader.close()


def test_a_packed_reader_is_made_ready_and_reads_without_torch(packed: Path, models: Path) -> None:
    for each in models.glob("reader-*"):
        shutil.rmtree(each)
    code = f"""
import sys
from pathlib import Path
from index import ReaderChoice, open_reader
for _ in range(2):
    reader = open_reader(ReaderChoice({str(packed)!r}), Path({str(models)!r}), print)
    print(reader.scores("Qui ?", ["Elle."]).shape)
print([name for name in ("torch", "transformers", "sentence_transformers") if name in sys.modules])
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "Making the reader ready; this is done once.\n(1,)\n(1,)\n[]\n"


def test_what_gives_no_number_is_said(packed: Path, tmp_path: Path, models: Path) -> None:
    from index.readers.packed import WEIGHTS, ReaderWeights
    from tests.index.readers.made import drawn_tensors

    folder = tmp_path / "endless"
    shutil.copytree(packed, folder)
    tensors = drawn_tensors()
    tensors["classifier.bias"][:] = np.inf
    (folder / WEIGHTS).write_bytes(ReaderWeights.of(tensors).to_bytes())
    with pytest.raises(ReaderError, match="expected a finite number"):
        open_reader(ReaderChoice(str(folder)), models, print)
