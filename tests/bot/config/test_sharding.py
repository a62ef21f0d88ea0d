"""What the command line says of shards, and refuses to guess."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.config import Config, DatabaseServer, read_config
from bot.config.sharding import ONE, Shards, read_shards
from bot.config.token import Token
from bot.errors import ConfigError
from bot.operations.running import only_process
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"


@pytest.mark.parametrize(
    ("count", "ids", "cluster", "wanted"),
    [
        (None, None, None, ONE),
        (1, None, None, ONE),
        (4, None, None, Shards(4, (0, 1, 2, 3))),
        (16, "0-3", None, Shards(16, (0, 1, 2, 3))),
        (16, "15, 5-7,6", None, Shards(16, (5, 6, 7, 15))),
        (16, None, "1/4", Shards(16, (0, 1, 2, 3))),
        (7, None, "2/3", Shards(7, (2, 3))),
    ],
)
def test_what_is_meant(
    count: int | None, ids: str | None, cluster: str | None, wanted: Shards
) -> None:
    assert read_shards(count, ids, cluster) == wanted


@pytest.mark.parametrize(("count", "clusters"), [(1, 1), (2, 1), (7, 2), (7, 7), (16, 3), (16, 7)])
def test_clusters_have_every_shard_once(count: int, clusters: int) -> None:
    parts = [read_shards(count, None, f"{each}/{clusters}").ids for each in range(1, clusters + 1)]
    assert [shard for part in parts for shard in part] == list(range(count))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize(
    ("count", "ids", "cluster", "said"),
    [
        (None, "0-3", None, "with --shard-count"),
        (None, None, "1/2", "with --shard-count"),
        (0, None, None, "--shard-count is 0"),
        (40_000, None, None, "from 1 to 32767"),
        (4, "0-1", "1/2", "either --shards or --cluster"),
        (4, "2-4", None, "numbers from 0 to 3"),
        (4, "3-1", None, "--shards is '3-1'"),
        (4, "all", None, "--shards is 'all'"),
        (4, "", None, "--shards is ''"),
        (4, None, "0/2", "--cluster is '0/2'"),
        (4, None, "3/2", "--cluster is '3/2'"),
        (4, None, "1/5", "no more clusters than the 4 shards"),
        (4, None, "two", "such as 2/4"),
    ],
)
def test_what_cannot_be_meant(
    count: int | None, ids: str | None, cluster: str | None, said: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        read_shards(count, ids, cluster)
    assert said in str(refused.value)


def test_processes_do_not_agree_through_a_file() -> None:
    with (
        pytest.raises(ConfigError, match=r"Set `database\.url` to one"),
        only_process(Config(), Token("x"), Shards(4, (0, 1))),
    ):
        pass


def test_the_files_for_services_run_every_shard_once() -> None:
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.postgresql.yaml").read_text("utf-8"))
    commands = [each["command"] for each in compose["services"].values() if "command" in each]
    parts = [read_shards(int(each[2]), None, each[4]) for each in commands]
    assert [shard for part in parts for shard in part.ids] == list(range(parts[0].count))
    unit = (DEPLOY / "systemd" / "coalition-bot@.service.d" / "cluster.conf").read_text("utf-8")
    count, clusters = map(int, re.findall(r"SHARD_COUNT=(\d+) CLUSTERS=(\d+)", unit)[0])
    assert "--shard-count ${SHARD_COUNT} --cluster %i/${CLUSTERS}" in unit
    runs = [read_shards(count, None, f"{each}/{clusters}").ids for each in range(1, clusters + 1)]
    assert [shard for run in runs for shard in run] == list(range(count))


def test_the_configuration_in_the_compose_file_is_one(tmp_path: Path) -> None:
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.postgresql.yaml").read_text("utf-8"))
    path = tmp_path / "config.yaml"
    path.write_text(compose["configs"]["bot"]["content"], "utf-8")
    place = read_config(path).database_place
    assert isinstance(place, DatabaseServer)
    assert place.shown == "database:5432/bot"
    second = compose["services"]["bot-2"]
    first_shard = read_shards(4, None, second["command"][4]).ids[0]
    port = f"127.0.0.1:{read_config(path).health.port + first_shard}/"  # type: ignore[operator]
    assert port in second["healthcheck"]["test"][-1]
