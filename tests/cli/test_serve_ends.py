"""The app ends with the command that started it, however that ends; one that was started by hand stays."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading

import pytest

from aexdash.cli import serve
from aexdash.ui.doors import parent
from tests.browser.stage import wait_until_up

STARTER = """
import pathlib, signal, sys
from aexdash.cli.serve import start_app
start_app(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
print("started", flush=True)
signal.pause()
"""
PATIENCE = 60.0


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_app_ends_when_its_starter_is_killed(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", STARTER, str(tmp_path), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout.readline() == "started\n"
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        starter.kill()
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.25)):
        if not listens(port):
            return
        pause.wait(0.25)
    pytest.fail(f"the app still listens {PATIENCE:.0f} s after its starter was killed")


def test_an_app_that_was_started_by_hand_looks_at_nothing(monkeypatch):
    monkeypatch.delenv(parent.VARIABLE, raising=False)
    begun = []
    monkeypatch.setattr(threading.Thread, "start", begun.append)
    parent.watch()
    assert begun == []
    assert parent.VARIABLE == serve.ENDS_WITH_ITS_STARTER
    assert parent.VARIABLE not in os.environ
