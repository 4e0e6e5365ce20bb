"""The same counts, the same page of rows and the same rows as CSV, from Datasette and from us, on one snapshot.

`python -m tests.benchmarks datasette`. Datasette 0.65 serves a checkpointed copy of the snapshot of a million
listings on loopback, immutable (so that it may keep its counts), facet suggestion off and its time limits lifted. It
is given what a person would write for it: a view `held` over the same partial index that our queries read, with the
listing's own columns looked up only where they are asked for, and for the CSV a view `held_rows` that joins them. For
comparison it also gets a table `held_table` with the same rows copied out and its own indexes, which is Datasette at
its best and no longer the snapshot.

- *Counts and a page.* `/ds/held.json` with facets on status, audit kind, category and (as an array) reasons, sorted by
  age, 100 rows; and the same for one reason and one status. Ours answers the same view by `count`, `reason_counts`, all
  seven `facets` and `page`, behind one Starlette route under uvicorn, so both sides pay for HTTP and JSON.
- *CSV.* `/ds/held_rows.csv?_stream=1` of every held row against `/export.csv` of the real app. Ours has more columns,
  with the words of every reason and what to do; Datasette's are those that come from the database. Streaming a view,
  Datasette turns pages by OFFSET; it is measured with its default of 1,000 rows a page and with one page for all.

Requests are made in turn, A B A B, medians.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from csv import reader
from pathlib import Path

from tests.benchmarks.common import (
    Bench,
    Figure,
    Skipped,
    fetch,
    free_port,
    middle,
    ratios,
    report,
    server,
    side_by_side,
    spread,
)
from tests.benchmarks.json_route import SNAPSHOT_VARIABLE

QUERY_TIMES, CSV_TIMES = 2, 3
HELD_TOO = "p.listed = 1 AND p.ended_at IS NULL AND p.status IN ('rejected', 'auditing')"
REASONS = """'["' || replace(trim(p.codes, '|'), '|', '","') || '"]' AS reasons"""
OF_LISTING = "WHERE l.store_id = p.store_id AND l.product_id = p.product_id"

VIEWS = f"""
CREATE VIEW held AS
SELECT p.product_id, p.status, p.audit_kind, p.category_id, p.attempt, p.started_at, {REASONS},
    (SELECT l.title FROM listing AS l {OF_LISTING}) AS title,
    (SELECT l.sku_codes FROM listing AS l {OF_LISTING}) AS sku_codes,
    (SELECT l.price_min FROM listing AS l {OF_LISTING}) AS price_min
FROM status_period AS p INDEXED BY period_open_listed WHERE {HELD_TOO};

CREATE VIEW held_rows AS
SELECT p.product_id, l.title, p.status, p.platform_status, p.cause, p.audit_kind, p.attempt, p.started_at, {REASONS},
    l.sku_codes, c.name AS category, p.category_id, l.price_min, l.price_max, l.currency,
    l.image_urls ->> '$[0]' AS picture, l.modified_raw
FROM status_period AS p INDEXED BY period_open_listed
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN category AS c ON c.store_id = p.store_id AND c.category_id = p.category_id
WHERE {HELD_TOO};

CREATE TABLE held_table (product_id INTEGER PRIMARY KEY, title, status, platform_status, cause, audit_kind, attempt,
    started_at, reasons, sku_codes, category, category_id, price_min, price_max, currency, picture, modified_raw);
INSERT INTO held_table SELECT * FROM held_rows;
CREATE INDEX held_table_started ON held_table (started_at);
CREATE INDEX held_table_status ON held_table (status);
CREATE INDEX held_table_audit ON held_table (audit_kind);
CREATE INDEX held_table_category ON held_table (category_id);
PRAGMA journal_mode = DELETE;
"""

ASKED = "_facet=status&_facet=audit_kind&_facet=category_id&_facet_array=reasons&_size=100&_sort=started_at"
ONE = "&status__exact=rejected&reasons__arraycontains=ip.trademark%40platform"


def figures(bench: Bench) -> Iterator[Figure]:
    """Ask both for the same, in turn."""
    if importlib.util.find_spec("datasette") is None:
        raise Skipped("Datasette is not installed here; make bench installs it")
    copy = bench.fresh("peer") / "ds.db"
    shutil.copy(bench.snapshot(), copy)
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        connection.executescript(VIEWS)
    with datasette(copy) as peer, json_route(bench.snapshot()) as ours:
        yield from counts_and_page(peer, ours, bench.size.rounds)
    with datasette(copy) as peer, datasette(copy, "max_returned_rows", "100000") as whole, bench.app() as (app, _):
        yield from csv(peer, whole, app, bench.size.few_rounds)


def counts_and_page(peer: str, ours: str, rounds: int) -> Iterator[Figure]:
    """Everything held, then one reason of what was rejected."""
    for what, theirs, mine in (
        ("everything held", "", ""),
        ("one reason, rejected", ONE, "?status=rejected&reason=ip.trademark"),
    ):
        took = side_by_side(
            {
                "ours": lambda mine=mine: fetch(f"{ours}/held.json{mine}"),
                "view": lambda theirs=theirs: fetch(f"{peer}/ds/held.json?{ASKED}{theirs}"),
                "table": lambda theirs=theirs: fetch(f"{peer}/ds/held_table.json?{ASKED}{theirs}"),
            },
            rounds,
        )
        yield faster(f"(e) counts and a page, {what}: Datasette's / ours", took["view"], took["ours"], QUERY_TIMES)
        yield faster("    the same from a table copied out for Datasette", took["table"], took["ours"])


def csv(peer: str, whole: str, app: str, rounds: int) -> Iterator[Figure]:
    """All held rows as CSV; make sure first that both send as many."""
    addresses = {
        "ours": f"{app}/export.csv",
        "1,000 rows a page": f"{peer}/ds/held_rows.csv?_stream=1&_size=max",
        "all in one page": f"{whole}/ds/held_rows.csv?_stream=1&_size=max",
        "a table copied out": f"{whole}/ds/held_table.csv?_stream=1&_size=max",
    }
    sent = {name: fetch(url) for name, url in addresses.items()}
    rows = {name: answer.count(b"\r\n") - 1 for name, answer in sent.items()}
    if len(set(rows.values())) > 1:
        raise SystemExit(f"not the same rows: {rows}")
    columns = [columns_of(sent[name]) for name in ("ours", "all in one page")]
    took = side_by_side({name: lambda url=url: fetch(url) for name, url in addresses.items()}, rounds)
    ours = took.pop("ours")
    best = min((took[name] for name in ("1,000 rows a page", "all in one page")), key=middle)
    what = f"(e) CSV of {rows['ours']:,} held: Datasette's ({columns[1]} columns) / ours ({columns[0]})"
    yield faster(what, best, ours, CSV_TIMES)
    for name, theirs in took.items():
        yield faster(f"    Datasette, {name}", theirs, ours)


def columns_of(answer: bytes) -> int:
    """How many columns a CSV file has."""
    return len(next(reader([answer.decode("utf-8-sig").splitlines()[0]])))


def faster(what: str, theirs: list[float], ours: list[float], least: float | None = None) -> Figure:
    """A figure of how many times as long Datasette takes; `least` is how many it should be."""
    times = ratios(theirs, ours)
    reached = f"{middle(theirs):,.0f} / {middle(ours):,.0f} ms = {spread(times, 'x', 1)}"
    return Figure(what, f">= {least:g}x" if least else "", reached, middle(times) >= least if least else None)


@contextlib.contextmanager
def datasette(path: Path, *setting: str) -> Iterator[str]:
    """Serve a file with Datasette."""
    port = free_port()
    limits = {"suggest_facets": "off", "facet_time_limit_ms": "20000", "sql_time_limit_ms": "60000"}
    command = [sys.executable, "-m", "datasette", "serve", "-i", str(path), "--host", "127.0.0.1", "--port", str(port)]
    for name, value in limits.items():
        command += ["--setting", name, value]
    if setting:
        command += ["--setting", *setting]
    with server(command, f"http://127.0.0.1:{port}/-/versions.json") as (url, _):
        yield url.removesuffix("/-/versions.json")


@contextlib.contextmanager
def json_route(snapshot: Path) -> Iterator[str]:
    """Serve our JSON of a snapshot."""
    os.environ[SNAPSHOT_VARIABLE] = str(snapshot)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.benchmarks.json_route:app", f"--port={port}"]
    with server([*command, "--log-level=warning"], f"http://127.0.0.1:{port}/none") as (url, _):
        yield url.removesuffix("/none")


if __name__ == "__main__":
    report(figures)
