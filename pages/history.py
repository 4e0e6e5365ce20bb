"""The held count over time against its siblings, the books of any span, ages and times, and any moment of it."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import history, history_ages, history_books
from aexdash.ui.guard import enter

visit = enter("History", system_clock)
asked = history.head(visit)
history.over_time(visit, asked)
history_books.draw(visit, (asked.start, asked.until))
history_ages.draw(visit)
