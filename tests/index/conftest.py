"""An index of the repository's articles whose encoder counts what it encodes."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import Encoder, Index
from tests.index.building.test_build import Counting


@pytest.fixture
def counting(encoder: Encoder) -> Counting:
    return Counting(encoder)


@pytest.fixture
def base(counting: Counting, index_folder: Path) -> Index:
    return Index.open(index_folder, counting)
