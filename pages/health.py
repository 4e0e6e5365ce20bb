"""Is what I see true?"""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import health
from aexdash.ui.feed import page
from aexdash.ui.frame.guard import enter

visit = enter("Health", system_clock)
report = health.read(visit)
health.doubts(visit, report)
health.worker(visit)
untold = health.unknown(visit, report)
health.verdict(visit, report, untold=untold)
page.troubles(visit)
health.files(visit)
health.stores(visit, report)
health.shops(visit)
health.walks(visit, report)
health.runs(visit)
