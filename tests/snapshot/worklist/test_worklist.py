from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from aexdash.desk.decisions.work import Desk
from aexdash.model import Outcome, Provenance, Reason, Stage, Status
from aexdash.platform_data import PictureFacts
from aexdash.snapshot.evidence.api import open_period_ids, record_pictures, record_reasons
from aexdash.snapshot.readmodels import Facet
from aexdash.snapshot.recording.record import Staging, ensure_store, record_failure
from aexdash.snapshot.recording.worker_state import set_state
from aexdash.snapshot.store_rows import Freshness
from aexdash.snapshot.tallies import DayPoint, Hero, ReasonCount
from aexdash.view import NOBODY, View
from tests.snapshot.store import (
    ACTIVE,
    AUDITING,
    NOON,
    OFFLINE,
    REJECTED,
    STALE_AFTER,
    Store,
    entered_left,
    rejected_in_24_hours,
    report,
    shown,
)

SMALL = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 400})
BRAND = Reason("attribute.brand", Provenance.PLATFORM, text="brand")
MARK = Reason("image.watermark", Provenance.PLATFORM)


@pytest.fixture
def march(store: Store) -> Store:
    """The worked example of cards.md §1: four rejected and one in audit at noon, all of them active before."""
    store.now = NOON - timedelta(days=1)
    store.sweep(dict.fromkeys(range(1, 11), ACTIVE))
    store.now = NOON
    store.sweep(dict.fromkeys(range(1, 11), ACTIVE) | dict.fromkeys(range(1, 5), REJECTED) | {5: AUDITING})
    say(store, {1: [SMALL], 2: [SMALL], 3: [SMALL], 4: [SMALL, MARK], 5: [BRAND]})
    return store


def say(store: Store, reasons: dict[int, list[Reason]]) -> None:
    """Let these reasons stand on the listings, and no others."""
    for one, period in open_period_ids(store.db, store.id, reasons).items():
        record_reasons(store.db, period, reasons[one], set(Provenance), store.now)


def ids(store: Store, /, **view: object) -> list[int]:
    """The listings of a view, in its order; the stream, the page and the count agree."""
    asked = View(**view)  # type: ignore[arg-type]
    rows = [row.product_id for row in store.snapshot.rows(asked)]
    assert rows == [row.product_id for row in store.snapshot.page(asked, 100)]
    assert store.snapshot.count(asked) == len(rows)
    return rows


def test_no_data_is_not_zero(store: Store) -> None:
    assert store.snapshot.hero(View()) == Hero(None, None, None, None)
    assert store.snapshot.freshness(None, NOON, STALE_AFTER) == Freshness("never", None, None, None)


def test_held_statuses_read_in_different_runs_are_not_data(store: Store) -> None:
    for walked in (AUDITING, REJECTED):
        store.after(minutes=1).record(store.stage({}, walks=[walked]))
    assert store.snapshot.hero(View()).held is None
    store.after(minutes=1).pulse({})
    assert store.snapshot.hero(View()).held == 0


def test_the_hero_of_the_worked_example(march: Store) -> None:
    assert march.snapshot.hero(View()) == Hero(
        rejected=4,
        auditing=1,
        since=NOON,
        as_of=NOON,
        taken_down=0,
        active=5,
        total=10,
        stuck=0,
        held_at=NOON,
    )
    assert march.snapshot.hero(View()).held == 5
    assert rejected_in_24_hours(march.snapshot) == 4


def test_resubmitted_listings_stay_in_the_hero_until_they_are_active(march: Store) -> None:
    march.after(hours=5).pulse(dict.fromkeys(range(1, 6), AUDITING))
    resubmitted = march.snapshot.hero(View())
    march.after(days=2).sweep(dict.fromkeys(range(1, 11), ACTIVE))
    cleared = march.snapshot.hero(View())
    assert (resubmitted.rejected, resubmitted.auditing, resubmitted.since) == (0, 5, NOON)
    assert (cleared.held, cleared.since, rejected_in_24_hours(march.snapshot)) == (0, None, 0)


def test_active_and_total_are_unknown_while_only_pulses_were_read(store: Store) -> None:
    store.pulse({1: REJECTED})
    hero = store.snapshot.hero(View())
    assert (hero.held, hero.active, hero.total, hero.taken_down) == (1, None, None, None)


def test_what_we_found_when_we_first_looked_did_not_move_in_the_last_day(store: Store) -> None:
    store.sweep({1: REJECTED})
    assert rejected_in_24_hours(store.snapshot) == 0


def test_the_hero_as_of_any_moment(march: Store) -> None:
    march.after(days=2).sweep(dict.fromkeys(range(1, 11), ACTIVE))
    heroes = [march.snapshot.hero(View(as_of=NOON + timedelta(hours=hours))) for hours in (-25, -24, -1, 0, 20, 48)]
    assert [hero.held for hero in heroes] == [None, 0, 0, 5, 5, 0]
    assert [hero.since for hero in heroes] == [None, None, None, NOON, NOON, None]
    assert [hero.active for hero in heroes] == [None, 10, 10, 5, 5, 10]


def test_a_store_without_data_hides_no_other_and_is_named(march: Store) -> None:
    other = ensure_store(march.db, key="other", title="Other", model="pop", now=NOON)
    hero = march.snapshot.hero(View())
    assert (hero.held, hero.reach.claim, [one.store for one in hero.reach.missing]) == (5, "part", ["other"])
    assert march.snapshot.hero(View(store="main")).reach.claim == "known"
    staging = Staging(march.db, other)
    staging.add([shown(1, REJECTED)])
    for status in (AUDITING, REJECTED):
        staging.end_walk(report(status, NOON))
    march.record(staging)
    assert march.snapshot.hero(View()).held == 6
    assert [row.store for row in march.snapshot.rows(View(reasons=("unknown",)))] == ["other"]


def test_a_store_kept_for_its_history_counts_only_when_it_is_named(march: Store) -> None:
    ensure_store(march.db, key="main", title="main", model="overseas", now=NOON, watched=False)
    assert (march.snapshot.hero(View()).held, march.snapshot.count(View())) == (None, 0)
    assert (march.snapshot.hero(View(store="main")).held, march.snapshot.count(View(store="main"))) == (5, 5)
    assert march.snapshot.freshness("main", NOON, STALE_AFTER).state == "archived"


def test_days_without_a_complete_run_are_gaps_and_no_zeros(march: Store) -> None:
    march.after(days=3).sweep(dict.fromkeys(range(1, 11), ACTIVE))
    assert march.snapshot.days(None, date(2026, 3, 12), 6) == [
        DayPoint(date(2026, 3, 7), None, None, None, None, None),
        DayPoint(date(2026, 3, 8), 0, 0, 10, 10, 0),
        DayPoint(date(2026, 3, 9), 4, 1, 5, 10, 4),
        DayPoint(date(2026, 3, 10), 4, 1, 5, 10, 0, is_open=True),  # a reading speaks for a day: until noon
        DayPoint(date(2026, 3, 11), None, None, None, None, None),
        DayPoint(date(2026, 3, 12), 0, 0, 10, 10, 0, is_open=True),  # the day is not over
    ]


def test_the_bridge_of_a_day(march: Store) -> None:
    march.after(hours=5).pulse(dict.fromkeys(range(1, 5), AUDITING) | {5: AUDITING, 6: REJECTED})
    march.after(hours=1).sweep(dict.fromkeys(range(2, 11), ACTIVE) | {1: AUDITING, 6: shown(6, OFFLINE)})
    midnight = NOON - timedelta(hours=12)
    books = march.snapshot.past("main").books(midnight, march.now)
    assert (books.opening, books.first_seen, books.entered, books.left, books.closing) == (0, 0, 6, 5, 1)
    assert {flow.value: listings for flow, listings in books.flows.items() if listings} == {
        "rejected": 5,
        "auditing": 1,
        "active": 4,
        "offline": 1,
        "stayed": 4,
    }
    entered, left = entered_left(march.snapshot, "main", NOON, march.now)
    assert [
        (move.store, move.product_id, move.title, move.status_from, move.status_to, move.at) for move in entered
    ] == [("main", 6, "Listing 6", ACTIVE, REJECTED, NOON + timedelta(hours=5))]
    assert [(move.product_id, move.status_to) for move in left] == [
        (2, ACTIVE),
        (3, ACTIVE),
        (4, ACTIVE),
        (5, ACTIVE),
        (6, OFFLINE),
    ]


def test_the_bridge_says_what_was_there_when_we_first_looked(store: Store) -> None:
    store.sweep({1: REJECTED, 2: AUDITING})
    books = store.snapshot.past(None).books(NOON - timedelta(days=1), NOON)
    assert (books.opening, books.first_seen, books.entered, books.closing) == (0, 2, 0, 2)


def test_reasons_are_counted_by_listing_and_by_what_one_fix_frees(march: Store) -> None:
    march.after(minutes=1).sweep(
        dict.fromkeys(range(7, 11), ACTIVE) | {1: REJECTED, 6: REJECTED, 4: REJECTED, 5: AUDITING}
    )
    assert march.snapshot.reason_counts(View(reasons=("attribute",))) == [
        ReasonCount("image.main_too_small", 4, 3, (Provenance.CHECK,)),
        ReasonCount("attribute.brand", 1, 1, (Provenance.PLATFORM,)),
        ReasonCount("image.watermark", 1, 0, (Provenance.PLATFORM,)),
        ReasonCount("unknown", 1, 1, ()),
    ]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"statuses": (AUDITING,)}, [5]),
        ({"statuses": (REJECTED, OFFLINE)}, [1, 2, 3, 4]),
        ({"reasons": ("image.main_too_small",)}, [1, 2, 3, 4]),
        ({"reasons": ("image",)}, [1, 2, 3, 4]),
        ({"reasons": ("imag",)}, []),
        ({"reasons": ("image.watermark", "attribute.brand")}, [4, 5]),
        ({"provenance": (Provenance.PLATFORM,)}, [4, 5]),
        ({"reasons": ("image",), "provenance": (Provenance.PLATFORM,)}, [4]),
        ({"reasons": ("unknown",)}, []),
        ({"reasons": ("unknown",), "provenance": (Provenance.PLATFORM,)}, []),
        ({"without": ("image",)}, [5]),
        ({"without": ("image.watermark",)}, [1, 2, 3, 5]),
        ({"without": ("image", "attribute.brand")}, []),
        ({"without": ("unknown",)}, [1, 2, 3, 4, 5]),
        ({"reasons": ("image",), "without": ("image.watermark",)}, [1, 2, 3]),
        ({"both": ("image.main_too_small", "image.watermark")}, [4]),
        ({"both": ("image", "attribute.brand")}, []),
        ({"both": ("image.main_too_small",)}, [1, 2, 3, 4]),
        ({"text": "listing 3"}, [3]),
        ({"text": "LISTING"}, [1, 2, 3, 4, 5]),
        ({"text": "%"}, []),
        ({"text": "_"}, []),
        ({"order": "newest"}, [1, 2, 3, 4, 5]),
        ({"age": "1d"}, []),
        ({"in_status": "1d"}, []),
        ({"store": "nobody"}, []),
    ],
)
def test_filters(march: Store, view: dict[str, object], expected: list[int]) -> None:
    assert ids(march, **view) == expected
    assert ids(march, **view, as_of=NOON + timedelta(hours=1)) == expected


def test_what_aliexpress_took_down_is_shown_when_it_is_asked_for(store: Store) -> None:
    store.sweep(
        {1: shown(1, OFFLINE, cause="violate_offline"), 2: shown(2, OFFLINE, cause="expire_offline"), 3: REJECTED}
    )
    assert (ids(store), ids(store, statuses=(OFFLINE,))) == ([3], [1])
    assert store.snapshot.hero(View()).taken_down == 1


@pytest.mark.parametrize("text", ["100%", "50_50", "a\\b", 'say "hi"', "КРОССОВКИ", "1005001", "sku-9"])
def test_text_is_searched_as_it_is_written(store: Store, text: str) -> None:
    titles = {1: "100% cotton", 2: "50_50 mix", 3: "a\\b", 4: 'say "hi"', 5: "Мужские кроссовки", 6: "plain"}
    listings = {one: shown(one, REJECTED, title=title) for one, title in titles.items()}
    listings[1005001] = shown(1005001, REJECTED, sku_codes=('SKU-9 "x"',))
    store.sweep(listings)
    expected = {"100%": 1, "50_50": 2, "a\\b": 3, 'say "hi"': 4, "КРОССОВКИ": 5, "1005001": 1005001, "sku-9": 1005001}
    assert ids(store, text=text) == [expected[text]]


def test_orders(store: Store) -> None:
    facts = {1: ("b", "9.00"), 2: ("A", "10.00"), 3: ("c", None)}

    def sweep(**statuses: Status) -> None:
        told = {int(word[1:]): status for word, status in statuses.items()}
        store.sweep(
            {one: shown(one, status, title=facts[one][0], price_min=facts[one][1]) for one, status in told.items()}
        )

    sweep()
    store.after(days=4)
    sweep(_1=REJECTED)
    store.after(days=4)
    sweep(_1=REJECTED, _2=REJECTED, _3=REJECTED)
    store.after(days=1)
    sweep(_1=REJECTED, _2=ACTIVE, _3=AUDITING)
    store.after(days=1)
    sweep(_1=REJECTED, _2=REJECTED, _3=AUDITING)
    orders = {name: ids(store, order=name) for name in ("oldest", "newest", "title", "price", "attempts", "product_id")}
    assert orders == {
        "oldest": [1, 3, 2],
        "newest": [2, 3, 1],
        "title": [2, 1, 3],
        "price": [2, 1, 3],
        "attempts": [2, 1, 3],
        "product_id": [1, 2, 3],
    }
    assert (ids(store, age="3d"), ids(store, age="1d")) == ([1], [1, 3])


def test_pages_follow_each_other(store: Store) -> None:
    store.sweep(dict.fromkeys(range(1, 1202), REJECTED))
    pages = [store.snapshot.page(View(), 500, offset) for offset in (0, 500, 1000)]
    assert [row.product_id for page in pages for row in page] == list(range(1, 1202)) == ids_streamed(store)


def ids_streamed(store: Store) -> list[int]:
    return [row.product_id for row in store.snapshot.rows(View())]


def test_facets_count_each_filter_with_the_others_on(march: Store) -> None:
    Desk(march.desk_path).set_stage("main", [1], Stage.TAKEN, by="ann", now=NOON)
    Desk(march.desk_path).set_owner("main", [1, 2], "ann", by="ann", now=NOON)
    facets = march.snapshot.facets(View(statuses=(REJECTED,), owners=("ann",)))
    assert facets == {
        "status": [Facet("rejected", "rejected", 2)],
        "audit": [],
        "category": [],
        "age": [],
        "in_status": [],
        "source": [],
        "stage": [Facet("new", "new", 1), Facet("taken", "taken", 1)],
        "owner": [Facet("ann", "ann", 2), Facet(NOBODY, "nobody", 2)],
        "provenance": [Facet("check", "check", 2)],
        "resubmit": [Facet("not_yet", "not_yet", 2)],
    }
    every = march.snapshot.facets(View())
    assert every["status"] == [Facet("rejected", "rejected", 4), Facet("auditing", "auditing", 1)]
    assert every["provenance"] == [Facet("platform", "platform", 2), Facet("check", "check", 4)]


@pytest.mark.parametrize("as_of", [None, NOON + timedelta(hours=1)])
def test_a_chip_counts_what_its_list_shows_beside_every_other_filter(march: Store, as_of: datetime | None) -> None:
    snapshot = march.snapshot
    for reasons in ((), ("image",), ("image.watermark",), ("image.main_too_small", "attribute"), ("unknown",)):
        view = View(reasons=reasons, as_of=as_of)
        for by in snapshot.facets(view)["provenance"]:
            listed = view.replace(provenance=(Provenance(by.value),))
            assert by.listings == snapshot.count(listed), (reasons, by.value)
    for said_by in ((Provenance.PLATFORM,), (Provenance.CHECK,), (Provenance.PLATFORM, Provenance.CHECK)):
        view = View(provenance=said_by, as_of=as_of)
        reasons, families = snapshot.reason_counts(view), snapshot.family_counts(view)
        assert snapshot.families_and_reasons(view) == (families, reasons)
        for reason in (*reasons, *families):
            assert reason.listings == snapshot.count(view.replace(reasons=(reason.code,))), (said_by, reason.code)
            assert set(reason.provenance) <= set(said_by)


def test_a_chosen_reason_says_who_says_that_one(march: Store) -> None:
    image = march.snapshot.facets(View(reasons=("image.main_too_small",)))["provenance"]
    assert image == [Facet("check", "check", 4)]
    said = march.snapshot.reason_counts(View(provenance=(Provenance.PLATFORM,)))
    assert said == [
        ReasonCount("attribute.brand", 1, 1, (Provenance.PLATFORM,)),
        ReasonCount("image.watermark", 1, 0, (Provenance.PLATFORM,)),
    ]


def test_a_rejection_makes_a_listing_new_again_but_keeps_owner_and_note(march: Store) -> None:
    desk = Desk(march.desk_path)
    desk.set_stage("main", [1, 5], Stage.FIXED, by="ann", now=NOON + timedelta(minutes=1))
    desk.set_note("main", [1], "new photo", by="ann", now=NOON + timedelta(minutes=1))
    march.after(hours=1).sweep({1: AUDITING, 5: AUDITING})
    waiting = ids(march, stages=(Stage.FIXED,))
    march.after(hours=1).sweep({1: REJECTED, 5: AUDITING})
    desk.set_owner("main", [1], "bob", by="bob", now=march.now)
    card = march.snapshot.listing("main", 1)
    assert sorted(waiting) == [1, 5]
    assert card is not None
    assert (card.row.stage, card.row.note, card.row.owner, card.row.attempt) == (Stage.NEW, "new photo", "bob", 2)
    assert ids(march, stages=(Stage.NEW,), owners=("bob",)) == [1]


def test_a_snooze_ends(march: Store) -> None:
    until = NOON + timedelta(hours=2)
    Desk(march.desk_path).set_stage("main", [1, 2], Stage.SNOOZED, by="ann", now=NOON, snoozed_until=until)
    Desk(march.desk_path).set_stage("main", [2], Stage.SNOOZED, by="ann", now=NOON)
    snoozed = ids(march, stages=(Stage.SNOOZED,))
    march.after(hours=2)
    assert (snoozed, ids(march, stages=(Stage.SNOOZED,))) == ([1, 2], [2])


def test_people_and_reasons_are_shown_as_they_were_at_a_moment(march: Store) -> None:
    hour = timedelta(hours=1)
    march.after(hours=1)
    Desk(march.desk_path).set_stage("main", [1], Stage.TAKEN, by="ann", now=march.now)
    say(march, {1: [MARK]})
    march.after(hours=1)
    Desk(march.desk_path).set_stage("main", [1], Stage.FIXED, by="ann", now=march.now)
    rows = [march.snapshot.page(View(as_of=NOON + hour * count), 1)[0] for count in (0, 1, 2)]
    assert [row.stage for row in rows] == [Stage.NEW, Stage.TAKEN, Stage.FIXED]
    assert [[reason.code for reason in row.reasons] for row in rows] == [
        ["image.main_too_small"],
        ["image.watermark"],
        ["image.watermark"],
    ]
    assert ids(march, reasons=("image.main_too_small",), as_of=NOON) == [1, 2, 3, 4]
    assert ids(march, reasons=("image.main_too_small",), as_of=NOON + hour) == [2, 3, 4]


def test_a_card_tells_the_whole_story_up_to_its_moment(march: Store) -> None:
    march.after(hours=1).sweep({1: AUDITING})
    record_pictures(march.db, [PictureFacts("https://pictures.example/1.jpg", "measured", 400, 400)], march.now)
    now, then = march.snapshot.listing("main", 1), march.snapshot.listing("main", 1, as_of=NOON)
    assert now is not None
    assert then is not None
    assert [(period.status, period.ended_at) for period in now.periods] == [
        (ACTIVE, NOON),
        (REJECTED, NOON + timedelta(hours=1)),
        (AUDITING, None),
    ]
    assert [(period.status, period.ended_at) for period in then.periods] == [(ACTIVE, NOON), (REJECTED, None)]
    assert [reason.vanished_at for reason in now.periods[1].reasons] == [NOON + timedelta(hours=1)]
    assert (then.row.status, now.row.status, now.row.audit_kind) == (REJECTED, AUDITING, "resubmitted")
    assert now.pictures == (PictureFacts("https://pictures.example/1.jpg", "measured", 400, 400),)
    assert march.snapshot.listing("main", 99) is None
    assert march.snapshot.listing("nobody", 1) is None
    assert march.snapshot.listing("main", 1, as_of=NOON - timedelta(days=2)) is None


def fail(store: Store) -> None:
    """Record a failed run that ends now."""
    record_failure(
        store.db,
        store.id,
        kind="pulse",
        started_at=store.now,
        finished_at=store.now,
        error_kind="x",
        message="No.",
        calls=1,
    )


def test_freshness_has_a_word_for_every_state(store: Store) -> None:
    def state(**late: float) -> str:
        return store.snapshot.freshness("main", store.now + timedelta(**late), STALE_AFTER).state

    fail(store)
    never = state()
    store.sweep({})
    states = [never, state(), state(seconds=299), state(seconds=301)]
    store.after(minutes=1).record(store.stage({}), outcome=Outcome.PARTIAL)
    states.append(state())
    fail(store)
    assert [*states, state()] == ["never", "fresh", "fresh", "stale", "partial", "failed"]


def test_freshness_of_all_stores_is_the_worst_and_says_whose_it_is(store: Store) -> None:
    store.sweep({})
    other = ensure_store(store.db, key="other", title="Other", model="pop", now=NOON)
    later = NOON + timedelta(minutes=1)
    set_state(store.db, other, banned_until=later, next_pulse_at=later, working_on="pulse")
    record_failure(
        store.db,
        other,
        kind="pulse",
        started_at=NOON,
        finished_at=NOON,
        error_kind="x",
        message="Key is wrong.",
        calls=1,
    )
    assert store.snapshot.freshness(None, NOON, STALE_AFTER) == Freshness(
        "never", None, later, Outcome.FAILED, "Other: Key is wrong.", later, "pulse"
    )


def test_health_shows_the_last_walk_of_each_status_and_what_is_known(march: Store) -> None:
    march.after(minutes=1).pulse({1: REJECTED}, incomplete=[REJECTED])
    (health,) = march.snapshot.health(march.now, STALE_AFTER)
    assert (health.listings, health.details_known, health.pictures_known) == (10, 0, 0)
    assert [(walk.status, walk.complete) for walk in health.walks] == [
        ("rejected", False),
        ("auditing", True),
        ("active", True),
        ("offline", True),
    ]
    assert [run.our_auditing for run in march.snapshot.runs(3, "main")] == [1, 1, 0]


def test_every_status_is_a_row_of_the_books() -> None:
    assert [status.value for status in Status] == ["active", "auditing", "rejected", "offline", "deleted", "other"]


def test_held_without_a_break_counts_over_all_stores(store: Store) -> None:
    """One store was held from noon to two, the other from one o'clock on: together since noon."""
    other = Store(store.folder, key="other")
    for each in (store, other):
        each.sweep({})
    for mine, others in (({1: REJECTED}, {}), ({1: REJECTED}, {2: AUDITING}), ({1: ACTIVE}, {2: AUDITING})):
        store.after(hours=1).sweep(mine)
        other.after(hours=1).sweep(others)
    assert store.snapshot.hero(View()).since == NOON + timedelta(hours=1)
    assert store.snapshot.hero(View(as_of=NOON + timedelta(hours=2))).since == NOON + timedelta(hours=1)
    assert store.snapshot.hero(View(store="other")).since == NOON + timedelta(hours=2)
    other.db.close()
