"""What tests share counts against no test's limit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.limits import SHARED

TESTS = """
import pytest


@pytest.fixture(scope="session")
def shared():
    print("made")


@pytest.fixture
def own(shared):
    print("own")


def test_one(own):
    print("one")


@pytest.mark.timeout(2000)
def test_two(own):
    print("two")
"""
TOLD = """
import pytest

from tests.conftest import pytest_plugins


@pytest.hookimpl(tryfirst=True)
def pytest_timeout_set_timer(item, settings):
    print("limit", settings.timeout)
"""


def test_a_shared_fixture_has_a_limit_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_it.py").write_text(TESTS)
    # Taken up where it is in the repository, which is below the root.
    (folder / "conftest.py").write_text(TOLD)
    options = ["-s", "-q", "--timeout", "7", "--rootdir", str(tmp_path)]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = [each.lstrip(".") for each in ran.stdout.splitlines()]
    made = told.index("made")
    assert told[made - 1 : made + 4] == [f"limit {SHARED}", "made", "limit 7.0", "own", "one"]
    # Whoever has a longer limit keeps it.
    assert told[made + 4 : made + 7] == ["limit 2000.0", "own", "two"]
