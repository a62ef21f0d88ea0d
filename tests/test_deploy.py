"""What is deployed: as far as it can be checked without systemd or Docker running."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

from bot.config import DatabaseServer, read_config
from bot.config.sharding import read_shards
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "coalition-bot.service"
DOCKERFILE = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8")
MOST_EXPOSED = 2.0

ANALYZE = shutil.which("systemd-analyze") or ""
with_systemd = pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not installed")


@with_systemd
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    # Only the program is exchanged for one that is there.
    text = UNIT.read_text("utf-8").replace("/opt/coalition-bot/bin/coalition-bot", "/bin/true")
    copy = tmp_path / UNIT.name
    copy.write_text(text)
    ran = subprocess.run([ANALYZE, "verify", copy], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@with_systemd
def test_systemd_takes_the_unit_of_several_processes(tmp_path: Path) -> None:
    drop_in = UNIT.with_name("coalition-bot@.service.d") / "cluster.conf"
    copies = (tmp_path / "coalition-bot@.service", tmp_path / drop_in.parent.name / drop_in.name)
    copies[1].parent.mkdir()
    for source, copy in zip((UNIT, drop_in), copies, strict=True):
        text = source.read_text("utf-8")
        copy.write_text(text.replace("/opt/coalition-bot/bin/coalition-bot", "/bin/true"))
    # A folder of units makes of the template the second part.
    part = tmp_path / "coalition-bot@2.service"
    part.symlink_to(copies[0].name)
    ran = subprocess.run([ANALYZE, "verify", part], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@with_systemd
def test_the_unit_is_hardened() -> None:
    ran = subprocess.run(
        [ANALYZE, "security", "--offline=yes", "--no-pager", UNIT],
        capture_output=True,
        text=True,
        check=True,
    )
    level = re.search(r"Overall exposure level for [^:]*: ([\d.]+)", ran.stdout)
    assert level is not None
    assert float(level[1]) <= MOST_EXPOSED


def test_the_image_is_made_of_what_is_there() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8")
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        parents = [source, *(str(each) for each in Path(source).parents)]
        assert any(f"!{each}\n" in ignored for each in parents), f"{source} is ignored"


def test_the_last_stage_has_no_root_no_compiler_and_no_cuda() -> None:
    first, last = DOCKERFILE.split("\nFROM ")[1:]
    assert "apt-get" not in last and "pip install" not in last
    assert "deploy/small/requirements.py" in first and "torch" not in first
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert last.index("USER") < last.index("ENTRYPOINT")


def test_the_image_looks_after_its_health_where_it_is_told() -> None:
    config = read_config(DEPLOY / "docker" / "config.yaml")
    assert f"http://127.0.0.1:{config.health.port}/health/ready" in DOCKERFILE


COMPOSE_FILES = sorted((DEPLOY / "docker").glob("compose*.yaml"))


@pytest.mark.parametrize("path", COMPOSE_FILES, ids=lambda path: path.name)
def test_compose_files_are_as_the_specification_has_it(path: Path) -> None:
    # What is merged into services is not the specification's but YAML's.
    resolved = yaml.safe_load(path.read_text("utf-8"))
    assert PyCompose.from_json(json.dumps(resolved)).service_names()
    for service in resolved["services"].values():
        service["restart"] = "sometimes"
    with pytest.raises(ValueError, match="sometimes"):
        PyCompose.from_json(json.dumps(resolved))


@pytest.mark.parametrize("path", COMPOSE_FILES, ids=lambda path: path.name)
def test_compose_files_name_what_they_have(path: Path) -> None:
    compose = yaml.safe_load(path.read_text("utf-8"))
    services = compose["services"]
    for service in services.values():
        assert {each.split(":")[0] for each in service["volumes"]} <= compose["volumes"].keys()
        assert {each["source"] for each in service.get("configs", ())} <= (
            compose.get("configs", {}).keys()
        )
        for name, wanted in service.get("depends_on", {}).items():
            assert wanted["condition"] != "service_healthy" or "healthcheck" in services[name]


def test_the_processes_of_compose_are_all_the_shards(tmp_path: Path) -> None:
    path = DEPLOY / "docker" / "compose.postgresql.yaml"
    compose = yaml.safe_load(path.read_text("utf-8"))
    settings = tmp_path / "config.yaml"
    settings.write_text(compose["configs"]["bot"]["content"], "utf-8")
    config = read_config(settings)
    assert isinstance(config.database_place, DatabaseServer) and config.health.port is not None
    shards: list[int] = []
    for service in compose["services"].values():
        if service.get("image") == "coalition-bot":
            command, *arguments = service["command"]
            options = dict(zip(arguments[::2], arguments[1::2], strict=True))
            own = read_shards(int(options["--shard-count"]), None, options["--cluster"])
            assert command == "run"
            shards += own.ids
            port = config.health.port + own.ids[0]
            check = " ".join(service["healthcheck"]["test"]) if own.ids[0] else DOCKERFILE
            assert f"http://127.0.0.1:{port}/health/ready" in check
    assert sorted(shards) == list(range(4))


def test_compose_starts_that_image_with_little() -> None:
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text("utf-8"))
    bot = compose["services"]["bot"]
    assert (DEPLOY / "docker" / bot["build"]["context"] / bot["build"]["dockerfile"]).is_file()
    assert bot["cap_drop"] == ["ALL"]
    assert "ports" not in bot and not bot.get("privileged")
    mounted = [each.split(":")[1] for each in bot["volumes"]]
    assert mounted == re.findall(r"^VOLUME (.*)$", DOCKERFILE, re.MULTILINE)
