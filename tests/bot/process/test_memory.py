"""Small machines: little memory, one core."""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.process.memory import LEAST_ADDRESS_SPACE, give_back_memory, spare_what_is_loaded
from index import Encoder
from tests.conftest import ARTICLES, ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are those of Linux")

QUESTION = "Who is Lina Khan?"


@pytest.fixture
def config(
    index_folder: Path, real_encoder: Encoder, pytestconfig: pytest.Config, tmp_path: Path
) -> Path:
    """A configuration whose index is built and whose model is exported."""
    assert real_encoder.name
    data = tmp_path / "data"
    data.mkdir()
    (data / "index").symlink_to(index_folder)
    (data / "models").symlink_to(pytestconfig.cache.mkdir("models"))
    path = tmp_path / "config.yaml"
    path.write_text(f"data_folder: data\nknowledge:\n  folder: {ARTICLES}\n")
    return path


def ask(config: Path, limit: Callable[[], object]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "ask", QUESTION, "--json", "--config", str(config)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )


def address_space(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def test_too_small_a_limit_is_refused_in_one_clear_message(config: Path) -> None:
    ran = ask(config, lambda: address_space(256 << 20))
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("This process may use 256 MB of address space; it needs 768 MB")
    assert "MemoryMax=" in ran.stderr


def test_one_core_and_the_least_address_space_give_the_same_answer(config: Path) -> None:
    def limit() -> None:
        address_space(LEAST_ADDRESS_SPACE)
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    ran, free = ask(config, limit), ask(config, lambda: None)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == free.stdout


def test_asking_imports_nothing_that_it_does_not_use(config: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "ask", QUESTION, "--config", str(config)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.split("\n")
    }
    assert {"onnxruntime", "faiss"} <= imported
    heavy = {"torch", "transformers", "sentence_transformers", "onnx", "bm25s"}
    assert not imported & (heavy | {"sqlalchemy", "alembic", "discord", "aiohttp", "matplotlib"})


def test_memory_that_nothing_needs_is_given_back() -> None:
    def occupied() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    # Every second block stays, so that the C library cannot return the others by itself.
    blocks = [bytes(1000) for _ in range(60_000)]
    pinned = [bytes(1000) for _ in range(2)]
    before = occupied()
    blocks.clear()
    give_back_memory()
    assert before - occupied() > 30 << 20
    assert pinned


def test_what_is_loaded_is_not_looked_through_again() -> None:
    loaded = [[number] for number in range(10_000)]
    try:
        spare_what_is_loaded()
        assert gc.get_freeze_count() > len(loaded)
        assert len(gc.get_objects()) < len(loaded)
    finally:
        gc.unfreeze()
