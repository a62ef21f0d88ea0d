"""How sure an answer is: a probability, also where no other passage stands beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import DamagedIndexError, Encoder, Index, build_index
from index.calibration.confidence import Confidence, Example, Signals
from knowledge import Language, PassageLimits, read_library
from tests.conftest import Remembering

FRENCH = Language.FRENCH
POOL = """---
title: Piscine
language: fr
---
La piscine municipale est ouverte du mardi au dimanche, de neuf heures à dix-neuf heures, sauf les
jours fériés.
"""
REST = """
Le parking du centre est gratuit le dimanche pour tous les riverains qui ont une vignette annuelle.

Les déchets verts sont collectés le lundi matin dans tous les quartiers de la commune en été.

La taxe de séjour est de deux euros par nuit et par personne majeure dans tous les hôtels.
"""
NUMBERS = st.floats(-5, 10)


def _signals(*values: float) -> Signals:
    return Signals(*values)


def _built(folder: Path, text: str, encoder: Encoder, reference: Path) -> Index:
    (folder / "articles" / "pool").mkdir(parents=True)
    (folder / "articles" / "pool" / "fr.md").write_text(text, "utf-8")
    (folder / "index").mkdir()
    for kept in reference.glob("reference-*"):
        shutil.copy(kept, folder / "index")
    build_index(read_library(folder / "articles", PassageLimits()), encoder, folder / "index")
    return Index.open(folder / "index", encoder)


def _sure(index: Index, question: str) -> float:
    found = index.search(question, FRENCH).matches[0].confidence
    assert found is not None
    return found


@pytest.mark.parametrize("text", [POOL, POOL + REST], ids=["one passage", "four passages"])
def test_what_a_question_names_and_the_passage_lacks_counts_where_there_is_no_rival(
    tmp_path: Path, encoder: Encoder, index_folder: Path, text: str
) -> None:
    index = _built(tmp_path, text, encoder, index_folder)
    answered = _sure(index, "Quels jours la piscine municipale est-elle ouverte ?")
    for question in (
        "À quelle heure ferme le parc ?",
        "La bibliothèque est ouverte quand ?",
        "La piscine est-elle chauffée ?",
    ):
        assert _sure(index, question) < answered


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.booleans()), min_size=2, max_size=40))
def test_what_is_said_in_the_mean_is_what_was_right(asked: list[tuple[float, float, bool]]) -> None:
    examples = [
        Example(_signals(lead, 0, tokens, 0, 0, 0, 0, 0, 1), right, 1.0)
        for lead, tokens, right in asked
    ]
    model = Confidence.fitted(examples, "an encoder", None)
    said = [model.of(each.signals) for each in examples]
    assert all(0 < each < 1 for each in said)
    assert sum(said) / len(said) == pytest.approx(
        sum(each.right for each in examples) / len(examples), abs=0.02
    )


def test_nothing_is_fitted_on_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to fit on"):
        Confidence.fitted([], "an encoder", None)


def test_a_reader_is_one_more_signal() -> None:
    def read(says: float) -> Signals:
        return Signals(1, 0, 2, 0.5, 0.5, 0, 0, 0, 1, reader=says)

    examples = [Example(read(number / 20), number > 9, 1.0) for number in range(20)]
    model = Confidence.fitted(examples, "an encoder", "a reader")
    assert model.of(read(0.9)) > 0.5 > model.of(read(0.1))
    with pytest.raises(KeyError):
        model.of(_signals(1, 0, 2, 0.5, 0.5, 0, 0, 0, 1))


@pytest.mark.usefixtures("few_written")
@pytest.mark.timeout(300)
def test_another_encoder_gets_weights_of_its_own_when_an_index_is_built(
    tmp_path: Path, encoder: Encoder, index_folder: Path
) -> None:
    other = Remembering(encoder)
    other.name = "another encoder"
    index = _built(tmp_path, POOL, other, index_folder)
    assert index.confidence.encoder == "another encoder"
    assert (
        index.confidence.weights.keys()
        == Index.open(index_folder, encoder).confidence.weights.keys()
    )

    (kept,) = (tmp_path / "index").glob("confidence-*")
    kept.write_bytes(b"damaged")
    with pytest.raises(DamagedIndexError, match="how sure"):
        Index.open(tmp_path / "index", other)
    build_index(read_library(tmp_path / "articles", PassageLimits()), other, tmp_path / "index")
    assert Index.open(tmp_path / "index", other).confidence == index.confidence
