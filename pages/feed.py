"""What the validation of the feed rejected before AliExpress saw it."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import feed, feed_drop
from aexdash.ui.guard import enter

visit = enter("Feed", system_clock)
feed.head(visit)
feed_drop.draw(visit)
feed.troubles(visit)
feed.rejected(visit)
