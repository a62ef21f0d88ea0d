"""Puts features together; the only module that knows them all."""

from __future__ import annotations

from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.cogs.members.asking import Asking
from bot.cogs.members.channels import Channels
from bot.cogs.members.menus import Menus
from bot.cogs.members.messages import Messages
from bot.cogs.members.opinions import Opinions
from bot.cogs.members.passages import Passages
from bot.cogs.members.privacy import Privacy
from bot.cogs.members.replying import Replying
from bot.cogs.members.topics import Topics
from bot.cogs.moderators.audit import Audit
from bot.cogs.moderators.documents.changing import Changing
from bot.cogs.moderators.documents.cog import Documents
from bot.cogs.moderators.documents.follow_ups import FollowUps
from bot.cogs.moderators.documents.importing import Importer
from bot.cogs.moderators.documents.keeping import Keeper
from bot.cogs.moderators.documents.library import DocumentLibrary
from bot.cogs.moderators.documents.messages import MessageAdder, menu
from bot.cogs.moderators.documents.reviewing import Reviewer
from bot.cogs.moderators.documents.tables import TableImporter
from bot.cogs.moderators.documents.writing import Writer
from bot.cogs.moderators.exporting import Exporting
from bot.cogs.moderators.foresight.asking_first import AskingFirst
from bot.cogs.moderators.gaps.cog import Gaps
from bot.cogs.moderators.pins import Pins
from bot.cogs.moderators.requests.desk import RequestDesk
from bot.cogs.moderators.requests.posting import RequestPoster
from bot.cogs.moderators.settings.cog import Settings
from bot.cogs.moderators.several_gaps import SeveralGaps
from bot.cogs.moderators.statistics.cog import Statistics
from bot.cogs.moderators.trials import Trials
from bot.cogs.upkeep.following import Following
from bot.cogs.upkeep.posting import Posting
from bot.cogs.upkeep.retention import Retention


async def add_features(bot: CoalitionBot) -> None:
    """Add everything that people use to a bot, before it connects."""
    await _add_members(bot, replying := Replying(bot))
    Menus(bot)
    Passages(bot, replying)
    opinions = Opinions(bot)

    changing, follow_ups, first = Changing(bot), FollowUps(bot.localiser), AskingFirst(bot)
    writer = Writer(bot, changing, Keeper(bot, changing, follow_ups, first), first)
    library = DocumentLibrary(bot, changing, first)
    importer = Importer(bot, changing, first)
    poster = RequestPoster(bot)
    desk = RequestDesk(bot, writer, poster)
    pins = Pins(bot, opinions, first)
    gaps = Gaps(bot, pins, writer, desk)
    follow_ups.on("request", desk.follow_up)
    follow_ups.on("gap", gaps.follow_up)

    await bot.add_cog(Settings(bot))
    await bot.add_cog(pins)
    await bot.add_cog(Trials(bot))
    await bot.add_cog(gaps)
    await bot.add_cog(Exporting(bot))
    await bot.add_cog(SeveralGaps(bot))
    await bot.add_cog(Audit(bot))
    await bot.add_cog(Statistics(bot))
    adder = MessageAdder(bot, writer)
    bot.tree.add_command(menu(adder, phrase("command.add_message.name")))
    reviewer = Reviewer(bot, changing, first)
    await bot.add_cog(
        Documents(bot, library, writer, importer, reviewer, TableImporter(bot, changing, writer))
    )
    await _add_upkeep(bot, poster)


async def _add_members(bot: CoalitionBot, replying: Replying) -> None:
    await bot.add_cog(Asking(bot, replying))
    await bot.add_cog(Messages(bot, replying))
    await bot.add_cog(Topics(bot))
    await bot.add_cog(Privacy(bot))
    if bot.config.discord.message_content:
        # Elsewhere the bot is not told what messages say.
        await bot.add_cog(Channels(bot, replying))


async def _add_upkeep(bot: CoalitionBot, poster: RequestPoster) -> None:
    """What keeps a storage in order, where there is one."""
    if not bot.keeps:
        return
    await bot.add_cog(Retention(bot))
    await bot.add_cog(Posting(bot, poster))
    changes = bot.storage.changes()
    if changes is not None:
        await bot.add_cog(Following(bot, changes))
