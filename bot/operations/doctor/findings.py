"""What an examination finds, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rich.console import Console
from rich.text import Text

from bot.locales import Phrasebook, said


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
        subject: What it is, by the name that programs know.
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


def findings_json(findings: Sequence[Finding], phrases: Phrasebook) -> str:
    """All findings as one JSON object: names of subjects stay, words are in a language."""
    told = [
        {
            "subject": each.subject,
            "health": each.health,
            "seen": said(each.seen, phrases),
            "advice": said(each.advice, phrases),
        }
        for each in findings
    ]
    return json.dumps({"healthy": healthy(findings), "findings": told}, ensure_ascii=False)


def print_findings(console: Console, findings: Sequence[Finding], phrases: Phrasebook) -> None:
    """Print one line for each finding, and under it what to do."""
    subjects = [phrases(f"doctor.subject.{each.subject}") for each in findings]
    width = max(map(len, subjects))
    for subject, each in zip(subjects, findings, strict=True):
        sign, colour = _SIGNS[each.health]
        # Names come from servers: they must not move the cursor or begin a line.
        seen = " ".join(said(each.seen, phrases).splitlines())
        shown = "".join(letter for letter in seen if letter.isprintable() or letter == "\u00a0")
        line = Text.assemble((sign, colour), f" {subject:<{width}}  {shown}")
        console.print(line, soft_wrap=True)
        if each.advice:
            advice = said(each.advice, phrases)
            console.print(Text(f"  {'':<{width}}  → {advice}", style="bold"), soft_wrap=True)


def healthy(findings: Sequence[Finding]) -> bool:
    """Whether nothing is bad."""
    return all(each.health is not Health.BAD for each in findings)
