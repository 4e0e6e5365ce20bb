"""How is each page read, what can be done on it, and what can it not know?"""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import help as help_page
from aexdash.ui.frame.guard import enter

help_page.draw(enter("Help", system_clock))
