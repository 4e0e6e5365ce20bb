"""The held listings one by one: filter, take, fix, export."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import tour
from aexdash.ui.frame import address
from aexdash.ui.frame.guard import enter
from aexdash.ui.worklist import page

visit = enter("Worklist", system_clock, has_downloads=True, beside_filters=address.OF_ROWS)
tour.draw(visit, "worklist")
page.draw(visit)
