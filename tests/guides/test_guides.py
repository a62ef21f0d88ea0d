"""README and the operators' guide can be followed, command by command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guides.host import Host, may_be_root
from tests.guides.service import answering, installed, may_verify
from tests.guides.steps import AS_ROOT, NOT_RUN, STEPS
from tests.guides.told import commands, options
from tests.guides.walk import Walk


def test_every_command_is_run_or_said_not_to_be() -> None:
    listed = [*STEPS, *AS_ROOT, *NOT_RUN]
    assert len(listed) == len(set(listed))
    assert set(commands()) == set(listed)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_every_command_in_a_fresh_clone(tmp_path: Path) -> None:
    async with Walk(tmp_path) as walk:
        for command in commands():
            if command in STEPS:
                await STEPS[command](walk, command)
    ran = " ".join(walk.ran).split()
    assert options() <= set(ran)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.skipif(
    not (may_be_root() and may_verify()),
    reason="nobody is root here, with a Python and systemd-analyze",
)
async def test_the_service_is_installed_and_answers(tmp_path: Path) -> None:
    async with Walk(tmp_path) as walk, Host(tmp_path / "host") as host:
        await installed(walk, host, tuple(each for each in commands() if each in AS_ROOT))
        await answering(walk, host)
