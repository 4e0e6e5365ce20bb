"""No read of a copy is half of two states, also where what patches the copy is killed in the middle of it.

`python -m tests.benchmarks replica` reads ten thousand times, of a large snapshot.
"""

from __future__ import annotations

import pytest

from aexdash.replica.litestream import LitestreamMissing, program
from tests.benchmarks.synthetic import build
from tests.replica.churn import torn_reads

try:
    program()
except LitestreamMissing as missing:
    pytest.skip(str(missing), allow_module_level=True)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_read_is_torn_while_litestream_is_killed_again_and_again(tmp_path):
    build(tmp_path / "made.db", 6_000, 100, 20).close()
    told = torn_reads(tmp_path, tmp_path / "made.db", rows=5_000, reads=400, kills=3)
    assert (told["whole"], told["torn"], told["damaged"], told["missing"]) == (400, 0, 0, 0)
    assert told["kills"] == 3
