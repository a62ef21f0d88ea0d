"""The bot in its own process, on a stand-in for Discord, with the real index."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.conftest import ARTICLES
from tests.discord_server import BotProcess, DiscordServer, Person
from tests.discord_server.server import SECRET

QUESTION = "Who is Tim Wu?"
ANSWER = "Mr. Biden has also asked Tim Wu"
QUESTION_FR = "Qui est Tim Wu ?"
ANSWER_FR = "M. Biden a également demandé à Tim Wu"


@dataclass
class House:
    """A server with an English and a French member."""

    discord: DiscordServer
    ann: Person
    zoe: Person

    def crowd(self, count: int) -> list[Person]:
        """More members; each may ask one question at a time."""
        guild = self.ann.member.guild
        return [self.discord.person(f"member-{number}", guild) for number in range(count)]


@pytest.fixture
def config(index_folder: Path, pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """A configuration whose data folder has a model and an index that are ready."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "models").symlink_to(pytestconfig.cache.mkdir("models"))
    shutil.copytree(index_folder, data / "index")
    path = tmp_path / "config.yaml"
    settings = {"data_folder": str(data), "knowledge": {"folder": str(ARTICLES)}}
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A Discord; what either side sends against its documents fails the test."""
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def house(discord: DiscordServer) -> House:
    """A server on it, in English, with two members."""
    guild = discord.guild()
    return House(discord, discord.person("ann", guild), discord.person("zoe", guild, "fr"))


@pytest.fixture
async def bot(discord: DiscordServer, house: House, config: Path) -> AsyncIterator[BotProcess]:
    """The bot, connected; its log tells no token and no question."""
    del house
    async with BotProcess(discord, config) as process:
        await discord.gateway.connected()
        yield process
    check_log(process)


def check_log(process: BotProcess) -> None:
    """What must never be in a log."""
    for secret in (SECRET, QUESTION, QUESTION_FR, ANSWER):
        assert secret not in process.log, process.log
