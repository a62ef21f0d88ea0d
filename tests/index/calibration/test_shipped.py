"""What ships of the bundled encoder is what it reads here (`python -m benchmarks.bundled`)."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from index.calibration.reference import (
    common_words,
    reference_path,
    shipped_folder,
    stored_reference,
    telling_tokens,
)
from index.encoders.bundled import PASSAGE_PROMPT, QUERY_PROMPT
from index.encoders.encoder import Encoder
from index.encoders.exported.probes import PASSAGES, QUESTIONS
from index.encoders.measured import bundled_measured
from knowledge import Language


def test_the_unrelated_questions_are_read_as_they_ship(encoder: Encoder, tmp_path: Path) -> None:
    assert reference_path(shipped_folder(), encoder).exists(), "run python -m benchmarks.bundled"
    reference = stored_reference(tmp_path, encoder)
    assert reference is not None
    for each in reference.questions.values():
        for text, kept in list(zip(each.texts, each.encoded(), strict=True))[::80]:
            (now,) = encoder.encode_queries([text])
            assert now.embedding @ kept.embedding > 0.999
            assert now.offsets.tolist() == kept.offsets.tolist()
            centred = now.tokens - each.mean, kept.tokens - each.mean
            lengths = [np.linalg.norm(one, axis=1) for one in centred]
            cosines = (centred[0] * centred[1]).sum(axis=1) / (lengths[0] * lengths[1])
            assert cosines.mean() > 0.99


def test_the_built_in_texts_are_read_as_they_ship(real_encoder: Encoder) -> None:
    measured = bundled_measured(QUERY_PROMPT, PASSAGE_PROMPT)
    assert measured is not None, "run python -m benchmarks.bundled"
    assert measured.peaks.shape == (24, 384) and (measured.peaks > 0).all()
    read = [*map(real_encoder.encode_queries, [[each] for each in QUESTIONS])]
    read += map(real_encoder.encode_passages, [[each] for each in PASSAGES])
    kept = [*measured.questions, *measured.passages]
    for (now,), then in zip(read, kept, strict=True):
        assert now.embedding @ then.embedding > 0.999
        assert now.offsets.tolist() == then.offsets.tolist()


def test_with_other_prompts_nothing_ships() -> None:
    assert bundled_measured("", PASSAGE_PROMPT) is None


@pytest.mark.parametrize(
    ("language", "text", "telling"),
    [
        (Language.FRENCH, "Le président de la coalition.", ["président", "coalition"]),
        (Language.ENGLISH, "Who is the president, and how?", ["president"]),
        (Language.ENGLISH, "the of", []),
    ],
)
def test_tokens_of_common_words_and_signs_tell_nothing(
    language: Language, text: str, telling: list[str]
) -> None:
    found_words = list(re.finditer(r"\w+", text))
    words, offsets = (
        [each.group() for each in found_words],
        [[*each.span()] for each in found_words],
    )
    signs = [[at, at + 1] for at, each in enumerate(text) if each in ".,?"]
    found = telling_tokens(text, np.array(offsets + signs, np.int32), language)
    assert [word for word, one in zip(words, found, strict=False) if one] == telling
    assert not found[len(words) :].any()


def test_few_words_are_common() -> None:
    for words in common_words().values():
        assert 40 < len(words) < 120
        assert not {"coalition", "amazon", "president"} & words
