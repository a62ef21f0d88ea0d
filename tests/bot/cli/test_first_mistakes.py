"""Every mistake of a first-time operator gets the words that docs/operators.md promises."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.answering import startup
from bot.cli import app as cli
from bot.config import Config
from bot.config.token import Token
from bot.operations.running import only_copy
from index import Encoder
from tests.bot.operations.test_doctor import NEEDED, SEND, channel, server
from tests.bot.stand_in import StandIn, pointed_at, serving
from tests.conftest import ARTICLES, ROOT

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.a-token_that-must_never-show-anywhere0"  # noqa: S105
ROW = re.compile(r"\| (?P<mistake>.+?) \| (?P<said>.+?) \|")

Run = Callable[..., str]


def promised() -> dict[str, str]:
    """What the table says for each mistake."""
    text = (ROOT / "docs" / "operators.md").read_text("utf-8")
    table = text.partition("## When something is wrong")[2]
    rows = [match for line in table.splitlines() if (match := ROW.fullmatch(line))]
    return {row["mistake"]: row["said"] for row in rows[1:]}


PROMISED = promised()


def check(mistake: str, said: str) -> None:
    """What was said is what the table promises; “…” stands for anything."""
    pattern = ".*?".join(re.escape(part) for part in PROMISED[mistake].split("…"))
    assert re.search(pattern, " ".join(said.split())), said
    assert "Traceback" not in said
    assert TOKEN not in said


@pytest.fixture
def run(
    tmp_path: Path,
    index_folder: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Runs the command line as an operator who has done everything right so far."""
    shutil.copytree(ARTICLES, tmp_path / "knowledge" / "articles")
    shutil.copytree(index_folder, tmp_path / "data" / "index")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setattr(startup, "load_encoder", lambda *_: encoder)

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["coalition-bot", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code, "a mistake must not look like success"
        out, err = capfd.readouterr()
        return f"{out}\n{err}"

    return run


@contextmanager
def discord(stand_in: StandIn) -> Iterator[StandIn]:
    """Serve Discord from a thread, since a command has an event loop of its own."""
    loop = asyncio.new_event_loop()
    up, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with serving(stand_in):
            up.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert up.wait(10)
        yield stand_in
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


@pytest.mark.parametrize(
    ("mistake", "pasted"),
    [
        ("There is no token", ""),
        ("A client secret was pasted", "abcdefghijklmnopqrstuvwxyz-_0123"),
        ("An application ID was pasted", "1175432109876543210"),
        ("The public key was pasted", "0123456789abcdef" * 4),
        ("There is a line break within the token", TOKEN.replace(".", "\n")),
    ],
)
def test_what_is_no_token(
    run: Run, monkeypatch: pytest.MonkeyPatch, mistake: str, pasted: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", pasted)
    check(mistake, run("run"))


def test_a_token_with_something_around_it_is_the_token(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", f'"{TOKEN}"\n')
    with discord(StandIn(accepts=TOKEN, known=server(NEEDED, []))):
        said = run("doctor")
    assert PROMISED["The token has quotation marks or a line break around it"] == "*it is taken*"
    assert "Discord knows it: coalition" in said


def test_a_token_that_was_reset(run: Run) -> None:
    with discord(StandIn(accepts="another")):
        for command in ("run", "sync", "doctor", "setup"):
            check("The token was reset, or is another's", run(command))


def test_an_intent_that_is_off(run: Run) -> None:
    with discord(StandIn(accepts=TOKEN, refuses=4014)):
        check("An intent is off that a setting needs", run("run"))


def test_a_bot_that_is_not_where_it_should_be(run: Run) -> None:
    known: dict[str, Any] = {"/users/@me/guilds": [], "/applications/1/commands": []}
    with discord(StandIn(accepts=TOKEN, known=known)):
        check("The bot was not invited", run("doctor"))
        check("`sync --guild` names a server that it is not in", run("sync", "--guild", "7"))
    without_scope = {"/applications/1/guilds/7/commands": 403}
    with discord(StandIn(accepts=TOKEN, known=server(NEEDED, []) | without_scope)):
        check("It was invited without the commands' scope", run("doctor"))


def test_a_channel_where_it_may_not_write(run: Run) -> None:
    rules = channel(1, "rules", deny=str(SEND))
    with discord(StandIn(accepts=TOKEN, known=server(NEEDED, [rules]))):
        check("It is not allowed to write in a channel", run("doctor"))


def test_invitations_that_fail(run: Run) -> None:
    with discord(StandIn(accepts=TOKEN, about={"bot_require_code_grant": True})):
        check("Invitations fail", run("doctor"))


def test_discord_out_of_reach(run: Run) -> None:
    with pointed_at("http://127.0.0.1:9"):
        check("Discord cannot be reached", run("sync"))
        check("Discord cannot be reached", run("doctor"))


def test_a_setting_of_an_earlier_version(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("questions:\n  minimum_score: 0.5\n")
    for command in ("run", "doctor"):
        check("A setting of an earlier version is left in config.yaml", run(command))


def test_a_port_of_the_preview_in_use(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = run("preview", "--port", str(taken.getsockname()[1]))
    check("The port of `preview` is in use", said)
    assert len(said.strip().splitlines()) == 1


def test_a_port_for_health_in_use(run: Run, tmp_path: Path) -> None:
    with discord(StandIn(accepts=TOKEN)) as stand_in:
        port = stand_in.address.rpartition(":")[2]
        (tmp_path / "config.yaml").write_text(f"health:\n  port: {port}\n")
        check("The port for health and metrics is in use", run("run"))
        assert "Something else than the bot answers at the port" in run("doctor")


def test_a_second_copy(run: Run, tmp_path: Path) -> None:
    with only_copy(tmp_path / Config().data_folder, Token(TOKEN)):
        check("Two copies run with one token", run("run"))


def test_a_python_that_is_too_old() -> None:
    pretending = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); sys.version = '3.9.2 (main)';"
        "runpy.run_module('bot', run_name='__main__')"
    )
    ran = outside([sys.executable, "-c", pretending], ROOT)
    check("Python is too old", ran)


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = f"cd {tmp_path}/gone && rmdir ../gone && exec {sys.executable} -m bot doctor"
    environment = {"PYTHONPATH": str(ROOT)}
    said = outside(["/bin/bash", "-c", command], ROOT, environment)
    check("It is run in a folder that its user may not enter", said)


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    # No file may grow beyond some megabytes, which is less than the model takes.
    command = (
        f"ulimit -f 20000; exec {sys.executable} -m bot ask Who --config {configured(tmp_path)}"
    )
    check("The disk is full", outside(["/bin/bash", "-c", command], ROOT))
    left = (tmp_path / "data" / "models").iterdir()
    assert [path.name for path in left] == [".lock"]


def test_a_file_system_that_is_read_only(tmp_path: Path) -> None:
    config = configured(tmp_path)
    (tmp_path / "data").mkdir()
    command = (
        f"mount -t tmpfs -o ro none {tmp_path}/data && "
        f"exec {sys.executable} -m bot ask Who --config {config}"
    )
    alone = ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    check("The file system is read-only", outside([*alone, "/bin/bash", "-c", command], ROOT))


def configured(folder: Path) -> Path:
    shutil.copytree(ARTICLES, folder / "knowledge" / "articles")
    (folder / "config.yaml").write_text("")
    return folder / "config.yaml"


def outside(command: list[str], folder: Path, more: Mapping[str, str] | None = None) -> str:
    """What a process of its own says, which must not succeed."""
    environment = {**os.environ, "DISCORD_TOKEN": TOKEN, **(more or {})}
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode not in {0, -9}
    return ran.stdout + ran.stderr


def test_every_mistake_of_the_table_is_tried_here() -> None:
    source = Path(__file__).read_text("utf-8")
    assert PROMISED
    assert [mistake for mistake in PROMISED if f'"{mistake}"' not in source] == []
