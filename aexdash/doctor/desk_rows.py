"""The rows of the desk that cannot be read: each is left out by every page and command, and named here.

Each table is read as its own readers read it, by the functions they use, so that what they leave out is what is named.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aexdash.alerts.episodes.records import CODES, EPISODE_COLUMNS, episode_of, read_reading
from aexdash.alerts.episodes.rounds import STATES, place_of
from aexdash.alerts.model import EventKind, Rule
from aexdash.alerts.rules.rule_store import rule_change_of
from aexdash.causes.kept import kept_of as report_of
from aexdash.clock import from_text, from_text_or_none
from aexdash.desk.annotations import annotation_of, columns_from
from aexdash.desk.bands import band_change_of
from aexdash.desk.campaigns import campaign_of
from aexdash.desk.channel_state import STATES as CHANNEL_STATES
from aexdash.desk.channel_state import state_of
from aexdash.desk.decisions import item_rows
from aexdash.desk.decisions.assignment import rule_of
from aexdash.desk.decisions.changes import change_of
from aexdash.desk.decisions.items import LOGGED
from aexdash.desk.feed_columns import mapping_from
from aexdash.desk.file import is_current, reading, writing
from aexdash.desk.profiles import profile_of
from aexdash.desk.saved_views import saved_view_of
from aexdash.desk.sessions import COLUMNS, session_of
from aexdash.desk.settings import LONGEST, setting_change_of
from aexdash.model import Severity
from aexdash.reconcile.kept import kept_of as comparison_of
from aexdash.snapshot.worklist.desk_items import is_sound
from aexdash.storage import private
from aexdash.storage.errors import StorageNotWritable
from aexdash.storage.file import BACKUPS
from aexdash.storage.rows import UNUSABLE, whole


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a table of the desk that cannot be read. `key` holds its key by column, `listing` whom it is about."""

    table: str
    key: Mapping[str, object]
    listing: str = ""

    def __str__(self) -> str:
        named = ", ".join(f"{name} {value}" for name, value in self.key.items())
        about = f" (listing {self.listing})" if self.listing else ""
        return f"{self.table} {named}{about}"


Row = Any

NUMBER = ("id",)

LISTING = ("store_key", "product_id")


@dataclass(frozen=True, slots=True)
class Read:
    """How a table is read: the columns that name a row and those that are read, after which `read` raises or not."""

    columns: str
    read: Callable[[Row], object]
    key: tuple[str, ...] = NUMBER
    about: tuple[str, ...] = ()
    """The columns that say which listing it is about."""


def _moments(row: Row) -> None:
    for text in row:
        from_text_or_none(text)


def _moment(row: Row) -> None:
    from_text(row[0])


def _work_item(row: Row) -> None:
    *item, is_sound = row
    item_rows.touched_of(tuple(item))
    if not is_sound:
        raise ValueError("the worklist cannot read it")


def _log(row: Row) -> None:
    at, field, before, after = row
    from_text(at)
    if field in LOGGED:
        item_rows.logged_of(("", 0, field, before, after))


def _setting(row: Row) -> None:
    if not 1 <= setting_change_of(row).hours <= LONGEST:
        raise ValueError("no number of hours")


def _event(row: Row) -> None:
    kind, at, severity, since, found, rule, codes, before, data_at = row
    EventKind(kind), Severity(severity), from_text(at), from_text(since), from_text_or_none(data_at)
    read_reading(found), Rule.model_validate_json(rule), CODES.validate_json(codes), CODES.validate_json(before)


def _rule(row: Row) -> None:
    if row[2] is not None:
        rule_of(row)
    from_text(row[3])


def _report(row: Row) -> None:
    json.loads(report_of(row).report)


def _comparison(row: Row) -> None:
    *shown, report = row
    comparison_of(shown)
    json.loads(report)


ITEM = f"""store_key, product_id, version, updated_at, updated_by, stage, coalesce(stage_at, ''), owner, note,
    snoozed_until, snooze_event, CAST(snooze_more AS TEXT), basis, coalesce({is_sound("w")}, 0)"""
"""The columns of `item_rows.ITEMS`, and whether the worklist reads the row."""

TABLES: Mapping[str, Read] = {
    "work_item": Read(ITEM, _work_item, LISTING, LISTING),
    "work_change": Read("id, at, by, action, through, listings, undoes, NULL", change_of),
    "work_log": Read("at, field, before, after", _log, about=LISTING),
    "annotation": Read("product_id, text, source, at, by", annotation_of, about=LISTING),
    "column_map": Read("mapping, at", lambda row: (columns_from(row[0]), from_text(row[1])), ("headings",)),
    "profile": Read("name, title, stores, at, by", profile_of, ("name",)),
    "sensitivity": Read("profile, card_key, direction, good, bad, at, by", band_change_of),
    "feed_columns": Read("mapping, at", lambda row: (mapping_from(row[0]), from_text(row[1])), ("headings",)),
    "saved_view": Read("key, name, scope, person, query, at, by", saved_view_of),
    "campaign": Read("key, name, query, due_on, responsible, closed, at, by, 0, at, by", campaign_of),
    "assignment_rule": Read("key, place, spec, at, by", _rule),
    "work_setting": Read("name, value, at, by", _setting),
    "session": Read(COLUMNS, session_of),
    "alert_rule": Read("key, spec, at, by", rule_change_of),
    "alert_standing": Read(STATES.split("FROM")[0].removeprefix("SELECT "), place_of, ("rule_key", "store_key")),
    "alert_episode": Read(EPISODE_COLUMNS.replace("e.", ""), episode_of),
    "alert_event": Read("kind, at, severity, since, reading, rule, codes, codes_before, data_at", _event),
    "alert_log": Read("at", _moment),
    "alert_delivery": Read("due_at, tried_at, delivered_at, given_up_at", _moments),
    "channel_state": Read(
        CHANNEL_STATES.split("FROM")[0].strip().removeprefix("SELECT channel, "), state_of, ("channel",)
    ),
    "cause_report": Read("id, movement, at, by, report", _report),
    "reconciliation": Read("id, made_at, by, at, scope, numbers, outcome, differs_by, report", _comparison),
}
"""The tables whose rows hold more than numbers and texts of any kind."""


def bad_rows(path: Path) -> list[BadRow]:
    """Read every row of a desk as its readers do, and name those that cannot be read.

    A desk that an older version wrote is read once it was brought up to date.

    Raises:
        StorageError: the file cannot be read.
    """
    if not path.exists():
        return []
    with reading(path) as connection:
        if not is_current(connection, path):
            return []
        return [bad for table, how in TABLES.items() for bad in _bad(connection, table, how)]


def _bad(connection: sqlite3.Connection, table: str, how: Read) -> Iterator[BadRow]:
    names = ", ".join((*how.key, *how.about))
    start, about = len(how.key), len(how.key) + len(how.about)
    for row in connection.execute(f"SELECT {names}, {how.columns} FROM {table} AS w"):  # noqa: S608  names of ours
        try:
            how.read(whole(row)[about:])
        except UNUSABLE:
            key = dict(zip(how.key, row[:start], strict=True))
            yield BadRow(table, key, " ".join(str(value) for value in row[start:about]))


TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def set_aside(path: Path, rows: Sequence[BadRow], now: datetime) -> Path:
    """Take rows out of a desk, in one transaction, and keep them in a file of JSON lines; return that file.

    Raises:
        StorageError: the desk or the file cannot be written; nothing is taken out.
    """
    kept = path.parent / BACKUPS / f"{path.stem}.rows-aside.{now:%Y%m%dT%H%M%SZ}.jsonl"
    with writing(path) as connection:
        triggers = connection.execute(TRIGGERS).fetchall()
        for name, _ in triggers:  # logs can only grow, and a damaged row of one is none
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA defer_foreign_keys = 1")
        lines = [_taken_out(connection, one) for one in rows]
        for _, sql in triggers:
            connection.execute(sql)
        try:
            private.folder(kept.parent)
            private.file(kept)
            kept.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        except OSError as error:
            raise StorageNotWritable(f"{kept} cannot be written ({error.strerror}).") from error
    return kept


def _taken_out(connection: sqlite3.Connection, row: BadRow) -> str:
    where = " AND ".join(f"{name} = ?" for name in row.key)
    found = connection.execute(f"SELECT * FROM {row.table} WHERE {where}", [*row.key.values()])  # noqa: S608
    values = dict(zip([name for name, *_ in found.description], found.fetchone(), strict=True))
    connection.execute(f"DELETE FROM {row.table} WHERE {where}", [*row.key.values()])  # noqa: S608
    return json.dumps({"table": row.table, **values}, ensure_ascii=False, default=str)
