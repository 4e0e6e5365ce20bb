"""What a person sees who starts the demo or the app: our own lines, with the address, and nothing of a library."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aexdash.demo.launch import command_on
from tests.browser.stage import wait_until_up

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


@pytest.mark.slow
def test_the_demo_prints_its_address_first_and_nothing_else_of_its_start(tmp_path):
    port = free_port()
    with started(tmp_path, "demo", "--port", str(port), "--home", str(tmp_path)) as demo:
        first, second = demo.stdout.readline(), demo.stdout.readline()
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        assert (tmp_path / "stderr").read_text() == ""
    assert second == f"Commands on it, in another terminal: aexdash worklist --home {tmp_path / 'demo'}\n"
    assert first.startswith(f"The demo is on http://localhost:{port} – Ctrl-C ends it. Faults: http://127.0.0.1:")


def test_serve_prints_its_address_first_and_nothing_else_of_its_start(tmp_path):
    port = free_port()
    (tmp_path / "aexdash.toml").write_text(f'[store.main]\nmodel = "overseas"\napp_key = "1"\n{NOBODY_LISTENS}\n')
    with started(tmp_path, "serve", "--port", str(port), "--home", str(tmp_path)) as serve:
        first = serve.stdout.readline()
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        assert (tmp_path / "stderr").read_text() == ""
    assert first == f"aexdash is on http://localhost:{port} – Ctrl-C ends it.\n"


def test_the_command_on_the_demo_can_be_typed_where_it_was_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [".venv/bin/aexdash", "demo"])
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert command_on(Path("data/demo")) == ".venv/bin/aexdash worklist --home data/demo"
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/aexdash")
    assert command_on(tmp_path / "my data" / "demo") == "aexdash worklist --home 'my data/demo'"
    assert command_on(Path("/srv/demo")) == "aexdash worklist --home /srv/demo"
