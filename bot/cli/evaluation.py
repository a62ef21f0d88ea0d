"""Printing how well an index answers."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.errors import ConfigError
from bot.locales import Words
from index import Index
from index.evaluation import Asked, Case, Evaluation, Scores, Share, read_cases


def chosen_cases(path: Path, index: Index, tags: Sequence[str]) -> tuple[Case, ...]:
    """The cases of a file that have every one of `tags`.

    Raises:
        EvaluationError: The file cannot be used.
        ConfigError: No case has these tags.
    """
    cases = read_cases(path, index)
    chosen = tuple(case for case in cases if set(tags) <= set(case.tags))
    if not chosen:
        known = sorted({tag for case in cases for tag in case.tags})
        raise ConfigError(
            Words(
                "error.no_tagged",
                file=path.name,
                tags=", ".join(tags),
                known=", ".join(known) or Words("error.none"),
            )
        )
    return chosen


def print_evaluation(evaluation: Evaluation, *, as_json: bool) -> None:
    """Print the figures of every group, and every miss with what came instead."""
    console = Console()
    groups = {
        "all": evaluation.total,
        **{f"{pair}": scores for pair, scores in evaluation.by_language().items()},
        **{f"#{tag}": scores for tag, scores in evaluation.by_tag().items()},
    }
    misses = [_miss(asked) for asked in evaluation.misses()]
    if as_json:
        figures = {name: _figures(scores) for name, scores in groups.items()}
        print(json.dumps({"groups": figures, "misses": misses}, ensure_ascii=False))  # noqa: T201
        return
    console.print(_table(groups))
    console.print("Shares in % with their 95 % interval; n is the number of questions.")
    for miss in misses:
        line = f"{miss['question']} → {miss['outcome']}: {miss['came']}"
        console.print(Text(line))


def _table(groups: dict[str, Scores]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("questions", no_wrap=True, min_width=max(map(len, groups)))
    for name in ("n", "acc@1", "MRR@10", "recall@5"):
        table.add_column(name)
    for name in ("answered", "right of answered", "false answers"):
        table.add_column(name)
    for name, scores in groups.items():
        table.add_row(
            name,
            str(len(scores.asked)),
            _percent(scores.accuracy),
            "–" if math.isnan(scores.reciprocal_rank) else f"{100 * scores.reciprocal_rank:.1f}",
            *map(_percent, _shares(scores)),
        )
    return table


def _shares(scores: Scores) -> Iterable[Share]:
    return scores.recall, scores.answered, scores.right_of_answered, scores.false_answers


def _percent(share: Share) -> str:
    if not share.total:
        return "–"
    low, high = share.interval()
    return f"{100 * share.value:.1f} ({100 * low:.0f}–{100 * high:.0f})"


def _figures(scores: Scores) -> dict[str, Any]:
    names = ("recall_at_5", "answered", "right_of_answered", "false_answers")
    shares = dict(zip(names, _shares(scores), strict=True))
    shares["accuracy_at_1"] = scores.accuracy
    mean = scores.reciprocal_rank
    return {
        "questions": len(scores.asked),
        "mrr_at_10": None if math.isnan(mean) else round(mean, 4),
        "outcomes": {outcome.value: count for outcome, count in scores.outcomes.items()},
        **{
            name: {
                "share": round(share.value, 4),
                "interval": [round(end, 4) for end in share.interval()],
                "of": share.total,
            }
            for name, share in shares.items()
            if share.total
        },
    }


def _miss(asked: Asked) -> dict[str, str]:
    first = asked.first
    came = ""
    if first is not None:
        language = asked.result.language
        chosen = language if language in first.passage.texts else language.other
        came = first.passage.texts[chosen].span.of(first.document.editions[chosen].text)
    return {
        "question": asked.case.question,
        "outcome": asked.result.outcome.value,
        "rank": "" if asked.rank is None else str(asked.rank),
        "came": textwrap.shorten(came, 70, placeholder="…"),
    }
