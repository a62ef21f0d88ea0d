"""What members see beside answers, for the pictures."""

from __future__ import annotations

import dataclasses

import discord
from simcord import InteractionResult, MemberActor, ResponseMessage

from bot.answering.answers import Found
from bot.answering.rate_limit import RateLimit
from bot.client.client import CoalitionBot
from bot.components.answer_cards import passage_card, whole_card
from index import Located
from knowledge import Language, Span
from tests.bot.world import World, last_message, press

Seen = tuple[str, MemberActor, InteractionResult | discord.Message]

_SOUGHT = {Language.FRENCH: "l’âge de Tim Wu", Language.ENGLISH: "how old Tim Wu is"}
_REPLY = {
    Language.FRENCH: "Dans beaucoup d’eau bouillante salée, et goûtez deux minutes avant la fin.",
    Language.ENGLISH: "Pour boiling water into it, wait five minutes, and use a plunger.",
}
_ALSO_NOTHING = {
    Language.FRENCH: "Et pour cuire des pâtes complètes, on fait comment ?",
    Language.ENGLISH: "and how do i unclog the sink upstairs",
}
_NOTHING = {Language.FRENCH: "Comment cuire des pâtes ?", Language.ENGLISH: "how to unclog a sink"}


async def members_scenes(world: World) -> list[Seen]:
    """Ask what cannot be answered, and go on from there, in both languages."""
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    seen: list[Seen] = []
    for language, member in ((Language.FRENCH, world.zoe), (Language.ENGLISH, world.ann)):
        seen += await _waiting(world, bot, member, language)
        seen += await _handing_over(world, bot, member, language)
        seen += await _long(world, bot, member, language)
        chosen = await member.slash(world.channel, "language", language=language.value)
        seen.append((f"language-{language}", member, chosen))
        await member.slash(world.channel, "language", language="discord")
    return seen


async def _waiting(
    world: World, bot: CoalitionBot, member: MemberActor, language: Language
) -> list[Seen]:
    """A member asks too much, and is asked what was sought."""
    many, bot.answerer.rate_limit = bot.answerer.rate_limit, RateLimit(a_minute=1)
    answer = await member.slash(world.channel, "ask", question="Tim Wu")
    refused = await member.slash(world.channel, "ask", question="Tim Wu")
    bot.answerer.rate_limit = many
    modal = await press(member, _response(answer), "👎")
    channel = world.guild.create_text_channel(f"desk-{language}")
    await bot.settings.change(world.guild.id, by=1, moderators_channel=channel.id)
    thanks = await member.submit_modal(modal, {"sought": _SOUGHT[language]})
    await bot.settings.change(world.guild.id, by=1, moderators_channel=None)
    return [
        (f"wait-{language}", member, refused),
        (f"sought-{language}", member, modal),
        (f"thanks-{language}", member, thanks),
    ]


async def _handing_over(
    world: World, bot: CoalitionBot, member: MemberActor, language: Language
) -> list[Seen]:
    """A member hands a question over, and a moderator chooses a passage for it."""
    phrases = bot.localiser.books[language]
    await bot.settings.change(
        world.guild.id, by=1, moderators_channel=world.channel.id, language=language
    )
    role = world.guild.create_role("mods", permissions=discord.Permissions(manage_messages=True))
    mo = world.guild.add_member(world.env.create_user(f"mo-{language}"), roles=[role])
    world.tongues[mo] = "fr" if language is Language.FRENCH else "en-US"
    nothing = await member.slash(world.channel, "ask", question=_NOTHING[language])
    handed = await press(member, _response(nothing), phrases("request.ask"))
    post = last_message(world.channel)
    modal = await press(mo, post, phrases("request.find"))
    offered = await mo.submit_modal(modal, {"words": "Tim Wu"})
    # The first stays as it is, for its picture.
    second = await member.slash(world.channel, "ask", question=_ALSO_NOTHING[language])
    await press(member, _response(second), phrases("request.ask"))
    window = await press(mo, last_message(world.channel), phrases("request.reply"))
    replied = await mo.submit_modal(window, {"words": _REPLY[language]})
    told = last_message(member.user.dm_channel)
    closed = last_message(world.channel)
    await bot.settings.change(world.guild.id, by=1, moderators_channel=None, language=None)
    return [
        (f"moderators-{language}", member, nothing),
        (f"handed-over-{language}", member, handed),
        (f"request-{language}", mo, post),
        (f"request-words-{language}", mo, modal),
        (f"request-passages-{language}", mo, offered),
        (f"reply-window-{language}", mo, window),
        (f"reply-sent-{language}", mo, replied),
        (f"reply-posted-{language}", mo, closed),
        (f"reply-told-{language}", member, await _again(world, bot, told)),
    ]


async def _again(world: World, bot: CoalitionBot, told: discord.Message) -> discord.Message:
    """What was said in a direct message, where the camera stands."""
    channel = bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.LayoutView.from_message(told, timeout=None)
    return await channel.send(view=view)


async def _long(
    world: World, bot: CoalitionBot, member: MemberActor, language: Language
) -> list[Seen]:
    """A passage that is too long to be shown whole: the article, five times."""
    (document,) = bot.knowledge.index.documents
    found = Found.of(Located(document, document.passages[3]), language, {language: 0})
    text, sentences = "", []
    for passage in [*document.passages] * 5:
        part = Located(document, passage).quote(language)
        sentences += [Span(len(text) + at.start, len(text) + at.end) for at in part.sentences]
        text += f"{part.text}\n\n"
    middle = sentences[len(sentences) // 2]
    quote = dataclasses.replace(
        found.quote, text=text.strip(), sentences=tuple(sentences), sentence=middle
    )
    channel = bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    phrases = bot.localiser.books[language]
    long = dataclasses.replace(found, quote=quote)
    return [
        (f"cut-{language}", member, await channel.send(view=passage_card(long, phrases))),
        (f"whole-{language}", member, await channel.send(view=whole_card(long, 0, phrases))),
    ]


def _response(result: InteractionResult) -> ResponseMessage:
    assert result.response is not None
    return result.response
