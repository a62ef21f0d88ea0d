"""Questions find their passages on the real article, with the real encoder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index import Encoder, Index, Located, NotVerbatimError, Outcome, Strictness, build_index
from index.encoders.encoder import Encoded
from knowledge import Language, Library, PassageLimits, Span, read_library

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH


@pytest.mark.parametrize(
    ("question", "language", "number"),
    [
        ("Qui fait partie de la coalition ?", FRENCH, 4),
        ("Who is part of the coalition?", ENGLISH, 4),
        ("Qui est Tim Wu ?", FRENCH, 9),
        ("Who is Lina Khan?", ENGLISH, 8),
        ("Que veut dire Gafa ?", FRENCH, 5),
        ("Who is Tim Wu?", ENGLISH, 9),
    ],
)
def test_the_passage_that_answers_comes_first(
    index: Index, question: str, language: Language, number: int
) -> None:
    result = index.search(question, language)
    assert result.matches[0].passage.number == number
    assert result.outcome is Outcome.ANSWER


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Comment cuire un œuf à la coque ?", FRENCH),
        ("how do i change a bike tyre", ENGLISH),
        ("Quelle est la distance de la Terre à la Lune ?", FRENCH),
        ("What is the tallest mountain in Japan?", ENGLISH),
    ],
)
def test_an_unrelated_question_is_not_answered(
    index: Index, question: str, language: Language
) -> None:
    assert index.search(question, language).outcome is not Outcome.ANSWER


def test_every_curated_question_finds_its_passage(index: Index) -> None:
    for document in index.documents:
        for passage in document.passages:
            for language, questions in passage.questions.items():
                for result in index.search_many(questions, [language] * len(questions)):
                    assert result.matches[0].passage.id == passage.id
                    assert result.outcome is Outcome.ANSWER


def test_scores_fall_and_passages_differ(index: Index) -> None:
    matches = index.search("amazon", ENGLISH, limit=20).matches
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    assert len({match.passage.id for match in matches}) == len(matches) == 9
    assert matches[0].confidence is not None and 0 <= matches[0].confidence <= 1


def test_the_telling_sentence_is_the_same_in_both_languages(index: Index) -> None:
    (first, *_) = index.search("Has Amazon reacted to the coalition?", ENGLISH).matches
    assert first.passage.number == 9
    assert first.telling == {FRENCH: 1, ENGLISH: 1}


@pytest.mark.parametrize("language", list(Language))
def test_a_match_is_quoted_in_either_language_with_its_telling_sentence(
    index: Index, language: Language
) -> None:
    (first, *_) = index.search("Has Amazon reacted to the coalition?", ENGLISH).matches
    quote = first.quote(language)
    assert quote.language is language
    assert quote.passage_id == first.passage.id
    assert quote.text in first.document.editions[language].text
    telling = first.telling[language]
    assert telling is not None and quote.sentence == quote.sentences[telling]
    unmarked = first.located.quote(language)
    assert (unmarked.text, unmarked.marked) == (quote.text, "")


def test_a_passage_that_is_not_of_its_document_is_not_quoted(library: Library) -> None:
    document = library.documents[0]
    passage = document.passages[0]
    edition = document.editions[FRENCH]
    empty = replace(passage.texts[FRENCH], span=Span(len(edition.text), len(edition.text)))
    stray = replace(passage, texts={**passage.texts, FRENCH: empty})
    with pytest.raises(NotVerbatimError):
        Located(document, stray).quote(FRENCH)


def test_an_explanation_adds_up_to_the_score(index: Index) -> None:
    question = "Who is part of the coalition?"
    matches = index.search(question, ENGLISH).matches
    explained = [index.explain(question, match) for match in matches]
    assert any(each.question is not None for each in explained)
    for match, each in zip(matches, explained, strict=True):
        weights, score = each.weights, each.text.score
        for text in filter(None, (each.text, each.question)):
            assert text.score == pytest.approx(
                weights.tokens * text.tokens
                + weights.sentence * text.sentence
                + weights.words * text.words,
                abs=1e-3,
            )
            assert sum(word.share for word in text.matched_words) == pytest.approx(
                text.words, abs=1e-3
            )
        if each.question is not None:
            assert each.question.score > score
            score += weights.curated_question * (each.question.score - score)
        assert match.score == pytest.approx(score, abs=1e-3)


def test_stricter_answers_less(index_folder: Path, encoder: Encoder) -> None:
    questions = ["amazon revenue 2020", "who founded the coalition", "best pasta", "gafa taxes"]
    answered = [
        sum(
            result.outcome is Outcome.ANSWER
            for result in Index.open(index_folder, encoder, strictness).search_many(
                questions, [ENGLISH] * len(questions)
            )
        )
        for strictness in (Strictness.STRICT, Strictness.BALANCED, Strictness.EAGER)
    ]
    assert answered == sorted(answered)


def test_a_document_in_one_language_is_quoted_in_it(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "articles" / "bees").mkdir(parents=True)
    text = "---\ntitle: Les abeilles\nlanguage: fr\n---\nLes abeilles font du miel.\n"
    (tmp_path / "articles" / "bees" / "fr.md").write_text(text)
    library = read_library(tmp_path / "articles", PassageLimits())
    build_index(library, encoder, tmp_path / "index")
    index = Index.open(tmp_path / "index", encoder)
    (match,) = index.search("What do bees make?", ENGLISH).matches
    assert match.passage.texts.keys() == {FRENCH}
    assert match.quote(ENGLISH) == match.quote(FRENCH)
    assert match.quote(ENGLISH).text == "Les abeilles font du miel."
    assert index.passage(match.passage.id) == match.located
    assert index.passage("0" * 16) is None


@pytest.mark.parametrize("language", list(Language))
def test_every_quote_and_mark_stands_in_its_file(library: Library, language: Language) -> None:
    for document in library.documents:
        source = document.editions[language].text
        for passage in document.passages:
            count = len(passage.texts[language].sentences)
            for sentence in [None, *range(count)]:
                quote = Located(document, passage).quote(language, {language: sentence})
                assert quote.text in source
                assert quote.marked in quote.text
                assert re.search(r"^\S.*\S$", quote.text, re.DOTALL)


def test_a_quote_that_was_altered_is_refused(library: Library) -> None:
    document = library.documents[0]
    quote = Located(document, document.passages[0]).quote(FRENCH, {FRENCH: 0})
    for altered in (
        replace(quote, text=quote.text.replace("coalition", "Coalition")),
        replace(quote, text=""),
        replace(quote, document="another"),
        replace(quote, sentence=quote.sentences[0]._replace(end=3)),
    ):
        with pytest.raises(NotVerbatimError):
            altered.prove(document)


def test_a_question_asked_again_is_not_encoded_again(index_folder: Path, encoder: Encoder) -> None:
    class Counting:
        name, dimension = encoder.name, encoder.dimension
        asked = 0

        def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
            self.asked += len(texts)
            return encoder.encode_queries(texts)

        def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
            return encoder.encode_passages(texts)

    counting = Counting()
    index = Index.open(index_folder, counting)
    first = index.search("Who is Tim Wu?", ENGLISH)
    assert index.search("Who is Tim Wu?", ENGLISH) == first
    assert counting.asked == 1
    index.search("Who is Tim Wu?", ENGLISH, limit=1)
    assert counting.asked == 2


def test_how_sure_to_be_can_be_said_with_the_question(index: Index) -> None:
    question = "how many shops joined the group so far"
    outcomes = [
        index.search(question, ENGLISH, strictness=each).outcome
        for each in (Strictness.EAGER, Strictness.STRICT)
    ]
    assert outcomes[0] is not outcomes[1]
    assert index.search(question, ENGLISH) == index.search(
        question, ENGLISH, strictness=Strictness.BALANCED
    )


def test_one_passage_can_be_matched_whatever_else_answers_better(index: Index) -> None:
    question = "Who is Lina Khan?"
    best, *others = index.search(question, ENGLISH).matches
    for expected in (best, *others):
        match = index.match(question, ENGLISH, expected.passage.id)
        assert match is not None
        assert (match.passage, match.telling) == (expected.passage, expected.telling)
        assert match.score == pytest.approx(expected.score, abs=1e-4)
    assert index.match(question, ENGLISH, "0" * 16) is None


def test_questions_that_mean_the_same_are_near(index: Index) -> None:
    embeddings = index.embed(["Who is Tim Wu?", "Qui est Tim Wu ?", "How do I cook pasta?"])
    assert embeddings.shape[0] == 3
    same, other = embeddings[1:] @ embeddings[0]
    assert same > other + 0.1
    assert index.search("Who is Tim Wu?", ENGLISH).embedding == pytest.approx(
        embeddings[0], abs=1e-4
    )


def test_curated_questions_are_compared_with_what_is_typed(index: Index) -> None:
    for number in (0, 50, len(index.curated) - 1):
        alike = index.curated_similarities(index.embed([index.curated[number].question])[0])
        assert alike.shape == (len(index.curated),)
        assert alike.argmax() == number
        assert alike[number] == pytest.approx(1, abs=1e-3)
