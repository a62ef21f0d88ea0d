"""Windows have every token, none is too long, and neighbours overlap."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.readers.windows import windows


@given(st.integers(0, 5000), st.integers(1, 600))
def test_windows_have_every_token_and_overlap(tokens: int, room: int) -> None:
    found = windows(tokens, room)
    assert found[0].start == 0 and found[-1].stop == tokens
    assert all(each.stop - each.start <= room for each in found)
    for one, other in pairwise(found):
        assert one.start < other.start <= one.stop
        if room >= 8:
            assert one.stop - other.start >= room // 4 - 1


def test_what_fits_is_one_window() -> None:
    assert windows(9, 9) == [slice(0, 9)]
    assert windows(0, 9) == [slice(0, 0)]
