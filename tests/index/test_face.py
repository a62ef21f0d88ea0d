"""The face of the room: its example does what it says."""

from __future__ import annotations

import doctest
import shutil
from pathlib import Path

import pytest

import index
from tests.conftest import ARTICLES


def test_the_example_leads_from_a_folder_of_articles_to_a_quote(
    index_folder: Path,
    pytestconfig: pytest.Config,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "articles").symlink_to(ARTICLES)
    (tmp_path / "data" / "index").mkdir(parents=True)
    (tmp_path / "data" / "models").symlink_to(pytestconfig.cache.mkdir("models"))
    # What every index of this encoder needs was encoded already for the one that tests share.
    for reference in index_folder.glob("reference-*"):
        shutil.copy(reference, tmp_path / "data" / "index")
    monkeypatch.chdir(tmp_path)
    (example,) = doctest.DocTestFinder(recurse=False).find(index)
    ran = doctest.DocTestRunner().run(example, clear_globs=False)
    example.globs["encoder"].close()
    assert ran == doctest.TestResults(failed=0, attempted=10)
