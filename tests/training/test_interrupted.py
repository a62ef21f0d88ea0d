"""Training that is killed goes on from its last checkpoint, to the same weights."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

PROGRAM = """
import sys
from pathlib import Path
from training.documents import load_documents
from training.run import run
from training.settings import Settings

settings = Settings(layers=(0, 11), rounds=2, in_parts=1, fraction=0.02, batch=16, save_steps=3)
run(Path(sys.argv[1]), settings, load_documents())
"""
SECONDS = 600


def started(out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(out)], stdout=subprocess.DEVNULL)


@pytest.mark.long
@pytest.mark.timeout(3 * SECONDS)
def test_a_run_that_was_killed_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert started(whole).wait(SECONDS) == 0

    process = started(killed)
    # The state is the last that is written of a checkpoint.
    saved = killed / "checkpoints" / "checkpoint-3" / "trainer_state.json"
    until = time.monotonic() + SECONDS
    while not saved.exists():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    process.kill()
    assert process.wait() != 0
    assert not (killed / "reader").exists()

    assert started(killed).wait(SECONDS) == 0
    one, other = (load_file(each / "reader" / "model.safetensors") for each in (whole, killed))
    for name, tensor in one.items():
        np.testing.assert_allclose(other[name], tensor, atol=1e-5, err_msg=name)
