"""The movement that is meant where none is named: the last one that pages mark, or the day of the last jump."""

from __future__ import annotations

from datetime import datetime

from aexdash.causes.movement import Movement
from aexdash.causes.watching import DAYS, movement_of
from aexdash.clock import TICK, day_of, midnight
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.query import Snapshot


def latest(
    snapshot: Snapshot, stores: tuple[str, ...] | None, now: datetime, what: What, about: str
) -> Movement | None:
    """Return the last movement of some stores (None: all) in the 30 days before a moment; None where there was none.

    It is that of the last day with far more held than usual, as overview and history mark it. Without one, or where
    what is held jumped today, it is the day of the last jump: from the last reading before it or the beginning of its
    day, whichever is earlier, up to the last moment of that day for which a reading speaks. A reading alone, a
    millisecond wide where a store is read each minute, would hold a part of a jump.

    Raises what the methods of `Snapshot` do.
    """
    today = day_of(now, snapshot.zone)
    spikes = snapshot.spikes(stores, today, DAYS)
    jump = snapshot.past(stores).last_jump(now)
    if spikes and (jump is None or day_of(jump.at, snapshot.zone) < today):
        of_spike = movement_of(spikes[-1], stores)
        return Movement(what, of_spike.start, of_spike.end, stores, about=about)
    if jump is None:
        return None
    begun = midnight(jump.at, snapshot.zone) - TICK
    end = min(midnight(jump.at, snapshot.zone, days=1) - TICK, now)
    readings = snapshot.past(stores).reach(end, end).readings
    known = max((one.read_at for one in readings if one.read_at), default=end)
    start = min(jump.last_before or jump.at - TICK, begun)
    return Movement(what, start, max(min(end, known), jump.at), stores, about=about)
