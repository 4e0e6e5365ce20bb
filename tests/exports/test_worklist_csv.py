from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aexdash.clock import to_text
from aexdash.desk.decisions.work import Desk
from aexdash.exports.worklist.worklist import COLUMNS, ExportContext, csv_chunks
from aexdash.exports.worklist.worklist_csv import csv_of_stored
from aexdash.model import Provenance, Reason, Stage, Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.storage.file import with_fold
from aexdash.view import View
from tests.support import examples
from tests.ui.sample import FIRST, IN_AUDIT, JUMP, NOW, REJECTED, TAKEN_DOWN, find, set_reasons, with_history

EVERYTHING = View(statuses=(Status.REJECTED, Status.AUDITING, Status.OFFLINE, Status.ACTIVE))
TEXTS = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                " ",
                "-",
                "'",
                '"',
                "\t",
                "a;=1",
                "=1+1",
                "@x",
                "＝1",
                "\u202eevil",
                "a\u202eb",
                "\u200b=1",
                "a  b",
                " a ",
            ),
            *('say "so"', "two\r\nlines", "a\n=b", "Лампа", "1/2", "true", "-5", "12.50", "a\x00b", "\x07", "½", "ﬁ"),
        ]
    ),
    st.text(max_size=12),
)
MOMENTS = st.integers(0, 20).map(lambda days: to_text(JUMP - timedelta(days=days, milliseconds=days)))
TEXT = TEXTS.map(lambda text: text.encode("utf-8", "replace").decode())
LISTED = [*REJECTED, IN_AUDIT, TAKEN_DOWN, FIRST + 20]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with held listings, one taken down and one at risk, and what people decided on some of them."""
    folder = with_history(tmp_path_factory.mktemp("written"))
    platform = [Reason("platform_word", Provenance.PLATFORM, "audit_sub_status_basic")]
    set_reasons(folder, {REJECTED[1]: platform}, Provenance.PLATFORM)
    find(folder, {FIRST + 20: [Reason("image.main_too_small", Provenance.CHECK)], REJECTED[2]: []})
    desk = Desk(folder / "desk.db")
    desk.set_owner("main", [FIRST], "Ann", by="lead", now=NOW)
    desk.set_stage("main", [REJECTED[1]], Stage.TAKEN, by="lead", now=NOW)
    desk.set_stage("main", [REJECTED[2]], Stage.FIXED, by="lead", now=NOW)
    return folder


def both(folder: Path, view: View = EVERYTHING) -> tuple[bytes, bytes]:
    """The CSV straight from stored rows, and by way of `WorkRow`s."""
    snapshot = Snapshot(folder / "snapshot.db", folder / "desk.db", clock=lambda: NOW)
    contexts = [
        ExportContext.of(snapshot.stores(), load_taxonomy(), NOW, shops={"front": 'The "Front"'}) for _ in range(2)
    ]
    straight = b"".join(csv_of_stored(snapshot.stored_rows(view), contexts[0]))
    return straight, b"".join(csv_chunks(snapshot.rows(view), contexts[1]))


@pytest.mark.slow
@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_csv_has_the_same_bytes_straight_from_stored_rows(folder: Path, data: st.DataObject) -> None:
    draw: Callable[[st.SearchStrategy[object]], object] = data.draw
    with closing(sqlite3.connect(folder / "snapshot.db", isolation_level=None)) as connection:
        with_fold(connection)
        connection.execute("BEGIN")
        for listing in LISTED:
            told = {"store_id": 1, "product_id": listing, **_listing(draw), **_period(draw)}
            connection.execute(LISTING, told)
            connection.execute(PERIOD, told)
            connection.execute(REASON, {**told, "text": draw(TEXT), "language": draw(st.none() | TEXT)})
        connection.execute("UPDATE store SET edit_url = ?, item_url = ?", [draw(PATTERN), draw(PATTERN)])
        connection.execute("DELETE FROM category")
        connection.execute(
            "INSERT INTO category (store_id, category_id, name, rules, read_at) VALUES (1, 7, ?, '[]', '')",
            [draw(TEXT)],
        )
        connection.execute("DELETE FROM held_sales")
        connection.execute(
            SALES, {"currency": draw(st.none() | TEXT), "amount": draw(st.floats(0, 1e6)), **_sold(draw)}
        )
        connection.execute("COMMIT")
    straight, by_records = both(folder)
    assert straight == by_records
    lines = list(csv.reader(io.StringIO(straight.decode("utf-8-sig"), newline="")))
    assert {len(line) for line in lines} == {len(COLUMNS)}
    assert len(lines) == 1 + len(LISTED)


PATTERN = st.sampled_from(["", "https://x.example/{product_id}", "{product_id};={product_id}", '=x"{product_id}', "=1"])


def _listing(draw: Callable[[st.SearchStrategy[object]], object]) -> dict[str, object]:
    price = st.none() | st.sampled_from(["12.50", "-1", "=1", "1,5", ""])
    return {
        "title": draw(TEXT),
        "sku_codes": json.dumps(draw(st.lists(TEXT, max_size=2))),
        "image_urls": json.dumps(draw(st.lists(TEXT, max_size=2))),
        "modified_raw": draw(st.none() | TEXT),
        **{name: draw(price) for name in ("price_min", "price_max")},
        "currency": draw(st.none() | st.sampled_from(["USD", "=x"])),
    }


def _period(draw: Callable[[st.SearchStrategy[object]], object]) -> dict[str, object]:
    return {
        "platform_status": draw(TEXT),
        "audit_kind": draw(st.none() | st.sampled_from(["first_review", "re_review", "odd"])),
        "attempt": draw(st.integers(0, 3)),
        "category_id": draw(st.none() | st.sampled_from([7, 8])),
        "started_at": draw(MOMENTS),
        **{name: draw(st.none() | MOMENTS) for name in ("held_since", "held_after", "started_after")},
        "resubmit": draw(st.sampled_from(["", "ready", "not_yet"])),
    }


def _sold(draw: Callable[[st.SearchStrategy[object]], object]) -> dict[str, object]:
    return {"sold": draw(st.integers(0, 1)), "in_stock": draw(st.none() | st.integers(0, 1))}


LISTING = """
UPDATE listing SET title = :title, sku_codes = :sku_codes, image_urls = :image_urls, modified_raw = :modified_raw,
    price_min = :price_min, price_max = :price_max, currency = :currency
WHERE store_id = :store_id AND product_id = :product_id
"""
PERIOD = """
UPDATE status_period SET platform_status = :platform_status, audit_kind = :audit_kind, attempt = :attempt,
    category_id = :category_id, started_at = :started_at, held_since = :held_since, held_after = :held_after,
    started_after = :started_after, resubmit = :resubmit
WHERE store_id = :store_id AND product_id = :product_id AND ended_at IS NULL
"""
REASON = """
UPDATE listing_reason SET text = :text, language = :language
WHERE product_id = :product_id AND provenance = 'platform'
"""
SALES = """
INSERT INTO held_sales SELECT id, :amount / 3, :amount / 2, :amount, :amount, :currency, :sold, :in_stock, ''
FROM status_period WHERE ended_at IS NULL AND product_id % 2
"""


def test_a_past_view_has_the_same_bytes_too(folder: Path) -> None:
    for as_of in (JUMP, NOW):
        straight, by_records = both(folder, View(as_of=as_of))
        assert straight == by_records
        assert straight.count(b"\r\n") > 1


def test_stored_moments_are_written_as_they_are_read(folder: Path) -> None:
    snapshot = Snapshot(folder / "snapshot.db", clock=lambda: NOW)
    for (stored, _), row in zip(snapshot.stored_rows(EVERYTHING), snapshot.rows(EVERYTHING), strict=True):
        moments: list[tuple[str, datetime]] = [
            (stored.started_at, row.started_at),
            (stored.held_since, row.held_since),
            (stored.seen_at, row.seen_at),
        ]
        assert all(to_text(moment) == text for text, moment in moments)
