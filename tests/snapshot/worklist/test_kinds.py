"""What the kinds of listings tell of a view is what a query of its own would: tabs, chips, count, reasons, fix plan."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

import pytest

from aexdash.desk.decisions.items import Assign, Fix, Snooze, Take
from aexdash.model import IN_REVIEW, UNKNOWN_REASON, Lane, Mark, Provenance, Resubmit, SourceWord, Status
from aexdash.shops.records import SourceState
from aexdash.snapshot.worklist import kinds
from aexdash.snapshot.worklist.kinds import Counted
from aexdash.storage.one_state import one_state
from aexdash.view import NOBODY, View
from tests.desk.deciding import ANN, BOB
from tests.snapshot.matched.both import Both, as_shown
from tests.snapshot.shops.shop import product
from tests.snapshot.store import ACTIVE, AUDITING, NOON, OFFLINE, REJECTED, Store
from tests.snapshot.worklist.test_tabs import act

CODES = (
    "|image.main_too_small@check|",
    "|image.main_too_small@check|attribute.brand@platform|",
    "|image.watermark@diagnosis|",
    "|attribute.brand@seller_center|image.watermark@platform|",
    "",
)
RESUBMIT = ("", "ready", "not_yet")

CHOSEN: dict[str, Sequence[object]] = {
    "lanes": ((), (), (Lane.TODO,), (Lane.WAITING,), (Lane.SNOOZED,), (Lane.WAITING, Lane.SNOOZED)),
    "owners": ((), (), (ANN.name,), (BOB.name, NOBODY)),
    "marks": ((), (), (Mark.REGRESSED,), (Mark.STUCK,), (Mark.REGRESSED, Mark.UNTOUCHED)),
    "statuses": ((), (), (Status.REJECTED,), (Status.AUDITING, Status.OFFLINE), (Status.ACTIVE,)),
    "reasons": ((), ("image",), ("image.main_too_small", "attribute"), (UNKNOWN_REASON,), (IN_REVIEW, "image")),
    "resubmit": ((), (), (Resubmit.READY,), (Resubmit.NOT_YET, Resubmit.READY)),
    "sources": ((), (), (), (SourceWord.DRAFT,), (SourceWord.FIXED,), (SourceWord.MISSING, SourceWord.SAME)),
    "text": ("", "", "", "1"),
    "order": ("oldest", "urgent"),
}
VIEWS = 100


@pytest.fixture
def world(store: Store) -> Store:
    """Forty listings held, with every reason and decision, compared with a shop; two at risk, and two taken down."""
    both = Both(store)
    both.shop.read([*product("1"), *product("2", state=SourceState.DRAFT, platform_state="DRAFT"), *product("4")])
    store.sweep({one: as_shown(one, ACTIVE if one % 3 else REJECTED) for one in range(1, 45)})
    store.after(hours=1).sweep({one: as_shown(one, ACTIVE if one % 3 else AUDITING) for one in range(1, 45)})
    store.after(days=4)
    held = {one: as_shown(one, AUDITING if one % 5 == 0 else REJECTED) for one in range(1, 41)}
    others = {one: as_shown(one, ACTIVE if one < 43 else OFFLINE) for one in range(41, 45)}
    store.sweep(held | others)
    both.compare()
    with store.db.conn:
        for one in range(1, 41):
            said = (CODES[one % len(CODES)], RESUBMIT[one % len(RESUBMIT)], one)
            store.db.conn.execute("UPDATE status_period SET codes = ?, resubmit = ? WHERE product_id = ?", said)
        at_risk = "UPDATE status_period SET listed = 1, codes = ? WHERE ended_at IS NULL AND product_id IN (41, 42)"
        store.db.conn.execute(at_risk, [CODES[0]])
        taken_down = "UPDATE status_period SET listed = 1, cause = 'violate_offline' WHERE ended_at IS NULL"
        store.db.conn.execute(f"{taken_down} AND product_id IN (43, 44)")
        store.db.conn.execute(
            "INSERT INTO held_sales SELECT id, 1, 2, 10 + product_id, 20, 'USD', 1, product_id % 4 > 1, started_at"
            " FROM status_period WHERE ended_at IS NULL AND product_id % 2 AND product_id < 41"
        )
    store.after(hours=30)
    act(store, Take(), *range(1, 40, 4))
    act(store, Take(), *range(2, 40, 8), who=BOB)
    act(store, Fix(), *range(3, 40, 6))
    act(store, Snooze(), 4, 8, 16)
    act(store, Assign(ANN.name), 6, 7)
    return store


def views() -> Iterator[View]:
    """Some of all views, the same each time; among them each choice of each filter by itself."""
    yield View()
    for field, choices in CHOSEN.items():
        yield from (View(**{field: choice}) for choice in choices)
    every = list(itertools.product(*CHOSEN.values()))
    for chosen in random.Random(16).sample(every, VIEWS):
        yield View(**dict(zip(CHOSEN, chosen, strict=True)))


@one_state()
def test_of_any_view_they_tell_what_its_own_queries_do(world: Store) -> None:
    """Who looks is asked of tabs alone, so of all else one answer stands for everybody."""
    read, told = world.snapshot, 0
    for view in filter(kinds.knows, views()):
        count, blockers = read.count(view), read.blockers(view)
        facets = read.facets(view, ("status", "resubmit"))
        families, reasons = read.families_and_reasons(view.replace(reasons=()))
        for me in ("", ANN.name):
            found = read.kinds(kinds.within(view, me), me).of(view)
            assert found == Counted(count, read.tabs(view, me), facets, families, reasons, blockers), (view, me)
        told += bool(count)
    assert told > VIEWS / 5


def test_two_clicks_on_chips_are_one_count(world: Store) -> None:
    views = [View(reasons=("image",)), View(statuses=(Status.REJECTED,), lanes=(Lane.TODO,)), View(order="urgent")]
    assert len({kinds.within(view, ANN.name) for view in views}) == 1
    mine = View(lanes=(Lane.TODO,), owners=(ANN.name,))
    assert kinds.within(mine, ANN.name) == View() != kinds.within(mine, BOB.name)


@pytest.mark.parametrize(
    "view",
    [
        View(provenance=(Provenance.CHECK,)),
        View(sources=(SourceWord.FIXED,)),
        View(as_of=NOON),
    ],
)
def test_of_what_they_cannot_tell_they_say_so(view: View) -> None:
    assert not kinds.knows(view)
    assert kinds.knows(view.replace(provenance=(), sources=(), as_of=None))
