"""The commands that README and the operators' guide say to run."""

from __future__ import annotations

import re

from tests.conftest import ROOT

PAGES = (ROOT / "README.md", ROOT / "docs" / "operators.md")
_PROGRAMS = (
    "coalition-bot",
    "docker",
    "journalctl",
    "pg_dump",
    "pip",
    "podman",
    "python",
    "python3",
    "ssh",
    "systemctl",
    "systemd-analyze",
    "timedatectl",
)
_SHELL = "sh"
_WRITTEN = re.compile(
    r"^```(?P<language>\w*)\n(?P<block>.*?)^```|`(?P<code>[^`]+)`", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"\s+# .*")
_OPTION = re.compile(r"(--[a-z][a-z-]*).*")


def commands() -> list[str]:
    """Every command, in the order in which it is read; `.venv/bin/` before one goes."""
    found: dict[str, None] = {}
    for page in PAGES:
        for match in _WRITTEN.finditer(page.read_text("utf-8")):
            if match["language"] == _SHELL:
                lines = [_COMMENT.sub("", line) for line in match["block"].splitlines()]
                found |= dict.fromkeys(line.removeprefix(".venv/bin/") for line in lines)
            elif match["code"] is not None:
                code = " ".join(match["code"].split())
                if code.partition(" ")[0] in _PROGRAMS and " " in code:
                    found[code] = None
    return list(found)


def options() -> set[str]:
    """Every option of the command line that is named alone."""
    return {
        option[1]
        for page in PAGES
        for match in _WRITTEN.finditer(page.read_text("utf-8"))
        if match["code"] is not None and (option := _OPTION.fullmatch(match["code"]))
    }
