"""What a command loads before it does anything: each of them waits for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import sys
import aexdash.__main__, aexdash.snapshot.file, aexdash.sync.run
assert not {"pandas", "pyarrow"} & sys.modules.keys(), "loading them takes half a second"
assert not {"mcp", "mcp_types"} & sys.modules.keys(), "only assistants need it"
import pandas
assert pandas.DataFrame({"held": [4, 1]})["held"].sum() == 5
"""


@pytest.mark.slow
def test_commands_load_no_pandas_and_who_wants_it_finds_it() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
