"""Before the audit: evidence on listings on sale, and on those that wait to go on sale."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.model import Provenance, Reason, Status
from aexdash.platform_data import ObjectionableWord, PictureFacts
from aexdash.snapshot.evidence.api import (
    NeedsWords,
    needs_detail,
    needs_pictures,
    needs_words,
    open_period_ids,
    record_category,
    record_details,
    record_pictures,
    record_reasons,
    record_words,
    refresh_duplicates,
    unchecked,
    unknown_categories,
)
from aexdash.snapshot.readmodels import Facet, KnownListing
from aexdash.snapshot.recording.record import ensure_store
from aexdash.snapshot.tallies import AtRisk, ReasonCount
from aexdash.view import View
from tests.snapshot.evidence.test_evidence import BOOTS, DETAIL
from tests.snapshot.store import ACTIVE, AUDITING, NOON, OFFLINE, REJECTED, Store, shown

TOO_LONG = Reason("title.too_long", Provenance.CHECK, measured={"length": 300, "maximum": 218})
ADVICE = Reason("other.quality_advice", Provenance.DIAGNOSIS)
PENDING = shown(4, OFFLINE, cause="pending_launch")
EVERY = {1: REJECTED, 2: ACTIVE, 3: ACTIVE, 4: PENDING, 5: shown(5, OFFLINE, cause="user_offline")}


@pytest.fixture
def shop(store: Store) -> Store:
    """One rejected listing, two on sale, one that waits to go on sale, one that the seller took off."""
    store.sweep(EVERY)
    return store


def find(store: Store, one: int, *reasons: Reason) -> None:
    """Let our checks find this on a listing."""
    period = open_period_ids(store.db, store.id, [one])[one]
    record_reasons(store.db, period, reasons, {Provenance.CHECK}, store.now)


def due(store: Store) -> list[int]:
    """The listings that our checks have not looked at yet; then they find nothing on them."""
    found = [facts.product_id for facts in unchecked(store.db, store.id, 100)]
    for one in found:
        find(store, one)
    return found


def at_risk(store: Store) -> list[int]:
    return [row.product_id for row in store.snapshot.rows(View(statuses=(ACTIVE,), order="product_id"))]


def test_evidence_is_asked_for_what_is_held_and_for_what_is_on_sale_apart(shop: Store) -> None:
    scopes = ("held", "at_risk")
    details = [[one.product_id for one in needs_detail(shop.db, shop.id, NOON, -1, scope)] for scope in scopes]
    pictures = [needs_pictures(shop.db, shop.id, -1, NOON, scope) for scope in scopes]
    assert [sorted(ids) for ids in details] == [[1], [2, 3, 4]]  # those on sale come in the order of chance
    assert pictures == [[f"https://pictures.example/{one}.jpg" for one in sorted(ids)] for ids in details]
    assert [len(needs_detail(shop.db, shop.id, NOON, limit, "at_risk")) for limit in (0, 2)] == [0, 2]


def test_a_listing_on_sale_is_checked_once_its_detail_is_known_and_after_every_edit(shop: Store) -> None:
    first = due(shop)
    record_details(shop.db, shop.id, [replace(DETAIL, product_id=one) for one in (2, 4)], NOON)
    after_detail = due(shop)
    shop.after(minutes=1).sweep(EVERY | {2: shown(2, ACTIVE, title="New"), 3: shown(3, ACTIVE, title="New")})
    after_edit = due(shop)
    shop.after(minutes=1).sweep(EVERY | {2: AUDITING})
    in_audit = due(shop)
    shop.after(minutes=1).sweep(EVERY)
    assert [first, after_detail, after_edit, in_audit, due(shop)] == [[1], [2, 4], [2], [2], [2]]


def test_what_a_category_asks_is_learnt_for_listings_whose_detail_is_known(shop: Store) -> None:
    before = unknown_categories(shop.db, shop.id, NOON, scope="at_risk")
    record_details(shop.db, shop.id, [replace(DETAIL, product_id=2)], NOON)
    wanted = unknown_categories(shop.db, shop.id, NOON, scope="at_risk")
    due(shop)
    record_category(shop.db, shop.id, BOOTS, NOON)
    (facts,) = unchecked(shop.db, shop.id, 10)
    assert (before, wanted, unknown_categories(shop.db, shop.id, NOON, scope="at_risk")) == ([], [7], [])
    assert (facts.product_id, facts.category) == (2, BOOTS)


def test_what_a_category_does_not_tell_this_time_stays_as_it_was_told(shop: Store) -> None:
    record_details(shop.db, shop.id, [replace(DETAIL, product_id=2)], NOON)
    record_category(shop.db, shop.id, BOOTS, NOON)
    record_category(shop.db, shop.id, replace(BOOTS, leaf=None, qualifications=None, eu_person_needed=None), NOON)
    card = shop.snapshot.listing("main", 2)
    assert card is not None
    assert card.category == BOOTS


def test_main_pictures_on_sale_come_first_and_news_of_them_is_checked_once(store: Store) -> None:
    store.sweep({2: shown(2, ACTIVE, image_urls=("a", "b")), 3: shown(3, ACTIVE, image_urls=("c", "a"))})
    record_details(store.db, store.id, [replace(DETAIL, product_id=one, image_urls=("d",)) for one in (2, 3)], NOON)
    due(store)
    wanted = needs_pictures(store.db, store.id, -1, NOON, "at_risk")
    facts = [PictureFacts("b", "measured", 800, 800), PictureFacts("elsewhere", "measured", 1, 1)]
    record_pictures(store.db, facts, NOON)
    first = due(store)
    record_pictures(store.db, [replace(facts[0], thumbnail="b.jpg")], NOON)
    no_news = due(store)
    record_pictures(store.db, [PictureFacts("a", "unreachable")], NOON)
    assert (sorted(wanted[:2]), sorted(wanted[2:])) == (["a", "c"], ["b", "d"])
    assert (first, no_news, sorted(due(store))) == ([2], [], [2, 3])
    assert needs_pictures(store.db, store.id, -1, NOON + timedelta(hours=23), "at_risk") == ["c", "d"]


def test_a_picture_of_which_only_the_head_was_read_is_read_whole_once_its_listing_is_held(store: Store) -> None:
    url = "https://pictures.example/1.jpg"
    store.sweep({1: ACTIVE})
    record_pictures(store.db, [PictureFacts(url, "measured", 400, 400)], NOON)
    on_sale = needs_pictures(store.db, store.id, -1, NOON, "at_risk")
    store.after(minutes=1).sweep({1: REJECTED})
    held = needs_pictures(store.db, store.id, -1, NOON)
    record_pictures(store.db, [PictureFacts(url, "measured", 400, 400, note="no thumbnail: disk full")], NOON)
    assert (on_sale, held, needs_pictures(store.db, store.id, -1, NOON)) == ([], [url], [])


def test_a_title_is_asked_about_once_in_its_category(store: Store) -> None:
    store.sweep({1: REJECTED, 2: shown(2, ACTIVE, category_id=7), 3: ACTIVE})
    asked = needs_words(store.db, store.id, "at_risk", -1)
    words = (ObjectionableWord("Nike", ("BRAND_TYPE", "TORT_TYPE")),)
    due(store)
    record_words(store.db, store.id, [(asked[0], words)], NOON)
    (facts,) = unchecked(store.db, store.id, 10)
    answered = needs_words(store.db, store.id, "at_risk", -1)
    store.after(minutes=1).sweep({1: REJECTED, 2: shown(2, ACTIVE, category_id=7, title="New"), 3: ACTIVE})
    (edited,) = unchecked(store.db, store.id, 10)
    assert (asked, answered) == ([NeedsWords(2, 7, "Listing 2")], [])
    assert (facts.product_id, facts.words, edited.words) == (2, words, None)
    assert needs_words(store.db, store.id, "at_risk", -1) == [NeedsWords(2, 7, "New")]
    assert needs_words(store.db, store.id, "held", -1) == []


def twins(store: Store) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every listing due for a check with those of the same title and of the same picture."""
    found = {facts.product_id: (facts.same_title, facts.same_picture) for facts in unchecked(store.db, store.id, 100)}
    due(store)
    return found


def test_the_same_title_or_main_picture_on_several_listings(store: Store) -> None:
    listings = {
        1: shown(1, REJECTED, title="Desk LAMP", image_urls=("a",)),
        2: shown(2, ACTIVE, title="desk lamp", image_urls=("b", "a")),
        3: shown(3, ACTIVE, title="Desk lamp, red", image_urls=("a",)),
        4: shown(4, OFFLINE, title="desk lamp", image_urls=("a",), cause="user_offline"),
        5: shown(5, ACTIVE, title="", image_urls=()),
        6: shown(6, ACTIVE, title="", image_urls=()),
        7: shown(7, ACTIVE, image_urls=("c",)),
    }
    store.sweep(listings)
    changed = refresh_duplicates(store.db, store.id)
    first = twins(store)
    again = (refresh_duplicates(store.db, store.id), due(store))
    same = [PictureFacts(url, "measured", 800, 800, content="c0ffee") for url in ("b", "c")]
    record_pictures(store.db, same, NOON)
    by_content = (refresh_duplicates(store.db, store.id), twins(store))
    store.after(minutes=1).sweep({**listings, 2: shown(2, ACTIVE, title="Chair", image_urls=("b",))})
    refresh_duplicates(store.db, store.id)
    assert (changed, first) == (3, {1: ((2,), (3,)), 2: ((1,), ()), 3: ((), (1,))})
    assert again == (0, [])
    assert by_content == (2, {2: ((1,), (7,)), 7: ((), (2,))})
    assert twins(store) == {1: ((), (3,)), 2: ((), (7,))}


def test_of_many_twins_the_first_few_are_named(store: Store) -> None:
    store.sweep({one: shown(one, ACTIVE, title="Lamp") for one in range(1, 31)})
    assert refresh_duplicates(store.db, store.id) == 30
    found = twins(store)
    assert (found[1][0], found[30][0]) == (tuple(range(2, 22)), tuple(range(1, 21)))


def test_stores_are_compared_each_for_itself(store: Store) -> None:
    other = Store(store.folder, key="other")
    for each in (store, other):
        each.sweep({1: shown(1, ACTIVE, title="Lamp"), 2: shown(2, ACTIVE, title=f"{each.key} lamp")})
    assert [refresh_duplicates(each.db, each.id) for each in (store, other)] == [0, 0]
    other.db.close()


def test_a_finding_puts_a_listing_on_sale_at_risk_and_advice_does_not(shop: Store) -> None:
    record_details(shop.db, shop.id, [replace(DETAIL, product_id=one) for one in (2, 3)], NOON)
    before = shop.snapshot.at_risk(View())
    find(shop, 2, TOO_LONG)
    find(shop, 4, TOO_LONG, Reason("image.ratio", Provenance.CHECK))
    period = open_period_ids(shop.db, shop.id, [3])[3]
    record_reasons(shop.db, period, [ADVICE], {Provenance.DIAGNOSIS}, NOON)
    assert (before, shop.snapshot.at_risk(View())) == (AtRisk(0, 0, 3), AtRisk(2, 1, 3))
    assert at_risk(shop) == [2, 4]
    assert shop.snapshot.risk_counts(View(statuses=(REJECTED,), reasons=("unknown",))) == [
        ReasonCount("title.too_long", 2, 1, (Provenance.CHECK,)),
        ReasonCount("image.ratio", 1, 0, (Provenance.CHECK,)),
    ]
    rows = {row.product_id: (row.status, row.cause) for row in shop.snapshot.rows(View(statuses=(ACTIVE,)))}
    assert rows == {2: (ACTIVE, None), 4: (OFFLINE, "pending_launch")}
    assert shop.snapshot.facets(View())["status"] == [Facet("rejected", "rejected", 1), Facet("active", "active", 2)]


def test_what_is_at_risk_is_neither_held_nor_taken_down(shop: Store) -> None:
    before = shop.snapshot.hero(View())
    find(shop, 2, TOO_LONG)
    find(shop, 4, TOO_LONG)
    assert shop.snapshot.hero(View()) == before
    assert shop.snapshot.hero(View(as_of=NOON)).taken_down == 0
    assert [shop.snapshot.count(View(statuses=(status,))) for status in (REJECTED, OFFLINE, ACTIVE)] == [1, 0, 2]


def test_a_listing_is_no_longer_at_risk_once_mended_but_was(shop: Store) -> None:
    find(shop, 2, TOO_LONG)
    shop.after(hours=1)
    find(shop, 2)
    then = [row.product_id for row in shop.snapshot.rows(View(statuses=(ACTIVE,), as_of=NOON))]
    assert (at_risk(shop), then) == ([], [2])
    assert shop.snapshot.at_risk(View(as_of=NOON)) == AtRisk(1, None, None)


def test_how_many_are_on_sale_is_unknown_while_only_pulses_were_read(store: Store) -> None:
    store.pulse({1: REJECTED})
    assert store.snapshot.at_risk(View()) == AtRisk(0, None, None)


def test_a_row_of_a_file_is_found_by_id_or_by_sku_code_in_every_store(store: Store) -> None:
    big = 2**53 + 1
    store.sweep({big: shown(big, REJECTED, sku_codes=("A-1", "B")), 2: shown(2, ACTIVE, sku_codes=("a-1", "B"))})
    other = ensure_store(store.db, key="other", title="Other", model="pop", now=NOON)
    first = KnownListing("main", big, f"Listing {big}", REJECTED)
    second = KnownListing("main", 2, "Listing 2", Status.ACTIVE)
    assert other != store.id
    assert store.snapshot.known_ids([big, 2, 3, -1, 2**70]) == {big: [first], 2: [second]}
    assert store.snapshot.known_skus(["A-1", "B", "C", "1"]) == {"A-1": [first], "B": [second, first]}


def test_a_row_of_a_file_is_told_whether_its_listing_is_of_an_archived_store(store: Store) -> None:
    store.sweep({1: shown(1, REJECTED, sku_codes=("A-1",))})
    store.db["store"].update(store.id, {"watched": 0})
    found = [*store.snapshot.known_ids([1])[1], *store.snapshot.known_skus(["A-1"])["A-1"]]
    assert [listing.watched for listing in found] == [False, False]
