"""The bot as a service, as far as it goes without a systemd: installed, and started as its user."""

from __future__ import annotations

import asyncio
import re
import socket
from pathlib import Path

from tests.conftest import ROOT
from tests.discord_server.server import SECRET
from tests.guides.host import Host
from tests.guides.walk import Walk
from tests.scenarios.conftest import ANSWER, QUESTION

UNIT = ROOT / "deploy" / "systemd" / "coalition-bot.service"
_CONFIG = "/etc/coalition-bot/config.yaml"
_DATA = "s,^data_folder: data$,data_folder: /var/lib/coalition-bot,"
_POINTING = "/opt/pointing"


async def installed(walk: Walk, host: Host, commands: tuple[str, ...]) -> None:
    """Run the guide's commands, and do what it says between them."""
    (walk.folder / ".env").write_text(f"DISCORD_TOKEN={SECRET}\n")
    await walk.run(host.command(f"cp -r {walk.pointing} {_POINTING}"))
    for command in commands:
        if "runuser" in command:
            await walk.run(host.command(f"sed -i {_DATA!r} {_CONFIG}"))
        await walk.run(host.command(command))


async def answering(walk: Walk, host: Host) -> None:
    """Start what the unit starts, as systemd would; it says that it is ready, answers, and ends."""
    said = await walk.run(host.command(f"systemd-analyze verify /etc/systemd/system/{UNIT.name}"))
    assert said == ""
    unit = dict(re.findall(r"^(\w+)=(.+)$", UNIT.read_text("utf-8"), re.MULTILINE))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        # An abstract address, which every user may send to.
        address = f"coalition-bot-{id(walk)}"
        manager.bind(f"\0{address}")
        manager.setblocking(False)  # noqa: FBT003
        started = await walk.start(
            host.command(
                f"set -a; . {unit['EnvironmentFile']}; NOTIFY_SOCKET=@{address}; "
                f"PYTHONPATH={_POINTING}; cd {unit['WorkingDirectory']}; "
                f"exec runuser -u {unit['User']} -- {unit['ExecStart']}"
            )
        )
        async with asyncio.timeout(60):
            while b"READY=1" not in await asyncio.get_running_loop().sock_recv(manager, 1024):
                pass
    assert ANSWER in (await (await walk.ann.ask(QUESTION)).card()).text
    await started.stop()
    kept = await walk.run(host.command("stat -c %U:%a /etc/coalition-bot/token.env"))
    assert kept.strip() == "root:600"
    owners = await walk.run(
        host.command(f"find {unit['WorkingDirectory']} -not -user {unit['User']}")
    )
    assert owners == ""


def may_verify() -> bool:
    """Whether systemd's own check of units is here."""
    return Path("/usr/bin/systemd-analyze").exists()
