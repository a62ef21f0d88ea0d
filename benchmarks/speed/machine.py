"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from index.encoders.cores import cores

_FLAGS = ("avx2", "avx512f", "avx_vnni", "avx512_vnni")
_PACKAGES = ("onnxruntime", "torch", "sentence-transformers", "faiss-cpu", "numpy")


def machine_facts() -> list[str]:
    """One line for each fact."""
    cpu = Path("/proc/cpuinfo").read_text("utf-8")
    model = next((line for line in cpu.splitlines() if line.startswith("model name")), "?: unknown")
    flags = set(next((line for line in cpu.splitlines() if line.startswith("flags")), "").split())
    governor = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
    known = governor.read_text("utf-8").strip() if governor.exists() else "not known"
    has = (f"{each} {'yes' if each in flags else 'no'}" for each in _FLAGS)
    return [
        f"{model.split(':')[1].strip()}, {cores()} cores, governor {known}",
        ", ".join(has),
        f"Python {platform.python_version()}, "
        + ", ".join(f"{each} {version(each)}" for each in _PACKAGES),
        f"load average at the start: {load_average()}",
    ]


def load_average() -> str:
    """How many tasks ran or waited over the last 1, 5 and 15 minutes."""
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


def resident(field: str = "VmRSS") -> float:
    """Memory of this process in MB, as /proc/self/status has it under `field`."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1000


def forget_peak() -> None:
    """Let `resident("VmHWM")` be the most that is resident from now on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def disk(folder: Path) -> float:
    """What the files in a folder take, in MB."""
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) / 1e6
