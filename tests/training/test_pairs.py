"""What the reader is shown: every question with its passage, and nothing wrong called right."""

from __future__ import annotations

from difflib import SequenceMatcher
from random import Random

import pytest

from training.batches import in_batches
from training.careless import carelessly, without_accents
from training.documents import Document, load_documents
from training.pairs import Pair, make_rounds


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    every = load_documents()
    return [*every[:4], *every[-4:]]


@pytest.fixture(scope="module")
def rounds(documents: list[Document]) -> list[tuple[Pair, ...]]:
    return list(make_rounds(documents, 4, 2, seed=5))


def test_a_round_has_every_answered_question_once_with_its_passage(
    documents: list[Document], rounds: list[tuple[Pair, ...]]
) -> None:
    answered = sum(q.kind == "answered" for each in documents for q in each.questions)
    for pairs in rounds:
        assert sum(each.label for each in pairs) == answered


def test_what_is_called_an_answer_holds_the_answer(
    documents: list[Document], rounds: list[tuple[Pair, ...]]
) -> None:
    spans = {q.q: q.span for each in documents for q in each.questions}
    # Careless forms are not found by their words; the others are most of them.
    called = [each for pairs in rounds for each in pairs if each.label and each.question in spans]
    assert len(called) > sum(span is not None for span in spans.values())
    for each in called:
        span = spans[each.question]
        assert span is not None
        assert each.passage[each.start : each.end] == span


def test_what_is_called_no_answer_lacks_the_answer_of_that_passage(
    documents: list[Document], rounds: list[tuple[Pair, ...]]
) -> None:
    own = {
        q.q: (q.span, document.passages[q.passage])
        for document in documents
        for q in document.questions
        if q.span
    }
    for pairs in rounds:
        for each in pairs:
            if each.question in own and not each.label:
                span, passage = own[each.question]
                text = each.passage.split("\n")[-1]
                assert text not in passage or span not in text


def test_parts_are_shorter_and_come_first(rounds: list[tuple[Pair, ...]]) -> None:
    lengths = [sum(len(each.passage) for each in pairs) / len(pairs) for pairs in rounds]
    assert max(lengths[:2]) < min(lengths[2:]) / 1.5
    assert sum(each.label for each in rounds[0]) == len(rounds[0]) / 2


def test_near_questions_are_shown_with_what_tempts_most(
    documents: list[Document], rounds: list[tuple[Pair, ...]]
) -> None:
    tempting = {
        (q.q, document.passages[q.passage])
        for document in documents
        for q in document.questions
        if q.kind == "near"
    }
    shown = {(each.question, each.passage.split("\n")[-1]) for each in rounds[3] if not each.label}
    assert len(tempting & shown) > len(tempting) / 3


def test_some_passages_stand_under_their_title(rounds: list[tuple[Pair, ...]]) -> None:
    titled = [("\n" in each.passage) for each in rounds[3]]
    assert 0.3 < sum(titled) / len(titled) < 0.7


def test_the_same_seed_gives_the_same_pairs_and_every_round_others(
    documents: list[Document], rounds: list[tuple[Pair, ...]]
) -> None:
    assert list(make_rounds(documents, 4, 2, seed=5)) == rounds
    # Going on with fewer rounds or more shows the same ones first.
    assert list(make_rounds(documents, 2, 2, seed=5)) == rounds[:2]
    assert rounds[2] != rounds[3]
    assert list(make_rounds(documents, 1, 2, seed=6)) != rounds[:1]


def test_a_single_document_is_enough(documents: list[Document]) -> None:
    for pairs in make_rounds(documents[:1], 3, 2, seed=0):
        assert {each.label for each in pairs} == {0.0, 1.0}


def test_batches_hold_pairs_of_like_length(rounds: list[tuple[Pair, ...]]) -> None:
    def spread(pairs: list[Pair]) -> float:
        lengths = [len(each.question) + len(each.passage) for each in pairs]
        batches = [lengths[start : start + 16] for start in range(0, len(lengths), 16)]
        return sum(max(each) - min(each) for each in batches) / len(batches)

    ordered = in_batches(rounds, 16, seed=0)
    every = [each for pairs in rounds for each in pairs]
    assert sorted(map(repr, ordered)) == sorted(map(repr, every))
    assert spread(ordered) < spread(every) / 4


def test_careless_forms_are_nearly_the_question() -> None:
    question = "Où l’école accueille-t-elle ses élèves ?"
    forms = {carelessly(question, "fr", Random(seed)) for seed in range(60)}
    assert len(forms) > 20
    bare = without_accents(question).lower()
    likenesses = [SequenceMatcher(None, bare, without_accents(each).lower()) for each in forms]
    assert min(each.ratio() for each in likenesses) > 0.7
    assert carelessly(question, "fr", Random(3)) == carelessly(question, "fr", Random(3))


def test_the_shortest_questions_survive_carelessness() -> None:
    for text in ("?", "a", "où", "…"):
        for seed in range(30):
            carelessly(text, "fr", Random(seed))
