r"""The log: for people at a terminal, as JSON lines elsewhere.

Nothing that a member wrote can begin a line or move a cursor: what does not print is escaped,
and a traceback is indented under its line.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from typing import TextIO

from bot.config.settings import LogForm, LogLevel
from bot.telemetry.tracing import Trace, current

log = logging.getLogger(__name__)

_FIELD = "question"
_ROOMS = ("bot", "index", "knowledge")


def start_logging(level: LogLevel, form: LogForm, stream: TextIO | None = None) -> None:
    """Write the log of this process.

    Args:
        level: What is written at the least; what libraries say to debug them is left out, since
            it has what members write.
        form: How; `auto` looks whether a person reads it.
        stream: Where; None is standard error.
    """
    stream = stream or sys.stderr
    people = form is LogForm.TEXT or (form is LogForm.AUTO and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PeopleFormatter() if people else JsonFormatter())
    handler.addFilter(_add_request)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level.upper()]))
    for room in _ROOMS:
        logging.getLogger(room).setLevel(level.upper())


def log_question(asked: Trace) -> None:
    """Write one line about a question: what became of it and how long it took."""
    stages = ", ".join(f"{name} {1000 * spent:.1f}" for name, spent in asked.stages.items())
    language = asked.language or "?"
    log.info(
        "Question %s (%s, %s): %.1f ms%s",
        asked.judgement,
        asked.surface,
        language,
        1000 * asked.seconds,
        f" ({stages})" if stages else "",
        extra={_FIELD: asked},
    )


def _add_request(record: logging.LogRecord) -> bool:
    asked = getattr(record, _FIELD, None) or current()
    record.request = asked.request if isinstance(asked, Trace) else None
    return True


class PeopleFormatter(logging.Formatter):
    """One line for each record: time, level, request, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        time = dt.datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        request = getattr(record, "request", None)
        about = f" [{request}]" if request else ""
        line = f"{time} {record.levelname:<7}{about} {printable(record.getMessage())}"
        if record.exc_info:
            traceback = self.formatException(record.exc_info)
            line += "".join(f"\n    {printable(each)}" for each in traceback.split("\n"))
        return line


class JsonFormatter(logging.Formatter):
    """One JSON object a line, in ASCII alone."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        fields: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := getattr(record, "request", None):
            fields["request"] = request
        if isinstance(asked := getattr(record, _FIELD, None), Trace):
            fields |= {
                "outcome": asked.judgement,
                "surface": asked.surface,
                "language": asked.language,
                "milliseconds": round(1000 * asked.seconds, 3),
                "stages": {name: round(1000 * each, 3) for name, each in asked.stages.items()},
            }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields)


def printable(text: str) -> str:
    """`text` on one line, with an escape for all that does not print."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
