"""The keys of the worklist, in one table: the list, the shortcuts of buttons, the overlay and the docs are made of it.

A key is answered in one place at a time: by the list while no panel is open, and by the buttons of an open panel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Literal

In = Literal["component", "shortcut", ""]


@dataclass(frozen=True, slots=True)
class Key:
    """A key, or several that do the same, and what it does.

    `name` is what the list and the buttons call it. `keys` are written as on a keyboard. `in_list` and `in_panel` say
    by what it is answered while the list, or the panel of a listing, is in front: the list component, a button's
    shortcut, or nothing. `decides`: it changes what people decided, so it is off in the time machine. `for_ticked`: in
    the list it is meant for the ticked listings, as the bar over the list is, and with none ticked for the current one.
    """

    name: str
    keys: tuple[str, ...]
    does: str
    in_list: In
    in_panel: In
    decides: bool = False
    for_ticked: bool = False


KEYS: tuple[Key, ...] = (
    Key("next", ("J",), "next listing", "component", "shortcut"),
    Key("previous", ("K",), "previous listing", "component", "shortcut"),
    Key("open", ("O", "Enter"), "open it; Esc closes it", "component", ""),
    Key("tick", ("X",), "tick it, or take the tick away", "component", ""),
    Key("all", ("A",), "tick all of this page; again: all that match; again: none", "component", ""),
    Key("take", ("T",), "take: it is mine", "component", "shortcut", decides=True, for_ticked=True),
    Key("fix", ("F",), "fixed, waiting for AliExpress", "component", "shortcut", decides=True, for_ticked=True),
    Key("snooze", ("S",), "snooze, then 1 to 5 for how long", "component", "shortcut", decides=True, for_ticked=True),
    Key("back", ("B",), "back to do", "component", "shortcut", decides=True, for_ticked=True),
    Key("owner", ("W",), "set who owns it", "component", "shortcut", decides=True, for_ticked=True),
    Key("note", ("N",), "write a note; Ctrl + Enter saves it", "component", "shortcut", decides=True, for_ticked=True),
    Key("undo", ("U",), "undo my last action", "shortcut", "shortcut", decides=True),
    Key("seller_center", ("G",), "go to it in Seller Center", "component", "shortcut"),
    Key("copy", ("C",), "copy product ids", "component", "component", for_ticked=True),
    Key(
        "copy_with_titles",
        ("Shift + C",),
        "copy product ids with titles and links",
        "component",
        "component",
        for_ticked=True,
    ),
    Key("search", ("/",), "search", "component", ""),
    Key("help", ("?",), "show these keys", "component", "component"),
)
"""In the order in which people meet them."""

_BY_NAME = {key.name: key for key in KEYS}

SNOOZES: Mapping[str, tuple[str, str]] = {
    "1": ("1d", "until tomorrow"),
    "2": ("3d", "three days"),
    "3": ("7d", "a week"),
    "4": ("status", "until AliExpress changes it"),
    "5": ("worse", "until it gets worse"),
}
"""By the key that is pressed after *snooze*: what the act asks for (`Act.more`), and its words."""


def for_which() -> str:
    """Say which keys are meant for the ticked listings, and which for the current one."""
    of_ticked = [key.keys[0] for key in KEYS if key.for_ticked]
    return (
        f"{', '.join(of_ticked[:-1])} and {of_ticked[-1]} act on the ticked listings, however many, and say how many; "
        "with none ticked, and all other keys, on the current one."
    )


def shortcut(name: str) -> str:
    """Return the key of a name as Streamlit's `shortcut=` wants it.

    Raises:
        KeyError: there is no such key, or no button answers it.
    """
    key = _BY_NAME[name]
    if "shortcut" not in (key.in_list, key.in_panel):
        raise KeyError(f"{name} is answered by the list, not by a button")
    return key.keys[0]


@cache
def for_the_list() -> list[dict[str, object]]:
    """Return the table as the list component reads it."""
    return [asdict(key) for key in KEYS]
