"""A store is connected here: the sign-in at AliExpress, the seller confirmed, the first reading."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui.connect import page
from aexdash.ui.frame.guard import enter_anyway

settings, _ = enter_anyway("Connect", system_clock, may_be_new=True)
page.draw(settings, system_clock)
