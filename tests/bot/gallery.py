"""Pictures of the bot's real messages: `python -m tests.bot.gallery [folder [scene …]]`.

Needs `pip install 'simcord[screenshot]==3.2.1'` and Debian's chromium. The messages are
the bot's own; how Discord looks is simcord's preview, whose light theme is ours.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from playwright.async_api import Browser, Page, async_playwright
from simcord.preview import _capture

from bot.answering.answers import Answerer
from bot.answering.rate_limit import RateLimit
from bot.answering.startup import open_index
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config, read_config
from bot.locales import Phrasebooks
from bot.storage import open_storage
from index import LanguageDetector
from tests.bot.knowledge_scenes import knowledge_scenes
from tests.bot.members_scenes import members_scenes
from tests.bot.moderating_scenes import moderating_scenes
from tests.bot.world import World, last_message, press, quick

CHROMIUM = "/usr/bin/chromium"
WIDTHS = {"desk": 960, "phone": 390}
# What overflows the height is cut off, so it is more than any card needs.
HEIGHT = 3200
LIGHT = (Path(__file__).parent / "light.css").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Scene:
    """One message to take a picture of."""

    name: str
    viewer: simcord.MemberActor
    target: simcord.InteractionResult | discord.Message


async def scenes(world: World) -> list[Scene]:
    """Ask what members ask, and keep what they see."""
    ann, zoe, channel = world.ann, world.zoe, world.channel
    asked = [
        ("ask-fr", zoe, {"question": "Qui fait partie de la coalition ?"}),
        ("ask-en", ann, {"question": "Who is part of the coalition?"}),
        ("two-sentences-en", ann, {"question": "who's tim wu"}),
        ("ugly-fr", zoe, {"question": "c koi *small* business <@1> @everyone `rising` ||???||"}),
        ("near-topic-en", ann, {"question": "how many shops joined the group so far"}),
        ("closest-fr", zoe, {"question": "qui enquête sur les gafa aux states ?"}),
        ("closest-en", ann, {"question": "how does amazon screw over the people selling on it"}),
        ("nothing-fr", zoe, {"question": "Comment cuire des pâtes al dente ?"}),
        ("nothing-en", ann, {"question": "how do i unclog a sink"}),
        ("error-fr", zoe, {"question": "pourquoi " * 200}),
        ("error-en", ann, {"question": "👍🏽"}),
    ]
    taken = [
        Scene(name, member, await member.slash(channel, "ask", **options))
        for name, member, options in asked
    ]
    for member, pages, context in (
        (zoe, "Autres passages (3)", "Voir le contexte"),
        (ann, "Other passages (3)", "In context"),
    ):
        answered = taken[0 if member is zoe else 1].target
        assert isinstance(answered, simcord.InteractionResult)
        assert answered.response is not None
        language = "fr" if member is zoe else "en"
        taken += [
            Scene(f"others-{language}", member, await press(member, answered.response, pages)),
            Scene(f"context-{language}", member, await press(member, answered.response, context)),
        ]
    private = await zoe.slash(channel, "ask", question="Qui est Tim Wu ?", private=True)
    taken.append(Scene("private-fr", zoe, private))
    taken += [
        Scene("help-fr", zoe, await zoe.slash(channel, "help")),
        Scene("help-en", ann, await ann.slash(channel, "help")),
        Scene("topics-fr", zoe, await zoe.slash(channel, "topics")),
        Scene("topics-en", ann, await ann.slash(channel, "topics")),
        Scene("read-fr", zoe, await zoe.slash(channel, "read", document="small-business-rising")),
        Scene("read-en", ann, await ann.slash(channel, "read", document="small-business-rising")),
    ]
    await zoe.send(channel, f"{world.bot_mention} pk amazon fait peur aux petits commerces ?")
    taken.append(Scene("mention-fr", zoe, last_message(channel)))
    return taken


async def take(folder: Path, config: Config, names: Sequence[str]) -> None:
    """Take the pictures of some scenes, or of all, in both themes and widths."""
    answerer = Answerer(open_index(config, print), LanguageDetector(), config.questions)
    quick()
    with tempfile.TemporaryDirectory() as data:
        async with open_storage(Path(data) / "gallery.db") as storage:
            # What the pretend servers know is not kept among that of real ones.
            apart = config.model_copy(update={"data_folder": Path(data)})
            bot = CoalitionBot(apart, Phrasebooks.read(), add_features, answerer, storage)
            # Ann and Zoé ask more in a minute than members may.
            bot.answerer.rate_limit = RateLimit(a_minute=100)
            await picture(folder, bot, names)


async def picture(folder: Path, bot: CoalitionBot, names: Sequence[str]) -> None:
    """Take pictures of what `bot` sends."""
    # A busy machine takes longer than simcord waits.
    async with simcord.run(bot, settle_timeout=600.0) as env:
        world = World(env)
        env.backend.edit_bot_profile("Coalition")
        await world.sync()
        taken = await scenes(world)
        taken += [Scene(*each) for each in await members_scenes(world)]
        taken += [Scene(*each) for each in await moderating_scenes(world)]
        taken += [Scene(*each) for each in await knowledge_scenes(world)]
        taken = [each for each in taken if not names or each.name in names]
        viewers = list({each.viewer.id: each.viewer for each in taken}.values())
        async with env.preview(world.channel, viewers=viewers, locale="fr") as preview:
            for theme in ("dark", "light"):
                prepare(LIGHT if theme == "light" else "")
                for scene in taken:
                    for width, pixels in WIDTHS.items():
                        path = folder / f"{scene.name}-{theme}-{width}.png"
                        shot = await preview.screenshot(
                            path,
                            viewer=scene.viewer,
                            target=scene.target,
                            layout="message",
                            mode="surface",
                            viewport=(pixels, HEIGHT),
                        )
                        if not shot.complete:
                            raise SystemExit(f"{path.name}: {[dict(d) for d in shot.diagnostics]}")


def prepare(style: str) -> None:
    """Point simcord's camera at Debian's browser, and dress what it takes in `style`."""

    async def ensure(self: Any) -> Browser:  # noqa: ANN401 - simcord's own class
        if self._browser is None:
            self._playwright = await async_playwright().start()
            # Chromium does not run as root without the first.
            self._browser = await self._playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
        browser: Browser = self._browser
        return browser

    freeze: Callable[[Page], Awaitable[None]] = _original_freeze

    async def dressed(page: Page) -> None:
        if style:
            # The page's policy forbids <style>; a constructed sheet is let through.
            await page.evaluate(
                "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
                " document.adoptedStyleSheets = [...document.adoptedStyleSheets, s]; }",
                style,
            )
        await freeze(page)

    # A busy machine takes longer than simcord waits.
    _capture._CAPTURE_DEADLINE = 300.0
    _capture.ManagedCapture._ensure_browser = ensure  # type: ignore[method-assign]
    _capture.ManagedCapture._freeze = staticmethod(dressed)  # type: ignore[method-assign]


_original_freeze = _capture.ManagedCapture._freeze

if __name__ == "__main__":
    chosen = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/gallery")
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(chosen, read_config(None), sys.argv[2:]))
