"""What is written for people is true: links, commands, settings, the reference."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli.app import app
from bot.config import Config
from tests import reference
from tests.bot.config.test_config import settings
from tests.conftest import ROOT

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(?:^|[\s/&])coalition-bot (?P<rest>[a-z][^;#&|]*)")
FILES = {"yaml", "py", "md"}
COMMENT = re.compile(r"\s+# .*")
TWINS = [("README.md", "README.fr.md"), ("docs/operators.md", "docs/operators.fr.md")]
LONGEST_READING = 3 * 230
"""Words that somebody reads in three minutes."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """The names of a page's titles, as they are linked to."""
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    for match in LINK.finditer(FENCE.sub("", page.read_text("utf-8"))):
        target, _, anchor = match["target"].partition("#")
        if target.startswith(("https://", "http://127.0.0.1")):
            continue
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), match[0]
        assert not anchor or anchor in anchors(path), match[0]


def commands(page: Path) -> Iterator[list[str]]:
    """Every use of the command line in a page."""
    text = page.read_text("utf-8")
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    for line in lines + CODE.findall(FENCE.sub("", text)):
        for match in COMMAND.finditer(line):
            yield shlex.split(match["rest"])


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_exists_with_its_options(page: Path) -> None:
    for words in commands(page):
        command: Any = typer.main.get_command(app)
        while words and hasattr(command, "commands"):
            name = words.pop(0)
            assert name in command.commands, f"coalition-bot {name}"
            command = command.commands[name]
        known = {option for each in getattr(command, "params", []) for option in each.opts}
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert options <= known | {"--help"}, words


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_setting_that_is_named_exists(page: Path) -> None:
    known = set(settings(Config()))
    sections = {name.partition(".")[0] for name in known if "." in name}
    for code in CODE.findall(FENCE.sub("", page.read_text("utf-8"))):
        match = re.fullmatch(r"([a-z_]+)\.([a-z_]+)(?:: .*)?", code)
        if match and match[1] in sections and match[2] not in FILES:
            assert f"{match[1]}.{match[2]}" in known, code


def test_the_reference_is_current() -> None:
    written = (ROOT / "docs" / "reference.md").read_text("utf-8")
    assert written == reference.document(), "run python -m tests.reference > docs/reference.md"


def test_the_readme_is_read_in_three_minutes() -> None:
    text = FENCE.sub("", (ROOT / "README.md").read_text("utf-8"))
    assert len(re.findall(r"\w+", LINK.sub("", text))) <= LONGEST_READING


@pytest.mark.parametrize(("english", "french"), TWINS)
def test_twins_run_the_same_commands(english: str, french: str) -> None:
    pages = [(ROOT / page).read_text("utf-8") for page in (english, french)]
    assert f"]({Path(french).name})" in pages[0]
    assert f"]({Path(english).name})" in pages[1]
    ours, theirs = (
        sorted(COMMENT.sub("", line).strip() for line in _typed(page)) for page in pages
    )
    assert ours == theirs
    for shape in (r"^#+ ", r"^\d\. ", r"^- ", r"^\|.*\|$", r"^!\["):
        counts = {len(re.findall(shape, page, re.MULTILINE)) for page in pages}
        assert len(counts) == 1, shape


@pytest.mark.parametrize("french", [french for _, french in TWINS])
def test_french_is_set_as_french_is(french: str) -> None:
    text = (ROOT / french).read_text("utf-8")
    prose = CODE.sub("", FENCE.sub("", text))
    assert not re.search(r"[^\u00a0\u202f][;?!»%](?!\[)", prose.replace("![", "")), "; ? ! » %"
    assert not re.search(r"[^\u00a0\n|-]:(?=\s)", prose), "a non-breaking space before :"
    assert not re.search(r"«[^\u00a0]", prose)
    assert "'" not in prose
    assert '"' not in prose


def _typed(page: str) -> Iterator[str]:
    """What is typed or named as it is typed: of each block of a shell, and between back ticks."""
    for block in re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    yield from CODE.findall(FENCE.sub("", page))


@pytest.mark.parametrize("guide", ["members", "moderators"])
def test_a_guide_says_the_same_in_both_languages(guide: str) -> None:
    french, english = (
        (ROOT / "docs" / f"{guide}.{language}.md").read_text("utf-8") for language in ("fr", "en")
    )
    for shape in (r"^#+ ", r"^- ", r"`/[\w -]+`"):
        assert len(re.findall(shape, french, re.MULTILINE)) == len(
            re.findall(shape, english, re.MULTILINE)
        ), shape
    assert not re.search(r"[^\u00a0\u202f][;?!»]", french), "a non-breaking space before ; ? ! »"
    assert not re.search(r"«[^\u00a0]", french)
    assert "'" not in french
