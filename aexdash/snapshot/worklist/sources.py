"""What listings are beside the shop that they come from, in the rows and filters of the worklist.

It was told by the last comparison before the moment (`aexdash.snapshot.matched`); a listing of a store without a shop
is nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aexdash.model import SourceWord

ALIAS = "at_shop."

NOW = """LEFT JOIN listing_source AS at_shop INDEXED BY listing_source_open
    ON at_shop.store_id = p.store_id AND at_shop.product_id = p.product_id AND at_shop.ended_at IS NULL"""

THEN = """LEFT JOIN listing_source AS at_shop INDEXED BY listing_source_of_listing
    ON at_shop.store_id = p.store_id AND at_shop.product_id = p.product_id AND at_shop.started_at <= :as_of
        AND (at_shop.ended_at IS NULL OR at_shop.ended_at > :as_of)"""

WORDS = "at_shop.words"


def choices(words: object) -> Iterable[object]:
    """Return the choices that a listing is, of its words written `|draft|price|`."""
    return [] if words is None else str(words).strip("|").split("|")


def condition(wanted: Sequence[SourceWord], bound: dict[str, object]) -> str:
    """Return the condition that a listing is one of these; their values go into `bound`."""
    bound |= {f"source{index}": f"|{word}|" for index, word in enumerate(wanted)}
    return f"({' OR '.join(f'instr({WORDS}, :source{index})' for index in range(len(wanted)))})"
