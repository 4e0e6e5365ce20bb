"""When is a number good, when does it need attention, and who is told?"""

from __future__ import annotations

from aexdash.clock import system_clock
from aexdash.ui import alerts, alerts_rules, channels_table, episode_history, profile_editor, sensitivity
from aexdash.ui.guard import enter

visit = enter("Sensitivity", system_clock)
part = alerts.head()
if part == alerts.RULES:
    alerts_rules.draw(visit)
elif part == alerts.CHANNELS:
    channels_table.draw(visit)
elif part == alerts.EPISODES:
    episode_history.draw(visit)
else:
    sensitivity.bands(visit)
    profile_editor.profiles(visit)
