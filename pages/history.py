"""The held count over time against its siblings, and any moment of it."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import history
from aexdash.ui.guard import enter

visit = enter("History", system_clock)
asked = history.head(visit)
history.over_time(visit, asked)
history.books(visit, asked)
