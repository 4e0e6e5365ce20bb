"""Stores, channels, feeds and the workspace: what is read, and who is told."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui.frame.guard import enter_anyway
from aexdash.ui.settings import page

page.draw(*enter_anyway("Settings", system_clock), system_clock)
