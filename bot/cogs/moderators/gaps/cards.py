"""How what is missing is shown: the list, one group of it, their buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from discord import ui

from bot.cogs.moderators.requests.panel import request_rows
from bot.components.answer_buttons import checksum
from bot.components.buttons import KeptButton
from bot.components.cards import COLOURS, Card, notice_card
from bot.components.markup import in_short
from bot.components.paging import Page, separated
from bot.guilds.gaps import GapGroup
from bot.locales import Phrasebook
from bot.storage import Gap, Request, Resolution
from index import Outcome

GROUPS = 8
"""Entries on a page: each takes 4 of the 40 components that Discord allows."""
_LONGEST_QUESTION = 250
_LONGEST_LISTED = 150
_ROOM_LISTED = 400
"""Characters of an entry of the list, as Markdown; Discord takes 4,000 of a message."""
_LONGEST_VARIANT = 80
LONGEST_SOUGHT = 120
_VARIANTS = 3
_MOST_SPLIT = 7
"""Questions of a group that are shown one by one: each takes 5 of the 40 components."""
_WHY = {Outcome.NONE: "none_found", Outcome.CLOSEST: "closest", Outcome.ANSWER: "disliked"}


class OpenGap(KeptButton, template=r"gap:open:(?P<question>[\w-]{16}):(?P<at>\d{1,4})"):
    """Shows one group, and what can be done about it, in place of the list."""

    @classmethod
    def of(cls, group: GapGroup, number: int, at: int, phrases: Phrasebook) -> Self:
        """The button of the group with a number, on the page `at`."""
        label = phrases("gaps.open", number=number)
        return cls(label, f"gap:open:{group.first.question}:{at}")


class OpenUnposted(KeptButton, template=r"gap:request:(?P<number>\d{1,15}):(?P<at>\d{1,4})"):
    """Shows one request that could not be posted, in place of the list."""

    @classmethod
    def of(cls, request: Request, number: int, at: int, phrases: Phrasebook) -> Self:
        """The button of the request with a number, on the page `at`."""
        return cls(phrases("gaps.open", number=number), f"gap:request:{request.id}:{at}")


class KeepSought(KeptButton, template=r"gap:keep:(?P<question>[\w-]{16}):(?P<check>[0-9a-f]{8})"):
    """Gives what members were looking for the passage that fits it best."""

    @classmethod
    def of(cls, group: GapGroup, sought: str, number: int, phrases: Phrasebook) -> Self:
        """The button of what was sought, with a number."""
        label = phrases("gaps.keep", number=number)
        return cls(label, f"gap:keep:{group.first.question}:{checksum(sought)}")


class AnswerGap(KeptButton, template=r"gap:answer:(?P<question>[\w-]{16})"):
    """Offers passages for the questions of a group."""

    @classmethod
    def of(cls, question: str, phrases: Phrasebook) -> Self:
        """The button of the group of a question, by its id."""
        return cls(phrases("gaps.answer"), f"gap:answer:{question}")


class AddForGap(KeptButton, template=r"gap:add:(?P<question>[\w-]{16})"):
    """Lets a moderator write a document that answers the questions of a group."""

    @classmethod
    def of(cls, group: GapGroup, phrases: Phrasebook) -> Self:
        """The button of a group."""
        return cls(phrases("filling.add"), f"gap:add:{group.first.question}")


class SettleGap(
    KeptButton,
    template=r"gap:(?P<how>off_subject|done):(?P<question>[\w-]{16}):(?P<at>\d{1,4})"
    r"(?::(?P<beside>[\w-]{16}))?",
):
    """Says that nothing more is to be done about the questions of a group, or about one of them."""

    @classmethod
    def of(cls, how: Resolution, group: GapGroup, at: int, phrases: Phrasebook) -> Self:
        """The button of a group on the page `at`."""
        return cls(phrases(f"gaps.{how}"), f"gap:{how}:{group.first.question}:{at}")

    @classmethod
    def alone(cls, how: Resolution, gap: Gap, beside: str, phrases: Phrasebook) -> Self:
        """The button of one question of a group; `beside` is another of it."""
        return cls(phrases(f"gaps.{how}"), f"gap:{how}:{gap.question}:0:{beside}")


class SplitGap(KeptButton, template=r"gap:split:(?P<question>[\w-]{16})"):
    """Shows the questions of a group one by one, to be settled one by one."""

    @classmethod
    def of(cls, group: GapGroup, phrases: Phrasebook) -> Self:
        """The button of a group."""
        label = phrases("gaps.split", count=len(group.gaps))
        return cls(label, f"gap:split:{group.first.question}")


class TurnGaps(KeptButton, template=r"gaps:(?P<at>\d{1,4})"):
    """Goes to another page."""


def gaps_card(
    groups: Sequence[GapGroup], at: int, phrases: Phrasebook, unposted: Sequence[Request] = ()
) -> Card:
    """Page `at`, counted from 0, of what is missing; the last if past it.

    Args:
        groups: Questions without a good answer.
        at: The page.
        phrases: For the rest.
        unposted: Questions that wait and could not be posted to the moderators; they come first.
    """
    entries: list[Request | GapGroup] = [*unposted, *groups]
    if not entries:
        return notice_card(phrases("gaps.none"))
    page = Page.within(len(entries), GROUPS, at)
    head = f"### {phrases('gaps.title')}\n-# {phrases('gaps.hint')}{page.note(phrases)}"
    sections = [
        _section(each, number, page.at, phrases)
        for number, each in zip(page.numbers, entries[page.entries], strict=True)
    ]

    def button(label: str, to: int) -> ui.Item[Any]:
        return TurnGaps(label, f"gaps:{to}")

    return Card(
        COLOURS[Outcome.CLOSEST],
        ui.TextDisplay(head),
        *separated(sections),
        *page.turning(phrases, button),
    )


def _section(
    entry: Request | GapGroup, number: int, at: int, phrases: Phrasebook
) -> ui.Section[Any]:
    if isinstance(entry, Request):
        return ui.Section(
            ui.TextDisplay(f"**{number}.** {_lost(entry, phrases, _LONGEST_LISTED)}"),
            accessory=OpenUnposted.of(entry, number, at, phrases),
        )
    return ui.Section(
        ui.TextDisplay(f"**{number}.** {_listed(entry, phrases)}"),
        accessory=OpenGap.of(entry, number, at, phrases),
    )


def _lost(request: Request, phrases: Phrasebook, longest: int) -> str:
    lost = phrases("gaps.unposted", channel=f"<#{request.channel}>")
    return f"**{in_short(request.text, longest)}**\n-# {lost}"


def _back(at: int, phrases: Phrasebook) -> ui.ActionRow[Any]:
    return ui.ActionRow(TurnGaps(phrases("gaps.back"), f"gaps:{at}"))


def unposted_card(request: Request, at: int, phrases: Phrasebook) -> Card:
    """A request that could not be posted, what can be done, and the way back to page `at`."""
    return Card(
        COLOURS[Outcome.CLOSEST],
        ui.TextDisplay(_lost(request, phrases, _LONGEST_QUESTION)),
        *request_rows(request, phrases),
        ui.Separator(),
        _back(at, phrases),
    )


def gap_card(group: GapGroup, at: int, phrases: Phrasebook) -> Card:
    """One group, what was sought and what can be done, and the way back to page `at`."""
    sections = [
        ui.Section[Any](
            ui.TextDisplay(
                f"**{number}.** {phrases('gaps.sought', words=in_short(each, _LONGEST_QUESTION))}"
            ),
            accessory=KeepSought.of(group, each, number, phrases),
        )
        for number, each in enumerate(group.sought[:_VARIANTS], 1)
    ]
    return Card(
        COLOURS[Outcome.CLOSEST],
        ui.TextDisplay(_described(group, phrases)),
        *_rows(group, at, phrases),
        *separated(sections),
        ui.Separator(),
        _back(at, phrases),
    )


def split_card(group: GapGroup, phrases: Phrasebook) -> Card:
    """The questions of a group, each with what can be done about it alone."""
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"-# {phrases('gaps.split_hint')}")]
    every = group.gaps[:_MOST_SPLIT]
    for at, gap in enumerate(every):
        beside = every[at - 1].question
        row: list[ui.Item[Any]] = [
            SettleGap.alone(how, gap, beside, phrases)
            for how in (Resolution.OFF_SUBJECT, Resolution.DONE)
        ]
        if gap.url is not None:
            row.append(ui.Button(label=phrases("gaps.jump"), url=gap.url))
        said = f"**{at + 1}.** {_listed(GapGroup((gap,)), phrases)}"
        items += [ui.TextDisplay(said), ui.ActionRow(*row)]
    return Card(COLOURS[Outcome.CLOSEST], *items)


def _rows(group: GapGroup, at: int, phrases: Phrasebook) -> list[ui.ActionRow[Any]]:
    answering: list[ui.Item[Any]] = [
        AnswerGap.of(group.first.question, phrases),
        AddForGap.of(group, phrases),
    ]
    if len(group.gaps) > 1:
        answering.append(SplitGap.of(group, phrases))
    row: list[ui.Item[Any]] = [
        SettleGap.of(Resolution.OFF_SUBJECT, group, at, phrases),
        SettleGap.of(Resolution.DONE, group, at, phrases),
    ]
    if group.url is not None:
        row.append(ui.Button(label=phrases("gaps.jump"), url=group.url))
    return [ui.ActionRow(*answering), ui.ActionRow(*row)]


def _described(group: GapGroup, phrases: Phrasebook) -> str:
    """A group by itself."""
    first = in_short(group.first.text, _LONGEST_QUESTION)
    return "\n".join([f"**{first}**", _facts(group, phrases), *_also(group, phrases)])


def _listed(group: GapGroup, phrases: Phrasebook) -> str:
    """A group in the list: what more there is to say of it only where there is room."""
    first = in_short(group.first.text, _LONGEST_LISTED)
    said = f"**{first}**\n{_facts(group, phrases)}"
    sought = [in_short(each, LONGEST_SOUGHT) for each in group.sought[:_VARIANTS]]
    wishes = [f"-# {phrases('gaps.sought', words=' / '.join(sought))}"] if sought else []
    for line in (*wishes, *_also(group, phrases)):
        if len(said) + len(line) < _ROOM_LISTED:
            said = f"{said}\n{line}"
    return said


def _facts(group: GapGroup, phrases: Phrasebook) -> str:
    facts = [
        phrases("gaps.asked", count=group.count),
        phrases(f"gaps.{_WHY[group.first.outcome]}"),
        phrases("gaps.last", day=phrases.date(max(each.at for each in group.gaps).date())),
    ]
    return f"-# {' · '.join(facts)}"


def _also(group: GapGroup, phrases: Phrasebook) -> list[str]:
    variants = [in_short(each.text, _LONGEST_VARIANT) for each in group.gaps[1 : 1 + _VARIANTS]]
    return [f"-# {phrases('gaps.also', variants=' / '.join(variants))}"] if variants else []
