"""What the validation of the feed rejected before AliExpress saw it."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui.feed import drop, page
from aexdash.ui.frame.guard import enter

visit = enter("Feed", system_clock, has_downloads=True)
page.head(visit)
drop.draw(visit)
page.troubles(visit)
page.rejected(visit)
