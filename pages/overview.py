"""Is anything held, why, what can be done, and is this current? Below that, every other card."""

from __future__ import annotations

import streamlit as st

from aexdash.clock import system_clock
from aexdash.ui import tour
from aexdash.ui.alerts import channels
from aexdash.ui.ask import box
from aexdash.ui.frame.guard import enter
from aexdash.ui.overview import all_cards, card_tiles, open_episodes, risk, stores, tiles, why

visit = enter("Overview", system_clock)
tour.draw(visit, "overview")
channels.dead(visit)
with st.container(key="alerts-and-box"):
    open_episodes.draw(visit)
    box.on_overview(visit)
left, right = st.columns([2, 3], gap="medium")
with left:
    tiles.hero(visit)
    tour.offer(visit)
with right:
    why.reasons(visit)
    stores.lines(visit)
shown = card_tiles.tiles_of(visit)
tiles.siblings(visit, shown)
risk.before_the_audit(visit)
all_cards.draw(visit, tiles.on_top(shown))
