"""`aexdash alerts`: what it prints, what it changes, and one sentence with exit code 2 on bad use."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from aexdash.alerts.conditions import Threshold
from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.cards import Band, Direction
from aexdash.cards.held import HERO
from aexdash.cards.recording import record_cards
from aexdash.cli.main import main
from aexdash.clock import to_text
from aexdash.config.settings import load_settings
from aexdash.desk.bands import Sensitivity
from aexdash.model import Severity
from aexdash.notify import channel_states
from aexdash.snapshot.known_desk import KnownDesk, remember
from aexdash.snapshot.recording.record import ensure_store
from tests.notify.alerts import ANYTHING_HELD, NINTH, closing_event, like, recorded_event
from tests.notify.post import PostRoom, endpoint
from tests.snapshot.store import ACTIVE, REJECTED, Store

CONFIG = '[store.main]\nmodel = "overseas"\n[store.second]\nmodel = "overseas"\n'


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with two stores at the time of the first event."""
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock"))
    (tmp_path / "clock").write_text(to_text(NINTH + timedelta(hours=1)))
    (tmp_path / "aexdash.toml").write_text(CONFIG)
    return tmp_path


def run(home, *words: str):
    result = CliRunner().invoke(main, ["alerts", words[0], "--home", str(home), *words[1:]])
    assert "Traceback" not in result.output
    return result


def keep(home, *events) -> None:
    PostRoom(home).lay(*events)


def test_rules_are_listed_as_plain_sentences(home):
    RuleStore(home / "desk.db").save(ANYTHING_HELD, by="Ana", now=NINTH)
    run(home, "mute", "held", "--until", "2h")
    lines = run(home, "list").output.splitlines()
    assert lines[0] == (
        "held                 medium    Anything is held: Rejected / Auditing Listings above 0 for 10 minutes; "
        "high above 20; well again at 0. Muted until 2026-03-09 11:10 UTC."
    )
    rules = json.loads(run(home, "list", "--json").output)["rules"]
    assert [rule["key"] for rule in rules] == [rule.key for rule in RuleStore(home / "desk.db").rules()]
    assert rules[0]["sentence"].startswith("Rejected / Auditing Listings above 0")


def test_a_limit_stands_beside_the_band_of_its_card_where_they_differ(home):
    RuleStore(home / "desk.db").save(
        ANYTHING_HELD.model_copy(update={"condition": Threshold(card=HERO.key, limit=40)}), by="Ana", now=NINTH
    )
    line = run(home, "list").output.splitlines()[0]
    assert line.endswith("Alerts above 40 listings; the card needs attention above 0 listings.")
    Sensitivity(home / "desk.db").set_band(None, HERO, Band(Direction.LOWER, 10, 40), by="Ana", now=NINTH)
    assert "needs attention" not in run(home, "list").output.splitlines()[0]


def test_open_alerts_are_listed_the_most_severe_first(home):
    keep(
        home,
        like(recorded_event(number=1, trace="a", owner="ana"), id=1),
        like(recorded_event(number=2, trace="b", store="second", severity=Severity.CRITICAL), id=2),
        like(recorded_event(number=3, trace="c"), id=3),
        like(closing_event(4, trace="c"), id=3),
    )
    assert run(home, "open").output.splitlines() == [
        "     2 critical   70 min  second: Anything is held  was 5 listings when it opened",
        "     1 medium     70 min  main: Anything is held  was 5 listings when it opened; owner ana",
        "2 open, as far as is known: not read yet.",
    ]
    assert run(home, "open", "--store", "main").output.splitlines()[-1] == "1 open, as far as is known: not read yet."
    (fact,) = json.loads(run(home, "open", "--store", "second", "--json").output)["open"]
    assert (fact["id"], fact["severity"], fact["value"], fact["listings"][0]) == (2, "critical", 5, "1005000000000001")


def test_an_open_alert_says_what_it_is_now_and_what_it_was(home):
    store = Store(home, now=NINTH)
    store.sweep(dict.fromkeys((1, 2, 3), REJECTED))
    keep(home, like(recorded_event(number=1, trace="a"), id=1))
    (line, said) = run(home, "open").output.splitlines()
    assert line.endswith("main: Anything is held  3 listings · was 5 listings when it opened")
    assert said == "1 open."
    (fact,) = json.loads(run(home, "open", "--json").output)["open"]
    assert (fact["value"], fact["as_read"]["value"], fact["as_read"]["claim"]) == (5, 3, "known")


def test_the_open_alerts_of_an_archived_store_are_listed_where_it_is_named(home):
    store = Store(home, key="second", now=NINTH)
    keep(home, recorded_event(store="second"))
    assert run(home, "open").output.splitlines()[-1].startswith("1 open")
    ensure_store(store.db, key="second", title="Second", model="overseas", now=NINTH, watched=False)
    assert run(home, "open").output.splitlines()[-1].startswith("0 open")
    assert run(home, "open", "--store", "second").output.splitlines()[-1].startswith("1 open")


def test_an_empty_home_is_not_said_to_have_no_open_alert(home):
    result = run(home, "open")
    assert result.exit_code == 1
    assert "There is no snapshot at" in result.output
    Store(home)
    assert run(home, "open").output == "0 open, as far as is known: not read yet.\n"


def test_of_a_desk_that_is_gone_nobody_says_that_nothing_is_open(home):
    Store(home)
    remember(home / "snapshot.db", KnownDesk("abc", 1), NINTH)
    for words in (["open"], ["open", "--json"]):
        result = run(home, *words)
        assert result.exit_code == 1
        assert "0 open" not in result.output
        assert "is gone" in result.output


def test_an_open_alert_is_acknowledged(home):
    keep(home, recorded_event())
    assert run(home, "ack", "1").output == "Anything is held of main: acknowledged.\n"
    (episode,) = Episodes(home / "desk.db").open()
    assert (episode.acknowledged_by, episode.acknowledged_at) == ("command line", NINTH + timedelta(hours=1))


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2h", "Anything is held is muted until 2026-03-09 11:10 UTC."),
        ("3d", "Anything is held is muted until 2026-03-12 09:10 UTC."),
        ("2026-03-10T08:00Z", "Anything is held is muted until 2026-03-10 08:00 UTC."),
        ("now", "Anything is held is not muted any more."),
    ],
)
def test_a_rule_is_muted_until_a_moment(home, until, said):
    assert run(home, "mute", "held", "--until", until).output == f"{said}\n"


def test_channels_are_tested_at_once_and_how_it_went_is_kept(home):
    with endpoint() as receiver:
        with (home / "aexdash.toml").open("a") as config:
            config.write('[channel.hook]\nkind = "webhook"\n[channel.lost]\n')
        (home / "secrets.toml").write_text(f'[channel.hook]\nurl = "{receiver.url}"\nkey = "k"\n')
        (home / "secrets.toml").chmod(0o600)
        well, all_of_them = run(home, "test", "hook"), run(home, "test")
        assert (well.exit_code, well.output) == (0, "hook: it took the test.\n")
        assert [request.facts["kind"] for request in receiver.received] == ["test", "test"]
    lacking = (
        f"It has no url: write one to {home / 'secrets.toml'} under [channel.lost], or set AEXDASH_CHANNEL_LOST_URL."
    )
    assert all_of_them.exit_code == 1
    assert all_of_them.output == f"hook: it took the test.\nlost: {lacking}\n"
    kept = channel_states.states(home / "desk.db", load_settings(home).channels)
    assert [(one.name, one.test_error) for one in kept] == [("hook", ""), ("lost", lacking)]


def held_for_two_hours(home) -> None:
    """A store that is read every minute, and holds three listings from two to four hours before the clock."""
    store = Store(home, now=NINTH - timedelta(hours=5))
    for minute in range(6 * 60):
        held = dict.fromkeys((1, 2, 3), REJECTED) if 180 <= minute < 300 else dict.fromkeys((1, 2, 3), ACTIVE)
        store.after(minutes=1).sweep(held)
        record_cards(store.db, store.id, store.now)


@pytest.mark.slow
def test_a_rule_is_tried_on_the_past(home):
    held_for_two_hours(home)
    RuleStore(home / "desk.db").save(ANYTHING_HELD, by="Ana", now=NINTH)
    assert run(home, "backtest", "held").output == (
        "main: This rule would have fired once in the last 90 days, for 110 minutes. "
        "It could be judged for 6 hours of these.\n"
    )
    assert run(home, "backtest", "Anything is held").output == run(home, "backtest", "held").output
    told_in_json = json.loads(run(home, "backtest", "held", "--days", "2", "--store", "main", "--json").output)
    assert told_in_json == {
        "store": "main",
        "rule": "held",
        "from": "2026-03-07T09:10:00.000Z",
        "to": "2026-03-09T09:10:00.000Z",
        "times": 1,
        "hours": 1.83,
        "judged_hours": 5.98,
        "episodes": [
            {
                "opened_at": "2026-03-09T06:21:00.000Z",
                "closed_at": "2026-03-09T08:11:00.000Z",
                "severity": "medium",
                "because": "",
            }
        ],
        "sentence": "This rule would have fired once in the last 2 days, for 110 minutes. "
        "It could be judged for 6 hours of these.",
    }


def test_a_rule_without_a_store_that_was_read_has_no_past(home):
    Store(home).sweep({1: ACTIVE})
    result = run(home, "backtest", "held", "--store", "second")
    assert (result.exit_code, "Store second was never read" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mute", "hold", "--until", "2h"), "There is no rule 'hold'; there are held, worse-than-usual,"),
        (("mute", "held", "--until", "soon"), "'soon' is no moment; write 2h, 3d, a moment like"),
        (("mute", "held", "--until", "2026-03-09T08:00Z"), "2026-03-09T08:00Z is over already; write 2h, 3d,"),
        (("mute", "held", "--until", "4000d"), "4000d is too far away: a mute lasts ten years at most, 3653d."),
        (("mute", "held"), "Missing option '--until'."),
        (("ack", "7"), "No open alert has the number 7; aexdash alerts open lists them."),
        (("ack", "seven"), "'seven' is not a valid integer"),
        (("ack",), "Missing argument 'NUMBER'."),
        (("test", "team"), "There is no channel 'team'; there is none: add a [channel.team] to"),
        (("test",), "There is none: add a [channel.team] to"),
        (("open", "--store", "thrid"), "No store 'thrid' in"),
        (("backtest", "held", "--days", "0"), "0 is not in the range 1<=x<=365."),
    ],
)
def test_bad_use_is_one_sentence_and_exit_code_2(home, words, said):
    result = run(home, *words)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
