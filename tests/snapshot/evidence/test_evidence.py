from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aexdash.clock import to_text
from aexdash.model import Provenance, Reason, Resubmit
from aexdash.platform_data import (
    AttributeRule,
    CategoryRules,
    Detail,
    ListingAttribute,
    PictureFacts,
    QualificationRule,
    Sku,
)
from aexdash.snapshot.evidence.api import (
    CheckInput,
    NeedsDetail,
    needs_detail,
    needs_pictures,
    open_held_periods,
    open_period_ids,
    record_category,
    record_detail_failure,
    record_details,
    record_pictures,
    record_problems,
    record_reasons,
    unchecked,
    unknown_categories,
    with_platform_reasons,
)
from aexdash.view import View
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, STALE_AFTER, Store, shown

PICTURE = "https://pictures.example/1.jpg"
SECOND = "https://pictures.example/1-back.jpg"
SMALL = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 400})
MARK = Reason("image.watermark", Provenance.PLATFORM, text="watermark", language="en")

DETAIL = Detail(
    product_id=1,
    status=REJECTED,
    platform_status="rejected",
    category_id=7,
    titles={"en": "Boots", "es": "Botas ñ"},
    image_urls=(PICTURE, SECOND),
    attributes=(ListingAttribute(2, "Brand", None, "Acme"),),
    skus=(Sku("9", "A-1", "9.90", 3, "USD"),),
    modified_raw="written otherwise by this call",
    modified_at=NOON,
    weight="0.300",
    sides=("10", "20", "5"),
    eu_person="",
    qualifications=("CE",),
)

RULES = (AttributeRule(2, "Brand", True, "list", ("Acme", "None")),)


BOOTS = CategoryRules(7, "Boots", RULES, True, (QualificationRule("CE", "CE certificate", True),), True)


def held(store: Store, **facts: object) -> Store:
    """A store with one rejected listing, read at noon."""
    store.sweep({1: shown(1, REJECTED, **facts), 3: ACTIVE})
    return store


def check(store: Store, *product_ids: int) -> None:
    """Let our checks find nothing on what is unchecked."""
    for one, period in open_period_ids(store.db, store.id, product_ids).items():
        assert one in product_ids
        record_reasons(store.db, period, [], {Provenance.CHECK}, store.now)


def test_a_held_listing_needs_its_detail_until_it_is_known_as_it_is_now(store: Store) -> None:
    held(store, modified_raw="a")
    before = needs_detail(store.db, store.id, NOON, -1)
    record_details(store.db, store.id, [DETAIL], NOON)
    after = needs_detail(store.db, store.id, NOON, -1)
    store.after(minutes=1).sweep({1: shown(1, REJECTED, modified_raw="b"), 3: ACTIVE})
    assert (before, after) == ([NeedsDetail(1, "a")], [])
    assert needs_detail(store.db, store.id, NOON, -1) == [NeedsDetail(1, "b")]
    assert needs_detail(store.db, store.id, NOON, 0) == []


def test_a_detail_that_failed_is_tried_again_after_an_hour_and_loses_nothing(store: Store) -> None:
    held(store, modified_raw="a")
    record_details(store.db, store.id, [DETAIL], NOON)
    record_detail_failure(store.db, store.id, 1, "a", "time-out", NOON)
    early = needs_detail(store.db, store.id, NOON + timedelta(minutes=59), -1)
    late = needs_detail(store.db, store.id, NOON + timedelta(minutes=60), -1)
    card = store.snapshot.listing("main", 1)
    assert (early, late) == ([], [NeedsDetail(1, "a")])
    assert card is not None
    assert (card.titles, card.detail_read_at) == (DETAIL.titles, NOON)


def test_a_detail_never_read_is_not_known(store: Store) -> None:
    held(store)
    record_detail_failure(store.db, store.id, 1, None, "time-out", NOON)
    (facts,) = unchecked(store.db, store.id, 10)
    assert facts.detail is None
    assert store.snapshot.health(NOON, STALE_AFTER)[0].details_known == 0


def test_what_a_detail_tells_reaches_the_row_and_the_card(store: Store) -> None:
    held(store)
    record_details(store.db, store.id, [DETAIL], NOON)
    record_category(store.db, store.id, BOOTS, NOON)
    card = store.snapshot.listing("main", 1)
    assert card is not None
    assert (card.row.category, card.row.category_id, card.row.sku_codes) == ("Boots", 7, ("A-1",))
    assert (card.attributes, card.skus, card.category, card.rules) == (DETAIL.attributes, DETAIL.skus, BOOTS, RULES)
    assert (card.weight, card.sides, card.eu_person, card.qualifications) == ("0.300", ("10", "20", "5"), "", ("CE",))
    assert [facet.label for facet in store.snapshot.facets(View())["category"]] == ["Boots"]
    assert store.snapshot.count(View(categories=(7,))) == 1


def test_our_checks_get_all_that_is_known(store: Store) -> None:
    held(store, modified_raw="a", modified_at=NOON)
    measured = PictureFacts(PICTURE, "measured", 400, 300, "JPEG", 1234, "t.jpg", content="c0ffee")
    record_details(store.db, store.id, [DETAIL], NOON)
    record_category(store.db, store.id, BOOTS, NOON)
    record_pictures(store.db, [measured], NOON)
    ((period,),) = store.rows("SELECT id FROM status_period WHERE product_id = 1")
    assert unchecked(store.db, store.id, 10) == [
        CheckInput(
            period_id=int(str(period)),
            product_id=1,
            model="overseas",
            currency=None,
            title="Listing 1",
            image_urls=(PICTURE, SECOND),
            status=REJECTED,
            detail=replace(DETAIL, modified_raw="a"),
            category=BOOTS,
            pictures={PICTURE: measured},
            words=None,
            same_title=(),
            same_picture=(),
        )
    ]


def test_news_of_any_kind_is_checked_again(store: Store) -> None:
    held(store, category_id=7)

    def news() -> list[int]:
        found = [facts.product_id for facts in unchecked(store.db, store.id, 10)]
        check(store, *found)
        return found

    first, none = news(), news()
    record_details(store.db, store.id, [DETAIL], NOON)
    after_detail = news()
    record_category(store.db, store.id, BOOTS, NOON)
    after_category = news()
    record_pictures(store.db, [PictureFacts(SECOND, "measured", 400, 400)], NOON)
    after_picture = news()
    record_pictures(store.db, [PictureFacts("https://pictures.example/other.jpg", "measured", 1, 1)], NOON)
    after_other = news()
    store.after(minutes=1).sweep({1: shown(1, REJECTED, category_id=7, title="New title"), 3: ACTIVE})
    after_edit = news()
    assert [first, none, after_detail, after_category, after_picture, after_other, after_edit] == [
        [1],
        [],
        [1],
        [1],
        [1],
        [],
        [1],
    ]


def test_categories_of_held_listings_are_read_and_read_again_when_old(store: Store) -> None:
    store.sweep(
        {1: shown(1, REJECTED, category_id=7), 2: shown(2, AUDITING, category_id=7), 3: shown(3, ACTIVE, category_id=8)}
    )
    wanted = unknown_categories(store.db, store.id, NOON)
    record_category(store.db, store.id, BOOTS, NOON)
    fresh = unknown_categories(store.db, store.id, NOON + timedelta(days=6.9))
    assert (wanted, fresh, unknown_categories(store.db, store.id, NOON + timedelta(days=7))) == ([7], [], [7])


def test_pictures_of_held_listings_are_measured_main_ones_first_and_failures_again_after_a_day(store: Store) -> None:
    store.sweep({1: shown(1, REJECTED, image_urls=("a", "b")), 2: shown(2, AUDITING, image_urls=("c", "a")), 3: ACTIVE})
    wanted = needs_pictures(store.db, store.id, -1)
    record_pictures(
        store.db,
        [
            PictureFacts("a", "measured", 800, 800, thumbnail="a.jpg"),
            PictureFacts("b", "unreachable"),
            PictureFacts("c", "refused"),
        ],
        NOON,
    )
    soon = needs_pictures(store.db, store.id, -1, NOON + timedelta(hours=23))
    later = needs_pictures(store.db, store.id, -1, NOON + timedelta(days=1))
    assert (sorted(wanted[:2]), wanted[2:], soon, sorted(later)) == (["a", "c"], ["b"], [], ["b", "c"])


def test_a_picture_that_is_gone_keeps_its_measures_and_thumbnail(store: Store) -> None:
    held(store)
    record_pictures(store.db, [PictureFacts(PICTURE, "measured", 400, 300, "JPEG", 99, "t.jpg")], NOON)
    record_pictures(store.db, [PictureFacts(PICTURE, "unreachable", note="gone")], NOON)
    card = store.snapshot.listing("main", 1)
    assert card is not None
    assert card.pictures == (PictureFacts(PICTURE, "unreachable", 400, 300, "JPEG", 99, "t.jpg", "gone"),)
    assert card.row.thumbnail == "t.jpg"


def reasons(store: Store) -> list[tuple[object, ...]]:
    return store.rows("SELECT code, provenance, measured, first_seen_at, vanished_at FROM listing_reason ORDER BY id")


def test_reasons_appear_stand_and_vanish_each_provenance_for_itself(store: Store) -> None:
    held(store)
    period = open_period_ids(store.db, store.id, [1])[1]
    start, later = to_text(NOON), to_text(NOON + timedelta(hours=1))
    record_reasons(store.db, period, [SMALL, MARK], {Provenance.CHECK, Provenance.PLATFORM}, NOON)
    version = store.snapshot.version()
    record_reasons(store.db, period, [SMALL], {Provenance.CHECK}, NOON + timedelta(hours=1))
    assert store.snapshot.version() == version
    bigger = replace(SMALL, measured={"width": 500})
    record_reasons(store.db, period, [bigger], {Provenance.CHECK}, NOON + timedelta(hours=1))
    assert reasons(store) == [
        ("image.main_too_small", "check", '{"width": 400}', start, later),
        ("image.watermark", "platform", "{}", start, None),
        ("image.main_too_small", "check", '{"width": 500}', later, None),
    ]
    assert store.rows("SELECT codes FROM status_period WHERE listed = 1") == [
        ("|image.main_too_small@check|image.watermark@platform|",)
    ]
    assert with_platform_reasons(store.db, store.id) == [1]


def test_reasons_end_with_their_period_and_an_ended_period_takes_no_more(store: Store) -> None:
    held(store)
    period = open_period_ids(store.db, store.id, [1, 99])[1]
    record_reasons(store.db, period, [MARK], {Provenance.PLATFORM}, NOON)
    store.after(hours=1).sweep({1: ACTIVE, 3: ACTIVE})
    record_reasons(store.db, period, [SMALL], {Provenance.CHECK}, store.now)
    assert [(row[0], row[4]) for row in reasons(store)] == [("image.watermark", to_text(store.now))]
    assert with_platform_reasons(store.db, store.id) == []


def test_the_codes_of_a_period_are_its_standing_reasons(store: Store) -> None:
    """The summary that filters read is kept by hand, so it is held against the reasons themselves."""
    store.sweep(dict.fromkeys(range(1, 6), REJECTED))
    periods = open_period_ids(store.db, store.id, range(1, 6))
    for step, (one, period) in enumerate([*periods.items()] * 3):
        some = [reason for index, reason in enumerate((SMALL, MARK)) if (step + one) >> index & 1]
        record_reasons(store.db, period, some, {Provenance.CHECK, Provenance.PLATFORM}, NOON)
    for _, period in periods.items():
        words = store.rows(
            "SELECT DISTINCT code || '@' || provenance FROM listing_reason"
            " WHERE period_id = ? AND vanished_at IS NULL ORDER BY 1",
            period,
        )
        expected = "".join(f"|{word}" for (word,) in words) + "|" if words else ""
        assert store.rows("SELECT codes FROM status_period WHERE id = ?", period) == [(expected,)]


def test_what_the_diagnosis_says_stands_until_a_whole_reading_is_silent(store: Store) -> None:
    """Advice on several listings comes in pages; one that broke off says nothing of those it did not reach."""
    store.sweep({1: REJECTED, 2: AUDITING, 3: ACTIVE})
    advice = Reason("other.quality_advice", Provenance.DIAGNOSIS, text="Too few pictures: add some")
    record_reasons(store.db, open_period_ids(store.db, store.id, [1])[1], [SMALL], {Provenance.CHECK}, NOON)
    later = NOON + timedelta(hours=1)

    def standing() -> list[tuple[object, ...]]:
        return store.rows("SELECT product_id, code FROM listing_reason WHERE vanished_at IS NULL ORDER BY 1, 2 DESC")

    record_problems(store.db, store.id, {1: [advice], 3: [advice], 99: [advice]}, complete=True, at=NOON)
    first = standing()
    record_problems(store.db, store.id, {2: [advice], 3: []}, complete=False, at=later)
    second = standing()
    record_problems(store.db, store.id, {2: [advice]}, complete=True, at=later)
    small, quality = "image.main_too_small", "other.quality_advice"
    assert first == [(1, quality), (1, small), (3, quality)]
    assert (second, standing()) == ([(1, quality), (1, small), (2, quality)], [(1, small), (2, quality)])


def test_each_held_listing_has_its_period_and_since_when(store: Store) -> None:
    store.sweep({1: REJECTED, 2: ACTIVE, 3: REJECTED})
    store.after(hours=1).sweep({1: REJECTED, 2: AUDITING, 3: ACTIVE})
    periods = open_period_ids(store.db, store.id, [1, 2])
    assert open_held_periods(store.db, store.id) == {1: (periods[1], NOON), 2: (periods[2], store.now)}


def test_what_is_mended_may_be_resubmitted_unless_something_else_was_said(store: Store) -> None:
    """The families decide: a mended picture says nothing about a price that the platform refused."""
    held(store)
    period = open_period_ids(store.db, store.id, [1])[1]
    price = Reason("price.supply_price_refused", Provenance.PLATFORM)
    seen = []
    for reasons, provenance in (
        ([SMALL], Provenance.CHECK),
        ([MARK], Provenance.PLATFORM),
        ([], Provenance.CHECK),
        ([MARK, price], Provenance.PLATFORM),
        ([], Provenance.PLATFORM),
        ([SMALL], Provenance.CHECK),
    ):
        record_reasons(store.db, period, reasons, {provenance}, store.after(minutes=1).now)
        seen.append(next(iter(store.snapshot.rows(View()))).resubmit)
    not_yet, ready = Resubmit.NOT_YET, Resubmit.READY
    assert seen == [not_yet, not_yet, ready, None, ready, not_yet]
    store.after(minutes=1).sweep({1: AUDITING, 3: ACTIVE})
    assert [row.resubmit for row in store.snapshot.rows(View())] == [None]
