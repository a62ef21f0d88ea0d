"""What is asked is found inside what is said about oneself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Index, Outcome
from index.ranking.asking import asked_parts
from knowledge import Language

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
SAID = {
    "Salut tout le monde, j'espère que vous allez bien, je voulais juste savoir qui fait partie "
    "de la coalition, merci d'avance !": ("Qui fait partie de la coalition ?", FRENCH),
    "Bonjour, mon ordinateur rame et je suis un peu perdue. Qui est Tim Wu ? C'est pour mes "
    "notes. Merci de votre patience !": ("Qui est Tim Wu ?", FRENCH),
    "Hello, I joined this morning and my memory is terrible, please bear with me: who is part of "
    "the coalition? Thanks a lot, you are the best.": ("Who is part of the coalition?", ENGLISH),
    "Good evening from rainy Dublin! I heard this on the radio. Who is Tim Wu? I owe you one.": (
        "Who is Tim Wu?",
        ENGLISH,
    ),
}


@pytest.mark.parametrize("said", SAID)
def test_what_is_said_around_a_question_changes_nothing(index: Index, said: str) -> None:
    question, language = SAID[said]
    bare, polite = index.search(question, language), index.search(said, language)
    assert polite.outcome is bare.outcome is Outcome.ANSWER
    assert polite.matches[0].passage.id == bare.matches[0].passage.id


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("Tim Wu, what's his deal?", "Tim Wu, what's his deal?"),
        ("Elle est pour ou contre, Lina Khan ?", "Elle est pour ou contre, Lina Khan ?"),
        ("Who is Tim Wu? And who is Lina Khan?", "Who is Tim Wu? And who is Lina Khan?"),
        (
            "Qui est Tim Wu ? Je suis curieux. Et qui est Lina Khan ?",
            "Qui est Tim Wu ? Je suis curieux. Et qui est Lina Khan ?",
        ),
        ("I keep seeing Gafa everywhere, who is that?", "I keep seeing Gafa everywhere"),
    ],
)
def test_nothing_is_cut_that_is_asked_or_asked_about(said: str, part: str) -> None:
    assert any(part in each for each in asked_parts(said))
    assert all(each.count("?") == said.count("?") for each in asked_parts(said))


@pytest.mark.parametrize(
    "message",
    ["les quincailleries de la coalition", "break up amazon", "merci", "Qui est Tim Wu ?"],
)
def test_one_clause_is_searched_for_once(message: str) -> None:
    assert asked_parts(message) == (message,)


@given(st.text(max_size=300))
def test_each_part_is_a_part_of_what_was_said(message: str) -> None:
    parts = asked_parts(message)
    assert all(each in message for each in parts)
    assert len(parts) == len(set(parts)) <= 3
    assert bool(parts[-1]) == bool(message)
