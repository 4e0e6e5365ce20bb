"""What the server loads before it runs: nothing of it may ask Streamlit for a place that is not there yet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.sample import with_history

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_the_app_is_loaded_without_a_word():
    """`st.cache_data` at a module's top warns once a function when no server runs: "No runtime found …"."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import app"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.slow
def test_what_answers_assistants_is_not_loaded_with_the_app():
    script = "import app, sys; assert not {'mcp', 'mcp_types', 'aexdash.assistants'} & sys.modules.keys()"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["overview", "worklist"])
def test_who_sees_no_table_loads_nothing_that_draws_one(tmp_path, name):
    """pandas and pyarrow are 70 MB of the memory of a server that people leave running."""
    script = f"""
import sys
import app
from streamlit.testing.v1 import AppTest

shown = AppTest.from_file("aexdash/ui/frame/shell.py", default_timeout=60)
if {name!r} != "overview":
    shown.switch_page("../../../pages/{name}.py")
shown.run()
assert not shown.exception and shown.markdown
print(*({{"pandas", "pyarrow"}} & sys.modules.keys()))
"""
    environment = {
        **os.environ,
        "AEXDASH_HOME": str(with_history(tmp_path)),
        "AEXDASH_CLOCK_FILE": str(tmp_path / "clock.txt"),
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
