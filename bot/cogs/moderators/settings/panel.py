"""The panel in which a server's settings are seen and changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self, cast

import discord
from discord import ui

from bot.cogs.moderators.settings.problems import SettingProblem, settings_problems
from bot.cogs.moderators.settings.words import setting_in_words
from bot.components.cards import COLOURS, Card
from bot.components.presses import Host
from bot.config import Config
from bot.locales import Phrasebook
from bot.storage import DocumentWord, GuildSettings
from index import Outcome, Strictness
from knowledge import Language

_UNSET = "-"
_CHANNELS = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]
_POSTABLE = [discord.ChannelType.text, discord.ChannelType.news]
_MOST = 25
_COUNTS = (1, 3, 6, 10, 20)
_DAYS = (7, 30, 90, 180, 365, 730)
_NAMES = tuple(GuildSettings.model_fields)


class SettingSelect(
    ui.DynamicItem[ui.Item[Any]], template=rf"setting:(?P<name>{'|'.join(_NAMES)})"
):
    """Changes one setting; which, its `custom_id` says."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The select that a `custom_id` stands for."""
        del interaction, match
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the choice to whoever acts on it."""
        await cast("Host", interaction.client).pressed(self, interaction)


def chosen_in(interaction: discord.Interaction[Any]) -> dict[str, Any]:
    """The setting that was changed in a select, by its name, as the storage has it."""
    data: Mapping[str, Any] = interaction.data or {}
    name = str(data["custom_id"]).partition(":")[2]
    return {name: _value(name, data["values"])}


def _value(name: str, values: Sequence[str]) -> Any:  # noqa: ANN401 - checked by the storage
    """What was chosen in a select, as the setting has it."""
    if name in {"open_channels", "auto_channels", "moderator_roles"}:
        return tuple(map(int, values))
    if not values or values[0] == _UNSET:
        return None
    if name in {"questions_a_minute", "moderators_channel", "retention_days"}:
        return int(values[0])
    return values[0] == "yes" if name == "digest" else values[0]


def settings_panel(
    settings: GuildSettings, guild: discord.Guild, config: Config, phrases: Phrasebook
) -> Card:
    """The panel: every setting with a line of explanation, and what is wrong with it."""
    problems = settings_problems(settings, guild, config)
    items: list[ui.Item[Any]] = [ui.TextDisplay(_head(problems, phrases))]
    for name, select in _selects(settings, guild, config, phrases).items():
        title = phrases(f"settings.{name}.name")
        why = phrases(f"settings.{name}.why")
        items += [ui.TextDisplay(f"**{title}**\n-# {why}"), ui.ActionRow(SettingSelect(select))]
    return Card(COLOURS[Outcome.CLOSEST if problems else Outcome.ANSWER], *items)


def _head(problems: Sequence[SettingProblem], phrases: Phrasebook) -> str:
    lines = [f"### {phrases('settings.title')}", *(f"- {each.said(phrases)}" for each in problems)]
    return "\n".join(lines)


def _selects(
    settings: GuildSettings, guild: discord.Guild, config: Config, phrases: Phrasebook
) -> dict[str, ui.Item[Any]]:
    def of(name: str, value: object, options: Mapping[str, str]) -> ui.Item[Any]:
        chosen = _UNSET if value is None else str(value)
        shown = dict(options)
        shown.setdefault(chosen, chosen)
        return ui.Select(
            custom_id=f"setting:{name}",
            options=[
                discord.SelectOption(label=label, value=key, default=key == chosen)
                for key, label in shown.items()
            ],
        )

    def channels(name: str, chosen: Sequence[int], kinds: Any, most: int = _MOST) -> ui.Item[Any]:  # noqa: ANN401
        there = [each for each in chosen if guild.get_channel(each) is not None]
        return ui.ChannelSelect(
            custom_id=f"setting:{name}",
            channel_types=kinds,
            placeholder=phrases(f"settings.{name}.unset"),
            min_values=0,
            max_values=most,
            default_values=[
                _default(each, discord.SelectDefaultValueType.channel) for each in there
            ],
        )

    def said(name: str, value: object) -> str:
        return setting_in_words(name, value, config, phrases)

    levels = {each.value: said("strictness", each) for each in Strictness}
    moderators = settings.moderators_channel
    roles = [each for each in settings.moderator_roles if guild.get_role(each) is not None]
    return {
        "language": of(
            "language",
            settings.language,
            {
                _UNSET: said("language", None),
                **{each.value: said("language", each) for each in Language},
            },
        ),
        "called": of(
            "called", settings.called, {each.value: said("called", each) for each in DocumentWord}
        ),
        "open_channels": channels("open_channels", settings.open_channels, _CHANNELS),
        "auto_channels": channels("auto_channels", settings.auto_channels, _CHANNELS),
        "strictness": of(
            "strictness",
            settings.strictness,
            {_UNSET: said("strictness", None), **levels},
        ),
        "questions_a_minute": of(
            "questions_a_minute",
            settings.questions_a_minute,
            {
                _UNSET: said("questions_a_minute", None),
                **{str(each): str(each) for each in _COUNTS},
            },
        ),
        "moderators_channel": channels(
            "moderators_channel", () if moderators is None else (moderators,), _POSTABLE, 1
        ),
        "moderator_roles": ui.RoleSelect(
            custom_id="setting:moderator_roles",
            placeholder=phrases("settings.moderator_roles.unset"),
            min_values=0,
            max_values=_MOST,
            default_values=[_default(each, discord.SelectDefaultValueType.role) for each in roles],
        ),
        "retention_days": of(
            "retention_days",
            settings.retention_days,
            {str(each): said("retention_days", each) for each in _DAYS},
        ),
        "digest": of(
            "digest",
            "yes" if settings.digest else "no",
            {"yes": said("digest", value=True), "no": said("digest", value=False)},
        ),
    }


def _default(identifier: int, kind: discord.SelectDefaultValueType) -> discord.SelectDefaultValue:
    return discord.SelectDefaultValue(id=identifier, type=kind)
