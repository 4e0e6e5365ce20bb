"""Everything that aexdash makes in a home is for its owner alone, whatever the umask says; what is exported is not."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aexdash.config.editing import Edit, save
from aexdash.desk.feed_columns import lay_down
from aexdash.storage.private import wide
from tests.browser.stage import free_port, wait_until_up
from tests.cli.bench import Bench

ROOT = Path(__file__).resolve().parents[2]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def work(bench: Bench) -> None:
    """Read a store with its pictures, decide, back up, save settings, and bring a feed file."""
    bench.sign_in()
    bench.run("sync")
    bench.run("annotate", "--listing", "1005000000000000", "--text", "x")
    bench.run("backup")
    save(bench.home, Edit({("alerts", "address"): "https://desk.example"}, {}))
    lay_down(bench.home, "main", "a.csv", b"sku,message\n1,no\n")
    bench.run("repair")


@pytest.mark.slow
def test_all_that_is_made_in_a_home_is_its_owners_alone(bench: Bench) -> None:
    bench.home.chmod(0o700)
    (bench.home / "aexdash.toml").chmod(0o600)
    work(bench)
    made = {path.relative_to(bench.home).parts[0] for path in bench.home.rglob("*")}
    assert {"snapshot.db", "pictures", "tokens", "feed", "backups", "snapshot.lock", "settings.lock"} <= made
    assert [(str(path), oct(mode(path))) for path in wide(bench.home)] == []


@pytest.mark.slow
def test_a_home_that_its_group_shares_on_purpose_stays_shared_and_closed_to_others(bench: Bench) -> None:
    bench.home.chmod(0o2770)
    (bench.home / "aexdash.toml").chmod(0o660)
    work(bench)
    assert wide(bench.home) == []
    assert mode(bench.home / "snapshot.db") == 0o660
    assert mode(bench.home / "snapshot.lock") == 0o660
    assert mode(bench.home / "pictures") & 0o777 == 0o770
    assert mode(bench.home / "secrets.toml") == 0o600  # secrets are of one person
    assert {mode(path) for path in (bench.home / "tokens").glob("*.json")} == {0o600}


def test_a_new_home_is_made_private(tmp_path: Path, bench: Bench) -> None:
    new = tmp_path / "new"
    (bench.home / "aexdash.toml").rename(tmp_path / "kept.toml")
    save(new, Edit({("alerts", "address"): "https://desk.example"}, {}))
    assert (mode(new), mode(new / "aexdash.toml")) == (0o700, 0o600)


@pytest.mark.slow
def test_what_somebody_exports_is_to_be_passed_on(bench: Bench, tmp_path: Path) -> None:
    bench.sign_in()
    bench.run("sync")
    product_id = json.loads(bench.run("worklist", "--json").stdout.splitlines()[0])["product_id"]
    written = {"a.csv": ("export",), "pack.html": ("evidence", product_id, "-o")}
    for name, words in written.items():
        assert bench.run(*words, str(tmp_path / name)).exit_code == 0
    assert {name: mode(tmp_path / name) for name in written} == dict.fromkeys(written, 0o644)


@pytest.mark.slow
def test_the_server_of_the_pages_makes_private_files_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    environment = {**os.environ, "AEXDASH_HOME": str(home)}
    with subprocess.Popen(
        [*command, "--server.address=127.0.0.1"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    ) as app:
        try:
            wait_until_up(f"http://127.0.0.1:{port}/healthz")
            masks = Path(f"/proc/{app.pid}/status").read_text()
        finally:
            app.terminate()
    assert "Umask:\t0077" in masks
