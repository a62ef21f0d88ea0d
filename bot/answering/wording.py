"""What is said about answers, the same in a terminal and on Discord."""

from __future__ import annotations

import datetime as dt
import re

from bot.answering.answers import Answer
from bot.errors import BusyError, QuestionError, RateLimitError
from bot.locales import Phrasebook
from bot.storage import GuildSettings
from index import Quote
from knowledge.passages.dividing import BETWEEN_TITLES

_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>")
_MOST_CERTAIN = 0.99
_LONGEST_TITLE = 100
_LONGEST_PATH = 240
_ELLIPSIS = "…"


def question_problem(error: QuestionError, phrases: Phrasebook) -> str:
    """Why a question was not searched for."""
    return phrases(f"problem.{error.problem}", length=error.length, longest=error.longest)


def refusal(error: QuestionError | BusyError | RateLimitError, phrases: Phrasebook) -> str:
    """Why a question is not answered now."""
    if isinstance(error, QuestionError):
        return question_problem(error, phrases)
    if isinstance(error, BusyError):
        return phrases("problem.busy")
    if error.seconds is None:
        return phrases("problem.one_at_a_time")
    return phrases("problem.too_soon", seconds=error.seconds)


def none_reason(answer: Answer, phrases: Phrasebook) -> str:
    """Why there is no quote."""
    if answer.result.small_talk is not None:
        return phrases(f"none.{answer.result.small_talk}")
    if answer.detected.foreign is not None:
        return phrases("none.foreign", language=phrases(f"written_in.{answer.detected.foreign}"))
    return phrases("none.question")


def likelihood(confidence: float, phrases: Phrasebook) -> str:
    """How likely an answer is right; never 100 %, since nothing is certain."""
    return phrases.percent(min(confidence, _MOST_CERTAIN))


def source_line(quote: Quote, phrases: Phrasebook) -> str:
    """Title and headings, author, publisher, date and place of a quote, on one line."""
    parts = [
        path_line(quote),
        quote.author,
        quote.publisher,
        None if quote.published is None else phrases.date(quote.published),
        phrases("source.position", number=quote.number, of=quote.of),
    ]
    return " · ".join(part for part in parts if part)


def path_line(quote: Quote) -> str:
    """The titles that a quote stands under, from its document's down.

    Of a long path the last titles stay, which tell most.
    """
    above = [_in_short(each) for each in quote.headings]
    if above and above[0] == _in_short(quote.title):
        above = above[1:]
    while len(above) > 1 and len(BETWEEN_TITLES.join(above)) > _LONGEST_PATH:
        above = above[2:] if above[0] == _ELLIPSIS else above[1:]
        above.insert(0, _ELLIPSIS)
    return BETWEEN_TITLES.join([quote.title, *above])


def _in_short(title: str) -> str:
    words = " ".join(title.split())
    return words if len(words) <= _LONGEST_TITLE else words[: _LONGEST_TITLE - 1].rstrip() + "…"


def translation_note(quote: Quote, phrases: Phrasebook) -> str | None:
    """That the quote is a translation, where it is one."""
    if quote.original_language is None:
        return None
    return phrases(f"translated_from.{quote.original_language}")


def review_note(quote: Quote, today: dt.date, phrases: Phrasebook) -> str | None:
    """That nobody has looked in time whether a quote still holds, where it is so."""
    if quote.review_by is None or quote.review_by >= today:
        return None
    return phrases("source.stale", date=phrases.date(quote.review_by))


def not_open(settings: GuildSettings, phrases: Phrasebook) -> str:
    """That a channel is not open to the bot, and which are."""
    channels = ", ".join(f"<#{each}>" for each in settings.open_channels)
    return phrases("problem.not_open", channels=channels)


def without_mentions(text: str) -> str:
    """`text` without mentions of members, roles and channels, which are no words to search for."""
    return _MENTION.sub(" ", text).strip()
