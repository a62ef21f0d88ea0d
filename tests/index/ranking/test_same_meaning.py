"""Questions that surely ask the same, and questions that only sound alike."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from index import Index
from index.ranking.same_meaning import asked_for, asks_the_same

PAIRS = Path("benchmarks/pins")


def pairs(name: str) -> list[tuple[str, str]]:
    """The pairs of a file, of both languages."""
    found = yaml.safe_load((PAIRS / name).read_text("utf-8"))
    return [(one, other) for every in found.values() for one, other in every]


@pytest.mark.parametrize(("one", "other"), pairs("others.yaml"))
def test_what_only_sounds_alike_is_not_the_same(one: str, other: str) -> None:
    assert not asks_the_same(one, other, 1.0)
    assert not asks_the_same(other, one, 1.0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Que signifie Gafa ?", "bonjour à tous, gafa ça veut dire quoi svp ?"),
        ("Qui est Tim Wu ?", "Tim Wu, c'est qui ?"),
        ("Les épiciers participent-ils ?", "est-ce que l'épicier participe"),
        ("Which associations have joined?", "what associations joined, please?"),
        ("Who is Tim Wu?", "Hi, sorry to bother you: who's tim wu? Thanks!"),
        ("When was the report on the Gafa published?", "when did they publish the gafa report"),
    ],
)
def test_order_politeness_and_endings_change_nothing(one: str, other: str) -> None:
    assert asks_the_same(one, other, 0.95)
    assert not asks_the_same(one, other, 0.85)


def test_a_reader_can_only_take_away() -> None:
    one, other = "Qui est Tim Wu ?", "c'est qui, Tim Wu ?"
    assert asks_the_same(one, other, 0.95, read=0.9)
    assert not asks_the_same(one, other, 0.95, read=0.1)
    assert not asks_the_same(one, "Qui est Lina Khan ?", 0.99, read=0.9)


def test_what_is_named_before_the_question_counts() -> None:
    assert asked_for("Tim Wu, which laws does he defend?") != asked_for(
        "Lina Khan, which laws does she defend?"
    )


def test_no_curated_question_asks_what_one_of_another_passage_asks(index: Index) -> None:
    curated = index.curated
    taken = [
        (one.question, other.question)
        for one in curated
        for other in curated
        if one.passage != other.passage and asks_the_same(one.question, other.question, 1.0)
    ]
    assert not taken


def test_many_paraphrases_are_known(index: Index) -> None:
    every = pairs("paraphrases.yaml")
    ones, others = (index.embed([pair[at] for pair in every]) for at in (0, 1))
    likeness = (ones * others).sum(axis=1).tolist()
    same = sum(asks_the_same(*pair, alike) for pair, alike in zip(every, likeness, strict=True))
    assert same / len(every) >= 0.3
