"""The doctor: what it finds on the machine and at Discord, and what it advises."""

from __future__ import annotations

import io
import json
import shutil
from collections import namedtuple
from importlib import metadata
from pathlib import Path
from typing import Any

import discord
import pytest
from rich.console import Console

from bot.client.client import CoalitionBot
from bot.client.permissions import needed_permissions
from bot.cogs.composition import add_features
from bot.config import Config, read_config
from bot.config.settings import HealthSettings
from bot.config.token import Token
from bot.locales import Phrasebooks
from bot.locales.phrasebook import phrasebook
from bot.operations.doctor import examination as doctor
from bot.operations.doctor.articles import examine_model
from bot.operations.doctor.connection import examine_connection
from bot.operations.doctor.database import examine_database
from bot.operations.doctor.findings import Finding, Health, findings_json, healthy, print_findings
from bot.operations.doctor.machine import examine_disk, examine_memory, examine_versions
from bot.operations.doctor.running import examine_health
from bot.operations.registering import register_commands
from bot.telemetry.health import serving_health
from bot.telemetry.metrics import Metrics
from bot.telemetry.watch import Watch
from index import open_encoder
from index.encoders.exported.encoder import ExportedEncoder
from index.encoders.opening import exported_model
from knowledge import Language
from tests.bot.stand_in import ME, StandIn, pointed_at, serving
from tests.conftest import ARTICLES, ROOT
from tests.discord_server import DiscordServer
from tests.discord_server import pointed_at as pointed_at_server
from tests.discord_server.server import SECRET
from tests.index.encoders.test_exported import tiny

TOKEN = "a-token-that-must-never-show"  # noqa: S105
SERVER = 7
NEEDED = needed_permissions().value
VIEW = discord.Permissions.view_channel.flag
SEND = discord.Permissions.send_messages.flag


@pytest.fixture
def folder(
    tmp_path: Path,
    index_folder: Path,
    pytestconfig: pytest.Config,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A folder in which the bot would run, its token in the environment."""
    shutil.copy(ROOT / "config.yaml", tmp_path)
    shutil.copytree(ARTICLES, tmp_path / "knowledge" / "articles")
    shutil.copytree(index_folder, tmp_path / "data" / "index")
    models = pytestconfig.cache.mkdir("models")
    for exported in models.glob("exported-*"):
        (tmp_path / "data" / "models").mkdir()
        (tmp_path / "data" / "models" / exported.name).symlink_to(exported)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    return tmp_path


def channel(number: int, name: str, kind: int = 0, **allowed: str) -> dict[str, Any]:
    """A channel in which everybody has other permissions than in the server."""
    overwrites = [{"id": str(SERVER), "type": 0, "allow": "0", "deny": "0", **allowed}]
    return {
        "id": str(number),
        "type": kind,
        "name": name,
        "position": number,
        "permission_overwrites": overwrites if allowed else [],
    }


def server(permissions: int, channels: list[dict[str, Any]]) -> dict[str, Any]:
    """What Discord says of a server in which everybody has `permissions`."""
    everyone = {
        "id": str(SERVER),
        "name": "@everyone",
        "permissions": str(permissions),
        "position": 0,
        "colors": {"primary_color": 0},
    }
    guild = {"id": str(SERVER), "name": "Maison", "owner_id": "5", "roles": [everyone]}
    return {
        "/users/@me/guilds": [guild],
        "/applications/1/commands": [],
        f"/applications/1/guilds/{SERVER}/commands": [],
        f"/guilds/{SERVER}": guild,
        f"/guilds/{SERVER}/members/1": {
            "user": ME, "roles": [], "joined_at": None, "deaf": False, "mute": False, "flags": 0,
        },
        f"/guilds/{SERVER}/channels": channels,
    }  # fmt: skip


async def findings(
    stand_in: StandIn, *, registered: bool = True, seconds: float = doctor.PATIENCE
) -> dict[str, Finding]:
    """What the doctor finds where Discord is as `stand_in` says."""
    async with serving(stand_in):
        stand_in.known.setdefault("/users/@me/guilds", [])
        stand_in.known.setdefault("/applications/1/commands", [])
        if registered:
            bot = CoalitionBot(Config(), Phrasebooks.read(), add_features)
            await register_commands(bot, Token(TOKEN), None)
        return {each.subject: each for each in await doctor.examine(None, seconds)}


@pytest.mark.usefixtures("folder", "real_encoder")
async def test_all_is_well() -> None:
    known = server(NEEDED, [channel(1, "general"), channel(2, "hidden", deny=str(VIEW))])
    found = await findings(StandIn(accepts=TOKEN, known=known))
    wrong = {name: each for name, each in found.items() if each.health is not Health.GOOD}
    # The tests run from a clone, which may not be installed.
    assert wrong.keys() <= {"versions"}
    assert found["index"].seen == "1 documents, 9 passages, intact and current."
    assert found["token"].seen == "Discord knows it: coalition (1)."
    expected = "Maison: 1 channels, 1 hidden from the bot; it may do there what it needs."
    assert found["server"].seen == expected


@pytest.mark.usefixtures("folder", "real_encoder")
async def test_a_bot_that_is_nowhere_gets_its_invitation() -> None:
    found = await findings(StandIn(accepts=TOKEN), registered=False)
    assert found["servers"].health is Health.BAD
    assert "https://discord.com/oauth2/authorize" in found["servers"].advice
    assert found["commands"].health is Health.BAD
    assert "coalition-bot sync" in found["commands"].advice


@pytest.mark.usefixtures("folder", "real_encoder")
async def test_missing_permissions_are_named_with_their_place() -> None:
    channels = [channel(1, "general"), channel(2, "rules", deny=str(SEND))]
    found = await findings(StandIn(accepts=TOKEN, known=server(NEEDED, channels)))
    assert found["server"].health is Health.DOUBTFUL
    assert "not allowed to Send Messages in #rules" in found["server"].seen
    found = await findings(StandIn(accepts=TOKEN, known=server(VIEW, channels)))
    assert found["server"].health is Health.BAD
    for title in ("Send Messages", "Send Messages in Threads", "Read Message History"):
        assert title in found["server"].seen


@pytest.mark.usefixtures("folder", "real_encoder")
async def test_an_invitation_without_the_scope_is_named() -> None:
    known = server(NEEDED, []) | {f"/applications/1/guilds/{SERVER}/commands": 403}
    found = await findings(StandIn(accepts=TOKEN, known=known))
    assert "invited without the scope applications.commands" in found["server"].seen
    assert "scope=bot+applications.commands" in found["server"].advice


@pytest.mark.usefixtures("folder", "real_encoder")
async def test_commands_that_are_registered_twice_are_noticed() -> None:
    stand_in = StandIn(accepts=TOKEN, known=server(NEEDED, [channel(1, "general")]))
    async with serving(stand_in):
        bot = CoalitionBot(Config(), Phrasebooks.read(), add_features)
        await register_commands(bot, Token(TOKEN), SERVER)
    kept = f"/applications/1/guilds/{SERVER}/commands"
    stand_in.known[kept] = [_with_ids(each) for each in stand_in.known[kept]]
    found = await findings(stand_in)
    assert found["server"].health is Health.DOUBTFUL
    assert "each command shows twice" in found["server"].seen
    assert f"coalition-bot sync --guild {SERVER} --remove" in found["server"].advice


def _with_ids(command: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "application_id": "1", "version": "1", **command}


@pytest.mark.usefixtures("folder", "real_encoder")
async def test_settings_of_the_portal_that_matter_are_named() -> None:
    found = await findings(StandIn(accepts=TOKEN, about={"flags": 1 << 18}))
    assert "Message Content" in found["application"].seen
    found = await findings(StandIn(accepts=TOKEN, about={"bot_require_code_grant": True}))
    assert found["application"].health is Health.BAD


@pytest.mark.usefixtures("real_encoder")
async def test_an_intent_that_a_setting_needs_is_looked_for(folder: Path) -> None:
    config = folder / "config.yaml"
    text = config.read_text("utf-8")
    assert "message_content: false" in text
    config.write_text(text.replace("message_content: false", "message_content: true"), "utf-8")
    found = await findings(StandIn(accepts=TOKEN))
    assert found["application"].health is Health.BAD
    assert "the intent Message Content is off" in found["application"].seen
    found = await findings(StandIn(accepts=TOKEN, about={"flags": 1 << 18}))
    assert found["application"].health is Health.GOOD


@pytest.mark.usefixtures("folder", "real_encoder")
async def test_a_token_that_does_not_serve_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await findings(StandIn(accepts="another"), registered=False)
    assert found["token"].seen.startswith("Discord refused the token")
    monkeypatch.setenv("DISCORD_TOKEN", "1" * 18)
    found = await findings(StandIn(accepts=TOKEN), registered=False)
    assert found["token"].seen.startswith("That is an application ID")


@pytest.mark.usefixtures("folder", "real_encoder")
async def test_discord_out_of_reach_is_said() -> None:
    with pointed_at("http://127.0.0.1:9"):
        found = {each.subject: each for each in await doctor.examine(None)}
    assert found["discord"].health is Health.BAD
    assert "Check the network" in found["discord"].seen


@pytest.mark.usefixtures("folder", "real_encoder")
async def test_a_discord_that_does_not_answer_costs_no_more_than_its_time() -> None:
    found = await findings(StandIn(accepts=TOKEN), registered=False, seconds=0)
    assert "did not answer everything" in found["discord"].seen
    assert found["index"].health is Health.GOOD


async def test_every_server_is_examined_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", SECRET)
    async with DiscordServer() as server, pointed_at_server(server.address):
        names = {server.guild(f"Maison {number}").name for number in range(220)}
        found = await examine_connection(Config(), 60)
    pages = [each for each in server.rest.requests if each.path == "/users/@me/guilds"]
    assert len(pages) == 2
    examined = [each.seen.partition(":")[0] for each in found if each.subject == "server"]
    assert len(examined) == len(names) and set(examined) == names
    assert all(each.health is Health.GOOD for each in found if each.subject == "server")


async def test_servers_that_time_leaves_out_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", SECRET)
    async with DiscordServer(checked=False) as server, pointed_at_server(server.address):
        guilds = [server.guild(f"Maison {number}") for number in range(30)]
        for guild in guilds[3:]:
            server.faults.plan("GET", f"/guilds/{guild.id}$", times=None, delay=60)
        found = await examine_connection(Config(), 2)
    said = found[-1]
    assert (said.subject, said.health) == ("servers", Health.DOUBTFUL)
    assert said.seen == "3 of 30 servers were examined within 2.0 s."
    assert said.advice == "For all of them run `coalition-bot doctor --seconds 5`."


@pytest.mark.usefixtures("real_encoder")
async def test_what_answers_are_made_from_is_examined(folder: Path) -> None:
    (folder / "config.yaml").write_text("data_folder: elsewhere\n")
    found = await findings(StandIn(accepts=TOKEN))
    assert "has not been made ready" in found["model"].seen
    assert found["index"].seen == "There is no index yet."
    (folder / "config.yaml").write_text("questions:\n  longst: 5\n")
    found = await findings(StandIn(accepts=TOKEN))
    assert "line 2: unknown key 'questions.longst'" in found["config"].seen


@pytest.mark.usefixtures("real_encoder")
async def test_a_model_that_is_served_the_long_way_is_said(folder: Path, tmp_path: Path) -> None:
    tiny(tmp_path / "parts", "max", {}).save(str(tmp_path / "model"))
    (folder / "config.yaml").write_text(f"encoder:\n  model: {tmp_path / 'model'}\n")
    config = read_config(folder / "config.yaml")
    open_encoder(config.encoder.choice, config.models_folder, print)
    found = examine_model(config)
    assert found.health is Health.DOUBTFUL
    assert "its pooling must be mean or cls" in found.seen
    assert "answers all the same" in found.advice


async def test_a_damaged_model_is_noticed(
    folder: Path, real_encoder: ExportedEncoder, pytestconfig: pytest.Config
) -> None:
    del real_encoder
    intact = exported_model(Config().encoder.choice, pytestconfig.cache.mkdir("models"))
    assert intact is not None
    ours = folder / "data" / "models" / intact.name
    ours.unlink()
    shutil.copytree(intact, ours)
    (file,) = ours.glob("*.onnx")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    found = await findings(StandIn(accepts=TOKEN))
    assert found["model"].health is Health.DOUBTFUL
    assert "is damaged" in found["model"].seen


async def test_the_database_is_looked_at(tmp_path: Path, empty_database: Path) -> None:
    config = Config(data_folder=tmp_path)
    assert "is made at" in (await examine_database(config, 10)).seen
    place = config.database_place
    assert isinstance(place, Path)
    shutil.copy(empty_database, place)
    found = await examine_database(config, 10)
    assert (found.health, found.seen) == (Health.GOOD, f"It is intact: {place}.")
    content = bytearray(place.read_bytes())
    content[4096:12288] = b"x" * 8192
    place.write_bytes(content)
    found = await examine_database(config, 10)
    assert found.health is Health.BAD
    assert "is damaged. Stop the bot" in found.seen


async def test_the_port_for_health_is_free_or_the_bots_own() -> None:
    async def at(port: int) -> Finding:
        return await examine_health(Config(health=HealthSettings(port=port)))

    watch = Watch()
    async with serving_health(0, watch, Metrics(watch)) as port:
        assert "runs and is not ready: starting" in (await at(port)).seen
    assert f"The port {port} is free" in (await at(port)).seen
    async with serving(StandIn(accepts=TOKEN)) as another:
        found = await at(int(another.address.rpartition(":")[2]))
    assert found.health is Health.BAD
    assert "Something else than the bot answers" in found.seen


def test_the_disk_is_examined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")  # noqa: PYI024 - as shutil's own
    config = Config(data_folder=tmp_path / "data")
    assert examine_disk(config).health is Health.GOOD
    assert not list((tmp_path / "data").iterdir())
    for free, health in ((500e6, Health.DOUBTFUL), (1e6, Health.BAD)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage(free))
        assert examine_disk(config).health is health
    (tmp_path / "file").write_text("")
    found = examine_disk(Config(data_folder=tmp_path / "file" / "data"))
    assert found.health is Health.BAD
    assert "cannot be written to (Not a directory)" in found.seen


@pytest.mark.parametrize(
    ("available", "limit", "health"),
    [
        ("9000000", "max", Health.GOOD),
        ("300000", "max", Health.DOUBTFUL),
        ("9000000", "200000000", Health.BAD),
    ],
)
def test_the_memory_is_that_of_the_machine_and_of_its_container(
    tmp_path: Path, available: str, limit: str, health: Health
) -> None:
    assert examine_memory(model_ready=False, bundled=True, files=tmp_path).health is Health.GOOD
    for name, text in (
        ("proc/meminfo", f"MemTotal: 9900000 kB\nMemAvailable: {available} kB\n"),
        ("sys/fs/cgroup/memory.max", f"{limit}\n"),
        ("sys/fs/cgroup/memory.current", "100000000\n"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert examine_memory(model_ready=True, bundled=True, files=tmp_path).health is health
    if health is Health.DOUBTFUL:
        found = examine_memory(model_ready=False, bundled=True, files=tmp_path)
        assert found.health is health
        found = examine_memory(model_ready=False, bundled=False, files=tmp_path)
        assert found.health is Health.BAD
        assert "copy its folder data/models" in found.advice


def test_libraries_that_do_not_fit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["pyyaml>=6", "numpy<1", "no-such-thing>=2", 'extra-thing; extra == "test"']
    monkeypatch.setattr("importlib.metadata.requires", lambda _: wanted)
    plain = metadata.version
    monkeypatch.setattr(
        "importlib.metadata.version",
        lambda name: "0.1.0" if name == "coalition-bot" else plain(name),
    )
    found = examine_versions()
    assert found.health is Health.BAD
    assert "numpy is" in found.seen and "it should be <1; no-such-thing is missing." in found.seen
    assert "yaml" not in found.seen and "extra-thing" not in found.seen
    # An image in which the model is ready has no torch.
    wanted[:] = ["pyyaml>=6", "torch==0.1"]
    found = examine_versions()
    assert found.health is Health.DOUBTFUL
    assert "it should be ==0.1" in found.seen


def test_findings_are_told_in_lines_and_in_json() -> None:
    found = [
        Finding("server", Health.BAD, "evil\x1b[2J\nname", "Do this."),
        Finding("disk", Health.GOOD, "« 1 GB »"),
    ]
    assert not healthy(found) and healthy(found[1:])
    told = json.loads(findings_json(found, phrasebook(Language.ENGLISH)))
    assert told["healthy"] is False
    assert told["findings"][0]["advice"] == "Do this."
    out = io.StringIO()
    print_findings(Console(file=out, width=200), found, phrasebook(Language.ENGLISH))
    assert out.getvalue().splitlines() == [
        "✗ server  evil[2J name",
        "          → Do this.",
        "✓ disk    « 1 GB »",
    ]
