"""Why something differs: each difference gets the first explanation that holds, and only that one.

The order is that of `Why`. What the next reading has to tell is asked last, before *unexplained*: until then it would
be an excuse for everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import prod

from aexdash.clock import DAY
from aexdash.model import HELD, Status
from aexdash.reconcile.compare import Pair, Sides
from aexdash.reconcile.model import Difference, Kind, Reason, StoreRead, Why
from aexdash.snapshot.compared.standing import Key, Stand, Standing

FEWEST = 3
"""So many listings, and all of them, must be missing (or be there) for a filter on category or status to explain it:
of one or two, nobody could tell a filter from a chance."""

BY_CHANCE = 0.05
"""A category is no filter where a list that misses as many, whichever they are, would miss all of any category as often
as this: a list with two listings of thirty has nothing of most of them."""

NEARLY_ALL = 0.9
"""Their list shows a status that it was not said to show where it has this part of all that we have in it."""

NEAR = DAY
"""How long before or after their list a move explains a difference."""

Explanation = Callable[["Evidence", Pair], Reason | None]


@dataclass(slots=True)
class Groups:
    """Whole groups of ours that their list lacks, and whole statuses that it has without being said to.

    `held_apart` are statuses of what is held that it lacks, `too_many` those that it has without being said to.
    """

    stores: set[str] = field(default_factory=set)
    categories: set[int] = field(default_factory=set)
    statuses: set[Status] = field(default_factory=set)
    held_apart: set[Status] = field(default_factory=set)
    too_many: set[Status] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What explanations look at. `counts` are our listings by (store key, status) at the moment.

    `here` is as in `compare`; `reads` are the stores that are compared and were read, by key.
    """

    at: datetime
    listed: Sequence[Status]
    sides: Sides
    here: Mapping[Key, Standing]
    reads: Mapping[str, StoreRead]
    counts: Mapping[tuple[str, Status], int]
    groups: Groups = field(default_factory=Groups)


def explained(evidence: Evidence) -> list[Difference]:
    """Give each difference its one reason."""
    evidence = replace(evidence, groups=_groups(evidence))
    return [_difference(pair, _first(evidence, pair)) for pair in evidence.sides.pairs]


def _first(evidence: Evidence, pair: Pair) -> Reason:
    found = (explanation(evidence, pair) for explanation in EXPLANATIONS)
    return next(filter(None, found), Reason(Why.UNEXPLAINED))


def _difference(pair: Pair, reason: Reason) -> Difference:
    row = pair.named.row if pair.named else None
    store, product_id = pair.key or ("", row.product_id if row else None)
    return Difference(
        kind=pair.kind,
        store=store,
        product_id=product_id,
        theirs=pair.theirs,
        ours=pair.ours,
        delta=pair.delta,
        reason=reason,
        row=row.row if row else 0,
        written=row.written if row else "",
    )


def _groups(evidence: Evidence) -> Groups:
    """Find what would have to be left out, of their list or of ours, for the sums to meet."""
    groups, both = Groups(), [pair for pair in evidence.sides.pairs if pair.kind is Kind.STATUS]
    matched = [*evidence.sides.agreed, *(pair.key for pair in both if pair.key)]
    missing = [pair for pair in evidence.sides.pairs if pair.kind is Kind.ONLY_HERE and pair.key]
    if matched:
        stores = {store for store, _ in matched}
        groups.stores = {pair.key[0] for pair in missing if pair.key} - stores
        there = {_agreed_status(evidence, key) for key in evidence.sides.agreed}
        there |= {pair.theirs or pair.ours for pair in both}
        statuses = Counter(pair.ours for pair in missing if pair.ours not in there)
        groups.statuses = {one for one, many in statuses.items() if one and one not in HELD and many >= FEWEST}
        groups.held_apart = {one for one in statuses if one in HELD}
        seen = Counter(_category(evidence, key) for key in matched)
        categories = Counter(_category(evidence, pair.key) for pair in missing if pair.key)
        tried = sum(many >= FEWEST for one, many in (categories + seen).items() if one is not None)
        groups.categories = {
            one
            for one, many in categories.items()
            if one is not None
            and one not in seen
            and many >= FEWEST
            and _is_no_chance(many, len(matched), len(missing), tried)
        }
    unsaid = Counter(pair.ours for pair in both if _says_nothing(pair) and pair.ours not in evidence.listed)
    groups.too_many = {
        one for one, many in unsaid.items() if one and many >= max(FEWEST, NEARLY_ALL * _in_all(evidence, one))
    }
    return groups


def _is_no_chance(many: int, matched: int, missing: int, tried: int) -> bool:
    """Whether so many of what is missing would hardly all be there, were it missing whichever it is.

    `tried` is of how many categories this is asked: of twenty one is missing as a whole soon.
    """
    return tried * prod((missing - drawn) / (matched + missing - drawn) for drawn in range(many)) < BY_CHANCE


def _agreed_status(evidence: Evidence, key: Key) -> Status | None:
    return evidence.sides.agreed[key].row.status or evidence.here[key].at


def _category(evidence: Evidence, key: Key) -> int | None:
    standing = evidence.here.get(key)
    return standing.category_id if standing else None


def _says_nothing(pair: Pair) -> bool:
    return pair.named is not None and pair.named.row.status is None


def _in_all(evidence: Evidence, status: Status) -> int:
    return sum(many for (store, one), many in evidence.counts.items() if one is status and store in evidence.reads)


def scope(evidence: Evidence, pair: Pair) -> Reason | None:
    """Tell whether one side covers what the other leaves out: a store, a status or a category."""
    groups = evidence.groups
    if pair.named and pair.named.elsewhere:
        return Reason(Why.SCOPE, detail=f"store {pair.named.elsewhere}")
    if pair.kind is Kind.ONLY_HERE and pair.key:
        category = _category(evidence, pair.key)
        if pair.key[0] in groups.stores:
            return Reason(Why.SCOPE, detail=f"store {pair.key[0]}")
        if pair.ours in groups.statuses:
            return Reason(Why.SCOPE, detail=f"status {pair.ours}")
        if category in groups.categories:
            return Reason(Why.SCOPE, detail=f"category {category}")
    if pair.kind is Kind.STATUS and _says_nothing(pair) and pair.ours in groups.too_many and not _both_held(pair):
        return Reason(Why.SCOPE, detail=f"status {pair.ours}")
    return None


def moved(evidence: Evidence, pair: Pair) -> Reason | None:
    """Tell whether it was as their list says at a reading of the day before, and has been deleted or has moved since.

    Their list is then older than its moment, or Seller Center shows it late.
    """
    standing = evidence.here.get(pair.key) if pair.key else None
    if standing is None or pair.kind not in (Kind.ONLY_HERE, Kind.ONLY_THERE, Kind.STATUS):
        return None
    stands = [stand for stand in standing.stands if stand.began <= evidence.at]
    moves = [
        (before, now) for before, now in zip([None, *stands], stands, strict=False) if now.began > evidence.at - NEAR
    ]
    for before, now in reversed(moves):
        if _fits(evidence, pair, before) if before else _was_not_there(pair, now):
            return Reason(Why.MOVED, detail=f"status {now.status}", after=now.began_after, by=now.began)
    return None


def _was_not_there(pair: Pair, first: Stand) -> bool:
    """Whether a listing that their list lacks was new: the readings before had not shown it."""
    return pair.kind is Kind.ONLY_HERE and first.began_after is not None


def newer(evidence: Evidence, pair: Pair) -> Reason | None:
    """Tell whether a reading of the day after shows it as their list does: theirs was newer than our reading."""
    standing = evidence.here.get(pair.key) if pair.key else None
    if standing is None or pair.kind not in (Kind.ONLY_HERE, Kind.ONLY_THERE, Kind.STATUS):
        return None
    for stand in standing.stands:
        if stand.began > evidence.at and _fits(evidence, pair, stand):
            read = evidence.reads[standing.store].read_at
            return Reason(Why.NEWER, detail=f"status {stand.status}", after=read, by=stand.began)
    return None


def _fits(evidence: Evidence, pair: Pair, stand: Stand) -> bool:
    """Whether a status is what their list says of a listing: the one it claims, or that it is none of those listed."""
    if pair.theirs is not None:
        return stand.status is pair.theirs
    return (stand.status in evidence.listed) is (pair.kind is not Kind.ONLY_HERE)


def grouping(evidence: Evidence, pair: Pair) -> Reason | None:
    """Tell whether Seller Center keeps apart what we count together: rejected and in audit."""
    apart = pair.kind is Kind.ONLY_HERE and pair.ours in evidence.groups.held_apart
    if apart or _both_held(pair):
        return Reason(Why.GROUPING, detail=f"status {pair.ours}")
    return None


def _both_held(pair: Pair) -> bool:
    return pair.kind is Kind.STATUS and pair.ours in HELD and pair.theirs in HELD


def variant(_evidence: Evidence, pair: Pair) -> Reason | None:
    """Tell whether their list has a row a variant, where we count a listing once."""
    return Reason(Why.VARIANT) if pair.kind is Kind.REPEATED else None


def waiting(evidence: Evidence, pair: Pair) -> Reason | None:
    """Tell whether their list is newer than the last reading of the store, so that only the next one can tell."""
    if pair.kind in (Kind.REPEATED, Kind.UNREADABLE):
        return None
    stores = [evidence.reads[pair.key[0]]] if pair.key else list(evidence.reads.values())
    unread = [
        one for one in stores if one.read_again_at is None and one.read_at is not None and one.read_at < evidence.at
    ]
    return Reason(Why.NEWER, sure=False, after=min(one.read_at for one in unread if one.read_at)) if unread else None


def unreadable(_evidence: Evidence, pair: Pair) -> Reason | None:
    """Say what is wrong with a row that names no listing: nothing else can be said of it."""
    return Reason(Why.UNEXPLAINED, detail=pair.named.note) if pair.named and pair.named.note else None


EXPLANATIONS: tuple[Explanation, ...] = (scope, moved, newer, grouping, variant, unreadable, waiting)
"""Every explanation in the order in which they are tried."""
