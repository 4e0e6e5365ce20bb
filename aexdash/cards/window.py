"""The start and the end of a window at a moment. Calendar days are those of a time zone: some have 23 or 25 hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from aexdash.cards.model import Window
from aexdash.clock import DAY, midnight
from aexdash.statement import Span

DAYS = {Window.D7: 7, Window.D30: 30, Window.D90: 90}

WHOLE_DAYS = "so many whole calendar days, ending where today starts, in the time zone of the workspace"

WORDS: Mapping[Window, str] = {
    Window.RT: "the moment itself",
    Window.H24: "the 24 hours up to the moment; of the present, up to the last complete reading of each store",
    Window.D7: WHOLE_DAYS,
    Window.D30: WHOLE_DAYS,
    Window.D90: WHOLE_DAYS,
    Window.TODAY: "today so far, in the time zone of the workspace",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """A window of a card as a function of the moment at which it ends; of two equal ones, facts are read once."""

    window: Window
    zone: tzinfo = UTC

    def __call__(self, moment: datetime) -> Span:
        """Return the start and the end of the window at a moment."""
        return bounds(self.window, moment, self.zone)


def bounds(window: Window, moment: datetime, zone: tzinfo = UTC) -> tuple[datetime, datetime]:
    """Return the start and the end of a window at a moment, both in UTC.

    A window holds what happened after its start and up to its end. RT has no length: both are the moment.
    """
    if window is Window.RT:
        return moment, moment
    if window is Window.H24:
        return moment - DAY, moment
    if window is Window.TODAY:
        return midnight(moment, zone), moment
    return midnight(moment, zone, days=-DAYS[window]), midnight(moment, zone)


def before(window: Window, moment: datetime, zone: tzinfo = UTC) -> datetime:
    """Return the moment whose window is the one of equal length before.

    For RT and 24H that is 24 hours earlier, for windows of days as many calendar days, for today the same time
    yesterday.
    """
    if window in (Window.RT, Window.H24):
        return moment - DAY
    local = moment.astimezone(zone)
    earlier = local.date() - DAYS.get(window, 1) * DAY
    return datetime.combine(earlier, local.time(), zone).astimezone(UTC)
