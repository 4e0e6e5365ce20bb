"""Does Seller Center list the same as we do, and if not, why?"""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui.frame.guard import enter
from aexdash.ui.reconcile import page

page.draw(enter("Reconcile", system_clock))
