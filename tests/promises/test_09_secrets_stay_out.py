"""Promise 9. Secrets stay out of the snapshot, the logs, the exports, the page and the error messages."""

from __future__ import annotations

import json
import threading

import pytest
from click.testing import CliRunner

from aexdash.cli.main import main
from aexdash.cli.worker import run as run_worker
from aexdash.clock import to_text
from aexdash.config.settings import load_settings
from aexdash.demo.platform.faults import FaultKind
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.desk.decisions.work import Desk
from aexdash.ui.doors import probes
from tests.support import NOON, ask_app, world_of

SECRET, WRONG = "qX7secretqX7", "zK9wrongzK9"
COMMANDS = [
    ["sync", "--json"],
    ["sync", "--pulse"],
    ["worklist", "--json"],
    ["cards"],
    ["export", "{home}/all.csv"],
    ["export", "{home}/all.xlsx"],
    ["doctor"],
    ["sync", "--store", "nobody"],
]


@pytest.fixture
def stage(tmp_path, monkeypatch):
    """A home beside a platform on loopback, whose clock stands."""
    platform = SimulatedAliExpress(
        {"123456": SimulatedStore("123456", SECRET, world_of(rejected=2, active=1))}, lambda: NOON
    )
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    (tmp_path / "clock").write_text(to_text(NOON))
    with platform.serve() as served:
        (tmp_path / "aexdash.toml").write_text(
            f'[store.main]\nmodel = "overseas"\ngateway = "{served.url}"\napp_key = "123456"\ncalls_per_second = 0\n'
        )
        yield platform, tmp_path, Said(tmp_path)


class Said:
    """Everything that was printed, logged or answered."""

    def __init__(self, home) -> None:
        self.home, self.texts = home, []

    def run(self, *words: str, code: int | None = None) -> None:
        result = CliRunner().invoke(main, [words[0], "--home", str(self.home), *words[1:]])
        self.texts.append(result.output)
        assert "Traceback" not in result.output
        assert code is None or result.exit_code == code, result.output

    def all(self, log: str) -> str:
        """With every file of the home but the two that are there to keep secrets."""
        kept = [path for path in self.home.rglob("*") if path.is_file() and not keeps_secrets(path)]
        return "".join([*self.texts, log, *(path.read_bytes().decode("latin-1") for path in kept), *map(str, kept)])


def keeps_secrets(path) -> bool:
    return path.name == "secrets.toml" or path.parent.name == "tokens"


def secrets_of(home, text) -> None:
    (home / "secrets.toml").write_text(text)
    (home / "secrets.toml").chmod(0o600)


@pytest.mark.slow
def test_run_everything_with_secrets_one_would_know_again(stage, caplog):
    platform, home, said = stage
    caplog.set_level("DEBUG")
    secrets_of(home, f'[store.main]\napp_secret = "{SECRET}"\n')
    code = platform.issue_code("123456")
    said.run("authorize", "main", "--code", code, code=0)
    said.run("authorize", "main", "--code", code, code=1)  # used up by now
    tokens = tokens_of(home)
    for words in COMMANDS:
        said.run(*(word.format(home=home) for word in words))
    Desk(home / "desk.db").set_note("main", [1], "a note", by="lead", now=NOON)
    tokens |= fail_in_every_way(platform, home, said)
    said.texts += [ask_app(path).text for path in ("/export.csv", "/healthz", "/pictures/x.jpg")]
    probed = {path: ask_app(path, probes.routes()).text for path in (probes.READY, probes.METRICS)}
    assert "worker" in probed[probes.READY]
    assert 'store="main"' in probed[probes.METRICS]
    said.texts += probed.values()
    found = said.all(caplog.text)
    for secret in (SECRET, WRONG, code, *tokens):
        assert secret not in found
    assert "123456" in found  # the search itself works: an app key is no secret


def tokens_of(home) -> set[str]:
    token = json.loads((home / "tokens" / "main.json").read_text())
    return {token["access_token"], token["refresh_token"]}


def fail_in_every_way(platform, home, said) -> set[str]:
    """The platform answers nonsense, tokens end, bans fall, files break; return the tokens that there were."""
    for kind, value in ((FaultKind.CLOCK_SKEW, 90_000), (FaultKind.EXPIRED_TOKEN, 0)):
        platform.faults.add(kind, value)
        said.run("sync", "--pulse", code=1)
        platform.faults.clear()
    renewed = tokens_of(home)
    for token in renewed:
        platform.void(token)
    said.run("sync", code=1)
    secrets_of(home, f'[store.main]\napp_secret = "{WRONG}"\naccess_token = "{WRONG}"\nrefresh_token = "{WRONG}"\n')
    said.run("sync", code=1)
    said.run("doctor", code=1)
    platform.faults.add(FaultKind.BAN, 90, times=1)
    said.run("doctor", code=1)
    Desk(home / "desk.db").ask_sync("main", "sweep", NOON)
    stop = threading.Event()
    run_worker(load_settings(home), stop, log=lambda line: (said.texts.append(line), stop.set()))
    secrets_of(home, f'[store.main]\napp_secrt = "{WRONG}"\n')
    said.run("sync", code=2)
    secrets_of(home, f'[store.main]\napp_secret = "{WRONG}\n')
    said.run("sync", code=2)
    return renewed


def test_the_objects_that_carry_secrets_do_not_show_them(stage):
    _, home, _ = stage
    secrets_of(home, f'[store.main]\napp_secret = "{SECRET}"\naccess_token = "{SECRET}"\nrefresh_token = "{SECRET}"\n')
    settings = load_settings(home)
    account = settings.stores["main"].account(home)
    assert SECRET not in f"{settings!r} {settings} {account!r} {account} {settings.stores['main'].model_dump()!r}"


def test_the_files_that_keep_secrets_are_their_owners_alone(stage):
    platform, home, said = stage
    secrets_of(home, f'[store.main]\napp_secret = "{SECRET}"\n')
    said.run("authorize", "main", "--code", platform.issue_code("123456"), code=0)
    assert (home / "tokens").stat().st_mode & 0o077 == 0
    assert (home / "tokens" / "main.json").stat().st_mode & 0o777 == 0o600
