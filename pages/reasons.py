"""What Seller Center says, dropped in as a file; what was not recognised; what each reason means."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui.frame.guard import enter
from aexdash.ui.reasons import imports, page, unrecognised

visit = enter("Reasons", system_clock)
recogniser = page.recogniser(visit)
imports.draw(visit, recogniser)
unrecognised.draw(visit, recogniser)
page.meanings(visit)
