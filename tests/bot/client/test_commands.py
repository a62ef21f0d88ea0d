"""The public interface: the commands that members see."""

from __future__ import annotations

from tests.bot.commands import KEPT, registered, written


async def test_the_commands_are_those_that_are_kept() -> None:
    """A change here is a change for members: look at it, then `python -m tests.bot.commands`."""
    assert written(await registered()) == KEPT.read_text("utf-8")
