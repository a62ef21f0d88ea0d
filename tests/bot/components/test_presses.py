"""Every button has somebody who acts on it, also those of earlier releases."""

from __future__ import annotations

import asyncio

import discord
import pytest

import bot.cogs.composition
from bot.client.client import CoalitionBot
from bot.components.buttons import KeptButton, every_button
from bot.components.presses import Presses
from bot.config import Config
from bot.locales import Phrasebooks

PASSAGE, QUESTION = "0123456789abcdef", "Abc-_0123456789x"
EARLIER = {
    f"passage:{PASSAGE}2:fr": "ShowPassage",
    f"passage:{PASSAGE}-:en": "ShowPassage",
    f"passage:{PASSAGE}:fr:2": "EarlierShowPassage",
    f"others:open:0:fr:{PASSAGE}2,{PASSAGE}-": "OtherPassages",
    f"others:turn:1:en:{PASSAGE}2,{PASSAGE}-": "OtherPassages",
    f"context:{PASSAGE}2:fr": "InContext",
    f"whole:open:0:{PASSAGE}2:fr": "WholePassage",
    f"helpful:{PASSAGE}": "Helpful",
    f"helpful:{PASSAGE}:{QUESTION}": "Helpful",
    f"unhelpful:{PASSAGE}:{QUESTION}": "NotHelpful",
    f"say:{PASSAGE}:{QUESTION}": "SayWhatWasSought",
    f"everyone:{PASSAGE}2:fr": "ShowEveryone",
    f"everyone:{PASSAGE}2:fr:{QUESTION}": "ShowEveryone",
    "delete:12345678901234567890": "Delete",
    f"suggested:{PASSAGE}:fr:0a1b2c3d": "AskSuggestion",
    f"moderators:{QUESTION}:123": "AskModerators",
    "topics:3:fr": "TopicsPage",
    f"read:open:{PASSAGE}:fr": "ReadPassage",
    "request:find:5": "FindPassage",
    "request:add:5": "AddForRequest",
    "request:reply:5": "ReplyInOwnWords",
    "request:keep:5": "KeepReply",
    "request:off_subject:5": "SettleRequest",
    "request:done:5": "SettleRequest",
    f"request:choose:5:123:{PASSAGE}2": "ChoosePassage",
    f"pin:{PASSAGE}:{QUESTION}": "PinPassage",
    "unpin:7": "Unpin",
    f"gap:answer:{QUESTION}": "AnswerGap",
    f"gap:add:{QUESTION}": "AddForGap",
    f"gap:done:{QUESTION}:0": "SettleGap",
    f"gap:off_subject:{QUESTION}:0": "SettleGap",
    f"gap:open:{QUESTION}:0": "OpenGap",
    "gap:request:5:0": "OpenUnposted",
    f"gap:keep:{QUESTION}:0a1b2c3d": "KeepSought",
    f"gap:split:{QUESTION}": "SplitGap",
    f"gap:done:{QUESTION}:0:{QUESTION}": "SettleGap",
    "gaps:2": "TurnGaps",
    "audit:2": "TurnAudit",
    "knowledge:remove:3:bakery": "RemoveDocument",
    "knowledge:back:bakery": "BringBack",
    "knowledge:open:bakery": "OpenDocument",
    "knowledge:page:2": "DocumentsPage",
}
"""What stands in messages of version 0.1.0 and later, and the button that it is of."""


def complete() -> CoalitionBot:
    """A bot with all its features, which connects to nothing."""

    async def made() -> CoalitionBot:
        whole = CoalitionBot(Config(), Phrasebooks.read(), bot.cogs.composition.add_features)
        await whole.setup_hook()
        return whole

    return asyncio.run(made())


def test_every_button_has_somebody_who_acts_on_it() -> None:
    assert set(every_button()) <= set(complete().presses.kinds)


@pytest.mark.parametrize("custom_id", EARLIER)
def test_what_stands_in_earlier_messages_is_still_a_button(custom_id: str) -> None:
    matching = [
        each
        for each in every_button()
        if each.__discord_ui_compiled_template__.fullmatch(custom_id)
    ]

    assert [each.__name__ for each in matching] == [EARLIER[custom_id]]
    assert matching[0]("·", custom_id).fields is not None


def test_two_acts_for_one_button_are_refused() -> None:
    presses = Presses()

    async def act(button: KeptButton, interaction: discord.Interaction[CoalitionBot]) -> None:
        del button, interaction

    presses.on(KeptButton, act)
    with pytest.raises(ValueError, match="KeptButton"):
        presses.on(KeptButton, act)
