"""A pretend Discord (simcord) with one server, and how a test reads what is shown there.

Only the public names of simcord are used, but for `env.backend.emit`, wrapped for one
environment (`Tongues`), and a default of `Env._settle_internal` (`quick`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

import discord
import pytest
from simcord import (
    ChannelHandle,
    Env,
    GuildHandle,
    HttpLogEntry,
    InteractionResult,
    MemberActor,
    ResponseMessage,
    UserHandle,
)

from tests.contracts import check_request, walk

Someone = MemberActor | UserHandle
Shown = discord.Message | ResponseMessage | InteractionResult

# ------------------------------------------------------------------- running

UNPRIVILEGED = discord.Intents.all()
UNPRIVILEGED.members = UNPRIVILEGED.presences = UNPRIVILEGED.message_content = False


def unprivileged(items: Iterable[pytest.Item]) -> None:
    """For pytest_collection_modifyitems: grant the bot no privileged intent.

    Without it simcord shows, by REST (`fetch_message`), texts that Discord hides.
    A test's own simcord marker stands instead of this one.
    """
    for item in items:
        if item.get_closest_marker("simcord") is None:
            item.add_marker(pytest.mark.simcord(approved_intents=UNPRIVILEGED))


def quick(step: float = 0.002) -> None:
    """Shorten the step of simcord's waiting, 50 ms, which the start and most actions take once.

    For conftest.py, once: it is a default of a private method, and if a later simcord has it no
    more, the tests are slow and no worse.
    """
    defaults = Env._settle_internal.__kwdefaults__  # pyright: ignore[reportPrivateUsage]
    if defaults is not None and "idle" in defaults:
        defaults["idle"] = step


# ------------------------------------------------------------------ language


class Tongues:
    """Who uses Discord in which language. simcord says en-US for everyone; this corrects it."""

    def __init__(self, env: Env, default: str = "en-US") -> None:
        self.default = default
        self._of: dict[int, str] = {}
        self._env = env
        plain = env.backend.emit

        def emit(event: str, payload: Mapping[str, Any]) -> None:
            if event == "INTERACTION_CREATE":
                payload = {**payload, **self._locales(payload)}
            plain(event, payload)

        # An attribute of this one backend: nothing to undo, nothing shared between tests.
        env.backend.emit = emit  # type: ignore[method-assign]

    def _locales(self, payload: Mapping[str, Any]) -> dict[str, str]:
        person = payload.get("user") or payload["member"]["user"]
        found = {"locale": self._of.get(int(person["id"]), self.default)}
        guild = self._env.backend.guilds.get(int(payload.get("guild_id") or 0))
        if guild is not None:
            found["guild_locale"] = guild.preferred_locale
        return found

    def __setitem__(self, who: Someone, locale: str) -> None:
        discord.Locale(locale)  # a spelling Discord does not have is a mistake of the test
        self._of[who.id] = locale


# --------------------------------------------------------------------- world


class World:
    """One server, one channel, an English and a French member, the commands registered."""

    def __init__(self, env: Env, *, guild_locale: str = "en-US") -> None:
        self.env = env
        self.tongues = Tongues(env)
        self.guild: GuildHandle = env.create_guild("Maison", preferred_locale=guild_locale)
        self.channel: ChannelHandle = self.guild.create_text_channel("general")
        self.ann: MemberActor = self.guild.add_member(env.create_user("ann"))
        self.zoe: MemberActor = self.guild.add_member(env.create_user("zoe", global_name="Zoé"))
        self.tongues[self.zoe] = "fr"

    @property
    def bot_mention(self) -> str:
        user = self.env.bot.user
        assert user is not None
        return user.mention

    async def sync(self) -> list[dict[str, Any]]:
        """Register the commands as `sync` would; return what Discord was sent."""
        tree = getattr(self.env.bot, "tree", None)
        await cast("discord.app_commands.CommandTree", tree).sync()
        return cast("list[dict[str, Any]]", last_request(self.env, "PUT", "/commands").json)


# ------------------------------------------------------------------- reading


def with_permission(
    world: World, name: str, *permissions: str, guild: GuildHandle | None = None
) -> MemberActor:
    """A new member of a server who has some permissions there."""
    guild = guild or world.guild
    allowed = discord.Permissions(**dict.fromkeys(permissions, True))
    role = guild.create_role(f"role of {name}", permissions=allowed)
    return guild.add_member(world.env.create_user(name), roles=[role])


def response(result: InteractionResult) -> ResponseMessage:
    """What was answered at once."""
    assert result.response is not None
    return result.response


def raw(shown: Shown) -> dict[str, Any]:
    """Flags and components of a message, as Discord keeps them."""
    if isinstance(shown, InteractionResult):
        response = shown.response
        assert response is not None, f"no message in answer: {shown!r}"
        shown = response
    if isinstance(shown, ResponseMessage):
        return {
            "flags": shown.flags.value,
            "content": shown.content,
            "components": shown.components,
        }
    return {
        "flags": shown.flags.value,
        "content": shown.content,
        "components": [c.to_dict() for c in shown.components],
    }


def texts(shown: Shown) -> list[str]:
    """Every piece of text of a message, in the order in which it is read."""
    message = raw(shown)
    found = [message["content"]] if message["content"] else []
    return found + [str(c["content"]) for c in walk(message["components"]) if c.get("type") == 10]


def last_message(channel: ChannelHandle) -> discord.Message:
    """The newest message of a channel."""
    message = channel.last_message
    assert message is not None, "there is no message"
    return message


def text(shown: Shown) -> str:
    return "\n".join(texts(shown))


def buttons(shown: Shown) -> dict[str, str]:
    """Label (or emoji) → custom_id, or the address of a link button; menus' options too."""
    found: dict[str, str] = {}
    for component in walk(raw(shown)["components"]):
        if component.get("type") == 2:
            emoji: Mapping[str, Any] = component.get("emoji") or {"name": ""}
            label = str(component.get("label") or emoji["name"])
            assert label not in found, f"two buttons called {label!r}"
            found[label] = str(component.get("custom_id") or component["url"])
        for option in component.get("options") or ():
            if str(component.get("custom_id")).startswith("menu:"):
                label = str(option["label"])
                assert label not in found, f"two buttons called {label!r}"
                found[label] = str(option["value"])
    return found


async def press(who: Someone, shown: Shown, label: str) -> InteractionResult:
    """Click the button that says `label`, or shows it as an emoji; or choose it in a menu."""
    if isinstance(shown, InteractionResult):
        shown = response(shown)
    for component in walk(raw(shown)["components"]):
        said = component.get("label") or (component.get("emoji") or {}).get("name")
        if component.get("type") == 2 and said == label:
            return await who.click(shown, custom_id=str(component["custom_id"]))
        for option in component.get("options") or ():
            if option["label"] == label:
                menu = str(component["custom_id"])
                return await who.select(shown, [option["value"]], custom_id=menu)
    raise AssertionError(f"nothing says {label!r} among {list(buttons(shown))}")


def last_request(env: Env, method: str, path_end: str) -> HttpLogEntry:
    for entry in reversed(env.http_requests):
        if entry.method == method and entry.path.endswith(path_end):
            return entry
    raise AssertionError(
        f"no {method} …{path_end} among {[(e.method, e.path) for e in env.http_requests]}"
    )


# ------------------------------------------------------------------ checking

AFTER_LIST = re.compile(r"^ *- .*\n(?! *- |-# |>|#|$)", re.MULTILINE)


def check_requests(env: Env) -> None:
    """Discord takes everything that the bot sent; simcord itself asks for less.

    A line right after a list is read as part of its last item by some clients.
    """
    for entry in env.http_requests:
        check_request(entry.method, entry.path, entry.json)
        body = entry.json if isinstance(entry.json, dict) else {}
        sent = body.get("data") or body
        for each in walk(sent.get("components") or () if isinstance(sent, dict) else ()):
            content = str(each.get("content") or "")
            assert not AFTER_LIST.search(content), content
