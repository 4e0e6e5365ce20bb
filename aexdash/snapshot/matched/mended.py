"""Causes that we measured on a rejected listing and that its shop no longer has: what a re-push would mend.

Only what the shop tells can be measured there: titles and prices. Of a picture nothing is claimed but that it is
another one, because a picture of a shop is not fetched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from aexdash.checks import check_listing
from aexdash.model import Provenance, Status
from aexdash.platform_data import CategoryRules, Detail, ObjectionableWord, PictureFacts, Sku
from aexdash.snapshot.shops.readmodels import SourceVariant

MEASURED_THERE: Mapping[str, str] = {
    "title.empty": "title",
    "title.too_long": "title",
    "title.repeated_words": "title",
    "price.out_of_range": "price",
}
"""The codes that can be measured on a variant of a shop too, each with the column that they are about."""

PLAIN_ASCII = "title.characters"
"""Measured there as well where every title must be plain ASCII: then no language has to be known (reference §5.3)."""


@dataclass(frozen=True)
class AtSource:
    """A product of a shop as the checks see it (`aexdash.checks.facts.CheckInput`)."""

    model: str
    title: str
    currency: str | None
    detail: Detail | None
    image_urls: tuple[str, ...] = ()
    category: CategoryRules | None = None
    pictures: Mapping[str, PictureFacts] = field(default_factory=dict)
    words: tuple[ObjectionableWord, ...] | None = None
    same_title: tuple[int, ...] = ()
    same_picture: tuple[int, ...] = ()


def gone_there(codes: str, model: str, variants: Sequence[SourceVariant]) -> dict[str, str]:
    """Return the codes that we measured on a listing and that none of its variants has, each with its column.

    `codes` are its standing reasons, written `|code@provenance|…|`; those that somebody else says are not ours to
    measure. What cannot be measured there is left out.
    """
    ours = {code for code, _, by in (word.rpartition("@") for word in codes.split("|")) if by == Provenance.CHECK}
    asked = {code: column for code, column in MEASURED_THERE.items() if code in ours}
    if model == "pop" and PLAIN_ASCII in ours:
        asked[PLAIN_ASCII] = "title"
    if not asked or not variants:
        return {}
    if "price.out_of_range" in asked and any(one.price is None for one in variants):
        del asked["price.out_of_range"]
    found = _found(model, variants, asked)
    return {code: column for code, column in asked.items() if code not in found}


def _found(model: str, variants: Sequence[SourceVariant], asked: Collection[str]) -> set[str]:
    found: set[str] = set()
    for one in variants:
        price = None if one.price is None else format(one.price, "f")
        skus = (Sku(one.variant_id, one.sku or "", price, None, one.currency),)
        detail = Detail(0, Status.REJECTED, "", None, {}, (), (), skus, None, None)
        facts = AtSource(model, one.title, one.currency, detail)
        found |= {reason.code for reason in check_listing(facts) if reason.code in asked}
    return found
