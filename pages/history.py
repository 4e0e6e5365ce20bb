"""The held count over time against its siblings, the books of any span, ages and times, and any moment of it."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import tour
from aexdash.ui.frame.guard import enter
from aexdash.ui.history import ages, books, page

visit = enter("History", system_clock, has_downloads=True)
tour.draw(visit, "history")
choices = page.head(visit)
page.over_time(visit, choices)
books.draw(visit, (choices.start, choices.until))
ages.draw(visit)
