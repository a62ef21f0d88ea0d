"""What is fuzzed takes what fuzzing begins with, so that it finds what is new."""

from __future__ import annotations

import pytest

from tests.fuzzing.seeds import seeds
from tests.fuzzing.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_its_seeds_whole_and_cut(name: str) -> None:
    assert seeds().keys() == TARGETS.keys()
    for seed in seeds()[name]:
        for end in {len(seed), len(seed) // 2, len(seed) - 1, 0}:
            TARGETS[name](seed[:end])
