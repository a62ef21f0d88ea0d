"""What an examination finds, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from rich.console import Console
from rich.text import Text

from bot.components.markup import on_one_line


class Health(StrEnum):
    """How something is."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"


_SIGNS = {Health.GOOD: ("✓", "green"), Health.DOUBTFUL: ("!", "yellow"), Health.BAD: ("✗", "red")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined.

    Attributes:
        subject: What it is.
        health: How it is.
        seen: What was seen, in a sentence.
        advice: What to do; blank where nothing is to be done.
    """

    subject: str
    health: Health
    seen: str
    advice: str = ""


def good(subject: str, seen: str) -> Finding:
    """Something that is as it should be."""
    return Finding(subject, Health.GOOD, seen)


def doubtful(subject: str, seen: str, advice: str) -> Finding:
    """Something with which the bot runs, but not at its best."""
    return Finding(subject, Health.DOUBTFUL, seen, advice)


def bad(subject: str, seen: str, advice: str) -> Finding:
    """Something with which the bot does not run, or not everywhere."""
    return Finding(subject, Health.BAD, seen, advice)


def findings_json(findings: Sequence[Finding]) -> str:
    """All findings as one JSON object."""
    return json.dumps(
        {"healthy": healthy(findings), "findings": [asdict(each) for each in findings]},
        ensure_ascii=False,
    )


def print_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print one line for each finding, and under it what to do."""
    width = max(len(each.subject) for each in findings)
    for each in findings:
        sign, colour = _SIGNS[each.health]
        # Names come from servers: they must not move the cursor or begin a line.
        seen = "".join(letter for letter in on_one_line(each.seen) if letter.isprintable())
        line = Text.assemble((sign, colour), f" {each.subject:<{width}}  {seen}")
        console.print(line, soft_wrap=True)
        if each.advice:
            console.print(Text(f"  {'':<{width}}  → {each.advice}", style="bold"), soft_wrap=True)


def healthy(findings: Sequence[Finding]) -> bool:
    """Whether nothing is bad."""
    return all(each.health is not Health.BAD for each in findings)
