"""The words the simulated review objects to. The types are the platform's (reference §4.5), the list is this demo's."""

from __future__ import annotations

from aexdash.demo.world.listing import Cause

PROHIBITED = ("Replica", "Fake Designer", "1:1 Copy", "Cigarette Case", "Stun Baton")
RESTRICTED = ("Pepper Spray", "500mW Laser Pointer", "Lock Pick Set", "GPS Jammer", "Switchblade")
BRANDED = ("Nike Style", "Disney Fans", "Gucci Pattern", "Lego Compatible", "Rolex Design")
INFRINGING = ("Mickey Print", "Pokemon Edition", "Harry Potter Theme")

TYPE_OF_WORD: dict[str, str] = {
    **dict.fromkeys(PROHIBITED, "FORBIDEN_TYPE"),
    **dict.fromkeys(RESTRICTED, "RESTRICT_TYPE"),
    **dict.fromkeys(BRANDED, "BRAND_TYPE"),
    **dict.fromkeys(INFRINGING, "TORT_TYPE"),
}

WORDS_OF_CAUSE: dict[Cause, tuple[str, ...]] = {
    Cause.PROHIBITED_WORD: PROHIBITED,
    Cause.RESTRICTED_GOODS: RESTRICTED,
    Cause.BRAND_WORD: (*BRANDED, *INFRINGING),
}


def objectionable(text: str) -> list[tuple[str, str]]:
    """Return the words of the text that are objected to, each with its type."""
    lowered = text.lower()
    return [(word, kind) for word, kind in TYPE_OF_WORD.items() if word.lower() in lowered]
