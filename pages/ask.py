"""A question in plain words, and its answer: how many, why, since when, and how that is known."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui.ask import page
from aexdash.ui.frame.guard import enter

page.draw(enter("Ask", system_clock))
