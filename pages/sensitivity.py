"""When is a number good, and when does it need attention?"""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import profile_editor, sensitivity
from aexdash.ui.guard import enter

visit = enter("Sensitivity", system_clock)
sensitivity.bands(visit)
profile_editor.profiles(visit)
