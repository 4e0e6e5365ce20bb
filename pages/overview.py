"""Is anything held, why, and is this current? Below that, every other card."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import tour
from aexdash.ui.alerts import channels
from aexdash.ui.frame.guard import enter
from aexdash.ui.overview import all_cards, card_tiles, open_episodes, risk, tiles, why

visit = enter("Overview", system_clock)
tour.draw(visit, "overview")
channels.dead(visit)
open_episodes.draw(visit)
beside = tiles.hero(visit)
tour.offer(visit)
why.reasons(visit)
risk.before_the_audit(visit)
shown = card_tiles.tiles_of(visit)
with beside:
    tiles.siblings(visit, shown)
all_cards.draw(visit, tiles.on_top(shown))
