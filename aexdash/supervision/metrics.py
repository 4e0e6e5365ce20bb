"""What a home can be measured by, for Prometheus, read anew at each scrape. What is not known is absent, never 0."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.desk import outbox
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.store_rows import StoreGauges
from aexdash.storage.errors import StorageError
from aexdash.supervision.readiness import free_bytes, not_ready
from aexdash.supervision.states import WorkerState, worker_state
from aexdash.view import View

GAUGES = {
    "aexdash_ready": (),
    "aexdash_store_last_complete_read_timestamp_seconds": ("store",),
    "aexdash_store_stale_after_seconds": ("store",),
    "aexdash_listings": ("store", "status"),
    "aexdash_runs_last_hour": ("store", "kind", "outcome"),
    "aexdash_calls_this_hour": ("store",),
    "aexdash_calls_budget": ("store",),
    "aexdash_banned_until_timestamp_seconds": ("store",),
    "aexdash_outbox_waiting": ("channel",),
    "aexdash_worker_last_sign_timestamp_seconds": (),
    "aexdash_loop_failing": ("loop",),
    "aexdash_home_free_bytes": (),
    "aexdash_replica_behind_seconds": (),
}
"""Every gauge and its labels."""

HELP = {
    "aexdash_ready": "1 where /readyz answers 200, else 0.",
    "aexdash_store_last_complete_read_timestamp_seconds": "When what is held was last completely read. Absent before "
    "the first complete reading.",
    "aexdash_store_stale_after_seconds": "The age from which that reading is stale, by the settings.",
    "aexdash_listings": "Listings by status: rejected, auditing and active. Absent where no complete reading speaks "
    "for now, as where the store is stale.",
    "aexdash_runs_last_hour": "Runs that ended within the last hour, by kind and outcome. Absent where there was none.",
    "aexdash_calls_this_hour": "Calls to AliExpress in the trailing hour, as the worker said last. Absent where that "
    "is an hour old.",
    "aexdash_calls_budget": "The most calls an hour, by the settings. Absent where there is no budget.",
    "aexdash_banned_until_timestamp_seconds": "The end of the ban that runs now. Absent where none runs.",
    "aexdash_outbox_waiting": "Messages of alerts that wait to be sent over a channel. Absent where the desk cannot be "
    "read.",
    "aexdash_worker_last_sign_timestamp_seconds": "When the worker last said how its loops are. Absent where none is.",
    "aexdash_loop_failing": "1 where a loop of the worker failed within its last minute of running, else 0.",
    "aexdash_loop_restarts_total": "How often a loop has begun again after an error, since the worker began.",
    "aexdash_home_free_bytes": "Bytes that are free where the home is.",
    "aexdash_replica_behind_seconds": "How far the copy of the snapshot is behind that of the worker. Absent where "
    "this machine has no copy, and where the age of the copy cannot be told.",
}

Row = tuple[tuple[str, ...], float]


class HomeCollector(Collector):
    """Reads a home at each scrape. `settings` gives those in force, None where there are none."""

    def __init__(self, settings: Callable[[], Settings | None], clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: what is absent has no name either."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield what is known at this moment."""
        settings, now = self._settings(), self._clock()
        if settings is None:
            yield _gauge("aexdash_ready", [((), 0.0)])
            return
        yield _gauge("aexdash_ready", [((), 0.0 if not_ready(settings, now) else 1.0)])
        stores = [key for key, store in settings.stores.items() if store.watched]
        stale = [((key,), settings.stale_after(key)) for key in stores]
        yield from _known("aexdash_store_stale_after_seconds", stale)
        yield from _of_snapshot(settings, stores, now)
        yield from _of_outbox(settings)
        yield from _of_worker(worker_state(settings.home))
        yield from _of_disk(settings)


def _of_snapshot(settings: Settings, stores: list[str], now: datetime) -> Iterator[Metric]:
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: now, zone=settings.tzinfo)
    try:
        told = [one for one in snapshot.gauges(now) if one.store in stores]
        behind = snapshot.behind(now)
        counts = [row for one in told for row in _listings(snapshot, one.store)]
    except StorageError:
        return
    if behind is not None and behind != timedelta.max:
        yield _gauge("aexdash_replica_behind_seconds", [((), behind.total_seconds())])
    yield from _known("aexdash_listings", counts)
    yield from _known(
        "aexdash_store_last_complete_read_timestamp_seconds",
        [((one.store,), one.read_at.timestamp()) for one in told if one.read_at],
    )
    yield from _known("aexdash_runs_last_hour", [row for one in told for row in _runs(one)])
    calls = [((one.store,), float(one.calls_this_hour)) for one in told if one.calls_this_hour is not None]
    yield from _known("aexdash_calls_this_hour", calls)
    budgets = [((one.store,), float(one.calls_budget)) for one in told if one.calls_budget is not None]
    yield from _known("aexdash_calls_budget", budgets)
    bans = [((one.store,), one.banned_until.timestamp()) for one in told if one.banned_until]
    yield from _known("aexdash_banned_until_timestamp_seconds", bans)


def _listings(snapshot: Snapshot, store: str) -> Iterator[Row]:
    hero = snapshot.hero(View(store=store), with_stuck=False)
    if hero.reach.is_whole:
        for status in ("rejected", "auditing", "active"):
            count = getattr(hero, status)
            if count is not None:
                yield (store, status), float(count)


def _runs(one: StoreGauges) -> Iterator[Row]:
    for (kind, outcome), count in one.runs.items():
        yield (one.store, kind, outcome), float(count)


def _of_outbox(settings: Settings) -> Iterator[Metric]:
    if not settings.desk_path.exists():
        return
    try:
        waiting = {name: backlog.waiting for name, backlog in outbox.backlogs(settings.desk_path).items()}
    except StorageError:
        return
    told = [((name,), float(waiting.get(name, 0))) for name in settings.channels]
    yield from _known("aexdash_outbox_waiting", told)


def _of_worker(state: WorkerState | None) -> Iterator[Metric]:
    if state is None:
        return
    yield _gauge("aexdash_worker_last_sign_timestamp_seconds", [((), state.at.timestamp())])
    loops = state.loops.items()
    yield from _known("aexdash_loop_failing", [((name,), float(bool(loop.failing_since))) for name, loop in loops])
    restarts = CounterMetricFamily("aexdash_loop_restarts", HELP["aexdash_loop_restarts_total"], labels=("loop",))
    for name, loop in loops:
        restarts.add_metric((name,), loop.restarts)
    yield restarts


def _of_disk(settings: Settings) -> Iterator[Metric]:
    try:
        yield _gauge("aexdash_home_free_bytes", [((), float(free_bytes(settings.home)))])
    except OSError:
        return


def _known(name: str, rows: Sequence[Row]) -> Iterator[Metric]:
    """A gauge where there is something to tell; nothing, where there is not."""
    if rows:
        yield _gauge(name, rows)


def _gauge(name: str, rows: Sequence[Row]) -> Metric:
    family = GaugeMetricFamily(name, HELP[name], labels=GAUGES[name])
    for labels, value in rows:
        family.add_metric(labels, value)
    return family
