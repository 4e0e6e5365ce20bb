"""Rules in force: those that ship, over them what people wrote; the log can only grow."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from aexdash.alerts.conditions import Threshold
from aexdash.alerts.model import Rule
from aexdash.alerts.rules.rule_store import RuleError, RuleStore
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.model import Severity
from aexdash.storage.errors import StorageError

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
HERO = "aex_rejected_auditing_listings"
MINE = Rule(key="mine", title="Mine", condition=Threshold(card=HERO, limit=5), severity=Severity.HIGH)


@pytest.fixture
def book(tmp_path):
    return RuleStore(tmp_path / "desk.db")


def in_force(book: RuleStore) -> dict[str, Rule]:
    return {rule.key: rule for rule in book.rules()}


def test_without_a_desk_the_rules_that_ship_are_in_force(book):
    assert in_force(book) == DEFAULTS
    assert book.mark() == 0
    assert not book.path.exists()


def test_what_somebody_writes_is_in_force_until_it_is_taken_away(book):
    changed = DEFAULTS["held"].model_copy(update={"hold_minutes": 5})
    book.save(MINE, by="Ana", now=NOW)
    book.save(changed, by="Ben", now=NOW + timedelta(minutes=1))
    assert in_force(book) == DEFAULTS | {"held": changed, "mine": MINE}
    book.remove("mine", by="Ana", now=NOW + timedelta(minutes=2))
    book.remove("held", by="Ana", now=NOW + timedelta(minutes=3))
    assert in_force(book) == DEFAULTS
    assert [(one.rule, one.by) for one in book.history("held")] == [(None, "Ana"), (changed, "Ben")]
    assert [one.at for one in book.history("mine")] == [NOW + timedelta(minutes=2), NOW]
    assert book.mark() == 4


def test_a_rule_is_switched_off_and_muted_and_keeps_the_rest(book):
    book.switch("held", False, by="Ana", now=NOW)
    book.mute("held", NOW + timedelta(hours=2), by="Ana", now=NOW)
    held = in_force(book)["held"]
    assert held == DEFAULTS["held"].model_copy(update={"enabled": False, "muted_until": NOW + timedelta(hours=2)})
    book.mute("held", None, by="Ana", now=NOW)
    book.switch("held", True, by="Ana", now=NOW)
    assert in_force(book)["held"] == DEFAULTS["held"]


def test_a_rule_that_contradicts_itself_is_not_kept(book):
    wrong = MINE.model_copy(update={"condition": Threshold(card=HERO, limit=5, recovers_at=6)})
    with pytest.raises(RuleError, match="recover"):
        book.save(wrong, by="Ana", now=NOW)
    assert in_force(book) == DEFAULTS


def test_a_rule_that_is_not_there_is_named_with_those_that_are(book):
    with pytest.raises(RuleError, match=r"^There is no rule helb; there is held, worse-than-usual, "):
        book.mute("helb", None, by="Ana", now=NOW)


def test_a_rule_of_another_version_is_left_out_and_said_and_breaks_no_other(book):
    book.save(MINE, by="Ana", now=NOW)
    with closing(sqlite3.connect(book.path)) as desk, desk:
        spec = '{"key": "held", "condition": {"kind": "oracle"}}'
        desk.execute(
            "INSERT INTO alert_rule (key, spec, at, by) VALUES ('held', ?, '2026-03-09T12:00:00.000Z', '')", [spec]
        )
    read = book.read()
    assert {rule.key: rule for rule in read.rules} == DEFAULTS | {"mine": MINE}
    assert read.unreadable == (
        "Rule held was written by another version and cannot be read: the one that ships is in force.",
    )


def test_the_log_of_rules_cannot_be_rewritten(book):
    book.save(MINE, by="Ana", now=NOW)
    with closing(sqlite3.connect(book.path)) as desk:
        for statement in ("DELETE FROM alert_rule", "UPDATE alert_rule SET by = 'Eve'"):
            with pytest.raises(sqlite3.IntegrityError, match="can only grow"):
                desk.execute(statement)


def test_a_desk_that_cannot_be_read_is_told_in_one_sentence(book):
    book.path.write_bytes(b"no database" * 500)
    with pytest.raises(StorageError):
        book.rules()
