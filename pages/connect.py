"""A store is connected here: the sign-in at AliExpress, the seller confirmed, the first reading."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui.connect import page
from aexdash.ui.frame.guard import enter_without_data

page.draw(enter_without_data("Connect"), system_clock)
