"""How far one machine goes: `python -m tests.benchmarks scale`.

Fifty stores in one snapshot, one or several processes of the pages on it (`aexdash serve --app-only` each), haproxy
before them, which keeps each viewer at her process by a cookie, and viewers who each look at something about every ten
seconds. Viewers are a process of their own on the same machine, so they take some of the processor that they measure.

The knee is where a look takes twice as long as that of one viewer alone, in the 95th percentile.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from aexdash.clock import to_text
from tests.benchmarks.common import Bench, Figure, Skipped, app_on, free_port, processor_seconds, report, resident_mb
from tests.benchmarks.synthetic import NOW, build_many
from tests.benchmarks.viewer import PATIENCE, Viewer, beside_each_other
from tests.browser.stage import wait_until_up

EVERY = 10.0
"""Seconds between two looks of a viewer, on the average."""

STORES = 50

PAGES = ("worklist", "", "worklist", "history")
"""What is looked at: the worklist as often as the overview and the history together."""

PROXY = """
global
    maxconn 2000
defaults
    mode http
    timeout connect 5s
    timeout client 1h
    timeout server 1h
    timeout tunnel 1h
frontend pages
    bind 127.0.0.1:{port}
    default_backend apps
backend apps
    balance leastconn
    cookie AEXDASH_PROCESS insert indirect nocache httponly
{servers}
"""


def figures(bench: Bench) -> Iterator[Figure]:
    """Crowds of viewers before one process and several."""
    haproxy = shutil.which("haproxy") or "/usr/sbin/haproxy"
    if not Path(haproxy).exists():
        raise Skipped("haproxy is not installed")
    size = bench.size
    home = home_of_many(bench)
    megabytes = (home / "snapshot.db").stat().st_size / 1e6
    yield Figure(f"(x) {STORES} stores, {STORES * size.catalogue:,} listings", "", f"{megabytes:,.0f} MB")
    for many in size.processes:
        with contextlib.ExitStack() as opened:
            apps = [opened.enter_context(app_on(home)) for _ in range(many)]
            url = opened.enter_context(proxy_before([app for app, _ in apps], bench.folder, haproxy))
            alone = crowd(url, 1, size.crowd_seconds, every=0.5)
            yield Figure(f"    {many} processes, one viewer alone", "", in_words(alone))
            for viewers in size.crowds:
                before = [processor_seconds(pid) for _, pid in apps]
                begun = time.perf_counter()
                took = crowd(url, viewers, size.crowd_seconds)
                used = sum(processor_seconds(pid) for _, pid in apps) - sum(before)
                cores = used / (time.perf_counter() - begun)
                memory = sum(resident_mb(pid)[0] for _, pid in apps)
                each = used / len(took) * 1000 if took else 0
                reached = f"{in_words(took)}; {cores:.2f} cores, {each:.0f} ms of a core a look, {memory:,.0f} MB"
                goal = quantile(took, 0.95) <= 2 * quantile(alone, 0.95)
                yield Figure(f"    {many} processes, {viewers} viewers", "p95 <= 2x", reached, goal)


def home_of_many(bench: Bench) -> Path:
    """The home of the fifty stores, made once."""
    home = bench.fresh("many")
    size = bench.size
    made = bench.built(f"many-{size.catalogue}", lambda path: build_many(path, STORES, size.catalogue).close())
    (home / "snapshot.db").symlink_to(made)  # gigabytes; nobody writes it
    stores = "".join(
        f'[store.s{number:02}]\ntitle = "Store {number}"\nmodel = "overseas"\n' for number in range(STORES)
    )
    (home / "aexdash.toml").write_text(stores)
    (home / "now").write_text(to_text(NOW))
    return home


@contextlib.contextmanager
def proxy_before(apps: list[str], folder: Path, haproxy: str) -> Iterator[str]:
    """Run haproxy before some processes of the pages; give its address."""
    port, config = free_port(), folder / "haproxy.cfg"
    servers = "\n".join(
        f"    server app{number} {app.removeprefix('http://')} cookie app{number}" for number, app in enumerate(apps)
    )
    config.write_text(PROXY.format(port=port, servers=servers))
    process = subprocess.Popen([haproxy, "-f", str(config), "-db"], stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_up(f"{url}/healthz")
        yield url
    finally:
        process.terminate()
        process.wait()


def crowd(url: str, viewers: int, seconds: float, *, every: float = EVERY) -> list[float]:
    """Let so many viewers look about every ten seconds for a while; return what each look took, in seconds."""
    took: list[float] = []
    end = time.monotonic() + seconds

    def look(number: int) -> None:
        chance = random.Random(number)
        time.sleep(number / viewers * min(every, seconds / 3))  # people do not come all at once
        with kept(url, number, chance) as viewer:
            while time.monotonic() < end:
                time.sleep(chance.expovariate(1 / every))
                begun = time.monotonic()
                viewer.run()
                took.append(time.monotonic() - begun)

    beside_each_other(look, range(viewers))
    return took


@contextlib.contextmanager
def kept(url: str, number: int, chance: random.Random) -> Iterator[Viewer]:
    """A viewer of one store whom the proxy keeps at one process, by the cookie that it gave her."""
    cookie = httpx.get(f"{url}/healthz", timeout=PATIENCE).headers.get("set-cookie", "").partition(";")[0]
    viewer = Viewer(
        url, PAGES[number % len(PAGES)], number, cookie=cookie, query=f"store=s{chance.randrange(STORES):02}"
    )
    try:
        yield viewer
    finally:
        viewer.close()


def quantile(took: list[float], share: float) -> float:
    """The value that such a share of the looks stays under."""
    return sorted(took)[min(len(took) - 1, int(len(took) * share))] if took else float("nan")


def in_words(took: list[float]) -> str:
    """How many looks, and how long they took."""
    if not took:
        return "no look"
    p50, p95 = statistics.median(took) * 1000, quantile(took, 0.95) * 1000
    return f"{len(took)} looks, p50 {p50:,.0f} ms, p95 {p95:,.0f} ms"


if __name__ == "__main__":
    report(figures)
