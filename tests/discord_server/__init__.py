"""A stand-in for Discord over real sockets, which behaves, and misbehaves, as Discord does.

`DiscordServer` is the whole of it; scenarios speak to what it makes: guilds, channels, and
people who do things. `BotProcess` runs the bot in a process of its own against it.
"""

from tests.discord_server.attachments import Attachment
from tests.discord_server.faults import Cut
from tests.discord_server.interactions import Interaction, NotAnsweredError
from tests.discord_server.messages import Message
from tests.discord_server.people import Person
from tests.discord_server.process import BotProcess
from tests.discord_server.server import DiscordServer
from tests.discord_server.target import pointed_at

__all__ = [
    "Attachment",
    "BotProcess",
    "Cut",
    "DiscordServer",
    "Interaction",
    "Message",
    "NotAnsweredError",
    "Person",
    "pointed_at",
]
