"""Writes the stored desk of the newest schema version: `python -m tests.desk.migrations.make_fixture`.

When a migration is added: put a row into `ROWS` for every table that it makes, run this once before the version is
released, add the hash of the migration to `test_published.py`, and never touch the stored desks of older versions.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from aexdash.desk.file import writing
from aexdash.desk.migrations import STATEMENTS

NOON, ONE = "2026-03-09T12:00:00.000Z", "2026-03-09T13:00:00.000Z"

ROWS: dict[str, list[dict[str, object]]] = {
    "work_item": [
        {
            "store_key": "main",
            "product_id": 1,
            "stage": "taken",
            "stage_at": NOON,
            "owner": "ann",
            "note": "ask the photographer",
            "snoozed_until": "",
            "snooze_event": "",
            "snooze_more": 0,
            "basis": '{"attempt": 2, "codes": ["attribute.brand"], "period": "2026-03-09T11:00:00.000Z"}',
            "version": 2,
            "updated_at": ONE,
            "updated_by": "bob",
        },
        {
            "store_key": "main",
            "product_id": 2,
            "stage": "snoozed",
            "stage_at": NOON,
            "owner": "",
            "note": "",
            "snoozed_until": "2026-03-11T12:00:00.000Z",
            "snooze_event": "worse",
            "snooze_more": 5,
            "basis": '{"codes": ["image.ratio"], "same": {"image.ratio": 40}}',
            "version": 1,
            "updated_at": NOON,
            "updated_by": "ann",
        },
    ],
    "work_change": [
        {
            "id": 1,
            "at": ONE,
            "by": "bob",
            "by_key": "",
            "action": "note",
            "through": "panel",
            "listings": 1,
            "undoes": None,
            "request": "a-1",
        },
        {
            "id": 2,
            "at": NOON,
            "by": "ann",
            "by_key": "https://accounts.example|7",
            "action": "snooze",
            "through": "file rejected.xlsx",
            "listings": 1,
            "undoes": None,
            "request": None,
        },
    ],
    "work_log": [
        {
            "id": 1,
            "store_key": "main",
            "product_id": 1,
            "at": NOON,
            "by": "ann",
            "field": "stage",
            "before": "new",
            "after": "taken",
            "change_id": None,
        },
        {
            "id": 2,
            "store_key": "main",
            "product_id": 1,
            "at": ONE,
            "by": "bob",
            "field": "note",
            "before": "",
            "after": "ask the photographer",
            "change_id": 1,
        },
        {
            "id": 3,
            "store_key": "main",
            "product_id": 2,
            "at": NOON,
            "by": "ann",
            "field": "stage",
            "before": "new",
            "after": "snoozed",
            "change_id": 2,
        },
    ],
    "sync_request": [{"store_key": "main", "kind": "sweep", "asked_at": NOON}],
    "annotation": [
        {
            "id": 1,
            "store_key": "main",
            "product_id": 1,
            "text": "Brand is missing",
            "source": "pasted",
            "at": NOON,
            "by": "ann",
        },
        {"id": 2, "store_key": "main", "product_id": 1, "text": "", "source": "rejected.xlsx", "at": ONE, "by": "bob"},
    ],
    "column_map": [
        {
            "headings": '["id", "reason"]',
            "mapping": '{"id": "id", "sku": "", "texts": ["reason"]}',
            "at": NOON,
            "by": "ann",
        },
    ],
    "profile": [{"name": "eu", "title": "Europe", "stores": '["main"]', "at": NOON, "by": "ann"}],
    "sensitivity": [
        {
            "id": 1,
            "profile": "eu",
            "card_key": "held",
            "direction": "lower",
            "good": 0.0,
            "bad": 5.0,
            "at": NOON,
            "by": "ann",
        },
        {
            "id": 2,
            "profile": "eu",
            "card_key": "held",
            "direction": None,
            "good": None,
            "bad": None,
            "at": ONE,
            "by": "bob",
        },
    ],
    "preference": [{"who": "ann", "name": "profile", "value": "eu"}],
    "feed_columns": [
        {"headings": '["SKU", "Verdict"]', "mapping": '{"sku": "SKU", "message": "Verdict"}', "at": NOON, "by": "ann"},
    ],
    "alert_rule": [{"id": 1, "key": "held", "spec": '{"key": "held"}', "at": NOON, "by": "ann"}],
    "alert_standing": [
        {"rule_key": "held", "store_key": "main", "spec": '{"key": "held"}', "standing": '{"since": null}'},
    ],
    "alert_episode": [
        {
            "id": 1,
            "trace": "held-main-1",
            "rule_key": "held",
            "title": "Something is held",
            "store_key": "main",
            "severity": "warning",
            "since": NOON,
            "opened_at": NOON,
            "closed_at": None,
            "at": ONE,
            "reading": '{"value": 4}',
            "acknowledged_at": ONE,
            "acknowledged_by": "bob",
            "owner": "ann",
            "note": "on it",
        },
    ],
    "alert_log": [
        {"id": 1, "episode_id": 1, "at": ONE, "by": "bob", "field": "owner", "before": "", "after": "ann"},
    ],
    "alert_event": [
        {
            "id": 1,
            "episode_id": 1,
            "kind": "opened",
            "at": NOON,
            "severity": "warning",
            "since": NOON,
            "reading": '{"value": 4}',
            "rule": '{"key": "held"}',
            "codes": '{"attribute.brand": 4}',
            "codes_before": "{}",
            "data_at": NOON,
        },
    ],
    "alert_delivery": [
        {
            "id": 1,
            "event_id": 1,
            "channel": "mail",
            "due_at": NOON,
            "attempts": 1,
            "tried_at": NOON,
            "delivered_at": None,
            "given_up_at": None,
            "error": "no answer",
        },
    ],
    "channel_state": [
        {
            "channel": "mail",
            "delivered_at": None,
            "failing_since": NOON,
            "error": "no answer",
            "digest_at": NOON,
            "test_asked_at": None,
            "tested_at": None,
            "test_error": "",
        },
    ],
    "saved_view": [
        {
            "id": 1,
            "key": "mine",
            "name": "Pictures",
            "scope": "private",
            "person": "ann",
            "query": "reason=image",
            "at": NOON,
            "by": "ann",
        },
    ],
    "campaign": [
        {
            "id": 1,
            "key": "brands",
            "name": "Brands",
            "query": "reason=attribute.brand",
            "due_on": "2026-03-20",
            "responsible": "ann",
            "closed": 0,
            "at": NOON,
            "by": "bob",
        },
    ],
    "campaign_listing": [{"campaign": "brands", "store_key": "main", "product_id": 1}],
    "assignment_rule": [
        {"id": 1, "key": "pictures", "place": 1, "spec": '{"owner": "ann"}', "at": NOON, "by": "bob"},
    ],
    "work_setting": [{"id": 1, "name": "waiting_hours", "value": 48, "at": NOON, "by": "bob"}],
    "proposal": [
        {
            "id": 1,
            "store_key": "main",
            "product_id": 1,
            "code": "attribute.brand",
            "field": "Brand",
            "value": "Lumina",
            "change_id": 2,
        },
    ],
    "reconciliation": [
        {
            "id": 1,
            "made_at": ONE,
            "by": "ann",
            "at": NOON,
            "scope": '["main"]',
            "listed": '["auditing", "rejected"]',
            "numbers": 0,
            "outcome": "agrees",
            "differs_by": 0,
            "report": '{"made_at": "2026-03-09"}',
        },
    ],
    "session": [
        {
            "id": 1,
            "secret": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "person": "https://id.example.com|1",
            "name": "ann",
            "groups": '["aex-operators"]',
            "started_at": NOON,
            "seen_at": ONE,
            "ended_at": None,
            "ended_by": "",
        },
    ],
    "cause_report": [
        {"id": 1, "movement": "held 2026-03-09", "at": NOON, "by": "ann", "report": '{"made_at": "2026-03-09"}'},
    ],
}
"""What a desk holds: one or two rows in every table, by the table's name."""


def main() -> None:
    """Write the dump beside the others."""
    version = list(STATEMENTS)[-1][:4]
    with tempfile.TemporaryDirectory() as folder, writing(Path(folder) / "desk.db") as connection:
        for table, rows in ROWS.items():
            marks = ", ".join("?" for _ in rows[0])
            names = ", ".join(rows[0])
            connection.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})", [tuple(row.values()) for row in rows]
            )
        dump = "\n".join(connection.iterdump()) + "\n"
    (Path(__file__).parent / "fixtures" / f"desk_{version}.sql").write_text(dump, encoding="utf-8")


if __name__ == "__main__":
    main()
