"""What noting and counting a question costs: `python -m benchmarks.telemetry`.

Two figures, each the median of several rounds: a question answered as ever, and everything that
the log and the metrics do for it beside answering. Their ratio is the cost.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

from bot.answering.answers import Answerer
from bot.answering.startup import open_index
from bot.config import read_config
from bot.config.settings import LogForm, LogLevel
from bot.storage import Surface
from bot.telemetry.logs import log_question, start_logging
from bot.telemetry.metrics import Metrics
from bot.telemetry.tracing import Judgement, Stage, Trace, asking, stage
from bot.telemetry.watch import Watch
from index import LanguageDetector
from knowledge import Language

_ROUNDS = 9


def main() -> None:
    """Measure and print."""
    config = read_config(None)
    answerer = Answerer(open_index(config, print), LanguageDetector(), config.questions)
    # Another question each time: none is remembered.
    numbers = iter(range(10**9))

    def answer() -> None:
        answerer.answer(f"Who is part of the coalition number {next(numbers)}?", Language.ENGLISH)

    metrics = Metrics(Watch())
    start_logging(LogLevel.INFO, LogForm.JSON, io.StringIO())

    def count() -> None:
        metrics.count_question(noted())

    def write() -> None:
        log_question(noted())

    answering, noting = median_seconds(answer, 50), median_seconds(noted, 2000)
    counting = median_seconds(count, 2000) - noting
    writing = median_seconds(write, 2000) - noting
    print(f"answering a question   {1e6 * answering:9.1f} µs")
    for name, seconds in (
        ("noting it", noting),
        ("counting it", counting),
        ("logging it", writing),
    ):
        print(f"{name:<22} {1e6 * seconds:9.1f} µs  {seconds / answering:.2%}")
    start = time.perf_counter()
    size = len(metrics.exposition())
    print(f"telling all metrics    {1e6 * (time.perf_counter() - start):9.1f} µs  {size} bytes")


def noted() -> Trace:
    """Note a question with all its stages, which take no time."""
    with asking(Surface.COMMAND, 1234567890) as asked:
        for name in Stage:
            with stage(name):
                pass
        asked.judgement, asked.language = Judgement.ANSWER, Language.FRENCH
    return asked


def median_seconds(call: Callable[[], object], times: int) -> float:
    """The seconds of one call, at the median of rounds of `times` calls."""
    rounds = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            call()
        rounds.append((time.perf_counter() - start) / times)
    return statistics.median(rounds)


if __name__ == "__main__":
    main()
