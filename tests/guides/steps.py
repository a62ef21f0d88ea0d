"""What becomes of each command of the guides: how it is run, or why it is not."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Awaitable, Callable

import aiohttp

from tests.discord_server.server import SECRET
from tests.guides.walk import Walk
from tests.scenarios.conftest import ANSWER, QUESTION

Step = Callable[[Walk, str], Awaitable[None]]

_RUN = "coalition-bot run"


async def _first_answer(walk: Walk, command: str) -> None:
    # As on a machine that knows nothing of a stand-in.
    said = await walk.run(command, with_discord=False)
    assert "L'Association américaine des libraires" in " ".join(said.replace("▌", "").split())


async def _ask(walk: Walk, command: str) -> None:
    said = await walk.run(command)
    options = ("--all", "--language", "--json", "--explain")
    assert all(each in said for each in options)
    said = await walk.run(f"coalition-bot ask --all --explain --language en --json '{QUESTION}'")
    asked = json.loads(said)
    assert ANSWER in asked["quote"]
    said = await walk.run("coalition-bot ask", typed=f"{QUESTION}\n")
    assert ANSWER in " ".join(said.replace("▌", "").split())


async def _setup(walk: Walk, command: str) -> None:
    said = await walk.run(command, typed=f"{SECRET}\n")
    assert "https://discord.com/oauth2/authorize" in said
    assert SECRET not in said
    kept = walk.folder / ".env"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text() == f"DISCORD_TOKEN={SECRET}\n"


async def _sync(walk: Walk, command: str) -> None:
    assert "commands registered for all servers" in await walk.run(command)
    assert "Discord has the same" in await walk.run(command)
    guild = walk.guild.id
    said = await walk.run(f"{command} --guild {guild}")
    assert f"commands registered for the server {guild}" in said


async def _run(walk: Walk, command: str) -> None:
    await walk.start(command)
    await walk.discord.gateway.connected()
    assert ANSWER in (await (await walk.ann.ask(QUESTION)).card()).text
    assert "/ask" in (await (await walk.ann.command("help")).card()).text


async def _doctor(walk: Walk, command: str) -> None:
    assert "✗" not in await walk.run(command)
    examined = json.loads(await walk.run(f"{command} --json --seconds 20"))
    assert examined["healthy"] is True
    wrong = [each for each in examined["findings"] if each["health"] != "good"]
    assert wrong == []


async def _index_build(walk: Walk, command: str) -> None:
    articles = walk.folder / "knowledge" / "articles"
    (articles / "hours").mkdir()
    (articles / "hours" / "en.md").write_text(
        "---\ntitle: Opening hours\nlanguage: en\n---\n\n"
        "The library of the coalition is open on Saturdays from nine in the morning to noon, and "
        "on the eve of holidays until five.\n"
    )
    assert "2 documents" in await walk.run(command)
    said = await walk.run("coalition-bot ask --language en 'When is the library open?'")
    assert "open on Saturdays" in said
    shutil.rmtree(articles / "hours")
    assert "1 documents" in await walk.run(command)


async def _read(walk: Walk, command: str) -> None:
    article = "knowledge/articles/small-business-rising/fr.md"
    said = await walk.run(command.replace("FILE", article))
    assert "passage 9 " in said


async def _preview(walk: Walk, command: str) -> None:
    shutil.copytree(walk.folder / "knowledge" / "articles", walk.folder / "drafts")
    # Another program of this machine may have the port.
    page = await walk.start(command.replace("FOLDER", "drafts") + " --port 0")
    address = (await page.saying("Open http://")).split()[1]
    asked = {"question": QUESTION, "member": "en", "reader": "en"}
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as got:
            assert got.status == 200
        async with session.post(f"{address}ask", json=asked) as got:
            assert ANSWER in json.dumps(await got.json())
    await page.stop()
    said = await walk.run("coalition-bot preview --port 0 --guild 1", status=2)
    assert "Nothing is kept of the server 1:" in said


async def _benchmark(walk: Walk, command: str) -> None:
    assert "counting it" in await walk.run(command)


async def _backup(walk: Walk, command: str) -> None:
    # The bot goes on meanwhile.
    assert walk.started[_RUN].process.returncode is None
    assert "checked." in await walk.run(command)


async def _restore(walk: Walk, command: str) -> None:
    (backup,) = walk.folder.glob("coalition-bot-*.zip")
    command = command.replace("FILE", backup.name)
    assert "The bot is running" in await walk.run(command, status=2)
    await walk.started[_RUN].stop()
    assert "--replace" in await walk.run(command, status=2)
    said = await walk.run(f"{command} --replace")
    assert "The database is back" in said and "is kept as" in said


STEPS: dict[str, Step] = {
    "python3 -m venv .venv && .venv/bin/pip install --quiet . && "
    '.venv/bin/coalition-bot ask "Qui fait partie de la coalition ?"': _first_answer,
    "coalition-bot ask --help": _ask,
    "coalition-bot setup": _setup,
    "coalition-bot sync": _sync,
    _RUN: _run,
    "coalition-bot doctor": _doctor,
    "coalition-bot index build": _index_build,
    "coalition-bot preview --knowledge FOLDER": _preview,
    "coalition-bot read FILE": _read,
    "python -m benchmarks.telemetry": _benchmark,
    "coalition-bot backup": _backup,
    "coalition-bot restore FILE": _restore,
}
"""Run in a clone, in the order in which the guides name them."""

AS_ROOT = (
    "useradd --system --home-dir /var/lib/coalition-bot --shell /usr/sbin/nologin coalition-bot",
    "python3 -m venv /opt/coalition-bot && /opt/coalition-bot/bin/pip install .",
    (
        "mkdir /etc/coalition-bot && cp config.yaml /etc/coalition-bot/ && "
        "cp -r knowledge /etc/coalition-bot/"
    ),
    "install -m 600 .env /etc/coalition-bot/token.env",
    "install -d -o coalition-bot -g coalition-bot -m 700 /var/lib/coalition-bot",
    "cp deploy/systemd/coalition-bot.service /etc/systemd/system/",
    (
        "cd / && runuser -u coalition-bot -- /opt/coalition-bot/bin/coalition-bot index build "
        "--config /etc/coalition-bot/config.yaml"
    ),
)
"""Run as root, on folders of the system that nobody else sees (`tests.guides.host`)."""

NOT_RUN = {
    "python3 -m venv .venv-test && .venv-test/bin/pip install --quiet --editable '.[test]' && "
    ".venv-test/bin/python -m pytest -n auto": (
        "CI runs it, as it stands in README; it would run itself"
    ),
    "systemctl enable --now coalition-bot": (
        "needs a systemd that runs; what the unit starts is run by hand, as its user"
    ),
    "journalctl -u coalition-bot": "needs a systemd that runs",
    "systemd-analyze verify": "`tests/test_deploy.py` asks it about both units",
    "systemd-analyze security": "`tests/test_deploy.py` asks it",
    "cd deploy/docker && docker compose up --detach --build": "needs a Docker daemon",
    "ssh -L 8417:127.0.0.1:8417 HOST": "needs another machine",
    "coalition-bot ask --explain": "`tests/bot/cli/test_command_line.py` runs it",
    "coalition-bot index add FILE": "`tests/bot/cli/test_reading_files.py` runs it",
    "coalition-bot preview": "`tests/bot/operations/preview/test_app.py` runs it",
    "pip install .": "the first command of README does it, in an environment of its own",
    "python deploy/small/requirements.py": "`tests/test_small.py` runs it",
}
