"""What the worklist counts of its view: from the kinds of its listings where these tell it, else by a query each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import Facet, Tabs
from aexdash.snapshot.tallies import Blockers, ReasonCount
from aexdash.snapshot.worklist import kinds
from aexdash.snapshot.worklist.kinds import Counted
from aexdash.ui.frame.visit import Visit
from aexdash.view import ORDERS, View


def of_kinds(visit: Visit, me: str) -> Counted | None:
    """Return all that is counted of the visit's view; None where the kinds of its listings do not tell it."""
    view = visit.view
    return visit.ask(Snapshot.kinds, kinds.within(view, me), me).of(view) if kinds.knows(view) else None


def listings(visit: Visit, me: str) -> int:
    """Count the listings of the view."""
    known = of_kinds(visit, me)
    return known.listings if known else visit.ask(Snapshot.count, _in_any_order(visit.view))


def tabs(visit: Visit, me: str, base: View) -> Tabs:
    """Count the tabs of the view; `base` is the view in which they count."""
    known = of_kinds(visit, me)
    # The lanes say whether a filter on the source is that of the tab *Fixed in the shop*; they restrict no count.
    return known.tabs if known else visit.ask(Snapshot.tabs, _in_any_order(base).replace(lanes=visit.view.lanes), me)


def facets(visit: Visit, me: str, names: Sequence[str]) -> Mapping[str, Sequence[Facet]]:
    """Count the choices of filters."""
    known = of_kinds(visit, me)
    if known and set(names) <= set(known.facets):
        return known.facets
    return visit.ask(Snapshot.facets, _in_any_order(visit.view), tuple(names))


def families_and_reasons(visit: Visit, me: str) -> tuple[Sequence[ReasonCount], Sequence[ReasonCount]]:
    """Count distinct listings by family of reasons, and by code; the view's own reason filter is ignored."""
    known = of_kinds(visit, me)
    if known:
        return known.families, known.reasons
    return visit.ask(Snapshot.families_and_reasons, _in_any_order(visit.view).replace(reasons=()))


def blockers(visit: Visit, me: str) -> Blockers:
    """Count the listings of the view by what holds them."""
    known = of_kinds(visit, me)
    return known.blockers if known else visit.ask(Snapshot.blockers, _in_any_order(visit.view))


def _in_any_order(view: View) -> View:
    return view.replace(order=ORDERS[0])
