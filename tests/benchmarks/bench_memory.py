"""Resident memory of app and worker with a snapshot of a million listings: `python -m tests.benchmarks.bench_memory`.

The app is the process that `aexdash serve` starts; Chromium visits overview, worklist and history, and the CSV of all
held rows is fetched. The worker is a process that imports what `aexdash serve` imports and runs the real sync through
the real client: a pulse of the 20,000 held, a first sweep of all 1,000,000 (every listing differs from what was known,
the worst case) and the same sweep again with nothing changed. Its platform is a function in the same process that
writes each page as text, and costs about 8 MB for the ids. Evidence is off. Read from /proc, in MB of 10^6 bytes: what
is resident at the end, and the highest it ever was, which is what is held against the target.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

from playwright.sync_api import expect

import aexdash.cli.serve  # noqa: F401 - what the worker's process has in memory
from aexdash.aliexpress.listings import connect
from aexdash.aliexpress.protocol.account import Account
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.sync.kit import NO_EVIDENCE
from aexdash.sync.run import sync_store
from tests.benchmarks.common import Bench, Figure, fetch, report, resident_mb, settle
from tests.benchmarks.synthetic import FIRST_ID, NOW, STORE_KEY
from tests.support import MovedClock, kit_in

MOST_MB = 300
IN_TIME = 60_000
KINDS = ("pulse", "sweep", "sweep")


def figures(bench: Bench) -> Iterator[Figure]:
    """The app, then the worker in a process of its own."""
    yield from app(bench)
    command = [sys.executable, "-m", "tests.benchmarks.bench_memory", str(bench.home("memory"))]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    for line in map(json.loads, told.splitlines()):
        yield weighed(f"(h) worker after {line['what']}", line["now"], line["peak"])
        yield Figure(f"    {line['what']}", "", f"{line['seconds']:.1f} s, {line['changes']:,} changes")


def weighed(what: str, now: float, peak: float) -> Figure:
    """A figure of memory against the target."""
    return Figure(f"{what}: highest (now)", f"<= {MOST_MB} MB", f"{peak:.0f} ({now:.0f}) MB", peak <= MOST_MB)


def app(bench: Bench) -> Iterator[Figure]:
    """Visit the pages and fetch the CSV."""
    with bench.app() as (url, pid), bench.browser() as browser, browser.new_page() as page:
        for path, words in (
            ("/", "listings held"),
            ("/worklist", f"{bench.size.held:,} listings"),
            ("/history", "History"),
        ):
            page.goto(url + path)
            expect(page.get_by_text(words).first).to_be_visible(timeout=IN_TIME)
            settle(page, bench.size.quiet_ms)
        yield weighed("(h) app after overview, worklist and history", *resident_mb(pid))
        size = len(fetch(f"{url}/export.csv"))
        yield weighed(f"(h) app after the CSV ({size / 1e6:.1f} MB) too", *resident_mb(pid))


class Platform:
    """A million listings as pages of text, each where the synthetic snapshot has it."""

    def __init__(self, snapshot: Path) -> None:
        rows = open_snapshot(snapshot).execute(
            "SELECT status, product_id FROM status_period WHERE ended_at IS NULL ORDER BY product_id"
        )
        self._ids = {word: array("q") for word in ("auditing", "editingRequired", "onSelling", "offline")}
        words = {"rejected": "editingRequired", "active": "onSelling"}
        for status, product_id in rows:
            self._ids[words.get(status, status)].append(product_id)

    def respond(self, _method: str, url: str, _headers: dict[str, str], body: bytes):
        """Answer the product list; everything else is refused, as for an account without permission."""
        fields = parse_qs(body.decode())
        if "product.list.get" not in url + str(fields.get("method")):
            refused = {"error_response": {"code": "InsufficientPermission", "msg": "no permission"}}
            return 200, {}, json.dumps(refused).encode()
        query = json.loads(fields["aeop_a_e_product_list_query"][0])
        ids, size = self._ids[query["product_status_type"]], query["page_size"]
        shown = ids[(query["current_page"] - 1) * size : query["current_page"] * size]
        result = {
            "success": True,
            "product_count": len(ids),
            "total_page": -(-len(ids) // size),
            "aeop_a_e_product_display_d_t_o_list": [item(product_id) for product_id in shown],
        }
        return 200, {}, json.dumps({"aliexpress_solution_product_list_get_response": {"result": result}}).encode()


def item(product_id: int) -> dict[str, object]:
    """A listing as a page shows it."""
    index = product_id - FIRST_ID
    return {
        "product_id": product_id,
        "subject": f"Listing {index} wireless headphones with a long and plausible title for search",
        "image_u_r_ls": f"https://ae01.example/kf/S{index}.jpg;https://ae01.example/kf/T{index}.jpg",
        "product_min_price": f"{5 + index % 90}.99",
        "product_max_price": f"{9 + index % 90}.99",
        "currency_code": "USD",
        "gmt_create": "2025-01-01 00:00:00",
        "gmt_modified": "2025-01-02 00:00:00",
    }


def work(home: Path) -> None:
    """Be the worker: sync, and say after each run what is resident."""
    clock = MovedClock(NOW + timedelta(minutes=1))
    account = Account(
        key=STORE_KEY,
        model="overseas",
        gateway="https://gateway.example",
        app_key="1",
        app_secret="secret",
        token_file=home / "token.json",
        access_token="token",
        calls_per_second=None,
    )
    platform = Platform(home / "snapshot.db")
    seller = connect(account, clock=clock, sleep=clock.sleep, respond=platform.respond)
    db = open_snapshot(home / "snapshot.db")
    store = ensure_store(db, key=STORE_KEY, title="Synthetic store", model="overseas", now=NOW)
    for number, kind in enumerate(KINDS):
        clock.move(minutes=1)
        begun = time.perf_counter()
        result = sync_store(seller, db, store, kind, kit_in(home, NO_EVIDENCE), clock=clock)
        if result.outcome != "complete":
            raise SystemExit(f"{kind}: {result}")
        now, peak = resident_mb()
        what = {0: "a pulse", 1: "a sweep in which all differs", 2: "a sweep with nothing changed"}[number]
        told = {"what": what, "now": now, "peak": peak, "seconds": time.perf_counter() - begun}
        print(json.dumps(told | {"changes": result.changes}), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work(Path(sys.argv[1]))
    else:
        report(figures)
