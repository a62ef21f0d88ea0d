"""Each alert fires when it should, and not before, as Prometheus' own tool has it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.prometheus.drawn import ALERTS, alerts
from tests.prometheus.server import PROMTOOL

pytestmark = pytest.mark.skipif(not PROMTOOL, reason="Debian's prometheus is not installed")


@dataclass(frozen=True, slots=True)
class Case:
    """When an alert fires: series with a value a minute, in promtool's notation.

    Attributes:
        fires: After half an hour of these it does.
        quiet: After half an hour of these it does not.
        labels: What the alert has beside its severity.
    """

    fires: dict[str, str]
    quiet: dict[str, str]
    labels: dict[str, str]


def buckets(name: str, within: int, beyond: int) -> dict[str, str]:
    """A histogram that grows each minute by so many within 2.5 s and beyond."""
    return {
        f'{name}_bucket{{le="2.5"}}': f"0+{within}x30",
        f'{name}_bucket{{le="5.0"}}': f"0+{within + beyond}x30",
        f'{name}_bucket{{le="+Inf"}}': f"0+{within + beyond}x30",
    }


JOB = {"job": "coalition-bot"}
CASES = {
    "CoalitionBotDown": Case(
        {'up{job="coalition-bot"}': "1x26 0x4"}, {'up{job="coalition-bot"}': "1x28 0x1"}, JOB
    ),
    "CoalitionBotNotConnected": Case(
        {"coalition_bot_gateway_connected": "1x20 0x10"},
        {"coalition_bot_gateway_connected": "1x26 0x3 1x1"},
        {},
    ),
    "CoalitionBotSlow": Case(
        buckets("coalition_bot_question_seconds", 90, 10),
        buckets("coalition_bot_question_seconds", 1000, 1),
        {},
    ),
    "CoalitionBotOverloaded": Case(
        {'coalition_bot_questions_total{outcome="busy"}': "0+1x30"},
        {
            'coalition_bot_questions_total{outcome="busy"}': "7x30",
            "coalition_bot_refusals_total": "7x30",
            'coalition_bot_questions_total{outcome="answer"}': "0+50x30",
        },
        {},
    ),
    "CoalitionBotErrors": Case(
        {'coalition_bot_errors_total{kind="ValueError"}': "0+1x30"},
        {'coalition_bot_errors_total{kind="ValueError"}': "0x20 2x10"},
        {},
    ),
    "CoalitionBotRateLimited": Case(
        {'coalition_bot_discord_requests_total{status="429"}': "0+2x30"},
        {
            'coalition_bot_discord_requests_total{status="429"}': "0+1x30",
            'coalition_bot_discord_requests_total{status="200"}': "0+90x30",
        },
        {},
    ),
    "CoalitionBotGatewayUnstable": Case(
        {"coalition_bot_gateway_disconnects_total": "0+1x30"},
        {"coalition_bot_gateway_disconnects_total": "0x20 9x10"},
        {},
    ),
}


def rule(name: str) -> dict[str, Any]:
    groups = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    (found,) = (each for group in groups for each in group["rules"] if each["alert"] == name)
    assert isinstance(found, dict)
    return found


def test_every_alert_is_tried() -> None:
    assert CASES.keys() == {each.title for each in alerts()}


@pytest.mark.parametrize("name", CASES)
def test_an_alert_fires_when_it_should(name: str, tmp_path: Path) -> None:
    case, alert = CASES[name], rule(name)
    fired = {
        "exp_labels": alert["labels"] | case.labels,
        "exp_annotations": alert["annotations"],
    }
    tests = [
        {
            "interval": "1m",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "alert_rule_test": [
                {"eval_time": "30m", "alertname": name, "exp_alerts": expected},
            ],
        }
        for series, expected in ((case.fires, [fired]), (case.quiet, []))
    ]
    file = tmp_path / "tests.yaml"
    content = {"rule_files": [str(ALERTS)], "evaluation_interval": "1m", "tests": tests}
    file.write_text(yaml.safe_dump(content))
    ran = subprocess.run(
        [PROMTOOL, "test", "rules", file], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
