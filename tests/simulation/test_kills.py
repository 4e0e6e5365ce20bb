"""A worker that is killed with `kill -9` loses nothing: `python -m tests.simulation.kills` does it 500 times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_a_worker_may_be_killed_at_any_moment():
    """In a program of its own: a worker is begun by a fork, which wants a process without threads."""
    words = [sys.executable, "-m", "tests.simulation.kills", "--kills", "12", "--seed", "7"]
    done = subprocess.run(words, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("12 kills, ")
