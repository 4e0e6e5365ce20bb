"""A Shopify catalogue of 100,000 products by one bulk job: `python -m tests.benchmarks.bench_shop`.

The shop is a server in a process of its own that answers each question after 80 ms, is ready with the job at the second
look, and sends its file at 20 MB a second, lines in no order: products with two variants and a channel each. The real
client reads it over HTTP into a snapshot, in a process of its own too, whose resident memory is read from /proc: the
highest for all products beside that for a tenth of them. Recording is the one time that others wait to write.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aexdash.clock import system_clock
from aexdash.config.settings import load_settings
from aexdash.shops import shopify
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.shops import recording
from aexdash.snapshot.shops.readmodels import ReadingOutcome
from aexdash.sync import lease
from aexdash.sync.shop_reading import ShopReader
from tests.benchmarks.common import Bench, Figure, free_port, report, resident_mb, server

MOST_SECONDS, MOST_GROWTH_MB, MOST_WAIT = 60, 50, 10
LATENCY_SECONDS = 0.08
BYTES_A_SECOND = 20_000_000
CHUNK = 256 * 1024
FEW = 5_000
IN_NO_ORDER = 5_000
"""Lines that are shuffled among each other: a child may come long before its product."""


def figures(bench: Bench) -> Iterator[Figure]:
    """Read a tenth, then all, then all again without a change."""
    peaks = {}
    for products in (bench.size.small // 10, bench.size.small):
        folder = bench.fresh(f"shop-{products}")
        told = read_twice(folder, products)
        peaks[products] = told[0]["peak"]
        size = (folder / "catalogue.jsonl").stat().st_size / 1e6
    first, again = told
    seconds = first["seconds"]
    yield Figure(
        f"(z) {products:,} products by one bulk job ({size:.0f} MB)",
        f"<= {MOST_SECONDS} s",
        f"{seconds:.1f} s",
        seconds <= MOST_SECONDS,
    )
    small, large = peaks.values()
    growth = large - small
    yield Figure(
        "    memory, its highest: ten times as many products",
        f"<= +{MOST_GROWTH_MB} MB",
        f"{small:.0f} -> {large:.0f} MB",
        growth <= MOST_GROWTH_MB,
    )
    wait, without = first["writing"], again["writing"]
    yield Figure("    of that, others wait to write for", f"<= {MOST_WAIT} s", f"{wait:.1f} s", wait <= MOST_WAIT)
    what = "    again, with nothing changed; of that, others wait"
    yield Figure(what, "", f"{again['seconds']:.1f} s; {without:.2f} s")
    yield Figure("    all that stands, read from the snapshot", "", f"{again['standing']:.1f} s")


def read_twice(folder: Path, products: int) -> list[dict[str, float]]:
    """Write the file of a job, serve it, and let a process of its own read it twice."""
    write_catalogue(folder / "catalogue.jsonl", products)
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.bench_shop", "serve", str(folder), str(products), str(port)]
    with server(command, f"http://127.0.0.1:{port}") as (url, _):
        (folder / "aexdash.toml").write_text(
            f'[store.main]\nmodel = "overseas"\n[shop.front]\nkind = "shopify"\naddress = "{url}"\n'
        )
        (folder / "secrets.toml").write_text('[shop.front]\ntoken = "x"\n')
        (folder / "secrets.toml").chmod(0o600)
        reading = [sys.executable, "-m", "tests.benchmarks.bench_shop", "read", str(folder), str(products)]
        told = subprocess.run(reading, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [json.loads(line) for line in told.splitlines()]


def write_catalogue(path: Path, products: int) -> None:
    """Write the file of a bulk job, its lines shuffled."""
    shuffled, waiting = random.Random(1), []
    with path.open("w", encoding="utf-8") as file:
        for number in range(products):
            waiting += lines_of(number)
            if len(waiting) >= IN_NO_ORDER:
                shuffled.shuffle(waiting)
                file.writelines(waiting)
                waiting = []
        shuffled.shuffle(waiting)
        file.writelines(waiting)


def lines_of(number: int) -> Iterator[str]:
    """A product, two variants and the channel it is on."""
    product, moment = f"gid://shopify/Product/{number}", "2026-03-09T12:00:00Z"
    picture = {"preview": {"image": {"url": f"https://cdn.example/s/files/1/0001/{number}.jpg?v=1700000000"}}}
    yield _line(
        id=product,
        title=f"Product {number} with a long and plausible title for search",
        status="ACTIVE",
        updatedAt=moment,
        featuredMedia=picture,
        feedback=None,
    )
    for which in (1, 2):
        yield _line(
            id=f"gid://shopify/ProductVariant/{number * 10 + which}",
            title=f"Size {which}",
            sku=f"SKU-{number}-{which}",
            price=f"{5 + number % 90}.90",
            updatedAt=moment,
            inventoryQuantity=number % 50,
            inventoryItem={"tracked": True},
            __parentId=product,
        )
    yield _line(isPublished=True, publication={"catalog": {"title": "Online Store"}}, __parentId=product)


def _line(**told: object) -> str:
    return json.dumps(told) + "\n"


def serve(folder: Path, products: int, port: int) -> None:
    """Be the shop."""
    job = {
        "id": "gid://shopify/BulkOperation/1",
        "errorCode": None,
        "objectCount": str(products * 4),
        "rootObjectCount": str(products),
        "url": f"http://127.0.0.1:{port}/bulk.jsonl",
        "partialDataUrl": None,
    }
    looks = iter(range(10**9))
    scopes = [{"handle": f"read_{what}"} for what in ("products", "inventory", "publications")]
    answers = {
        "query Shop": lambda: {
            "shop": {"name": "Front", "myshopifyDomain": "front.myshopify.com", "currencyCode": "EUR"},
            "currentAppInstallation": {"accessScopes": scopes},
        },
        "query Probe": lambda: {"products": {"nodes": []}},
        "query Count": lambda: {"productsCount": {"count": products, "precision": "EXACT"}},
        "mutation Run": lambda: {"bulkOperationRunQuery": {"bulkOperation": job, "userErrors": []}},
        "query Poll": lambda: {"bulkOperation": {**job, "status": ("RUNNING", "COMPLETED")[next(looks) % 2]}},
    }

    class Shop(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["query"].strip()
            time.sleep(LATENCY_SECONDS)
            data = next(answer() for beginning, answer in answers.items() if query.startswith(beginning))
            self._send(json.dumps({"data": data}).encode())

        def do_GET(self) -> None:
            if self.path != "/bulk.jsonl":
                self._send(b"{}")
                return
            self.send_response(200)
            self.end_headers()
            with (folder / "catalogue.jsonl").open("rb") as file:
                begun, sent = time.monotonic(), 0
                while chunk := file.read(CHUNK):
                    self.wfile.write(chunk)
                    sent += len(chunk)
                    time.sleep(max(0.0, begun + sent / BYTES_A_SECOND - time.monotonic()))

        def _send(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Shop).serve_forever()


def read(folder: Path, products: int) -> None:
    """Be the worker: read the shop twice, and say after each reading what it took."""
    settings, took = load_settings(folder), []
    db = open_snapshot(settings.snapshot_path)
    writing = lease.writing(settings.lease_path, clock=system_clock, command="benchmark")
    original = recording.transaction

    @contextlib.contextmanager
    def timed_transaction(opened):
        begun = time.perf_counter()
        with original(opened) as connection:
            yield connection
        took.append(time.perf_counter() - begun)

    recording.transaction = timed_transaction
    if products < FEW:
        shopify.POLL_SECONDS = 0.05  # a toy is not waited for
    reader = ShopReader(settings, settings.shops["front"], db, clock=system_clock, writing=writing)
    for _ in range(2):
        took.clear()
        begun = time.perf_counter()
        result = reader.read()
        seconds = time.perf_counter() - begun
        if (result.outcome, result.products) != (ReadingOutcome.COMPLETE, products):
            raise SystemExit(f"not the reading that was meant: {result}")
        peak = resident_mb()[1]
        report_of = Snapshot(settings.snapshot_path).shops()
        begun = time.perf_counter()
        count = sum(1 for _ in report_of.standing())
        told = {"seconds": seconds, "peak": peak, "writing": max(took), "standing": time.perf_counter() - begun}
        assert count == products * 2
        print(json.dumps(told), flush=True)
    reader.close()
    db.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] == ["read"]:
        read(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        report(figures)
