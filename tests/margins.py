"""How far the questions that tests ask lie from where another outcome begins.

    python -m pytest -p tests.margins tests/bot tests/index

writes, nearest first, the questions that lie within `NEAR` deviations of another outcome, and
keeps all of them in the cache. What another processor computes differs by up to 0.3, so no
test may depend on the outcome of such a question. What other processes ask is not seen.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Index, Outcome, Result
from index.calibration.calibration import POINTS, Strictness

NEAR = 0.5


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _file(config).unlink(missing_ok=True)
    search, path = Index.search, _file(config)

    def searched(index: Index, question: str, *others: Any, **named: Any) -> Result:  # noqa: ANN401
        result = search(index, question, *others, **named)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(_about(index, question, result), ensure_ascii=False) + "\n")
        return result

    Index.search = searched  # type: ignore[assignment, method-assign]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    near = {
        (each["test"], each["question"]): each
        for each in _asked(_file(config))
        if each["distance"] < NEAR
    }
    for each in sorted(near.values(), key=lambda each: float(each["distance"])):
        terminalreporter.write_line(
            f"{each['distance']:.2f} from {each['other']}: “{each['question']}” in {each['test']}"
        )


def _file(config: pytest.Config) -> Path:
    folder = Path(config.rootpath) / ".pytest_cache"
    folder.mkdir(exist_ok=True)
    return folder / "margins.jsonl"


def _asked(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        yield from map(json.loads, path.read_text("utf-8").splitlines())


def _about(index: Index, question: str, result: Result) -> dict[str, object]:
    first, *others = result.matches
    evidence = result.verdict.evidence - result.verdict.needed
    distances = {"an answer" if evidence < 0 else "none": abs(evidence)}
    if evidence >= 0:
        distances |= _of_confidence(index, first.confidence or 0.0)
    if evidence >= 0 and others:
        distances["another passage"] = first.score - others[0].score
    other = min(distances, key=lambda each: distances[each])
    return {
        "test": os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0],
        "question": question,
        "outcome": result.outcome,
        "passage": first.passage.id,
        "small_talk": result.small_talk,
        "telling": {str(key): value for key, value in first.telling.items()},
        "other": other,
        "distance": distances[other],
        "distances": distances,
    }


def _of_confidence(index: Index, confidence: float) -> dict[str, float]:
    """How far the best score would have to move alone for the other of `answer` and `closest`."""
    weights = index.confidence.weights
    point = POINTS[Strictness.BALANCED].confidence
    logits = [_logit(min(max(each, 1e-9), 1 - 1e-9)) for each in (confidence, point)]
    away = (logits[0] - logits[1]) / (weights["lead"] - weights["rivalry"])
    return {Outcome.CLOSEST if away >= 0 else Outcome.ANSWER: abs(away)}


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
