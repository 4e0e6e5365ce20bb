"""Is anything held, why, and is this current?"""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import risk, tiles, why
from aexdash.ui.guard import enter

visit = enter("Overview", system_clock)
tiles.hero_and_siblings(visit)
why.reasons(visit)
risk.before_the_audit(visit)
