"""What the simulated sellers write below their goods: HTML made when it is asked for, from the listing's id alone."""

from __future__ import annotations

from html import escape

from aexdash.demo.world.listing import Facts
from aexdash.demo.world.mixing import mix

SENTENCES = (
    "Made of materials that were chosen for daily use and tested before they leave our workshop.",
    "Please allow a difference of one to three centimetres, because it is measured by hand.",
    "Colours may look slightly different on your screen than they do in daylight.",
    "Packed in a firm box that keeps its contents safe on a long journey.",
    "Easy to clean with a soft cloth; do not use hot water or strong detergents.",
    "If anything is missing or arrives broken, write to us first and we will find a way.",
    "A good present for birthdays, holidays and everybody who has moved into a new home.",
)

LENGTHS = (0, 1, 2, 3, 4, 4, 5, 5, 6, 7)
"""Of ten sellers so many write that many sentences; one in five of those who write none leaves it empty."""

PICTURES = (0, 1, 2, 3, 3, 4, 4, 5)


def description(facts: Facts, title: str, origin: str) -> str:
    """Return the description under a title, as HTML: its length and its pictures differ from listing to listing."""
    length = LENGTHS[mix(facts.product_id, 71) % len(LENGTHS)]
    if not length and mix(facts.product_id, 72) % 5 == 0:
        return ""
    shown = (facts.pictures * max(PICTURES))[: PICTURES[mix(facts.product_id, 73) % len(PICTURES)]]
    images = "".join(f'<img src="{origin}{picture.path(facts.product_id)}">' for picture in shown)
    said = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:length])
    listed = "".join(f"<li>{escape(f'{each.name}: {each.value}')}</li>" for each in facts.attributes)
    return f"<h2>{escape(title)}</h2>{said}<ul>{listed}</ul>{images}"
