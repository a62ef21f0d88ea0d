"""Two servers do what they like; neither ever sees anything of the other.

`python -m tests.bot.isolation [steps]` takes 10,000 steps; a test takes fewer. Whatever is
typed in a server has that server's mark in it, so that a leak shows in what the other reads.
"""

from __future__ import annotations

import asyncio
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import simcord
from discord import ui
from simcord import ChannelHandle, Env, GuildHandle, InteractionResult, MemberActor

from bot.answering.rate_limit import RateLimit
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.cogs.moderators.foresight.cards import SaveChange
from bot.cogs.moderators.pins import PinPassage, Unpin
from bot.components.answer_buttons import Helpful
from bot.components.cards import COLOURS, Card
from bot.config import read_config
from bot.locales import Phrasebook, Phrasebooks
from bot.operations.running import open_answerer
from bot.storage import Pin, open_storage
from index import Outcome
from knowledge import Language
from tests.bot.world import Tongues, quick, raw
from tests.contracts import walk
from tests.knowledge.test_archives import zipped

MARKS = ("zyxalpha", "qwvbeta")
SUBJECTS = (
    "Who is Tim Wu", "Qui est Lina Khan", "who joined the group", "how do i unclog a sink",
    "comment cuire des pâtes", "what does amazon demand", "où acheter une robe",
    "what does the rule of the house say",
)  # fmt: skip
SLUGS = tuple(f"rule-{number}" for number in range(4))
_CHECKED_EVERY = 50


class LeakError(AssertionError):
    """Something of one server was seen in the other."""


@dataclass
class Side:
    """One of the two servers, and who acts there."""

    mark: str
    foreign: str
    guild: GuildHandle
    channel: ChannelHandle
    member: MemberActor
    moderator: MemberActor
    questions: list[str] = field(default_factory=list)
    pins: list[int] = field(default_factory=list)
    previews: list[str] = field(default_factory=list)
    last: InteractionResult | None = None


class Driver:
    """Takes random steps, and looks at everything that is shown."""

    def __init__(self, env: Env, seed: int) -> None:
        bot = env.bot
        assert isinstance(bot, CoalitionBot)
        self.bot = bot
        self.env = env
        bot.answerer.rate_limit = RateLimit(a_minute=1_000_000)
        self.chosen = random.Random(seed)
        self.taken: dict[str, int] = {}
        first, second = MARKS
        self.sides = [self._side(first, second), self._side(second, first)]

    def _side(self, mark: str, foreign: str) -> Side:
        guild = self.env.create_guild(mark)
        allowed = discord.Permissions(manage_messages=True, manage_guild=True)
        role = guild.create_role("moderators", permissions=allowed)
        return Side(
            mark,
            foreign,
            guild,
            guild.create_text_channel("general"),
            guild.add_member(self.env.create_user(f"member of {mark}")),
            guild.add_member(self.env.create_user(f"moderator of {mark}"), roles=[role]),
        )

    async def take(self, steps: int) -> None:
        """Take steps.

        Raises:
            LeakError: Something of one server was seen in the other.
        """
        ways: list[Callable[[Side, Side], Awaitable[None]]] = [
            self.ask, self.ask, self.ask, self.think, self.pin, self.unpin, self.forge, self.look,
            self.complete, self.set, self.request, self.know, self.know, self.browse, self.count,
            self.erase,
        ]  # fmt: skip
        for step in range(1, steps + 1):
            ours, theirs = self.chosen.sample(self.sides, 2)
            way = self.chosen.choice(ways)
            # Everything is erased now and then only, or there would be little to leak; drawing
            # takes a process of its own.
            if way in {self.erase, self.count} and self.chosen.random() > 0.1:
                way = self.ask
            self.taken[way.__name__] = self.taken.get(way.__name__, 0) + 1
            await way(ours, theirs)
            if step % _CHECKED_EVERY == 0 or step == steps:
                await self._check_kept()

    def _text(self, side: Side) -> str:
        return f"{self.chosen.choice(SUBJECTS)} {side.mark} {self.chosen.randrange(8)}"

    def _passage(self) -> str:
        documents = self.bot.knowledge.index.documents
        passages = [each for document in documents for each in document.passages]
        return self.chosen.choice(passages).id

    async def ask(self, ours: Side, theirs: Side) -> None:
        """Ask with the command or by mention; sometimes in the very words of the others."""
        text = self._text(ours)
        if theirs.pins and self.chosen.random() < 0.3:
            # The words of a pin there, which are none here.
            text = text.replace(ours.mark, "")
        if self.chosen.random() < 0.2:
            text = "what does the rule of the house say"
        if self.chosen.random() < 0.2:
            assert self.bot.user is not None
            await ours.member.send(ours.channel, f"{self.bot.user.mention} {text}")
            message = ours.channel.last_message
            assert message is not None
            self._check(ours, json.dumps([each.to_dict() for each in message.components]))
        else:
            ours.last = await ours.member.slash(ours.channel, "ask", question=text)
            self._see(ours, ours.last)
        await self.bot.recorder.flush()
        kept = await self.bot.storage.guild(ours.guild.id).questions.gaps(5)
        ours.questions = [each.question for each in kept]

    async def think(self, ours: Side, _: Side) -> None:
        """Say what was sought."""
        if ours.last is None or ours.last.response is None:
            return
        custom_ids = [each for each in _custom_ids(ours.last) if each.startswith("unhelpful:")]
        if custom_ids:
            modal = await ours.member.click(ours.last.response, custom_id=custom_ids[0])
            self._see(ours, await ours.member.submit_modal(modal, {"sought": ours.mark}))
            offered = await ours.moderator.click(ours.last.response, custom_id=custom_ids[0])
            self._see(ours, offered)

    async def pin(self, ours: Side, _: Side) -> None:
        """Pin a passage to a question."""
        passage = self._passage()
        shown = await ours.moderator.slash(
            ours.channel, "pin", question=self._text(ours), passage=passage
        )
        self._see(ours, shown)
        pins = await self.bot.storage.guild(ours.guild.id).pins.every()
        ours.pins = [each.id for each in pins]

    async def unpin(self, ours: Side, theirs: Side) -> None:
        """Unpin one's own, or try to unpin what is the others'."""
        number = self.chosen.choice([*ours.pins, *theirs.pins, 1])
        before = await self.bot.storage.guild(theirs.guild.id).pins.every()
        shown = await ours.moderator.slash(ours.channel, "unpin", question=str(number))
        self._see(ours, shown)
        if await self.bot.storage.guild(theirs.guild.id).pins.every() != before:
            raise LeakError(f"{ours.mark} took away pin {number} of {theirs.mark}")

    async def forge(self, ours: Side, theirs: Side) -> None:
        """Press buttons that name what is the others'."""
        phrases = Phrasebooks.read()[Language.ENGLISH]
        question = self.chosen.choice([*theirs.questions, "unknown-unknown-"])
        number = self.chosen.choice([*theirs.pins, 1])
        passage = self._passage()
        foreign = Pin(number, "", Language.ENGLISH, passage, discord.utils.utcnow(), None)
        before = json.dumps(await self.bot.storage.privacy.export(theirs.guild.id))
        channel = self.bot.get_channel(ours.channel.id)
        assert isinstance(channel, discord.TextChannel)
        for button in (
            PinPassage.of(passage, question, 1, phrases),
            Unpin.of(foreign, phrases),
            Helpful(f"{phrases('card.helpful')}", f"helpful:{passage}:{question}"),
        ):
            message = await channel.send(view=_forged(button, phrases))
            self._see(ours, await ours.moderator.click(message, custom_id=button.custom_id))
        if json.dumps(await self.bot.storage.privacy.export(theirs.guild.id)) != before:
            raise LeakError(f"{ours.mark} changed something of {theirs.mark}")

    async def look(self, ours: Side, _: Side) -> None:
        """Look at everything that moderators may look at."""
        name = self.chosen.choice(("gaps", "audit", "settings", "test"))
        options = {"question": self._text(ours)} if name == "test" else {}
        shown = await ours.moderator.slash(ours.channel, name, **options)
        self._see(ours, shown)
        for custom_id in _custom_ids(shown):
            if custom_id.startswith(("gap:open", "gaps:", "audit:")) and shown.response:
                self._see(ours, await ours.moderator.click(shown.response, custom_id=custom_id))
                break

    async def complete(self, ours: Side, theirs: Side) -> None:
        """See what is offered while one types."""
        typed = self.chosen.choice(["", theirs.mark, ours.mark])
        offered = await ours.moderator.autocomplete(ours.channel, "unpin", "question", typed)
        self._check(ours, json.dumps(offered))
        offered = await ours.member.autocomplete(ours.channel, "ask", "question", typed)
        self._check(ours, json.dumps(offered))

    async def set(self, ours: Side, theirs: Side) -> None:
        """Change a setting."""
        before = await self.bot.storage.guild(theirs.guild.id).settings.read()
        panel = await ours.moderator.slash(ours.channel, "settings")
        assert panel.response is not None
        value = self.chosen.choice(["7", "30", "365"])
        changed = await ours.moderator.select(
            panel.response, values=[value], custom_id="setting:retention_days"
        )
        self._see(ours, changed)
        if await self.bot.settings.of(theirs.guild.id) != before:
            raise LeakError(f"{ours.mark} changed a setting of {theirs.mark}")

    async def know(self, ours: Side, theirs: Side) -> None:
        """Add, change, remove or look at documents, whose names both servers have."""
        before = await self._documents(theirs)
        slug = self.chosen.choice(SLUGS)
        rule = f"The rule of the house of {ours.mark} says {self._text(ours)}."
        name = self.chosen.choice(
            (
                "add", "add", "edit", "questions", "show", "history", "remove", "restore",
                "list", "export", "import", "reload",
            )
        )  # fmt: skip
        options: dict[str, object] = {} if name in {"list", "export", "reload"} else {
            "document": slug
        }  # fmt: skip
        if name == "add":
            options = {"file": (f"{slug}.txt", rule.encode()), "title": f"Rule {slug[-1]}"}
        elif name == "edit":
            options["file"] = (f"{slug}.txt", rule.encode())
        elif name == "import":
            written = f"---\ntitle: Rule\nlanguage: en\n---\n\n{rule}\n"
            options = {"file": ("knowledge.zip", zipped((f"{slug}/en.md", written)))}
        shown = await ours.moderator.slash(ours.channel, f"knowledge {name}", **options)
        self._see(ours, shown)
        if shown.modal is not None:
            asked = f"- passage: rule of the house\n  en:\n    - {self._text(ours)}?\n"
            shown = await ours.moderator.submit_modal(shown, {"text": asked})
            self._see(ours, shown)
        await self._decide(ours, theirs, shown)
        if shown.response is not None:
            for file in shown.response.attachments:
                self._check(ours, _unpacked(await file.read()))
        for custom_id in _custom_ids(shown):
            if custom_id.startswith("knowledge:") and shown.response is not None:
                self._see(ours, await ours.moderator.click(shown.response, custom_id=custom_id))
                break
        typed = self.chosen.choice(["", "rule"])
        offered = await ours.moderator.autocomplete(
            ours.channel, "knowledge restore", "document", typed
        )
        self._check(ours, json.dumps(offered))
        self._see(ours, await ours.member.slash(ours.channel, "read", document="Rule"))
        if await self._documents(theirs) != before:
            raise LeakError(f"{ours.mark} changed a document of {theirs.mark}")

    async def _decide(self, ours: Side, theirs: Side, shown: InteractionResult) -> None:
        """Look at what a change would do, and save it or not; try to save one of the others."""
        custom_ids = [each for each in _custom_ids(shown) if each.startswith("foresight:")]
        ours.previews += [each for each in custom_ids if each.startswith("foresight:save")]
        opening = [each for each in custom_ids if each.startswith("foresight:open")]
        if opening and shown.response is not None:
            opened = await ours.moderator.click(shown.response, custom_id=opening[0])
            self._see(ours, opened)
        if theirs.previews:
            channel = self.bot.get_channel(ours.channel.id)
            assert isinstance(channel, discord.TextChannel)
            button = SaveChange("·", self.chosen.choice(theirs.previews))
            phrases = Phrasebooks.read()[Language.ENGLISH]
            message = await channel.send(view=_forged(button, phrases))
            forged = await ours.moderator.click(message, custom_id=button.custom_id)
            self._see(ours, forged)
        deciding = [each for each in custom_ids if "save" in each or "cancel" in each]
        if deciding and shown.response is not None:
            chosen = self.chosen.choice(deciding)
            self._see(ours, await ours.moderator.click(shown.response, custom_id=chosen))

    async def browse(self, ours: Side, theirs: Side) -> None:
        """Go through the documents, and look for the words of the others."""
        for typed in ("", "rule", theirs.mark):
            for command, option in (("topics", "search"), ("topics", "tag"), ("read", "document")):
                offered = await ours.member.autocomplete(ours.channel, command, option, typed)
                self._check(ours, json.dumps(offered))
        shown = await ours.member.slash(ours.channel, "topics")
        self._see(ours, shown)
        for custom_id in _custom_ids(shown):
            if custom_id.startswith(("document:", "documents:")) and shown.response is not None:
                self._see(ours, await ours.member.click(shown.response, custom_id=custom_id))
        self._see(ours, await ours.member.slash(ours.channel, "topics", search="house rule"))
        which = self.chosen.choice(["oldest", "never_quoted", "due"])
        listed = await ours.moderator.slash(ours.channel, "knowledge list", which=which)
        self._see(ours, listed)
        self._see(ours, await ours.moderator.slash(ours.channel, "gaps-several"))

    async def _documents(self, side: Side) -> object:
        documents = self.bot.storage.guild(side.guild.id).documents
        return await documents.every(), await documents.removed()

    async def count(self, ours: Side, _: Side) -> None:
        """Look at the numbers."""
        self._see(ours, await ours.moderator.slash(ours.channel, "stats"))

    async def request(self, ours: Side, theirs: Side) -> None:
        """Keep a request, and try to answer one of the others."""
        requests = self.bot.storage.guild(ours.guild.id).requests
        await requests.add(
            member=ours.member.id,
            text=self._text(ours),
            language=Language.ENGLISH,
            channel=ours.channel.id,
        )
        for foreign in await self.bot.storage.guild(theirs.guild.id).requests.waiting():
            if await requests.get(foreign.id) or await requests.answer(foreign.id, by=1):
                raise LeakError(f"{ours.mark} reached a request of {theirs.mark}")

    async def erase(self, ours: Side, theirs: Side) -> None:
        """Erase a server, as the operator may."""
        before = json.dumps(await self.bot.storage.privacy.export(theirs.guild.id))
        await self.bot.storage.privacy.erase(ours.guild.id)
        self.bot.settings.forget(ours.guild.id)
        self.bot.pins.forget(ours.guild.id)
        await self.bot.knowledge.forget(ours.guild.id)
        ours.questions, ours.pins = [], []
        if json.dumps(await self.bot.storage.privacy.export(theirs.guild.id)) != before:
            raise LeakError(f"erasing {ours.mark} changed {theirs.mark}")

    def _see(self, side: Side, shown: InteractionResult) -> None:
        if shown.response is not None:
            self._check(side, json.dumps(raw(shown), default=str))

    def _check(self, side: Side, seen: str) -> None:
        if side.foreign in seen:
            raise LeakError(f"{side.mark} saw: {seen}")
        if "moderators chose" in seen and not side.pins:
            raise LeakError(f"{side.mark} has no pin, and saw: {seen}")

    async def _check_kept(self) -> None:
        await self.bot.recorder.flush()
        for side in self.sides:
            exported = await self.bot.storage.privacy.export(side.guild.id)
            if side.foreign in json.dumps(exported):
                raise LeakError(f"of {side.mark} is kept: {exported}")
            for question in await self.bot.storage.guild(side.guild.id).questions.gaps(9999):
                if side.foreign in question.text:
                    raise LeakError(f"{side.mark} misses: {question}")


def _forged(button: ui.Item[Any], phrases: Phrasebook) -> Card:
    row: Iterable[ui.Item[Any]] = [button]
    return Card(COLOURS[Outcome.NONE], ui.TextDisplay(phrases("card.helpful")), ui.ActionRow(*row))


def _unpacked(content: bytes) -> str:
    """What a file says, or all files of a zip."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(packed.read(name).decode() for name in packed.namelist())


def _custom_ids(shown: InteractionResult) -> list[str]:
    if shown.response is None:
        return []
    return [str(each.get("custom_id")) for each in walk(raw(shown)["components"])]


async def drive(steps: int, seed: int) -> dict[str, int]:
    """Drive two servers of a new bot; returns which steps were taken how often."""
    quick()
    config = read_config(None)
    answerer = open_answerer(config, print)
    with tempfile.TemporaryDirectory() as folder:
        async with open_storage(Path(folder) / "isolation.db") as storage:
            own = config.model_copy(update={"data_folder": Path(folder)})
            bot = CoalitionBot(own, Phrasebooks.read(), add_features, answerer, storage)
            async with simcord.run(bot) as env:
                env.settle_timeout = 60.0
                Tongues(env)
                await bot.tree.sync()
                driver = Driver(env, seed)
                await driver.take(steps)
                return driver.taken


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    start = time.perf_counter()
    taken = asyncio.run(drive(count, seed=7))
    print(f"No leak in {count} steps, {time.perf_counter() - start:.0f} s: {taken}")  # noqa: T201
