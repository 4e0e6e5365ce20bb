"""The held listings one by one: filter, take, fix, export."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import worklist
from aexdash.ui.guard import enter

visit = enter("Worklist", system_clock)
worklist.draw(visit)
