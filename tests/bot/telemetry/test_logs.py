"""The log: who reads it, what it says of a question, and what it can never be made to say."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bot.config.settings import LogForm, LogLevel
from bot.storage import Surface
from bot.telemetry.logs import start_logging
from bot.telemetry.tracing import asking, request_id
from index import Encoder
from tests.bot.world import World, last_message, text

ASKED = "who is the zorblax of Amazon"
FORGED = "\n12:00:00 INFO    all is well\r\x1b[2J\u2028\x9b1m"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_person_reads_text_and_a_program_json() -> None:
    log = logging.getLogger("bot.somewhere")
    written: io.StringIO = Terminal()
    start_logging(LogLevel.INFO, LogForm.AUTO, written)
    log.info("There are %d.", 3)
    assert written.getvalue().endswith(" INFO    There are 3.\n")
    start_logging(LogLevel.INFO, LogForm.AUTO, written := io.StringIO())
    log.info("There are %d.", 3)
    (line,) = lines(written)
    assert (line["level"], line["logger"], line["message"]) == (
        "info", "bot.somewhere", "There are 3.",
    )  # fmt: skip
    start_logging(LogLevel.WARNING, LogForm.TEXT, written := io.StringIO())
    log.info("hidden")
    log.warning("seen")
    assert written.getvalue().endswith(" WARNING seen\n") and "hidden" not in written.getvalue()


@pytest.mark.parametrize("form", [LogForm.TEXT, LogForm.JSON])
def test_no_line_can_be_forged(form: LogForm) -> None:
    log = logging.getLogger("bot.somewhere")
    start_logging(LogLevel.INFO, form, written := io.StringIO())
    log.warning("A server is called %s.", FORGED)
    try:
        raise ValueError(FORGED)
    except ValueError:
        log.exception("Failed.")
    out = written.getvalue()
    assert out.isascii() and not set(out) & set("\r\x1b\x9b\u2028")
    if form is LogForm.JSON:
        assert len(lines(written)) == 2
        return
    records = [line for line in out.splitlines() if not line.startswith("    ")]
    assert [record.split()[1] for record in records] == ["WARNING", "ERROR"]


def test_a_line_names_the_request_that_it_belongs_to() -> None:
    log = logging.getLogger("bot.somewhere")
    start_logging(LogLevel.INFO, LogForm.JSON, written := io.StringIO())
    with asking(Surface.MENTION, 5):
        log.info("within")
    log.info("outside")
    within, outside = lines(written)
    assert within["request"] == request_id(5)
    assert "request" not in outside


def test_what_libraries_tell_to_debug_them_is_left_out() -> None:
    start_logging(LogLevel.DEBUG, LogForm.TEXT, written := io.StringIO())
    for library in ("discord.gateway", "aiosqlite", "aiohttp"):
        logging.getLogger(library).debug(ASKED)
    assert written.getvalue() == ""
    logging.getLogger("index.search").debug("ours")
    assert "ours" in written.getvalue()


async def test_a_question_is_one_line_without_its_text(world: World) -> None:
    start_logging(LogLevel.DEBUG, LogForm.JSON, written := io.StringIO())
    await world.ann.slash(world.channel, "ask", question=ASKED)
    await world.ann.send(world.channel, f"{world.bot_mention} {ASKED} ?")
    asked = [line for line in lines(written) if "outcome" in line]
    assert [line["surface"] for line in asked] == ["command", "mention"]
    assert all(line["language"] == "en" and line["request"] for line in asked)
    for line in asked:
        stages = line["stages"]
        assert isinstance(stages, dict)
        assert {"queue", "rank", "render", "send"} <= stages.keys()
        milliseconds = line["milliseconds"]
        assert isinstance(milliseconds, float)
        # Stages do not hold each other, so together they are no more than the whole.
        assert 0 < sum(stages.values()) <= milliseconds
    assert "zorblax" not in written.getvalue()


async def test_a_member_is_told_the_id_that_the_log_has(
    world: World, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError(FORGED)

    monkeypatch.setattr(encoder, "encode_queries", broken)
    start_logging(LogLevel.INFO, LogForm.JSON, written := io.StringIO())
    answered = await world.ann.slash(world.channel, "ask", question=f"{ASKED} now?")
    asked = await world.zoe.send(world.channel, f"{world.bot_mention} {ASKED} maintenant ?")
    failed = [line for line in lines(written) if "traceback" in line]
    messages = [text(answered), text(last_message(world.channel))]
    assert len(failed) == 2
    for line, message in zip(failed, messages, strict=True):
        assert str(line["message"]).split()[-1].rstrip(".") in message
        assert "RuntimeError" in str(line["traceback"])
    assert request_id(asked.id) in messages[1]
    outcomes = [line["outcome"] for line in lines(written) if "outcome" in line]
    assert outcomes == ["error", "error"]
    assert len(world.env.errors) == 1
