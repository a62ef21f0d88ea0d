"""The metrics of a running bot, for Prometheus.

What happens is counted as it happens; how things are is looked at when somebody asks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import SimpleNamespace

import aiohttp
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.storage import Surface
from bot.telemetry.tracing import Judgement, Stage, Trace
from bot.telemetry.watch import Watch
from bot.telemetry.watched import Extent, Watched, WatchedKnowledge
from index.segments.manifest import Manifest

PREFIX = "coalition_bot"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_UNKNOWN = "unknown"


class Metrics:
    """Counts what a bot does, and tells how it is."""

    def __init__(self, watch: Watch) -> None:
        """Start; how things are is told of the bot that `watch` has at the moment."""
        self.registry = CollectorRegistry()
        self._questions = Counter(
            f"{PREFIX}_questions",
            "Questions, by what became of them, their language and where they were asked.",
            ("outcome", "language", "surface"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            f"{PREFIX}_question_seconds",
            "Seconds from a question's arrival until its answer was sent.",
            ("surface",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._stages = Histogram(
            f"{PREFIX}_stage_seconds",
            "Seconds that a stage of a question took.",
            ("stage",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._errors = Counter(
            f"{PREFIX}_errors",
            "Errors that nobody expected, by their kind; the log has them with their reference.",
            ("kind",),
            registry=self.registry,
        )
        self._requests = Counter(
            f"{PREFIX}_discord_requests",
            "Requests to Discord by the status of the response; 429 is a rate limit.",
            ("status",),
            registry=self.registry,
        )
        self._disconnects = Counter(
            f"{PREFIX}_gateway_disconnects",
            "How often the connection to Discord's gateway was lost.",
            registry=self.registry,
        )
        self._refusals = Counter(
            f"{PREFIX}_refusals",
            "What was refused before it was looked at, because the bot could not keep up.",
            registry=self.registry,
        )
        # Children are looked up once: it is most of what counting costs.
        self._stage = {each: self._stages.labels(each) for each in Stage}
        self._surface = {each: self._seconds.labels(each) for each in Surface}
        self.registry.register(_BotCollector(watch))
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def count_question(self, asked: Trace) -> None:
        """Count a question that is over."""
        self._questions.labels(asked.judgement, asked.language or _UNKNOWN, asked.surface).inc()
        if asked.judgement is not Judgement.ERROR:
            self._surface[asked.surface].observe(asked.seconds)
        for name, seconds in asked.stages.items():
            self._stage[name].observe(seconds)

    def count_error(self, error: BaseException) -> None:
        """Count an error that nobody expected."""
        self._errors.labels(type(error).__name__).inc()

    def count_disconnect(self) -> None:
        """Count that the gateway was lost."""
        self._disconnects.inc()

    def count_refusal(self) -> None:
        """Count something that was refused before it was looked at."""
        self._refusals.inc()

    def trace(self) -> aiohttp.TraceConfig:
        """Counts the requests of a client that is given it."""
        trace = aiohttp.TraceConfig()

        async def ended(
            session: aiohttp.ClientSession,
            context: SimpleNamespace,
            params: aiohttp.TraceRequestEndParams,
        ) -> None:
            del session, context
            self._requests.labels(params.response.status).inc()

        async def failed(
            session: aiohttp.ClientSession,
            context: SimpleNamespace,
            params: aiohttp.TraceRequestExceptionParams,
        ) -> None:
            del session, context, params
            self._requests.labels("none").inc()

        trace.on_request_end.append(ended)
        trace.on_request_exception.append(failed)
        return trace

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)


class _BotCollector(Collector):
    """Tells how the bot is at the moment."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def describe(self) -> Iterator[Metric]:
        """Their names alone, also before there is a bot."""
        yield from self._gauges(None)

    def collect(self) -> Iterator[Metric]:
        """How the bot is."""
        yield from self._gauges(self._watch.bot)

    def _gauges(self, bot: Watched | None) -> Iterator[Metric]:
        connected = bot is not None and bot.is_ready()
        yield _gauge("gateway_connected", "Whether the bot is connected to Discord.", connected)
        latency = math.nan if bot is None else bot.latency
        yield _gauge(
            "gateway_latency_seconds", "Seconds between a heartbeat and its answer.", latency
        )
        servers = 0 if bot is None else len(bot.guilds)
        yield _gauge("servers", "Servers that the bot is in.", servers)
        waiting = 0 if bot is None else bot.worker.waiting
        yield _gauge("queue_waiting", "Questions that wait for a thread.", waiting)
        index = None if bot is None else bot.knowledge.index
        manifest = None if index is None else index.manifest
        for name, what, value in (
            ("documents", "Documents in the shared index.", manifest.documents if manifest else 0),
            ("passages", "Passages in the shared index.", manifest.passages if manifest else 0),
            ("bytes", "Size of the files of the shared index.", _size(manifest) if manifest else 0),
        ):
            yield _gauge(f"index_{name}", what, value)
        generation = GaugeMetricFamily(
            f"{PREFIX}_index_generation", "Which shared index is in force; always 1.", labels=["id"]
        )
        if manifest is not None:
            generation.add_metric([manifest.generation], 1)
        yield generation
        yield from self._guild_gauges(None if bot is None else bot.knowledge)
        counts = None if index is None else index.remembered
        results = CounterMetricFamily(
            f"{PREFIX}_remembered_results",
            "Searches by whether their result was remembered.",
            labels=["found"],
        )
        results.add_metric(["yes"], counts.hits if counts else 0)
        results.add_metric(["no"], counts.misses if counts else 0)
        yield results

    def _guild_gauges(self, knowledge: WatchedKnowledge | None) -> Iterator[Metric]:
        """Of all servers together: a label for each would be a series for each."""
        extent = Extent(0, 0, 0, 0, 0) if knowledge is None else knowledge.extent
        for name, what, value in (
            ("servers", "Servers whose own documents are open.", extent.servers),
            ("documents", "Servers' own documents that are open.", extent.documents),
            ("passages", "Passages of servers' own documents that are open.", extent.passages),
            ("segments", "Segments in which servers' own documents are.", extent.segments),
            ("bytes", "About how much memory servers' own documents take.", extent.bytes),
        ):
            yield _gauge(f"guild_index_{name}", what, value)
        put_in_force = CounterMetricFamily(
            f"{PREFIX}_guild_index_generations",
            "How often the documents of a server were put in force: opened, changed or joined.",
        )
        put_in_force.add_metric([], 0 if knowledge is None else knowledge.put_in_force)
        yield put_in_force


def _size(manifest: Manifest) -> int:
    return sum(each.bytes for each in manifest.files.values())


def _gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", documentation, float(value))
