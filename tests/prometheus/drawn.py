"""What the dashboard draws and the alerts look at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from tests.conftest import ROOT

DASHBOARD = ROOT / "deploy" / "grafana" / "coalition-bot.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yaml"
_COMPARED = re.compile(r"(?P<value>.+?) (?:==|>|<) [\d.]+")


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression.

    Attributes:
        title: What it belongs to.
        text: The expression.
        legend: What its curves are called.
    """

    title: str
    text: str
    legend: str = ""


def dashboard() -> dict[str, Any]:
    """The dashboard."""
    read: dict[str, Any] = json.loads(DASHBOARD.read_text("utf-8"))
    return read


def panels() -> Iterator[Expression]:
    """What the dashboard draws, by the title of its panel."""
    for panel in dashboard()["panels"]:
        for target in panel["targets"]:
            yield Expression(panel["title"], target["expr"], target["legendFormat"])


def alerts() -> Iterator[Expression]:
    """What the alerts look at, by their names."""
    for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]:
        for rule in group["rules"]:
            yield Expression(rule["alert"], rule["expr"])


def compared(alert: Expression) -> Expression:
    """What an alert compares with its limit."""
    match = _COMPARED.fullmatch(alert.text)
    assert match is not None, alert
    return Expression(alert.title, match["value"])
