"""Pictures of the preview page: `python -m tests.bot.operations.preview.pictures [folder]`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.async_api import Browser

from bot.answering.answers import Answerer
from bot.answering.startup import open_index
from bot.config import Config, read_config
from bot.operations.preview.serving import serving_preview
from index import LanguageDetector
from tests.bot.operations.preview.browser import chromium
from tests.bot.operations.preview.own import OPENS, stored


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture.

    Attributes:
        name: The name of the file.
        reader: The language of the page.
        chosen: What is chosen on it, as in the fragment of its address.
        window: Its width and height, in pixels.
        press: What to choose first in the menu of the card.
    """

    name: str
    reader: str
    chosen: str
    window: tuple[int, int] = (1280, 900)
    press: str | None = None


SERVER = 1175432109876543210
OF_SERVER = Picture(
    "preview-en-light-server", "en", f"{urlencode({'question': OPENS})}&theme=light"
)
PICTURES = (
    Picture(
        "preview-fr-light-desktop",
        "fr",
        "question=Qui+fait+partie+de+la+coalition+%3F&theme=light",
    ),
    Picture(
        "preview-en-dark-desktop",
        "en",
        "question=who's+tim+wu&theme=dark",
        press="Other passages (3)",
    ),
    Picture(
        "preview-en-light-phone",
        "en",
        "question=how+do+i+unclog+a+sink&theme=light&width=phone",
        window=(390, 1000),
    ),
    Picture(
        "preview-fr-dark-phone",
        "fr",
        "question=c+koi+*small*+business+<@1>+@everyone&theme=dark&width=phone",
        window=(1280, 1040),
    ),
)


async def take(folder: Path, config: Config) -> None:
    """Take every picture."""
    answerer = Answerer(open_index(config, print), LanguageDetector(), config.questions)
    async with serving_preview(config, answerer, 0) as address, chromium() as browser:
        for picture in PICTURES:
            await _take(folder, address, browser, picture)
    with tempfile.TemporaryDirectory() as kept:
        config = config.model_copy(update={"data_folder": Path(kept)})
        await stored(config, SERVER, answerer.index)
        serving = serving_preview(config, answerer, 0, SERVER)
        async with serving as address, chromium() as browser:
            await _take(folder, address, browser, OF_SERVER)


async def _take(folder: Path, address: str, browser: Browser, picture: Picture) -> None:
    width, height = picture.window
    page = await browser.new_page(viewport={"width": width, "height": height})
    await page.goto(f"{address}{picture.reader}#{picture.chosen}")
    await page.get_by_role("article").wait_for()
    if picture.press is not None:
        await page.locator("details.menu summary").first.click()
        await page.get_by_role("button", name=picture.press).click()
        await page.get_by_role("article").nth(1).wait_for()
    await page.screenshot(path=folder / f"{picture.name}.png", animations="disabled")
    await page.close()


if __name__ == "__main__":
    chosen = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/preview")
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(chosen, read_config(None)))
