"""Files and texts that mean harm: refused with a word or read, and never a hang.

A regular expression or a splitter that explodes on one of the long texts would not end before
the limit that every test has.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.questions import clean_question
from bot.answering.startup import damage_to
from bot.answering.wording import without_mentions
from bot.components.markup import escaped, on_one_line, quoted, shortened
from bot.config import Config, read_config
from bot.errors import ConfigError, QuestionError
from bot.storage.same_question import folded_question
from index import Index, LanguageDetector
from index.errors import EvaluationError
from index.evaluation import read_cases
from knowledge import Language, PassageLimits, Span, read_library
from knowledge.passages.sentences import sentence_spans

LONG = 30_000
EXPLOSIVE = {
    "one letter": "a" * LONG,
    "stars": "*" * LONG,
    "brackets": "[" * LONG,
    "pairs": "[](" * (LONG // 3),
    "spaces": " " * LONG + "x",
    "lines": "\n" * LONG,
    "mentions": "<@" * (LONG // 2),
    "half mentions": "<@123" * (LONG // 5),
    "back quotes": "`" * LONG,
    "quotes": "> " * (LONG // 2),
    "full stops": "a. " * (LONG // 3),
    "initials": "A.B" * (LONG // 3),
    "marks": "e\u0301" * (LONG // 2),
    "right to left": "\u202e\u200f" * (LONG // 2),
    "emoji": "\U0001f468\u200d" * (LONG // 2),
}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
KEYS = st.sampled_from([*Config.model_fields, "longest", "threads", "url"]) | st.text(max_size=8)
SETTINGS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("text", EXPLOSIVE.values(), ids=EXPLOSIVE)
def test_no_text_takes_for_ever(text: str) -> None:
    assert quoted(escaped(text))
    assert len(shortened(on_one_line(text), 100)) <= 100
    without_mentions(text)
    folded_question(text)
    with contextlib.suppress(QuestionError):
        clean_question(text, 500)
    for language in Language:
        sentence_spans(text, Span(0, len(text)), language)


@pytest.mark.parametrize("text", EXPLOSIVE.values(), ids=EXPLOSIVE)
def test_no_document_takes_for_ever(text: str, tmp_path: Path) -> None:
    folder = tmp_path / "harm"
    folder.mkdir()
    head = "---\ntitle: T\nlanguage: en\n---\n"
    (folder / "en.md").write_text(f"{head}Some words.\n\n{text}\n", encoding="utf-8")
    library = read_library(tmp_path, PassageLimits())
    assert library.documents or library.problems


@ONE_FOLDER
@given(given_settings=SETTINGS)
def test_any_configuration_is_read_or_refused_with_a_word(
    given_settings: object, tmp_path: Path
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(given_settings), encoding="utf-8")
    said = "config.yaml"
    try:
        read_config(path)
    except ConfigError as refused:
        said = str(refused)
    assert "config.yaml" in said


@ONE_FOLDER
@given(content=st.binary(max_size=60) | SETTINGS.map(lambda each: yaml.safe_dump(each).encode()))
def test_any_file_of_questions_is_read_or_refused_with_a_word(
    content: bytes, tmp_path: Path, index: Index
) -> None:
    path = tmp_path / "questions.yaml"
    path.write_bytes(content)
    said = "questions.yaml"
    try:
        read_cases(path, index)
    except EvaluationError as refused:
        said = str(refused)
    assert "questions.yaml" in said


@pytest.mark.parametrize("harm", ["a byte", "cut", "emptied", "gone"])
def test_every_file_of_an_index_that_is_harmed_is_noticed(
    index_folder: Path, tmp_path: Path, harm: str
) -> None:
    # What else is there is read by builds alone, which look at it themselves.
    of_answers = [index_folder / "manifest.json", *index_folder.glob("*/*")]
    for relative in [each.relative_to(index_folder) for each in of_answers]:
        folder = tmp_path / "index"
        shutil.copytree(index_folder, folder)
        path = folder / relative
        content = path.read_bytes()
        path.chmod(0o600)
        if harm == "a byte":
            middle = len(content) // 2
            path.write_bytes(
                content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            )
        elif harm == "gone":
            path.unlink()
        else:
            path.write_bytes(content[: len(content) // 2 if harm == "cut" else 0])
        # Without a manifest there is no index, which is built then.
        no_index = not (folder / "manifest.json").exists()
        assert no_index or damage_to(folder) is not None, relative
        shutil.rmtree(folder)


def test_texts_of_many_languages_at_once_are_a_language() -> None:
    detector = LanguageDetector()
    for text in EXPLOSIVE.values():
        assert detector.detect(text[:500], Language.FRENCH).language in Language
