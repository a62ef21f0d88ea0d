"""This machine as root has it, changed so that nobody else sees it."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
from pathlib import Path
from typing import Self

_LAID_OVER = ("etc", "opt", "var/lib")
_LAY_OVER = """
set -eu
mount --make-rprivate /
mount -t tmpfs none {folder}
for place in {places}; do
  mkdir -p {folder}/$place/new {folder}/$place/work
  layers=upperdir={folder}/$place/new,workdir={folder}/$place/work
  mount -t overlay overlay -o lowerdir=/$place,$layers /$place
done
echo ready
exec sleep infinity
"""
_PYTHON = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
"""Root's; a Python in somebody's home is none that a service's user can run."""


def may_be_root() -> bool:
    """Whether this process may lay folders over those of the system, which has a Python."""
    tries = (["unshare", "--mount", "true"], ["/usr/bin/python3", "-c", _PYTHON])
    return os.geteuid() == 0 and all(
        subprocess.run(each, check=False, capture_output=True).returncode == 0 for each in tries
    )


class Host:
    """The machine; what is written to /etc, /opt and /var/lib is gone at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        self._folder.mkdir()
        script = _LAY_OVER.format(folder=self._folder, places=" ".join(_LAID_OVER))
        self._process = await asyncio.create_subprocess_exec(
            "unshare", "--mount", "bash", "-c", script, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        assert await self._process.stdout.readline() == b"ready\n"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    def command(self, command: str) -> str:
        """A command that does the same as root on this machine."""
        assert self._process is not None
        namespace = f"--mount=/proc/{self._process.pid}/ns/mnt"
        shell = ["env", f"PATH={PATH}", "bash", "-c", command]
        return shlex.join(["nsenter", namespace, "--wd=.", *shell])
