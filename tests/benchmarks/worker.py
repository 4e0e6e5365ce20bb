"""The worker of `bench_memory`, with nothing in memory that `aexdash serve` has not.

It runs the real sync through the real client against a platform that is a function in this process, and prints after
each run what is resident. Nothing is imported here that only tests need: that would be half of the memory.
"""

from __future__ import annotations

import json
import sys
import time
from array import array
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import aexdash.cli.serve
import aexdash.cli.worker  # noqa: F401 - both are what the worker's process has in memory
from aexdash.aliexpress.listings import connect
from aexdash.aliexpress.protocol.account import Account
from aexdash.desk.annotations import Annotations
from aexdash.reasons.recognise import Recogniser
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.sync.kit import NO_EVIDENCE, SyncKit
from aexdash.sync.run import sync_store
from tests.benchmarks.synthetic import FIRST_ID, NOW, STORE_KEY

RUNS = {"a pulse": "pulse", "a sweep in which all differs": "sweep", "a sweep with nothing changed": "sweep"}
SPEAKS_FOR_SECONDS = 2 * 24 * 3600


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


class StandingClock:
    """A clock that stands still; sleeping moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def work(home: Path) -> None:
    """Be the worker: sync, and say after each run what it took and what is resident, in MB of 10^6 bytes."""
    clock = StandingClock(NOW + timedelta(minutes=1))
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
    for what, kind in RUNS.items():
        clock.sleep(60)
        begun, used = time.perf_counter(), time.process_time()
        result = sync_store(seller, db, store, kind, kit_in(home), clock=clock)
        if result.outcome != "complete":
            raise SystemExit(f"{kind}: {result}")
        took = {"seconds": time.perf_counter() - begun, "processor": time.process_time() - used}
        print(json.dumps({"what": what, **resident(), **took, "changes": result.changes}), flush=True)


def kit_in(home: Path) -> SyncKit:
    """What a sync needs, without evidence."""
    taxonomy = load_taxonomy()
    return SyncKit(
        taxonomy,
        Recogniser(taxonomy),
        Annotations(home / "desk.db"),
        home / "pictures",
        lambda _: SPEAKS_FOR_SECONDS,
        NO_EVIDENCE,
    )


def resident() -> dict[str, float]:
    """What is resident of this process, now and at its highest, in MB of 10^6 bytes (Linux)."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {name: int(lines[of].split()[0]) * 1024 / 1e6 for name, of in (("now", "VmRSS"), ("peak", "VmHWM"))}


if __name__ == "__main__":
    work(Path(sys.argv[1]))
