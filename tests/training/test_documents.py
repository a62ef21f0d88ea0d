"""The written documents are whole, and what is wrong with a file is named with its line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.training.documents import GOOD, changed, written
from training.check import main
from training.documents import load_documents, read_files
from training.errors import TrainingError
from training.split import Split, split_of


def test_the_documents_of_the_repository_are_whole() -> None:
    documents = load_documents()
    kinds = Counter(question.kind for each in documents for question in each.questions)
    assert len(documents) >= 304
    assert abs(kinds["near"] / kinds.total() - 0.5) < 0.02


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (changed(0, span="four days"), "does not hold word for word"),
        (changed(0, span=None), "does not hold word for word"),
        (changed(0, passage=2), "of passage 2, and there is none"),
        (changed(1, span="nine"), "is near and has a span"),
        (changed(1, q="How long CAN i keep a drill"), "stands twice"),
        (changed(1, kind="nearly"), "kind"),
        (changed(1, lang="de"), "lang"),
        (dict(GOOD) | {"title": ""}, "title"),
        (dict(GOOD) | {"passages": ["Alone."]}, "passages"),
        ({"title": "No more than that"}, "questions"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, document: dict[str, object], said: str
) -> None:
    other = dict(GOOD) | {"title": "Another"}
    _, problems = read_files([written(tmp_path, other, document)])
    assert {each.where for each in problems} == {"some.jsonl:2"}
    assert any(said in each.what for each in problems)


def test_a_second_document_of_the_same_title_is_named(tmp_path: Path) -> None:
    _, problems = read_files([written(tmp_path, GOOD, GOOD)])
    assert "a second document is called 'The lending shed'" in problems[0].what


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text('{"lang": "en", \n', "utf-8")
    _, problems = read_files([path])
    assert str(problems[0]).startswith("some.jsonl:1: ")


def test_loading_stops_at_a_problem(tmp_path: Path) -> None:
    written(tmp_path, changed(0, span="four days"))
    with pytest.raises(TrainingError, match=r"some\.jsonl:1: .*word for word"):
        load_documents(tmp_path)


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"No training documents \(\*\.jsonl\) are in "):
        load_documents(tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(TrainingError, match=r"some\.jsonl cannot be read"):
        read_files([path])


def test_the_check_prints_problems_and_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = written(tmp_path, GOOD)
    assert main([str(good)]) == 0
    assert "1 questions fr→en near" in capsys.readouterr().out
    bad = written(tmp_path, changed(0, span="four days"))
    assert main([str(bad)]) == 1
    assert "some.jsonl:1: question 'how long can i keep a drill'" in capsys.readouterr().out
    assert main([str(tmp_path / "none.jsonl")]) == 1
    assert main([]) == 2


def test_a_title_alone_decides_what_a_document_serves() -> None:
    titles = [each.title for each in load_documents()]
    shares = Counter(split_of(each) for each in titles)
    assert 0.6 < shares[Split.TRAIN] / len(titles) < 0.8
    # Published: other work measures on the very same documents.
    assert [each for each in "abcdefgh" if split_of(each) is not Split.TRAIN] == ["a", "g"]
