"""What is asked is found inside what is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Index
from index.ranking.courtesies import without_courtesies
from knowledge import Language

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
QUESTIONS = {
    FRENCH: ("Qui fait partie de la coalition ?", "que demande la coalition aux régulateurs"),
    ENGLISH: ("Who is part of the coalition?", "what does the coalition ask of regulators"),
}
AROUND = {
    FRENCH: (
        ("Bonjour à tous, ", ""),
        (
            "Salut tout le monde, j'espère que vous allez bien, je voulais juste savoir ",
            ", merci !",
        ),
        ("Désolé de vous déranger, ", " Merci d'avance pour votre aide"),
        ("bonsoir, petite question : ", " svp"),
        ("Quelqu'un peut me dire ", " ? Bonne journée à tous"),
    ),
    ENGLISH: (
        ("Hello everyone! ", ""),
        ("Hi there, hope you are all doing well, I was wondering ", ". Thanks a lot!"),
        ("Sorry to bother you, quick question: ", " Thanks in advance"),
        ("hey, could you please tell me ", " please"),
        ("Good morning, does anyone know ", " Have a nice day"),
    ),
}


@pytest.mark.parametrize(
    ("language", "question", "around"),
    [
        (language, question, around)
        for language, questions in QUESTIONS.items()
        for question in questions
        for around in AROUND[language]
    ],
)
def test_greetings_and_thanks_change_nothing(
    index: Index, language: Language, question: str, around: tuple[str, str]
) -> None:
    bare = index.search(question, language)
    said = index.search(f"{around[0]}{question}{around[1]}", language)
    assert said.outcome == bare.outcome
    assert said.matches[0].passage.id == bare.matches[0].passage.id
    assert said.matches[0].confidence == pytest.approx(bare.matches[0].confidence, abs=0.1)


@pytest.mark.parametrize(
    "message",
    [
        "Bonjour !",
        "merci beaucoup pour ta réponse",
        "salut tout le monde",
        "Thanks!",
        "Who is Tim Wu?",
        "What is the question of the day?",
        "Qui remercie la coalition ?",
        "👋",
    ],
)
def test_what_only_greets_or_only_asks_stays_as_it_is(message: str) -> None:
    assert without_courtesies(message) == message


@given(st.text(max_size=300))
def test_what_is_left_is_a_part_of_what_was_said(message: str) -> None:
    left = without_courtesies(message)
    assert left in message
    assert bool(left) == bool(message)


@pytest.mark.parametrize(
    "word", ["tout la team ", "merci ", "salut tout le monde ", "hey you all "]
)
def test_a_long_greeting_is_left_alone_soon(word: str) -> None:
    assert without_courtesies(f"x {word * 200}x").startswith("x ")
