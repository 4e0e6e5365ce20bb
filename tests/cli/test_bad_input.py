"""Bad input, one by one: a clear sentence, the right exit code, nothing lost. Against a platform on loopback."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.demo.platform.faults import FaultKind
from aexdash.model import Status
from aexdash.sync import lease
from tests.cli.bench import NOON, ROOT, Bench
from tests.demo.scripted import plain_listing
from tests.sync.test_run import HOSTILE

LIST = "aliexpress.solution.product.list.get"


@pytest.fixture
def ready(bench: Bench, synced_once: Bench) -> Bench:
    """A home with what a sync left in it, five listings held; the platform is this test's own."""
    bench.sign_in()
    its_own = shutil.ignore_patterns("*.toml", "tokens")
    shutil.copytree(synced_once.home, bench.home, ignore=its_own, dirs_exist_ok=True)
    return bench


def nothing_is_lost(bench: Bench) -> None:
    assert len(bench.run("worklist", "--json").stdout.splitlines()) == 5


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


def wrong_secret(bench: Bench) -> None:
    edit(bench.home / "secrets.toml", "a-secret", "another-secret")


def missing_secret(bench: Bench) -> None:
    (bench.home / "secrets.toml").unlink()


def revoked_token(bench: Bench) -> None:
    token = json.loads((bench.home / "tokens" / "main.json").read_text())
    bench.platform.void(token["access_token"])
    bench.platform.void(token["refresh_token"])


def damaged_token(bench: Bench) -> None:
    (bench.home / "tokens" / "main.json").write_text('{"access_token": 5')


def no_permission(bench: Bench) -> None:
    store = bench.platform.stores["123456"]
    bench.platform.stores["123456"] = replace(store, forbidden=frozenset({LIST}))


def unknown_app(bench: Bench) -> None:
    edit(bench.home / "aexdash.toml", "123456", "654321")


def wrong_clock(bench: Bench) -> None:
    bench.moved.at = NOON - timedelta(hours=3)  # the platform's; ours stays


def banned(bench: Bench) -> None:
    bench.platform.faults.add(FaultKind.BAN, 14229, times=1)


def malformed_toml(bench: Bench) -> None:
    edit(bench.home / "aexdash.toml", 'model = "overseas"', "model = overseas")


def unknown_model(bench: Bench) -> None:
    edit(bench.home / "aexdash.toml", '"overseas"', '"oversea"')


def plain_http(bench: Bench) -> None:
    edit(bench.home / "aexdash.toml", "http://127.0.0.1", "http://api-sg.aliexpress.com")


def unknown_zone(bench: Bench) -> None:
    config = bench.home / "aexdash.toml"
    config.write_text(f'[workspace]\nzone = "Asia/Shangai"\n{config.read_text(encoding="utf-8")}', encoding="utf-8")


WRONG: list[tuple[Callable[[Bench], None], int, str]] = [
    (wrong_secret, 1, "the app secret of store main is wrong. Put the right one into secrets.toml."),
    (missing_secret, 2, "Store main has no app_secret: copy it from the AliExpress app console into "),
    (revoked_token, 1, "Run `aexdash authorize main` to sign in again."),
    (damaged_token, 1, "main.json cannot be read (JSONDecodeError). Move it away."),
    (no_permission, 1, f"App 123456 may not call {LIST} for store main. Ask for this permission in the app console"),
    (unknown_app, 1, "AliExpress does not know app key 654321 of store main. Copy the app key from the app console"),
    (wrong_clock, 1, "this machine's clock reads 2026-03-09 12:00:00 UTC"),
    (banned, 1, "for 14229 seconds, until 2026-03-09 15:57:09 UTC (AppApiCallLimit)."),
    (malformed_toml, 2, "aexdash.toml is not valid TOML: "),
    (unknown_model, 2, "unknown model 'oversea'; did you mean 'overseas'"),
    (unknown_zone, 2, "line 2: zone of the workspace: there is no time zone 'Asia/Shangai'; write one like"),
    (plain_http, 2, "gateway of store main: must begin with https://, because tokens travel to it."),
]


@pytest.mark.parametrize(("spoil", "code", "sentence"), WRONG, ids=[spoil.__name__ for spoil, _, _ in WRONG])
def test_each_is_one_sentence_and_an_exit_code(ready, spoil, code, sentence):
    kept = {name: (ready.home / name).read_bytes() for name in ("aexdash.toml", "secrets.toml")}
    spoil(ready)
    result = ready.run("sync")
    said = " ".join(result.stderr.split())
    assert (result.exit_code, sentence in said) == (code, True), result.output
    assert "Traceback" not in result.output
    assert len(result.stderr.splitlines()) == 1
    for name, content in kept.items():
        (ready.home / name).write_bytes(content)
    nothing_is_lost(ready)


class Command(subprocess.Popen):
    """A process that a failing test does not wait for without end."""

    def __exit__(self, kind, *rest) -> None:
        if kind:
            self.kill()
        super().__exit__(kind, *rest)


def said_next(process: Command) -> str:
    """What a process says next on its standard error, beside its alerts."""
    return next(line for line in process.stderr if " Alert " not in line)


def command(home: Path, *words: str, **options) -> Command:
    return Command(
        [sys.executable, "-m", "aexdash", words[0], "--home", str(home), *words[1:]],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        **options,
    )


@pytest.mark.slow
def test_hosts_that_are_not_there_not_ours_or_not_tls(ready):
    """Side by side, because each is tried four times before it is given up."""
    served = ready.platform.serve()
    with closing(socket.socket()) as unused, served:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: a connection is refused
        gateways = {
            f"http://127.0.0.1:{unused.getsockname()[1]}": "could not be reached: it refused the connection.",
            served.url.replace("http:", "https:"): "could not be reached: the TLS connection failed.",
            f"{served.url}/elsewhere": "This gateway is gone: set gateway = ",
        }
        homes = {gateway: copy_of(ready.home, number, gateway) for number, gateway in enumerate(gateways)}
        started = {gateway: command(home, "sync") for gateway, home in homes.items()}
        for gateway, process in started.items():
            _, said = process.communicate(timeout=60)
            assert (process.returncode, gateways[gateway] in said) == (1, True), (gateway, said)
            assert len(said.splitlines()) == 1
            assert held(homes[gateway]) == 5


def copy_of(home: Path, number: int, gateway: str) -> Path:
    there = home.with_name(f"home-{number}")
    shutil.copytree(home, there)
    lines = (home / "aexdash.toml").read_text().splitlines()
    said = [f'gateway = "{gateway}"' if line.startswith("gateway") else line for line in lines]
    (there / "aexdash.toml").write_text("\n".join(said))
    return there


def held(home: Path) -> int:
    with closing(sqlite3.connect(home / "snapshot.db")) as connection:
        sql = "SELECT count(*) FROM status_period WHERE ended_at IS NULL AND status IN ('auditing', 'rejected')"
        return connection.execute(sql).fetchone()[0]


@pytest.mark.parametrize("content", [b"not a database, " * 500, b"", b"SQLite format 3\x00" + bytes(4000)])
def test_a_damaged_snapshot_is_told_and_left_as_it_is(ready, content):
    snapshot = ready.home / "snapshot.db"
    for ending in ("-wal", "-shm"):
        snapshot.with_name(snapshot.name + ending).unlink(missing_ok=True)
    snapshot.write_bytes(content)
    result = ready.run("worklist")
    assert (result.exit_code, len(result.stderr.splitlines()), result.stdout) == (1, 1, "")
    assert str(snapshot) in result.stderr
    assert snapshot.read_bytes() == content
    if content:
        assert ready.run("sync").exit_code == 1
        assert snapshot.read_bytes() == content


def test_a_snapshot_of_a_newer_version_is_not_touched(ready):
    with closing(sqlite3.connect(ready.home / "snapshot.db")) as connection:
        (name,) = connection.execute("SELECT migration_set FROM _sqlite_migrations").fetchone()
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, '9999_later', '')", [name]
        )
        connection.commit()
    for words in (("sync",), ("worklist",), ("cards",), ("doctor",)):
        result = ready.run(*words)
        assert result.exit_code == 1
        assert "was written by a newer version of aexdash; install that version." in result.output
    assert held(ready.home) == 5


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write everywhere; for the length of a block we are somebody who may not."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_read_only_home_is_told_and_stays_as_it_is(ready):
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(ready.home, home)
        for path in (Path(folder), *Path(folder).rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        with as_nobody():
            result = replace(ready, home=home).run("sync")
            told = replace(ready, home=home).run("worklist")
        for path in (Path(folder), *Path(folder).rglob("*")):
            path.chmod(0o755)
        assert result.exit_code == 1
        assert "cannot be written (Permission denied): check disk and permissions." in result.stderr
        assert told.exit_code == 1
        assert "stays as it was; make the file, its folder and disk writable." in told.stderr
        assert "Traceback" not in result.output + told.output
        assert held(home) == 5


@pytest.mark.slow
def test_a_full_disk_is_told_and_the_snapshot_stays_as_it_was(ready):
    for number in range(1, 150):
        ready.world.put(plain_listing(1005000000000000 + number, title="x" * 2000))
    size = max(path.stat().st_size for path in ready.home.glob("snapshot.db*"))

    def disk_ends_here() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, size + 20_000))

    process = command(ready.home, "sync", preexec_fn=disk_ends_here)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "stays as it was" in said
    assert "Traceback" not in said
    nothing_is_lost(ready)
    assert ready.run("sync").exit_code == 0  # the disk was freed
    nothing_is_lost(ready)


@pytest.mark.slow
def test_a_second_worker_waits_and_says_for_whom(ready):
    ready.world.put(plain_listing(1005000000000001, Status.REJECTED))
    ready.at(NOON + timedelta(hours=2))
    with command(ready.home, "sync", "--watch", "--verbose") as first:
        assert " main: sweep complete: held 6" in said_next(first)
        with command(ready.home, "sync", "--watch") as second:
            told = second.stderr.readline()
            assert f" Another worker (worker, process {first.pid} on " in told
            assert told.endswith(" keeps this snapshot current; waiting until it ends.\n")
            second.terminate()
            assert (second.wait(60), second.stderr.read()) == (0, "")
        first.terminate()
        assert first.wait(60) == 0


@pytest.mark.parametrize("words", ["serve", "demo"])
def test_a_port_in_use_is_told_before_anything_begins(ready, words):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        result = ready.run(words, "--port", str(port))
    assert result.exit_code == 1
    assert result.stderr.endswith(
        f"Port {port} is in use by another program; end it or name another port with --port.\n"
    )
    assert not (ready.home / "demo").exists()


def test_a_second_demo_on_one_home_is_told_and_leaves_the_settings_of_the_first(ready):
    place = ready.home / "demo"
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with lease.hold(place / "demo.lock", clock=lambda: NOON, command="a demo"):
        result = ready.run("demo", "--port", str(port))
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert f"{place} is being written by a demo, process {os.getpid()} on " in result.stderr
    assert not (place / "aexdash.toml").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("export", "held.pdf"), "held.pdf ends in neither .csv nor .xlsx"),
        (("export", "held.xlsx", "--plain"), "held.xlsx does not end in .csv"),
        (("fixsheet", "image.main_too_small", "-o", "held"), "held ends in neither .csv nor .xlsx"),
    ],
)
def test_a_file_that_is_no_export_and_a_folder_that_is_not_there_are_bad_use(ready, words, sentence):
    result = ready.run(*words)
    assert (result.exit_code, sentence in result.stderr, len(result.stderr.splitlines())) == (2, True, 1)
    assert ready.run("export", str(ready.home / "nowhere" / "held.csv")).exit_code == 2


@pytest.mark.slow
def test_hostile_texts_reach_the_terminal_harmless_and_the_ids_whole(ready):
    for number, title in HOSTILE.items():
        ready.world.put(plain_listing(number, Status.REJECTED, title=title))
    assert ready.run("sync").exit_code == 0
    shown = ready.run("worklist", "--limit", "100").stdout
    assert len(shown.splitlines()) == 5 + len(HOSTILE)
    assert all(letter.isprintable() or letter == "\n" for letter in shown)
    rows = [json.loads(line) for line in ready.run("worklist", "--json").stdout.splitlines()]
    assert {int(row["product_id"]): row["title"] for row in rows if int(row["product_id"]) in HOSTILE} == HOSTILE
    assert all(isinstance(row["product_id"], str) for row in rows)


@pytest.mark.parametrize(
    ("words", "what_runs"),
    [("demo", "aexdash.demo.launch.run_demo"), ("serve", "aexdash.cli.serve.run_app")],
)
def test_who_ends_a_server_while_it_begins_is_told_nothing(bench, monkeypatch, words, what_runs):
    def interrupted(*_given: object, **_ways: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("aexdash.cli.serve.start_app", lambda _home, _port, _address: None)
    monkeypatch.setattr("aexdash.cli.serve.end", lambda _app: None)
    monkeypatch.setattr("aexdash.cli.serve.leave", sys.exit)
    monkeypatch.setattr(what_runs, interrupted)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        result = bench.run(words, "--port", str(port))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert (result.exit_code, result.output) == (0, "")
