"""The metrics: what is counted, and that what is drawn and alerted of exists."""

from __future__ import annotations

import math
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.answering.answers import Answerer
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.locales import Phrasebooks
from bot.storage import DocumentChanges, Storage
from bot.telemetry.metrics import Metrics
from bot.telemetry.watch import Watch
from knowledge import Language
from tests.bot.world import World
from tests.prometheus.drawn import alerts, panels


@pytest.fixture
def watch() -> Watch:
    watch = Watch()
    watch.counts = Metrics(watch)
    return watch


@pytest.fixture
def simcord_bot(answerer: Answerer, storage: Storage, watch: Watch) -> CoalitionBot:
    watch.bot = CoalitionBot(
        Config(), Phrasebooks.read(), add_features, answerer, storage, watch=watch
    )
    return watch.bot


def metrics(watch: Watch) -> Metrics:
    assert isinstance(watch.counts, Metrics)
    return watch.counts


def sample(watch: Watch, name: str, **labels: str) -> float | None:
    return metrics(watch).registry.get_sample_value(f"coalition_bot_{name}", labels)


async def test_questions_are_counted_by_outcome_language_and_surface(
    world: World, watch: Watch
) -> None:
    await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    await world.zoe.send(world.channel, f"{world.bot_mention} Qui est Tim Wu ?")
    await world.zoe.user.send_dm("Qui est Lina Khan ?")
    await world.ann.slash(world.channel, "ask", question="thanks a lot")
    await world.ann.slash(world.channel, "ask", question="!?")
    asked = await world.zoe.send(world.channel, "Qui est Tim Wu ?")
    await world.zoe.context_menu(world.channel, "Find the passage", asked)
    counted = {
        (family.labels["surface"], family.labels["language"]): family.value
        for metric in metrics(watch).registry.collect()
        for family in metric.samples
        if family.name == "coalition_bot_questions_total"
        and family.labels["outcome"] in {"answer", "closest"}
    }
    assert counted == {
        ("command", "en"): 1, ("mention", "fr"): 2, ("message_command", "fr"): 1,
    }  # fmt: skip
    small_talk = {"outcome": "small_talk", "language": "en", "surface": "command"}
    assert sample(watch, "questions_total", **small_talk) == 1
    refused = {"outcome": "refused", "language": "unknown", "surface": "command"}
    assert sample(watch, "questions_total", **refused) == 1
    assert sample(watch, "question_seconds_count", surface="command") == 3
    for stage in ("queue", "rank", "render", "send"):
        seconds = sample(watch, "stage_seconds_sum", stage=stage)
        assert seconds is not None and seconds > 0


async def test_how_the_bot_is_can_be_asked(world: World, watch: Watch) -> None:
    assert sample(watch, "gateway_connected") == 1
    assert sample(watch, "servers") == len(world.env.bot.guilds)
    assert sample(watch, "index_documents") == 1
    assert sample(watch, "index_passages") == 9
    assert (sample(watch, "index_bytes") or 0) > 1000
    assert sample(watch, "queue_waiting") == 0
    assert isinstance(watch.bot, CoalitionBot)
    generation = watch.bot.knowledge.index.manifest.generation
    assert sample(watch, "index_generation", id=generation) == 1
    question = "A question that no other test asks, about Amazon"
    before = [sample(watch, "remembered_results_total", found=found) for found in ("yes", "no")]
    for _ in range(2):
        await world.ann.slash(world.channel, "ask", question=question)
    after = [sample(watch, "remembered_results_total", found=found) for found in ("yes", "no")]
    assert [
        now - then for now, then in zip(after, before, strict=True) if now and then is not None
    ] == [1, 1]


async def test_what_servers_know_is_told_of_all_together(world: World, watch: Watch) -> None:
    assert isinstance(watch.bot, CoalitionBot)
    knowledge = watch.bot.knowledge
    assert sample(watch, "guild_index_servers") == 0
    question = "When does the bakery open on Sundays?"
    searched = sample(watch, "remembered_results_total", found="no")
    for guild, text in enumerate(
        ("On Sundays it opens at nine.", "On Sundays it opens at ten.\n\nOn other days at six."), 1
    ):
        files = {"en.md": f"---\ntitle: Bakery\nlanguage: en\n---\n\nThe bakery of us. {text}\n"}

        async def put(documents: DocumentChanges, files: dict[str, str] = files) -> object:
            return await documents.put("bakery", files, by=7, expected=0)

        await knowledge.change(guild, put)
        known = await knowledge.of(guild)
        for _ in range(2):
            known.answerer.answer(question, Language.ENGLISH)
    told = {
        name: sample(watch, f"guild_index_{name}")
        for name in ("servers", "documents", "segments", "generations_total")
    }
    assert told == {"servers": 2, "documents": 2, "segments": 2, "generations_total": 2}
    assert sample(watch, "guild_index_passages") == knowledge.extent.passages >= 2
    assert (sample(watch, "guild_index_bytes") or 0) > 0
    # A server's own index remembers too.
    assert (sample(watch, "remembered_results_total", found="no") or 0) - (searched or 0) == 2
    await world.env.settle()
    exposed = metrics(watch).exposition().decode()
    assert not re.search(r"coalition_bot_guild_\w+\{", exposed), "no label for each server"


async def test_what_goes_wrong_is_counted(
    world: World, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(watch.bot, CoalitionBot)

    def broken(*_: object) -> object:
        raise LookupError

    monkeypatch.setattr(watch.bot.answerer, "answer", broken)
    await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert sample(watch, "errors_total", kind="CommandInvokeError") == 1
    watch.bot.dispatch("disconnect")
    await world.env.settle()
    assert sample(watch, "gateway_disconnects_total") == 1
    assert len(world.env.errors) == 1


def test_without_a_bot_all_can_be_told() -> None:
    watch = Watch()
    watch.counts = Metrics(watch)
    told = metrics(watch).exposition().decode()
    assert "coalition_bot_gateway_connected 0.0" in told
    assert math.isnan(sample(watch, "gateway_latency_seconds") or 0)
    assert list(text_string_to_metric_families(told))


EXPRESSIONS = [(each.title, each.text) for each in (*panels(), *alerts())]
"""What the dashboard draws and the alerts look at, with its title."""


def series() -> set[str]:
    """The name of every series that there can be."""
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
    watch = Watch()
    return {
        family.name + ending
        for family in Metrics(watch).registry.collect()
        for ending in endings.get(family.type, [""])
    }


@pytest.mark.parametrize(("title", "expression"), EXPRESSIONS)
def test_what_is_drawn_and_alerted_of_exists(title: str, expression: str) -> None:
    used = set(re.findall(r"\b(?:coalition_bot|process|python)_\w+", expression))
    assert used or expression.startswith("up{"), title
    assert used <= series()


def test_every_metric_of_ours_is_drawn() -> None:
    drawn = " ".join(expression for _, expression in EXPRESSIONS)
    ours = {name for name in series() if name.startswith("coalition_bot")}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in ours}
    assert [name for name in sorted(families) if name not in drawn] == []
