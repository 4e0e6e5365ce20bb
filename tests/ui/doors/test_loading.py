"""What the server loads before it runs: nothing of it may ask Streamlit for a place that is not there yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_app_is_loaded_without_a_word():
    """`st.cache_data` at a module's top warns once a function when no server runs: "No runtime found …"."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import app"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_answers_assistants_is_not_loaded_with_the_app():
    script = "import app, sys; assert not {'mcp', 'mcp_types', 'aexdash.assistants'} & sys.modules.keys()"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
