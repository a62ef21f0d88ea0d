"""What a score is made of: reckoned by hand on small bases, and on the real article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Encoder, Index, build_index
from index.calibration.reference import unrelated_questions
from index.ranking.ranking import (
    CANDIDATES,
    QUESTION_SHARE,
    SENTENCE_WEIGHT,
    TOKENS_WEIGHT,
    WORDS_WEIGHT,
    Noise,
    Query,
    RankedPassage,
    TextScore,
)
from index.ranking.texts import Text, TextKind
from knowledge import Language, PassageLimits, read_library
from tests.index.by_hand import AXES, PLAIN, WORDS, Base, asked, group, read, said

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
QUESTIONS = ("Who is Lina Khan?", "fees of the sellers", "pourquoi une coalition", "xyz")
HALF = 0.5**0.5
ROUNDED = 5e-4
"""What half precision may take from a similarity, twice over."""
"""The cosine of a meaning with the middle between it and another."""


def _close(*numbers: float) -> object:
    return pytest.approx(list(numbers), abs=ROUNDED)


def _passages(ranked: Sequence[RankedPassage]) -> list[int]:
    return [each.passage for each in ranked]


def _headed(passage: int, content: str) -> Text:
    """A text whose heading has a word; headings count among the words alone."""
    return replace(said(passage, content), title="abeille")


def _scores(ranked: Sequence[RankedPassage]) -> list[float]:
    return [each.score for each in ranked]


def test_a_score_is_half_of_either_similarity_and_four_times_the_words() -> None:
    base = Base(said(0, "bee honey"), said(1, "sea"))
    noise = Noise(4 * (0.2,), 4 * (0.4,), 4 * (0.1,), 4 * (0.5,), 4 * (1,))
    other = base.ranking.fit(base.query("abeille"), noise, 0).text
    # Its best token is the same; its only sentence is half about something else.
    sentence = (HALF - 0.1) / 0.5
    assert [other.tokens, other.sentence, other.words] == _close(2.0, sentence, 0.0)
    assert other.score == pytest.approx(0.5 * 2.0 + 0.5 * sentence, abs=ROUNDED)
    same = base.ranking.fit(base.query("bee"), noise, 0).text
    shared = float(base.words.ratios(base.rarities.query("bee"))[0])
    assert shared > 0.1
    assert [same.tokens, same.sentence, same.words] == _close(2.0, sentence, shared)
    assert same.score == pytest.approx(other.score + 4 * shared, abs=ROUNDED)


def test_a_text_is_measured_by_the_noise_of_its_language_and_kind() -> None:
    base = Base(
        said(0, "miel", FRENCH),
        asked(0, "abeille", FRENCH),
        said(1, "honey"),
        asked(1, "bee"),
    )
    assert [base.ranking.group(number) for number in range(4)] == [0, 1, 2, 3]
    noise = Noise(
        (0.1, 0.2, 0.3, 0.4),
        (0.1, 0.2, 0.4, 0.5),
        (0.4, 0.3, 0.2, 0.1),
        (0.5, 0.4, 0.2, 0.1),
        4 * (1,),
    )
    # Both texts are nothing like the question, and both curated questions are the same.
    for passage, text, question in (
        (0, [-0.1 / 0.1, -0.4 / 0.5], [0.8 / 0.2, 0.7 / 0.4]),
        (1, [-0.3 / 0.4, -0.2 / 0.2], [0.6 / 0.5, 0.9 / 0.1]),
    ):
        ranked = base.ranking.fit(base.query("bee"), noise, passage)
        assert ranked.question is not None
        assert [ranked.text.tokens, ranked.text.sentence] == _close(*text)
        assert [ranked.question.tokens, ranked.question.sentence] == _close(*question)


def test_the_best_come_first_and_of_equal_ones_the_earlier() -> None:
    base = Base(*map(said, range(5), ("sea", "bee honey", "bee", "forest", "bee")))
    ranking, question = base.ranking, base.query("abeille")
    ranked = ranking.rank(question, PLAIN)
    assert _passages(ranked) == [2, 4, 1, 0, 3]
    assert _scores(ranked) == _close(1, 1, 0.5 + 0.5 * HALF, 0, 0)
    assert _passages(ranking.rank(question, PLAIN, 2)) == [2, 4]
    assert _passages(ranking.rank(question, PLAIN, 1)) == [2]
    among = np.array([True, True, False, False, True])
    assert _passages(ranking.rank(question, PLAIN, among=among)) == [4, 1, 0]
    assert ranking.rank(question, PLAIN, among=np.zeros(5, bool)) == []


def test_no_more_passages_are_ranked_than_are_candidates() -> None:
    base = Base(*(said(number, "bee" if number % 2 else "sea") for number in range(100)))
    ranked = base.ranking.rank(base.query("abeille"), PLAIN)
    assert _passages(ranked) == [*range(1, 2 * CANDIDATES, 2)]


def test_a_passage_has_the_score_of_its_best_text() -> None:
    base = Base(
        *(said(0, "sea"), said(0, "abeille miel", FRENCH)),
        *(said(1, "honey forest"), said(1, "bois", FRENCH)),
        *(said(2, "forest"), said(2, "mer", FRENCH)),
    )
    ranked = base.ranking.rank(base.query("honey"), PLAIN)
    assert [(each.passage, each.text.text) for each in ranked] == [(1, 2), (0, 1), (2, 4)]
    assert [each.text.score for each in ranked] == _scores(ranked)


def test_a_curated_question_that_fits_better_raises_its_passage_half_of_the_way() -> None:
    base = Base(
        *(said(0, "bee honey sea forest"), asked(0, "sea"), asked(0, "bee"), asked(0, "bee sea")),
        *(said(1, "bee honey"), asked(1, "sea"), asked(1, "bee sea forest")),
        *(said(2, "bee honey"), asked(2, "bee honey")),
    )
    ranked = base.ranking.rank(base.query("abeille"), PLAIN)
    assert _passages(ranked) == [0, 1, 2]
    raised, better, equal = ranked
    assert raised.question is not None
    assert (raised.text.text, raised.question.text) == (0, 2)
    assert [raised.text.score, raised.question.score] == _close(0.75, 1)
    assert (better.text.text, better.question) == (4, None)
    assert (equal.text.text, equal.question) == (7, None)
    half_honey = 0.5 + 0.5 * HALF
    assert _scores(ranked) == _close(0.875, half_honey, half_honey)


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(WORDS),
)
def test_a_passage_fits_alike_whatever_it_is_ranked_with(texts: list[str], question: str) -> None:
    base = Base(*map(said, range(len(texts)), texts))
    query = base.query(question)
    every = [base.ranking.fit(query, PLAIN, number) for number in range(len(texts))]
    ranked = base.ranking.rank(query, PLAIN)
    assert sorted(_passages(ranked)) == _passages(every)
    assert _scores(ranked) == _close(*sorted(_scores(every), reverse=True))
    for each in ranked:
        alone = every[each.passage]
        assert each.text.text == alone.text.text
        assert each.score == pytest.approx(alone.score, abs=ROUNDED)


def test_passages_are_near_by_their_sentences_and_words() -> None:
    base = Base(
        *(said(0, "sea. forest"), said(0, "mer. bois", FRENCH)),
        *(said(1, "forest. bee honey"), asked(1, "sea")),
        said(2, "bee"),
    )
    query = base.query("abeille")
    candidates = base.ranking.candidates(query, PLAIN, 2)
    assert candidates.passages.tolist() == [2, 1]
    assert candidates.scores.tolist() == _close(1, HALF)
    assert candidates.texts.tolist() == [0, 1, 2, 3, 4]
    assert candidates.sentence.tolist() == _close(0, 0, HALF, 0, 1)
    assert candidates.words.tolist() == [0, 0, 0, 0, 0]
    kinds = [each.dtype for each in (candidates.scores, candidates.sentence, candidates.words)]
    assert kinds == 3 * [np.float32]
    shared = base.words.ratios(base.rarities.query("mer"))
    words = base.ranking.candidates(base.query("mer"), PLAIN, 3)
    assert words.passages.tolist() == [0, 1, 2]
    assert words.scores.tolist() == _close(1 + 4 * float(shared[1]), 1, 0)
    assert words.words.tolist() == _close(0, float(shared[1]), 0, 0, 0)
    assert [
        each.passage for each in base.ranking.reranked(query, PLAIN, candidates, np.array([1]))
    ] == [1]
    assert base.ranking.reranked(query, PLAIN, candidates, np.array([], np.int64)) == []


def test_nothing_is_near_where_no_passage_counts() -> None:
    base = Base(said(0, "bee"))
    candidates = base.ranking.candidates(base.query("bee"), PLAIN, 5, np.array([False]))
    assert [len(each) for each in (candidates.passages, candidates.texts)] == [0, 0]
    for each in (candidates.scores, candidates.sentence, candidates.words):
        assert len(each) == 0 and each.dtype == np.float32


def test_of_many_sentences_the_nearest_and_those_of_most_words_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = Base(
        said(0, "forest. sea. forest sea"),
        said(1, "bee honey sea forest"),
        said(2, "sea. bee"),
        _headed(3, "honey sea"),
        said(4, "sea. forest. bee honey"),
        _headed(5, "sea"),
        _headed(6, "sea"),
    )
    monkeypatch.setattr("index.ranking.ranking._NEAREST_ROWS", 2)

    def candidates(question: str, words: int, every: int = 11) -> list[int]:
        monkeypatch.setattr("index.ranking.ranking._EVERY_ROW", every)
        monkeypatch.setattr("index.ranking.ranking._MOST_WORDS", words)
        return sorted(base.ranking.candidates(base.query(question), PLAIN, 7).passages.tolist())

    assert candidates("abeille", 1, every=12) == [0, 1, 2, 3, 4, 5, 6]
    assert candidates("abeille", 1) == [2, 4, 5]
    assert candidates("abeille", 2) == [2, 4, 5, 6]
    assert candidates("abeille", 9) == [2, 3, 4, 5, 6]
    # No text has this word.
    assert candidates("bois", 9) == [0, 4]


def test_texts_that_have_more_of_the_words_are_compared_and_of_equal_ones_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The shorter a text, the more is a word of it: its ratio is by its length."""
    texts = [_headed(number, " ".join((number % 3 + 1) * ["sea"])) for number in range(60)]
    base = Base(*texts, said(60, "bee"))
    short, middle, long = (list(range(first, 60, 3)) for first in range(3))
    monkeypatch.setattr("index.ranking.ranking._EVERY_ROW", 60)
    monkeypatch.setattr("index.ranking.ranking._NEAREST_ROWS", 1)
    for most, expected in (
        (15, short[:15]),
        (25, [*short, *middle[:5]]),
        (45, [*short, *middle, *long[:5]]),
        (60, [*short, *middle, *long]),
    ):
        monkeypatch.setattr("index.ranking.ranking._MOST_WORDS", most)
        candidates = base.ranking.candidates(base.query("abeille"), PLAIN, 61)
        assert sorted(candidates.passages.tolist()) == [*sorted(expected), 60]


def test_similarities_are_those_of_the_best_sentence_and_of_every_word() -> None:
    base = Base(
        *map(said, range(4), ("bee. honey", "sea", "bee honey. forest. sea honey", "honey"))
    )
    queries = [base.query(each) for each in ("abeille", "bois", "abeille mer")]
    some = np.array([0, 2])
    assert base.ranking.sentence_similarities(queries, some) == pytest.approx(
        np.array([[1, HALF], [0, 1], [HALF, 0.5]]), abs=ROUNDED
    )
    assert base.ranking.token_similarities(queries, some) == pytest.approx(
        np.array([[1, 1], [0, 1], [0.5, 1]]), abs=ROUNDED
    )
    assert base.ranking.sentence_similarities(queries[:1], np.array([1, 3])).tolist() == [[0, 0]]


def test_texts_are_counted_and_evenly_drawn_from_their_group() -> None:
    base = Base(
        *(
            text
            for number in range(7)
            for text in (said(number, "miel", FRENCH), said(number, "honey"))
        ),
        asked(6, "sea"),
    )
    english, unused = group(ENGLISH, TextKind.PASSAGE), group(FRENCH, TextKind.QUESTION)
    assert base.ranking.passages == 7
    assert [base.ranking.count(each) for each in (english, unused)] == [7, 0]
    assert base.ranking.sample(english, 3).tolist() == [1, 7, 13]
    assert base.ranking.sample(english, 7).tolist() == [1, 3, 5, 7, 9, 11, 13]
    assert base.ranking.sample(unused, 3).tolist() == []


def test_passages_and_their_texts_are_told_of_by_their_numbers() -> None:
    base = Base(said(0, "bee"), asked(0, "sea"), said(1, "honey sea"), said(1, "miel", FRENCH))
    assert [base.ranking.content(each) for each in range(2)] == ["bee", "honey sea"]
    words = base.rarities.query("sea honey forest")
    assert {each.word for each in base.ranking.matched_words(words, 2)} == {"sea", "honey"}
    assert [each.word for each in base.ranking.matched_words(words, 1)] == ["sea"]


def test_the_telling_sentence_is_found_in_the_passages_that_are_asked_for() -> None:
    base = Base(
        *(said(0, "bee. sea"), asked(0, "bee")),
        said(1, "honey. bee. sea"),
        *(said(2, "sea. honey. forest. bee"), asked(2, "bee")),
        *(said(3, "sea"), said(3, "honey. sea", FRENCH)),
    )
    telling = base.ranking.telling([2, 3, 0, 2], base.query("abeille"), PLAIN)
    assert telling == {0: {ENGLISH: 0}, 2: {ENGLISH: 3}, 3: {ENGLISH: 0, FRENCH: None}}


def test_a_sentence_tells_more_than_others_by_deviations_of_the_noise_of_its_group() -> None:
    base = Base(said(0, "bee. sea"), said(1, "mer. sea. bee", FRENCH))
    query = base.query("abeille")
    for french, english, first, second in ((0.1, 2.1, None, 2), (2.1, 1.9, 0, None)):
        noise = PLAIN._replace(token_spreads=(french, 0.1, english, 0.1))
        telling = base.ranking.telling([0, 1], query, noise)
        assert telling == {0: {ENGLISH: first}, 1: {FRENCH: second}}


def test_a_sentence_tells_by_the_words_of_the_question_that_it_has() -> None:
    base = Base(said(0, "abeille. bee. sea"))
    assert base.ranking.telling([0], base.query("bee"), PLAIN) == {0: {ENGLISH: 1}}
    # Two sentences have a word of this one.
    assert base.ranking.telling([0], base.query("bee sea honey forest"), PLAIN) == {
        0: {ENGLISH: None}
    }


def test_editions_with_as_many_sentences_tell_together_and_others_alone() -> None:
    base = Base(
        *(said(0, "bee. sea"), said(0, "bois. abeille", FRENCH)),
        *(said(1, "bee. sea"), said(1, "bois. abeille. mer", FRENCH)),
    )
    assert base.ranking.telling([0, 1], base.query("bee"), PLAIN) == {
        0: {ENGLISH: 0, FRENCH: 0},
        1: {ENGLISH: 0, FRENCH: 1},
    }


def test_a_question_is_centred_and_its_rare_words_weigh_more() -> None:
    base = Base(said(0, "bee"), said(1, "bee sea"))
    encoded = read("bee honey")
    query = Query.of("bee honey", encoded, AXES[0], base.rarities)
    vectors = query.tokens.vectors.numbers * query.tokens.vectors.steps[:, None]
    assert vectors == pytest.approx(np.array([[0, 0, 0, 0], [-HALF, HALF, 0, 0]]), abs=ROUNDED)
    common, rare = query.tokens.weights
    assert rare == pytest.approx(1.3) and 0.3 < common < 0.6
    assert query.embedding is encoded.embedding
    assert query.words.question == "bee honey"


def _noise(groups: Sequence[Sequence[float]]) -> Noise:
    """What is reached on the texts of each group: by a sentence twice what tokens reach."""
    means = tuple(float(np.mean(each)) if each else 9.0 for each in groups)
    spreads = tuple(float(np.std(each)) if each else 9.0 for each in groups)
    twice_means, twice_spreads = (tuple(2 * each for each in had) for had in (means, spreads))
    return Noise(means, spreads, twice_means, twice_spreads, tuple(map(len, groups)))


_VALUES = st.lists(st.floats(-1, 1), max_size=5)


@settings(deadline=None)
@given(st.lists(st.tuples(_VALUES, _VALUES), min_size=1, max_size=4))
def test_the_noise_of_several_segments_is_that_of_all_their_texts(
    segments: list[tuple[list[float], list[float]]],
) -> None:
    pooled = Noise.pooled([_noise(each) for each in segments])
    whole = _noise([[*chain(*group)] for group in zip(*segments, strict=True)])
    assert repr(pooled.texts) == repr(whole.texts)
    for found, expected in zip(pooled[:4], whole[:4], strict=True):
        assert found == pytest.approx(expected, abs=1e-6)


def test_a_group_without_texts_keeps_the_noise_that_its_segments_say() -> None:
    parts = [Noise((each,), (1.0,), (0.0,), (2.0,), (0,)) for each in (0.25, 0.75)]
    pooled = Noise.pooled(parts[:1] * 3)
    assert pooled == parts[0]
    assert Noise.pooled(parts).token_means == (0.5,)


def _sum(part: TextScore) -> float:
    return TOKENS_WEIGHT * part.tokens + SENTENCE_WEIGHT * part.sentence + WORDS_WEIGHT * part.words


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_score_is_the_sum_of_its_parts(index: Index, question: str) -> None:
    for match in index.search(question, ENGLISH, limit=20).matches:
        why = match.why
        assert why.text.score == pytest.approx(_sum(why.text), abs=1e-4)
        if why.question is None:
            assert match.score == pytest.approx(why.text.score, abs=1e-4)
        else:
            rise = why.question.score - why.text.score
            assert rise > 0
            assert match.score == pytest.approx(why.text.score + QUESTION_SHARE * rise, abs=1e-4)


def test_a_curated_question_raises_its_passage_half_of_the_way(index: Index) -> None:
    first = index.search("Who is part of the coalition?", ENGLISH).matches[0]
    assert first.why.question is not None
    assert first.why.text.score < first.score < first.why.question.score


def test_unrelated_questions_are_what_scores_are_measured_by(index: Index) -> None:
    """Their texts' scores spread around nothing, so one threshold means the same everywhere."""
    for language, questions in unrelated_questions().items():
        results = index.search_many(questions[::8], [language] * len(questions[::8]), limit=20)
        texts = [match.why.text for result in results for match in result.matches]
        assert abs(sum(each.tokens for each in texts) / len(texts)) < 1.5


def test_passages_that_say_the_same_count_once(tmp_path: Path, encoder: Encoder) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / "articles" / name).mkdir(parents=True)
        text = f"---\ntitle: {name}\nlanguage: en\n---\nBees make honey from nectar.\n"
        (tmp_path / "articles" / name / "en.md").write_text(text)
    library = read_library(tmp_path / "articles", PassageLimits())
    build_index(library, encoder, tmp_path / "index")
    result = Index.open(tmp_path / "index", encoder).search("What do bees make?", ENGLISH)
    assert len(result.matches) == 3
    assert result.matches[0].confidence is not None
    assert result.matches[0].confidence > 0.5
    assert result.matches[1].confidence is None


def test_two_hundred_passages_are_ranked_as_nine_are(tmp_path: Path, encoder: Encoder) -> None:
    """More sentences than are all compared: the nearest and those that share words remain."""
    folder = tmp_path / "articles" / "many"
    folder.mkdir(parents=True)
    body = "\n\n".join(
        f"Plant number {number} grows in valley {number}. It needs {number % 7} days of rain."
        for number in range(200)
    )
    text = f"---\ntitle: Plants\nlanguage: en\n---\n{body}\n\nBees make honey from nectar.\n"
    (folder / "en.md").write_text(text)
    library = read_library(tmp_path / "articles", PassageLimits(0, 1200))
    build_index(library, encoder, tmp_path / "index")
    (first, *_) = (
        Index.open(tmp_path / "index", encoder).search("What do bees make?", ENGLISH).matches
    )
    assert "honey" in first.passage.texts[ENGLISH].span.of(first.document.editions[ENGLISH].text)
