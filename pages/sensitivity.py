"""When is a number good, when does it need attention, and who is told?"""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.people.acting import rights
from aexdash.people.rights import Role
from aexdash.ui import tour
from aexdash.ui.alerts import channels, episodes, page, rules
from aexdash.ui.frame.guard import enter
from aexdash.ui.sensitivity import page as sensitivity
from aexdash.ui.sensitivity import profile_editor

visit = enter("Sensitivity", system_clock)
tour.draw(visit, "sensitivity")
part = page.head()
if part == page.RULES:
    rules.draw(visit)
elif part == page.CHANNELS:
    channels.draw(visit)
elif part == page.EPISODES:
    episodes.draw(visit)
else:
    sensitivity.bands(visit)
    if rights().may(Role.OWNER):
        profile_editor.profiles(visit)
