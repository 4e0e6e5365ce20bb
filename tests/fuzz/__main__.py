"""Fuzz the doors by which others' bytes come in, with atheris: `python -m tests.fuzz`, `python -m tests.fuzz csv`.

atheris is not locked, because it is there for some versions of Python alone: `.venv/bin/pip install atheris`. Each door
runs in a process of its own; what it finds is printed with its bytes, and the others go on.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 85
"""For each of seven doors: ten minutes in all."""

LONGEST = 4096
"""Bytes; beyond 16,000 a CSV is read in a process of its own, which atheris does not see."""


def fuzz(name: str, seconds: int, folder: Path) -> None:
    """Call one door until so many seconds are over, or something comes that may not; this ends the process."""
    import atheris  # noqa: PLC0415 - not locked

    with atheris.instrument_imports(include=["aexdash"]):
        from tests.fuzz.doors import DOORS, SEEDS  # noqa: PLC0415 - the door's code is watched from its import on

    for number, seed in enumerate(SEEDS[name]):
        (folder / str(number)).write_bytes(seed)
    limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=60", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/found-", str(folder)], DOORS[name])
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("doors", nargs="*", help="these alone")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each door")
    parser.add_argument("--here", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        fuzz(asked.doors[0], asked.seconds, Path(asked.here))
        return 0
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: .venv/bin/pip install atheris, where it is there for this Python.")
        return 2
    from tests.fuzz.doors import DOORS  # noqa: PLC0415 - loads everything

    return sum(fuzzed(name, asked.seconds) for name in asked.doors or DOORS)


def fuzzed(name: str, seconds: int) -> int:
    """Fuzz a door in a process of its own; print how far it came and what it found, and return whether it found any."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(seconds), "--here", folder]
        ran = subprocess.run(words, capture_output=True, text=True, check=False, errors="replace")
        lines = ran.stderr.splitlines()
        print(f"{name}: {next((line for line in reversed(lines) if line.startswith(('Done', '#'))), 'nothing ran')}")
        found = sorted(Path(folder).glob("found-*"))
        for path in found:
            print(f"  {path.name.split('-')[1]}: {path.read_bytes()!r}")
        if ran.returncode:
            said = [line for line in (*ran.stdout.splitlines(), *lines) if not line.startswith("#")]
            print("\n".join(f"  {line}" for line in said[-25:]))
    return int(ran.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
