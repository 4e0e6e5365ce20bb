"""Why listings are held, rebuilt from a filter where the list itself names no reason (reference §3.4, §4A)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from aexdash.aliexpress.errors import InvalidRequest, PermissionDenied
from aexdash.platform_data import Observation, Page, PlatformSignal

REASONS = (
    "audit_sub_status_basic",
    "audit_sub_status_supply_price",
    "audit_sub_status_cro",
    "audit_sub_status_qf",
    "audit_sub_status_sale_price",
    "up_shelf_product",
    "down_shelf_product",
    "delete_product",
    "audit_reject",
)
"""What `audit_failure_reason` is asked for: the enum of reference §3.3 without `audit_approve`, which holds nothing."""

FIELD = "audit_failure_reason"

WalkReason = Callable[[str], Iterator[Page]]
"""A reason to the pages of the listings that it holds in the status that is being read."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The reasons by listing; `complete` is False when some could not be read, and an absent reason means nothing."""

    reasons: dict[int, tuple[str, ...]]
    complete: bool

    def explain(self, seen: Observation) -> Observation:
        """Return the observation with its reasons; what the list itself said stays in front of them."""
        said = {signal.value for signal in seen.signals}
        found = (PlatformSignal(FIELD, value) for value in self.reasons.get(seen.product_id, ()) if value not in said)
        return replace(seen, signals=(*seen.signals, *found), signals_told=self.complete)


def with_reasons(pages: Iterator[Page], walk_reason: WalkReason) -> Iterator[Page]:
    """Yield the pages of a held status with the reasons of their listings, a listing in several walks with several.

    Costs beside the pages themselves nine calls, one a reason, and one more for every further page of 20 listings that
    a reason holds; a status without listings costs none.

    Raises:
        PlatformError: a walk gave no usable answer, be it throttled or unreachable; the status is then not read.
    """
    first = next(pages, None)
    if first is None:
        return
    if not first.observations:
        yield from chain((first,), pages)
        return
    rebuilt = _rebuild(walk_reason)
    for page in chain((first,), pages):
        yield replace(page, observations=tuple(rebuilt.explain(seen) for seen in page.observations))


def _rebuild(walk_reason: WalkReason) -> Rebuilt:
    """Walk every reason; one that is refused, or whose pages do not add up, makes the result incomplete."""
    held: dict[str, frozenset[int]] = {}
    complete = True
    for reason in REASONS:
        try:
            held[reason], whole = _listings(walk_reason(reason))
        except InvalidRequest:
            complete = False
        except PermissionDenied:
            complete = False
            break
        else:
            complete &= whole
    if _ignored(held):
        return Rebuilt({}, complete=False)
    listings = frozenset[int]().union(*held.values())
    return Rebuilt(
        {number: tuple(reason for reason in held if number in held[reason]) for number in listings}, complete
    )


def _listings(pages: Iterator[Page]) -> tuple[frozenset[int], bool]:
    """The listings of a walk, and whether its pages add up to the total that each of them reported."""
    read = tuple(pages)
    numbers = [seen.product_id for page in read for seen in page.observations]
    distinct = frozenset(numbers)
    return distinct, {page.reported for page in read} == {len(numbers)} == {len(distinct)}


def _ignored(held: dict[str, frozenset[int]]) -> bool:
    """Whether every reason shows the same listings: then the filter was not applied, and the answers mean nothing."""
    return len(held) > 1 and len(set(held.values())) == 1 and any(held.values())
