"""Setting up: from a pasted token to an invitation, as an operator sees it in a terminal."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.client.permissions import invite_link, needed_permissions
from tests.bot.stand_in import StandIn, serving
from tests.conftest import ROOT

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.a-token_that-must_never-show-anywhere0"  # noqa: S105
# The same command, with discord.py pointed at the stand-in.
COMMAND = (
    "import sys, discord; discord.http.Route.BASE = sys.argv.pop(1);"
    "from bot.cli.app import main; sys.argv[0] = 'coalition-bot'; main()"
)


@dataclass(frozen=True, slots=True)
class Ran:
    status: int
    out: str


async def setup(folder: Path, discord: str, *arguments: str, stdin: str = "", **set_: str) -> Ran:
    """Run `coalition-bot setup` in `folder`, its input from a pipe."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **set_}
    if "DISCORD_TOKEN" not in set_:
        environment.pop("DISCORD_TOKEN", None)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", COMMAND, discord, "setup", *arguments),
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    out, _ = await process.communicate(stdin.encode())
    assert process.returncode is not None
    assert TOKEN not in out.decode()
    assert "Traceback" not in out.decode()
    return Ran(process.returncode, out.decode())


def base(stand_in: StandIn) -> str:
    return stand_in.address.replace("ws:", "http:") + "/api"


async def test_a_pasted_token_is_checked_kept_and_followed_by_what_comes_next(
    tmp_path: Path,
) -> None:
    async with serving(StandIn(accepts=TOKEN)) as discord:
        first = await setup(tmp_path, base(discord), stdin=f' "{TOKEN}"\n')
        again = await setup(tmp_path, base(discord))
    assert first.status == again.status == 0
    file = tmp_path / ".env"
    assert file.read_text() == f"DISCORD_TOKEN={TOKEN}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Discord knows the bot: coalition (1)." in first.out
    assert invite_link(1) in first.out
    assert "- Read Message History: to reply to a message" in first.out
    assert "all off, as they should be" in first.out
    assert "coalition-bot sync" in first.out
    # The second time nothing is asked for.
    assert again.out == first.out.split("\n", 1)[1]


async def test_a_terminal_asks_again_and_never_shows_what_is_typed(tmp_path: Path) -> None:
    typed = ["123456789012345678", "not-the-right-one", TOKEN]
    async with serving(StandIn(accepts=TOKEN)) as discord:
        shown = await asyncio.to_thread(at_a_terminal, tmp_path, base(discord), typed)
    assert "That is an application ID, no token." in shown
    assert "Discord refused the token" in shown
    assert "Discord knows the bot" in shown
    assert not any(text in shown for text in typed)
    assert (tmp_path / ".env").read_text() == f"DISCORD_TOKEN={TOKEN}\n"


def at_a_terminal(folder: Path, discord: str, typed: list[str]) -> str:
    """Run it at a terminal of its own, and type a line each time that it asks."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    environment.pop("DISCORD_TOKEN", None)
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, discord, "setup"],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        # getpass asks the terminal of its session.
        start_new_session=True,
        preexec_fn=controlling(theirs),  # noqa: PLW1509 - no threads run in the child
    )
    os.close(theirs)
    shown = ""
    asked = 0
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        shown += piece.decode()
        if shown.count("press Enter: ") > asked:
            os.write(ours, f"{typed[asked]}\n".encode())
            asked += 1
    os.close(ours)
    assert process.wait(timeout=30) == 0
    return shown


def controlling(terminal: int) -> Callable[[], int]:
    import fcntl
    import termios

    return lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


async def test_what_is_no_token_is_refused_before_discord_sees_it(tmp_path: Path) -> None:
    ran = await setup(tmp_path, "http://127.0.0.1:9/api", stdin="a" * 32 + "\n")
    assert ran.status == 2
    assert "That is a client secret, no token." in ran.out
    assert not (tmp_path / ".env").exists()


async def test_a_refused_token_is_not_kept(tmp_path: Path) -> None:
    async with serving(StandIn(accepts="another")) as discord:
        ran = await setup(tmp_path, base(discord), stdin=f"{TOKEN}\n")
    assert ran.status == 2
    assert ran.out.startswith("Discord refused the token")
    assert not (tmp_path / ".env").exists()


async def test_a_token_is_kept_where_discord_is_out_of_reach(tmp_path: Path) -> None:
    ran = await setup(tmp_path, "http://127.0.0.1:9/api", stdin=f"{TOKEN}\n")
    assert ran.status == 1
    assert "Discord cannot be reached" in ran.out
    assert (tmp_path / ".env").read_text() == f"DISCORD_TOKEN={TOKEN}\n"


async def test_what_is_no_token_is_not_kept_where_discord_is_out_of_reach(tmp_path: Path) -> None:
    ran = await setup(tmp_path, "http://127.0.0.1:9/api", stdin="abc\n")
    assert ran.status == 2
    assert "does not look like a token" in ran.out
    assert "Discord cannot be reached" in ran.out
    assert not (tmp_path / ".env").exists()


async def test_what_is_pasted_counts_where_the_kept_token_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=abc\n")
    async with serving(StandIn(accepts=TOKEN)) as discord:
        ran = await setup(tmp_path, base(discord), stdin=f"{TOKEN}\n")
    assert ran.status == 0
    assert ran.out.startswith("Discord refused the token")
    assert (tmp_path / ".env").read_text() == f"DISCORD_TOKEN={TOKEN}\n"


async def test_a_new_token_takes_the_place_of_the_old(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=old\nOTHER=1\n")
    async with serving(StandIn(accepts=TOKEN)) as discord:
        refused = await setup(tmp_path, base(discord))
        assert refused.status == 2
        assert "coalition-bot setup --new-token" in refused.out
        assert (await setup(tmp_path, base(discord), "--new-token", stdin=TOKEN)).status == 0
    assert (tmp_path / ".env").read_text() == f"DISCORD_TOKEN={TOKEN}\nOTHER=1\n"


async def test_a_token_in_the_environment_is_not_shadowed(tmp_path: Path) -> None:
    ran = await setup(
        tmp_path,
        "http://127.0.0.1:9/api",
        "--new-token",
        stdin=TOKEN,
        DISCORD_TOKEN="x",  # noqa: S106
    )
    assert ran.status == 2
    assert "The environment variable DISCORD_TOKEN is set" in ran.out


async def test_what_makes_invitations_fail_is_named(tmp_path: Path) -> None:
    about: dict[str, object] = {"bot_require_code_grant": True, "flags": 1 << 19 | 1 << 15}
    async with serving(StandIn(accepts=TOKEN, about=about)) as discord:
        ran = await setup(tmp_path, base(discord), stdin=TOKEN)
    assert "Requires OAuth2 Code Grant: turn it off" in ran.out
    assert "Server Members and Message Content may be turned off" in ran.out


def test_the_invitation_asks_for_the_least() -> None:
    # View Channels, Send Messages, Read Message History, Send Messages in Threads.
    assert needed_permissions().value == 1 << 10 | 1 << 11 | 1 << 16 | 1 << 38
    link = invite_link(5)
    assert re.search(r"[?&]permissions=274877975552(&|$)", link)
    assert "scope=bot+applications.commands" in link
