"""What goes with a movement that somebody pointed at, with how much evidence, and what can be done about it."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui.causes import page
from aexdash.ui.frame.guard import enter

page.draw(enter("Causes", system_clock, has_downloads=True))
