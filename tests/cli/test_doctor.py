from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aexdash.aliexpress.listings import sign_in
from aexdash.config.settings import load_settings
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.doctor.examining import examine
from aexdash.doctor.finding import Finding
from aexdash.model import Status
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording import record
from aexdash.sync import lease
from tests.demo.scripted import ScriptedWorld, plain_listing

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
CONFIG = """
[store.main]
model = "overseas"
gateway = "http://127.0.0.1:18765"
app_key = "123456"
"""


def clock() -> datetime:
    return NOON


@pytest.fixture
def platform() -> SimulatedAliExpress:
    return SimulatedAliExpress({"123456": SimulatedStore("123456", "a-secret", ScriptedWorld())}, clock)


@pytest.fixture(autouse=True)
def whatever_listens_on_the_usual_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at a port that is always free: a demo may run on this machine."""
    monkeypatch.setenv("AEXDASH_PAGES_PORT", "0")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "aexdash.toml").write_text(CONFIG)
    (tmp_path / "secrets.toml").write_text('[store.main]\napp_secret = "a-secret"\n')
    (tmp_path / "secrets.toml").chmod(0o600)
    return tmp_path


def pause(seconds: float) -> None:
    """Nobody waits here until somebody who could not answer is asked again."""
    assert seconds > 0


def signed_in(home: Path, platform: SimulatedAliExpress) -> None:
    account = load_settings(home).store("main").account(home)
    sign_in(account, platform.issue_code("123456"), clock=clock, respond=platform.respond)


def look(
    home: Path, platform: SimulatedAliExpress, now: Callable[[], datetime] = clock, free: int = 10**10
) -> dict[str, Finding]:
    found = examine(home, now, sleep=pause, respond=platform.respond, free_bytes=lambda _: free)
    return {finding.name: finding for finding in found}


def problems(findings: dict[str, Finding]) -> dict[str, str]:
    return {name: f"{finding.text} {finding.advice}".strip() for name, finding in findings.items() if not finding.well}


def test_all_is_well(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    open_snapshot(home / "snapshot.db").close()
    findings = look(home, platform)
    assert problems(findings) == {}
    assert list(findings) == [
        "home",
        "disk",
        "snapshot",
        "kept counts",
        "moments",
        "writer",
        "configuration",
        "secrets",
        "AliExpress for main",
        "token of main",
        "clock for main",
    ]
    assert str(findings["AliExpress for main"]) == (
        "ok       AliExpress for main: it answers: 0 listings on sale, 0 in audit."
    )
    assert findings["token of main"].text == "it ends on 2026-03-10 12:00 UTC. It is renewed before that."


def test_a_new_home_only_lacks_a_store(tmp_path: Path, platform: SimulatedAliExpress) -> None:
    home = tmp_path / "new"
    findings = look(home, platform)
    assert problems(findings) == {
        "configuration": f"There is no {home}/aexdash.toml. "
        "Write a [store.main] into it, or look around with aexdash demo."
    }
    assert findings["snapshot"].text == "there is none yet; aexdash sync makes it."
    assert not home.exists()


def test_a_configuration_that_cannot_be_used_ends_the_looking(home: Path, platform: SimulatedAliExpress) -> None:
    (home / "aexdash.toml").write_text("[store.main\n")
    findings = look(home, platform)
    assert list(problems(findings)) == ["configuration"]
    assert "is not valid TOML" in findings["configuration"].text


def test_secrets_that_others_can_read(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    (home / "secrets.toml").chmod(0o640)
    assert list(problems(look(home, platform))) == ["secrets"]


def test_no_sign_in_yet(home: Path, platform: SimulatedAliExpress) -> None:
    found = problems(look(home, platform))
    assert found == {
        "AliExpress for main": "Nobody has signed in to store main yet. Run `aexdash authorize main` to sign in.",
        "token of main": "nobody has signed in to this store yet. Run aexdash authorize main.",
    }
    assert platform.calls == 1  # the one that asks for the time


def test_a_token_file_that_holds_none(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    (path,) = (home / "tokens").iterdir()
    path.write_text("{")
    assert set(problems(look(home, platform))) == {"AliExpress for main", "token of main"}


REFUSALS = {
    "not_listed": "this machine's is not on it. AliExpress says: ",
    "offline_for_good": "The gateway of store main does not serve",
    "risk_page": "AliExpress' risk control stopped the calls of app 123456 for store main: ",
    "platform_fault": "AliExpress had a fault of its own at aliexpress.solution.product.list.get",
    "xml_ban": "AliExpress lets app 123456 make no calls for store main for ",
}


@pytest.mark.parametrize("fault", REFUSALS)
def test_nothing_is_ok_while_the_list_is_refused(home: Path, platform: SimulatedAliExpress, fault: str) -> None:
    signed_in(home, platform)
    platform.faults.add(fault, 60)
    findings = look(home, platform)
    assert not findings["AliExpress for main"].well
    assert REFUSALS[fault] in findings["AliExpress for main"].text
    assert findings["AliExpress for main"].advice
    assert not any("None" in str(finding).split() for finding in findings.values())


def test_a_token_of_another_seller_is_named_and_the_list_is_not_asked_for(
    home: Path, platform: SimulatedAliExpress
) -> None:
    signed_in(home, platform)
    with closing(open_snapshot(home / "snapshot.db")) as db:
        record.name_seller(db, record.ensure_store(db, key="main", title="x", model="overseas", now=NOON), "55")
    found = look(home, platform)["AliExpress for main"]
    assert (found.well, found.text) == (
        False,
        "This token is of seller 2671514005, the snapshot of store main is of seller 55.",
    )
    assert platform.calls == 3  # the sign-in, the counts, and the one that asks for the time


def test_an_account_that_may_not_ask_for_counts_is_told_what_the_list_says(home: Path) -> None:
    world = ScriptedWorld([plain_listing(1, Status.REJECTED)])
    forbidden = frozenset({"aliexpress.merchant.profile.get"})
    store = SimulatedStore("123456", "a-secret", world, forbidden=forbidden)
    platform = SimulatedAliExpress({"123456": store}, clock)
    signed_in(home, platform)
    findings = look(home, platform)
    assert findings["AliExpress for main"] == Finding("AliExpress for main", True, "it answers: listings rejected: 1.")


def test_a_store_that_is_no_longer_read_is_not_asked_about(home: Path, platform: SimulatedAliExpress) -> None:
    (home / "aexdash.toml").write_text(CONFIG + "watched = false\n")
    findings = look(home, platform)
    assert problems(findings) == {}
    assert platform.calls == 0
    assert findings["store main"].text == "it is kept for its history and no longer read (watched = false)."


def test_a_store_without_its_secret(home: Path, platform: SimulatedAliExpress) -> None:
    (home / "secrets.toml").write_text("")
    found = problems(look(home, platform))
    assert list(found) == ["store main"]
    assert found["store main"].startswith("Store main has no app_secret")


def test_a_wrong_secret(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    (home / "secrets.toml").write_text('[store.main]\napp_secret = "wrong-word"\n')
    found = problems(look(home, platform))
    assert list(found) == ["AliExpress for main"]
    assert "secret" in found["AliExpress for main"]
    assert "wrong-word" not in str(found)


def test_a_token_that_has_ended(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    found = problems(look(home, platform, now=lambda: NOON + timedelta(days=4)))
    assert "sign in" in " ".join(found.values())


def test_a_damaged_snapshot(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    (home / "snapshot.db").write_bytes(b"no database" * 999)
    found = problems(look(home, platform))
    assert list(found) == ["snapshot"]
    assert found["snapshot"].endswith("and aexdash doctor --move-aside begins anew.")


def test_pages_of_the_snapshot_that_are_damaged_inside(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    db = open_snapshot(home / "snapshot.db")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    content = bytearray((home / "snapshot.db").read_bytes())
    content[5 * 4096 : 6 * 4096] = b"\xff" * 4096
    (home / "snapshot.db").write_bytes(bytes(content))
    assert list(problems(look(home, platform))) == ["snapshot"]


def test_a_full_disk(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    assert problems(look(home, platform, free=10**6)) == {
        "disk": "0.0 GB free. Free some space: a full disk stops the sync."
    }


def test_who_writes_now(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    with lease.hold(home / "snapshot.lock", clock=clock, command="worker"):
        assert look(home, platform)["writer"].text.startswith("the snapshot is written by worker, process ")


def test_a_clock_that_is_off(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)

    def dated(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        status, told, answer = platform.respond(method, url, headers, body)
        return status, {**told, "Date": "Mon, 09 Mar 2026 12:41:00 GMT"}, answer

    findings = {finding.name: finding for finding in examine(home, clock, respond=dated, free_bytes=lambda _: 10**10)}
    assert problems(findings) == {
        "clock for main": "it is 41 minutes off AliExpress'. Set this machine's clock, best by NTP."
    }


@pytest.mark.slow
def test_a_host_that_does_not_answer(home: Path, platform: SimulatedAliExpress) -> None:
    signed_in(home, platform)
    (home / "aexdash.toml").write_text(CONFIG.replace("18765", "9"))

    def nobody(*_: object) -> tuple[int, dict[str, str], bytes]:
        raise ConnectionError("refused")

    findings = {finding.name: finding for finding in examine(home, clock, respond=nobody, free_bytes=lambda _: 10**10)}
    assert set(problems(findings)) == {"AliExpress for main", "clock for main"}
