"""What a description names outside of AliExpress: links, ways of contact and other shops.

That these are refused is a rule of marketplaces in general, and of the posting rules for *links* (reference §5.1); no
list of what counts is published. Only what can hardly be anything else is found (`aexdash.aliexpress.outside`).
"""

from __future__ import annotations

from collections.abc import Iterator

from aexdash.checks.facts import CheckInput, finding
from aexdash.model import Reason


def description_findings(facts: CheckInput) -> Iterator[Reason]:
    """Check what the description of a listing names; where it was not read, nothing is found."""
    outside = facts.detail.outside if facts.detail else None
    if outside is None:
        return
    if outside.links:
        yield finding("prohibited.outside_link", hosts=list(outside.links))
    if outside.contacts:
        yield finding("prohibited.contact", kinds=list(outside.contacts))
    if outside.shops:
        yield finding("prohibited.other_shop", shops=list(outside.shops))
