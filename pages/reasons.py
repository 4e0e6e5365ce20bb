"""What Seller Center says, dropped in as a file; what was not recognised; what each reason means."""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import imports, reasons, unrecognised
from aexdash.ui.guard import enter

visit = enter("Reasons", system_clock)
recogniser = reasons.recogniser(visit)
imports.draw(visit, recogniser)
unrecognised.draw(visit, recogniser)
reasons.meanings(visit)
