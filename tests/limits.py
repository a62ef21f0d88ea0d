"""What tests share has a limit of its own; it does not count against the test that is first."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

SHARED = 900.0
"""Seconds that a fixture which several tests share may take. On two cores that have much else to do
the model and its index have taken three minutes."""
_LIMIT = pytest.StashKey[Any]()


def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> None:  # noqa: ANN401
    """Remember what pytest-timeout gives a test."""
    item.stash[_LIMIT] = settings


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Stop the clock of the test while what others use too is made, then start it anew."""
    item = request._pyfuncitem
    limit = item.stash.get(_LIMIT, None)
    if limit is None or fixturedef.scope == "function":
        return (yield)
    hook = request.config.pluginmanager.hook
    hook.pytest_timeout_cancel_timer(item=item)
    shared = limit._replace(timeout=max(limit.timeout, SHARED))
    hook.pytest_timeout_set_timer(item=item, settings=shared)
    try:
        return (yield)
    finally:
        hook.pytest_timeout_cancel_timer(item=item)
        hook.pytest_timeout_set_timer(item=item, settings=limit)
