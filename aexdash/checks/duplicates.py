"""The same listing twice in one store."""

from __future__ import annotations

from collections.abc import Iterator

from aexdash.checks.facts import CheckInput, finding
from aexdash.model import Reason

MOST_OTHERS = 50
"""Other listings that a finding names at most, so that it stays small in a store of equal titles."""


def duplicate_findings(facts: CheckInput) -> Iterator[Reason]:
    """Name the other listings that have the same title or the same main picture."""
    if facts.same_title:
        yield finding("duplicate.title", others=_named(facts.same_title))
    if facts.same_picture and facts.image_urls:
        yield finding("duplicate.picture", others=_named(facts.same_picture), url=facts.image_urls[0])


def _named(others: tuple[int, ...]) -> list[str]:
    return [str(number) for number in sorted(set(others))[:MOST_OTHERS]]
