"""Pictures of `setup` and `doctor` at a terminal: `python -m tests.bot.terminal_pictures [folder]`.

Discord is the tests' stand-in; all else is as it is.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.answering.startup import open_index
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import read_config
from bot.config.token import Token
from bot.locales import Phrasebooks
from bot.locales.phrasebook import phrasebook
from bot.operations.doctor import examination as doctor
from bot.operations.doctor.findings import print_findings
from bot.operations.registering import register_commands
from bot.operations.setup import set_up
from knowledge import Language
from tests.bot.operations.test_doctor import NEEDED, SEND, channel, server
from tests.bot.stand_in import StandIn, serving
from tests.conftest import ROOT

TOKEN = "a-token-that-is-not-one"  # noqa: S105
WIDTH = 150
APPLICATION = "1175432109876543210"


def console(command: str) -> Console:
    """A terminal that remembers what it shows."""
    shown = Console(file=io.StringIO(), record=True, width=WIDTH, force_terminal=True)
    shown.print(Text(f"$ coalition-bot {command}", style="bold"))
    return shown


async def take(folder: Path) -> None:
    """Take both pictures, in a folder where the bot was set up."""
    rules = channel(2, "rules", deny=str(SEND))
    known = {
        path.replace("/applications/1/", f"/applications/{APPLICATION}/"): said
        for path, said in server(NEEDED, [channel(1, "general"), rules]).items()
    }
    stand_in = StandIn(accepts=TOKEN, known=known, about={"id": APPLICATION})
    config = read_config(None)
    open_index(config, print)
    async with serving(stand_in):
        shown = console("setup")
        await asyncio.to_thread(set_up, shown, phrasebook(Language.ENGLISH), new_token=False)
        shown.save_svg(str(folder / "setup.svg"), title="setup")
        await register_commands(
            CoalitionBot(config, Phrasebooks.read(), add_features), Token(TOKEN), None
        )
        shown = console("doctor")
        print_findings(shown, await doctor.examine(None), phrasebook(Language.ENGLISH))
        shown.save_svg(str(folder / "doctor.svg"), title="doctor")


def main(folder: Path) -> None:
    """Take the pictures from a folder as a clone is after the first question."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["DISCORD_TOKEN"] = TOKEN
    elsewhere = Path(tempfile.gettempdir()) / "coalition-bot"
    shutil.copytree(ROOT / "knowledge" / "articles", elsewhere / "knowledge" / "articles")
    shutil.copytree(ROOT / "data" / "models", elsewhere / "data" / "models")
    try:
        shutil.copy(ROOT / "config.yaml", elsewhere)
        os.chdir(elsewhere)
        asyncio.run(take(folder))
    finally:
        shutil.rmtree(elsewhere)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/terminal").resolve())
