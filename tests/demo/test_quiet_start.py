"""What a person sees who starts the demo or the app: our own lines, with the address, and nothing of a library."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.clock import system_clock
from aexdash.demo.launch import command_on
from tests.browser.stage import PATIENCE, wait_until_up

pytestmark = pytest.mark.slow

NOBODY_LISTENS = 'gateway = "http://127.0.0.1:9"'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command as a person would, who has set nothing of Streamlit's; its stderr goes to a file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    with (folder / "stderr").open("w") as stderr:
        command = [sys.executable, "-u", "-m", "aexdash", *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


def wait_for(words: str, url: str) -> None:
    """Wait until a page says something."""
    pause = threading.Event()
    for _ in range(PATIENCE * 4):
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            if words in answer.read().decode():
                return
        pause.wait(0.25)
    pytest.fail(f"{url} did not say {words!r} within {PATIENCE} s")


def test_the_demo_prints_its_addresses_and_nothing_else_whatever_its_stores_do(tmp_path):
    port, begun = free_port(), system_clock()
    with started(tmp_path, "demo", "--port", str(port), "--home", str(tmp_path)) as demo:
        lines = iter(demo.stdout.readline, "")
        first = next(line for line in lines if not re.fullmatch(r"Reading 30 days of past: \d+ of 30\n", line))
        inbox, faults, commands = (next(lines) for _ in range(3))
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        wait_for("Digest", inbox.split()[-1])
        opened = [one.opened_at for one in Episodes(tmp_path / "demo" / "desk.db").recent(1)]
        demo.terminate()
        rest = demo.stdout.read()
        assert (tmp_path / "stderr").read_text() == ""
    assert not (tmp_path / "demo" / "preparing.txt").exists()
    assert first == f"The demo is on http://localhost:{port} – Ctrl-C ends it.\n"
    assert re.fullmatch(r"Its messages arrive in http://127\.0\.0\.1:\d+/_demo/inbox\n", inbox)
    assert re.fullmatch(r"Faults to switch on: http://127\.0\.0\.1:\d+/_demo/faults\n", faults)
    assert commands == f"Commands on it, in another terminal: aexdash worklist --home {tmp_path / 'demo'}\n"
    assert rest == ""
    assert opened[0] < begun, "no alert begins with the start"


def test_serve_prints_its_address_first_and_nothing_else_of_its_start(tmp_path):
    port = free_port()
    (tmp_path / "aexdash.toml").write_text(f'[store.main]\nmodel = "overseas"\napp_key = "1"\n{NOBODY_LISTENS}\n')
    with started(tmp_path, "serve", "--port", str(port), "--home", str(tmp_path)) as serve:
        first = serve.stdout.readline()
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        logged = (tmp_path / "stderr").read_text().splitlines()
    assert [line for line in logged if " main: this store is not read. " not in line] == []
    assert first == f"aexdash is on http://localhost:{port} – Ctrl-C ends it.\n"


def test_the_command_on_the_demo_can_be_typed_where_it_was_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [".venv/bin/aexdash", "demo"])
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert command_on(Path("data/demo")) == ".venv/bin/aexdash worklist --home data/demo"
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/aexdash")
    assert command_on(tmp_path / "my data" / "demo") == "aexdash worklist --home 'my data/demo'"
    assert command_on(Path("/srv/demo")) == "aexdash worklist --home /srv/demo"
