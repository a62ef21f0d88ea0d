"""Everything that the dashboard draws and the alerts look at has data of the real bot."""

from __future__ import annotations

import math
import re
import socket
import subprocess
from pathlib import Path

import pytest

from tests.discord_server import DiscordServer
from tests.prometheus.busy import bot_telling, everything
from tests.prometheus.drawn import ALERTS, alerts, compared, dashboard, panels
from tests.prometheus.server import PROMETHEUS, PROMTOOL, Prometheus
from tests.scenarios.conftest import House

with_prometheus = pytest.mark.skipif(
    not (PROMETHEUS and PROMTOOL), reason="Debian's prometheus is not installed"
)


def test_the_panels_lie_side_by_side() -> None:
    panels = dashboard()["panels"]
    assert len({each["id"] for each in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        squares = {
            (at["x"] + across, at["y"] + down)
            for across in range(at["w"])
            for down in range(at["h"])
        }
        assert not squares & taken, panel["title"]
        taken |= squares


def test_a_legend_uses_labels_that_its_expression_keeps() -> None:
    for each in panels():
        for label in re.findall(r"\{\{(\w+)\}\}", each.legend):
            kept = re.search(rf"by \((?:\w+, )*{label}(?:, \w+)*\)", each.text)
            assert kept or each.text == "coalition_bot_index_generation", each


@with_prometheus
def test_prometheus_takes_the_rules() -> None:
    ran = subprocess.run(
        [PROMTOOL, "check", "rules", "--lint-fatal", ALERTS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@with_prometheus
@pytest.mark.timeout(300)
async def test_everything_that_is_drawn_has_data(
    discord: DiscordServer, house: House, config: Path, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    guild = int(house.ann.member.guild.id)
    async with (
        bot_telling(discord, config, port, guild),
        Prometheus(tmp_path / "prometheus", port) as prometheus,
    ):
        for _ in range(2):
            await prometheus.scraped()
            await everything(discord, house.crowd(12))
        await prometheus.scraped()
        for each in [*panels(), *map(compared, alerts())]:
            values = [float(one["value"][1]) for one in await prometheus.query(each.text)]
            assert values, f"no data: {each}"
            assert any(math.isfinite(value) for value in values), each
        for label in re.findall(r"by \((\w+)\)", " ".join(each.text for each in panels())):
            if label != "le":
                expression = next(each.text for each in panels() if f"by ({label})" in each.text)
                series = await prometheus.query(expression)
                assert all(each["metric"].get(label) for each in series), expression
        # The alerts are evaluated meanwhile; what should be quiet is.
        firing = await prometheus.query('ALERTS{alertname=~"CoalitionBot(Down|NotConnected)"}')
        assert firing == []
