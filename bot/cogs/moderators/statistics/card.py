"""The picture and the words of a server's numbers."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.util
import io
import json
import logging
import sys
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.components.cards import COLOURS, Card
from bot.components.markup import in_short, shortened
from bot.locales import Phrasebook
from bot.storage import Statistics
from index import Index, Outcome

log = logging.getLogger(__name__)

PICTURE = "stats.png"
_LONGEST_WAIT = 30.0
_LONGEST_DESCRIPTION = 1000
_LONGEST_BEGINNING = 90


async def drawn(
    statistics: Statistics, days: Sequence[dt.date], phrases: Phrasebook
) -> discord.File | None:
    """The picture of questions by day and outcome; None where it cannot be drawn."""
    if importlib.util.find_spec("matplotlib") is None:
        log.info("The picture of /stats needs matplotlib, which the small set-up leaves out.")
        return None
    data = {
        "title": phrases("stats.by_day"),
        "days": [f"{each.day}.{each.month}." for each in days],
        "outcomes": {
            outcome.value: {
                "label": named(outcome, phrases),
                "counts": [statistics.days.get((day, outcome), 0) for day in days],
            }
            for outcome in Outcome
        },
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cogs.moderators.statistics.chart",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_LONGEST_WAIT):
            picture, said = await process.communicate(json.dumps(data).encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        log.warning("The picture of /stats took longer than %.0f s to draw.", _LONGEST_WAIT)
        return None
    if process.returncode != 0:
        log.warning("The picture of /stats was not drawn: %s", said.decode(errors="replace"))
        return None
    return discord.File(io.BytesIO(picture), PICTURE)


def statistics_card(
    statistics: Statistics,
    days: Sequence[dt.date],
    index: Index,
    phrases: Phrasebook,
    *,
    with_picture: bool,
) -> Card:
    """The card: the picture, whose description says the same in words, and the numbers."""
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(f"### {phrases('stats.title', days=len(days))}"),
        *in_words(statistics, index, phrases),
    ]
    if with_picture:
        described = shortened(_described(statistics, days, phrases), _LONGEST_DESCRIPTION)
        media = discord.MediaGalleryItem(f"attachment://{PICTURE}", description=described)
        items.insert(1, ui.MediaGallery(media))
    return Card(COLOURS[Outcome.ANSWER], *items)


def in_words(
    statistics: Statistics, index: Index, phrases: Phrasebook
) -> tuple[ui.TextDisplay[Any], ...]:
    """The numbers, line by line; no line follows a list, to whose last item it would belong."""
    total = statistics.total
    if not total:
        return (ui.TextDisplay(phrases("stats.none")),)
    outcomes = statistics.outcomes
    found = [phrases("stats.total", count=total)]
    found += [
        f"- {named(each, phrases)}{phrases('stats.colon')}{outcomes.get(each, 0)} "
        f"({phrases.percent(outcomes.get(each, 0) / total)})"
        for each in Outcome
    ]
    languages = ", ".join(
        f"{phrases(f'settings.language.{language}')} {phrases.percent(count / total)}"
        for language, count in statistics.languages.items()
    )
    lines = [phrases("stats.languages", languages=languages)]
    opinions = statistics.helpful + statistics.unhelpful
    if opinions:
        share = phrases.percent(statistics.helpful / opinions)
        lines.append(phrases("stats.helpful", share=share, count=opinions))
    if statistics.sought:
        lines.append(phrases("stats.sought", count=statistics.sought))
    lines.append(phrases("stats.median", milliseconds=round(statistics.median_milliseconds or 0)))
    top = [_passage(identifier, count, index, phrases) for identifier, count in statistics.passages]
    if top:
        lines += [phrases("stats.passages"), *top]
    return ui.TextDisplay("\n".join(found)), ui.TextDisplay("\n".join(lines))


def named(outcome: Outcome, phrases: Phrasebook) -> str:
    """An outcome as a legend has it."""
    return phrases("stats.none_found" if outcome is Outcome.NONE else f"stats.{outcome}")


def _passage(identifier: str, count: int, index: Index, phrases: Phrasebook) -> str:
    found = index.passage(identifier)
    if found is None:
        return f"- {phrases('pins.gone')} · {count} ×"
    written = phrases.language if phrases.language in found.passage.texts else None
    language = written or found.document.original.about.language
    text = found.passage.texts[language].span.of(found.document.editions[language].text)
    words = in_short(text, _LONGEST_BEGINNING)
    return f"- {phrases('stats.passage', words=words)} · {count} ×"


def _described(statistics: Statistics, days: Sequence[dt.date], phrases: Phrasebook) -> str:
    """What the picture shows."""
    counts = [
        f"{each.day}.{each.month}.{phrases('stats.colon')}"
        + "/".join(str(statistics.days.get((each, outcome), 0)) for outcome in Outcome)
        for each in days
        if any((each, outcome) in statistics.days for outcome in Outcome)
    ]
    order = ", ".join(named(each, phrases) for each in Outcome)
    return phrases("stats.picture", order=order, counts=" · ".join(counts) or "0")
