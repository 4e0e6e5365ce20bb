"""What a person sees who starts the demo or the app: our own lines, with the address, and nothing of a library."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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
def test_the_demo_prints_its_addresses_and_nothing_else_whatever_its_stores_do(tmp_path):
    port = free_port()
    with started(tmp_path, "demo", "--port", str(port), "--home", str(tmp_path)) as demo:
        first, second = demo.stdout.readline(), demo.stdout.readline()
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        demo.terminate()
        rest = demo.stdout.read()
        assert (tmp_path / "stderr").read_text() == ""
    assert first == f"The demo is on http://localhost:{port} – Ctrl-C ends it.\n"
    assert re.fullmatch(r"Faults to switch on: http://127\.0\.0\.1:\d+/_demo/faults\n", second)
    assert rest == ""


def test_serve_prints_its_address_first_and_nothing_else_of_its_start(tmp_path):
    port = free_port()
    (tmp_path / "aexdash.toml").write_text(f'[store.main]\nmodel = "overseas"\napp_key = "1"\n{NOBODY_LISTENS}\n')
    with started(tmp_path, "serve", "--port", str(port), "--home", str(tmp_path)) as serve:
        first = serve.stdout.readline()
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        assert (tmp_path / "stderr").read_text() == ""
    assert first == f"aexdash is on http://localhost:{port} – Ctrl-C ends it.\n"
