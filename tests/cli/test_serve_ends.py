"""The app ends with the command that started it, however that ends; one that was started by hand stays."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from aexdash.cli import serve
from aexdash.config.sections.channels import PORT_VARIABLE
from aexdash.config.settings import Settings, load_settings
from aexdash.demo.platform.faults import FaultKind
from aexdash.desk import channel_state
from aexdash.ui.doors import parent
from tests.browser.stage import free_port, wait_until_up
from tests.cli.bench import NOON

STARTER = """
import pathlib, signal, sys
from aexdash.cli.serve import start_app
start_app(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
print("started", flush=True)
signal.pause()
"""
PATIENCE = 60.0

ENDS_WITHIN = 20.0
"""Seconds. It is ten where this machine has nothing else to do; what is not ended waits for two minutes and more."""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.25)):
        if so():
            return
        pause.wait(0.25)
    pytest.fail(f"it is not so after {PATIENCE:.0f} s")


@pytest.mark.slow
def test_the_app_ends_when_its_starter_is_killed(tmp_path):
    port = free_port()
    command = [sys.executable, "-c", STARTER, str(tmp_path), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout.readline() == "started\n"
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        starter.kill()
    until(lambda: not listens(port))


def test_an_app_that_was_started_by_hand_looks_at_nothing(monkeypatch):
    monkeypatch.delenv(parent.VARIABLE, raising=False)
    begun = []
    monkeypatch.setattr(threading.Thread, "start", begun.append)
    parent.watch()
    assert begun == []
    assert parent.VARIABLE == serve.ENDS_WITH_ITS_STARTER
    assert parent.VARIABLE not in os.environ


@pytest.mark.parametrize(
    ("written", "address"),
    [("", "http://localhost:8600"), ('\n[alerts]\naddress = "https://desk.example"\n', "https://desk.example")],
)
def test_links_of_the_worker_lead_to_the_port_of_the_pages_or_where_the_settings_say(
    bench, monkeypatch, written, address
):
    config = bench.home / "aexdash.toml"
    config.write_text(config.read_text("utf-8") + written, "utf-8")
    addresses = []

    def ran(settings: Settings, _port: int, _log: object, **_ways: object) -> int:
        addresses.extend([settings.address, load_settings(bench.home).address])  # at its start, and when files change
        return 0

    monkeypatch.setattr(serve, "run_app", ran)
    monkeypatch.setattr(serve, "leave", sys.exit)
    assert bench.run("serve", "--port", "8600").exit_code == 0
    assert addresses == [address, address]
    assert PORT_VARIABLE not in os.environ


class Serving:
    """`aexdash serve` of a home, as a process of its own with its app."""

    def __init__(self, bench) -> None:
        self.port, self.said = free_port(), bench.home / "said.txt"
        command = [sys.executable, "-m", "aexdash", "serve", "--home", str(bench.home), "--port", str(self.port)]
        command = ["env", "--default-signal=INT", *command]  # where the tests run in the background it is ignored
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, start_new_session=True
            )
        wait_until_up(f"http://127.0.0.1:{self.port}/healthz")

    @property
    def app(self) -> int:
        """The id of the app's process, the one child."""
        told = Path(f"/proc/{self.process.pid}/task")
        return int(next(ids for task in told.iterdir() if (ids := (task / "children").read_text().split()))[0])

    def ended(self) -> int:
        """Its exit code, once neither it nor its app is there any more."""
        code = self.process.wait(timeout=ENDS_WITHIN)
        until(lambda: not listens(self.port))
        return code


@pytest.fixture
def serving(bench):
    begun = []

    def serve_() -> Serving:
        begun.append(Serving(bench))
        return begun[-1]

    yield serve_
    for one in begun:
        one.process.kill()
        one.process.wait()


@pytest.mark.slow
def test_serve_that_is_killed_takes_its_app_along(bench, serving):
    one = serving()
    one.process.kill()
    one.ended()


@pytest.mark.slow
def test_serve_ends_with_an_error_where_its_app_is_killed(bench, serving):
    one = serving()
    os.kill(one.app, signal.SIGKILL)
    assert one.ended() == 1
    assert one.said.read_text().splitlines()[-1] == (
        "Something ended the pages from outside (signal 9), so aexdash has ended too."
    )


@pytest.mark.slow
def test_ctrl_c_ends_it_without_a_word_of_a_library(bench, serving):
    one = serving()
    until(lambda: "Ctrl-C ends it." in one.said.read_text())
    os.killpg(one.process.pid, signal.SIGINT)  # as a terminal does: to all that it has begun
    assert one.ended() == 0
    assert [line for line in one.said.read_text().splitlines() if "Abort" in line or "Traceback" in line] == []


@pytest.mark.slow
@pytest.mark.parametrize("method", ["aexdash", "aliexpress.solution.product.list.get", "picture", "smtp"])
def test_told_to_end_everything_ends_within_seconds_whatever_it_waits_for(bench, serving, method):
    """Nothing; a sweep's page that does not come; a picture; a mail server that says nothing."""
    waits = threading.Event()
    taken = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        bench.sign_in()
        if method == "smtp":
            address = f"mailto://127.0.0.1:{silent.getsockname()[1]}?from=a@example.com&to=b@example.com&mode=insecure"
            with (bench.home / "aexdash.toml").open("a") as config:
                config.write('\n[channel.lead]\nkind = "apprise"\n')
            with (bench.home / "secrets.toml").open("a") as secrets:
                secrets.write(f'\n[channel.lead]\nurl = "{address}"\n')
            channel_state.ask_test(bench.home / "desk.db", "lead", NOON)
            threading.Thread(target=lambda: (taken.append(silent.accept()[0]), waits.set()), daemon=True).start()
        elif method == "aexdash":
            waits.set()
        else:
            bench.platform.faults.add(FaultKind.LATENCY, 3600, method=method)
            strike = bench.platform.faults.strike
            bench.platform.faults.strike = lambda name: (waits.set() if name == method else None, strike(name))[1]
        one = serving()
        assert waits.wait(PATIENCE)
        one.process.terminate()
        assert one.ended() == 0
    for connection in taken:
        connection.close()
