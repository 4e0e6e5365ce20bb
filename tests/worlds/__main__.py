"""Search all that is said in the six worlds and write the table of docs/evidence.md: `python -m tests.worlds`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.worlds.evidence import PAGE, written
from tests.worlds.made import WORLDS, Worlds
from tests.worlds.overclaims import searched
from tests.worlds.surfaces import everything

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        worlds = Worlds(Path(folder))
        spoken = {
            one.name: everything(worlds.of(one), Path(folder), one.now, (one.inside, one.outside)) for one in WORLDS
        }
    found = [overclaim for one in WORLDS for overclaim in searched(one, spoken[one.name])]
    for overclaim in found:
        print(overclaim)
    PAGE.write_text(written(spoken), encoding="utf-8")
    sys.exit(1 if found else 0)
