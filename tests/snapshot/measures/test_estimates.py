"""While details are read, cards estimate all listings from a sample that nothing but chance has chosen."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.alerts.conditions import Threshold
from aexdash.alerts.limits import Way, fires
from aexdash.cards import CARDS, comparisons, values
from aexdash.cards.recording import record_cards
from aexdash.estimate import Sample
from aexdash.model import ListingQuality, Provenance, Reason
from aexdash.snapshot.evidence.api import (
    needs_detail,
    open_period_ids,
    record_category,
    record_details,
    record_quality,
    record_reasons,
)
from aexdash.snapshot.evidence.quality_sums import PARTS
from aexdash.snapshot.measures.samples import samples
from aexdash.words.cards import STILL_READING, change, value_words, verdict
from tests.snapshot.evidence.test_evidence import BOOTS, DETAIL
from tests.snapshot.store import ACTIVE, NOON, REJECTED, Store
from tests.support import examples

COMPLETENESS, QUALITY, AT_RISK = (
    "aex_required_attribute_completeness",
    "aex_listing_quality_score",
    "aexdash_at_risk",
)
SMALL = Reason("image.main_too_small", Provenance.CHECK)
PRIME = 2**31 - 1


def place(product_id: int) -> int:
    """The place of a listing in the order of chance."""
    return pow(product_id + 1779033703, 5, PRIME)


def read(store: Store, ids: list[int], bad: set[int]) -> None:
    """Read the details of these listings, and find what is wrong with the bad ones."""
    record_details(store.db, store.id, [replace(DETAIL, product_id=one) for one in ids], store.now)
    periods = open_period_ids(store.db, store.id, ids)
    for one in ids:
        score, filled = (40.0, 3) if one in bad else (90.0, 4)
        record_quality(
            store.db, store.id, one, ListingQuality(score, dict.fromkeys(PARTS, score), 4, filled), store.now
        )
        record_reasons(store.db, periods[one], [SMALL] if one in bad else [], {Provenance.CHECK}, store.now)
    store.db.execute("UPDATE status_period SET checked = 1 WHERE known = 2")


def next_to_read(store: Store, limit: int) -> list[int]:
    return [one.product_id for one in needs_detail(store.db, store.id, store.now, limit, "at_risk")]


ids = st.sets(st.integers(1, 10**16), min_size=1, max_size=30)


@settings(max_examples=examples(25), deadline=None)
@given(ids)
def test_details_on_sale_are_read_in_an_order_that_only_the_id_decides(ids):
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.sweep(dict.fromkeys(ids, ACTIVE))
        ordered = next_to_read(store, -1)
        first = next_to_read(store, 5)
        store.db.close()
    assert ordered == sorted(ids, key=lambda one: (place(one), one))
    assert first == ordered[:5]


def test_listings_made_one_after_another_lie_anywhere_in_that_order():
    for step in (1, 2, 7, 1000, 2**16):
        early = [place(1005006000000000 + step * number) / PRIME for number in range(2000)]
        tenths = [sum(tenth <= 10 * one < tenth + 1 for one in early) for tenth in range(10)]
        assert 140 < min(tenths) <= max(tenths) < 260  # of 200 that there would be in each: over four deviations


@settings(max_examples=examples(25), deadline=None)
@given(st.data())
def test_the_sample_is_what_was_read_before_the_first_unread_listing_whoever_else_was_read_and_why(data):
    everyone = data.draw(st.sets(st.integers(1, 10**16), min_size=1, max_size=12))
    of_them = st.sets(st.sampled_from(sorted(everyone)))
    known, bad, held_once, twice = (data.draw(of_them) for _ in range(4))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.sweep({one: REJECTED if one in held_once else ACTIVE for one in everyone})
        store.after(hours=1).sweep(dict.fromkeys(everyone, ACTIVE))
        read(store, sorted(known), bad)
        before = samples(store.db.conn, store.id)
        read(store, sorted(known & twice), bad)
        told, again = (sorted(one.complete, key=repr) for one in (before, samples(store.db.conn, store.id)))
        store.db.close()
    strata = [one for one in (everyone - held_once, everyone & held_once) if one]
    assert told == sorted([plainly(one, known, bad) for one in strata], key=repr)
    assert again == told


def plainly(stratum: set[int], known: set[int], bad: set[int]) -> Sample:
    first_unread = min((place(one) for one in stratum - known), default=PRIME)
    drawn = {one for one in stratum if place(one) < first_unread}
    good = float(len(drawn - bad))
    read = stratum & known
    return Sample(len(stratum), len(drawn), len(drawn), good, good, good, len(read), float(len(read - bad)))


def test_a_detail_that_cannot_be_read_stays_unknown_and_stops_nobody(tmp_path):
    store = Store(tmp_path)
    store.sweep(dict.fromkeys(range(1, 11), ACTIVE))
    first, *others = next_to_read(store, -1)
    store.db.execute(
        "INSERT INTO listing_detail (store_id, product_id, tried_at, note) VALUES (?, ?, '2026-03-09', 'refused')",
        [store.id, first],
    )
    read(store, others, set())
    (sample,) = samples(store.db.conn, store.id).complete
    record_cards(store.db, store.id, store.now)
    said = values(store.snapshot.measures(None))[COMPLETENESS]
    store.db.close()
    assert (sample.drawn, sample.known) == (10, 9)
    assert (said.low, said.value, said.high, said.coverage) == (90, 100, 100, (9, 10))


@pytest.fixture(scope="module", params=range(6))
def frozen(request, tmp_path_factory):
    """A store that never changes while its 400 listings on sale are read, a part a day; and what was said each day.

    40 had been held and are worse than the others; they were read first.
    """
    chance = random.Random(request.param)
    store = Store(tmp_path_factory.mktemp("frozen"))
    everyone = chance.sample(range(10**15, 10**16), 400)
    held_once = set(everyone[:40])
    bad = set(chance.sample(sorted(held_once), 12)) | set(chance.sample(everyone[40:], 3))
    record_category(store.db, store.id, BOOTS, NOON)
    store.sweep({one: REJECTED if one in held_once else ACTIVE for one in everyone})
    read(store, sorted(held_once), bad)
    store.after(hours=1).sweep(dict.fromkeys(everyone, ACTIVE))
    read(store, sorted(held_once), bad)  # what was found on them is found again, now that they are on sale
    days = []
    for part in (0, 5, 15, 60, 120, 160):
        read(store, next_to_read(store, part), bad)
        record_cards(store.db, store.id, store.now)
        measures = store.snapshot.measures(None)
        days.append((store.now, values(measures), comparisons(measures)))
        store.after(days=1).sweep(dict.fromkeys(everyone, ACTIVE))
    yield store, days, len(bad)
    store.db.close()


@pytest.mark.slow
def test_more_reading_is_no_change_no_verdict_and_no_alert(frozen):
    store, days, bad = frozen
    final = {COMPLETENESS: 100 - 100 * bad / 400, QUALITY: 90 - 50 * bad / 400, AT_RISK: bad}
    facts = store.snapshot.alert_facts(store.key)
    for key, truth in final.items():
        card = CARDS[key]
        verdicts = [verdict(said[key], card.band).word for _, said, _ in days]
        changes = {change(card, compared.get(key)) for _, _, compared in days}
        assert days[-1][1][key].value == pytest.approx(truth)
        assert days[-1][1][key].coverage == (400, 400)
        assert set(verdicts) <= {STILL_READING, verdicts[-1]}
        assert changes <= {"", "±0"}
        for at, said, _ in days:
            low, high = said[key].bounds
            for limit in (truth - 1, truth + 1):
                rule = Threshold(card=key, limit=limit, way=Way.BELOW)
                level = rule.read(facts, at).level
                assert level is None or fires(rule, level) == fires(rule, truth)
                assert (level is None) == (low < limit <= high)


def test_a_past_moment_and_the_chart_say_what_the_card_said_then(frozen):
    store, days, _ = frozen
    for key in (COMPLETENESS, QUALITY, AT_RISK):
        steps = store.snapshot.card_history(None, key, NOON, store.now)
        for at, said, _ in days:
            then = values(store.snapshot.measures(None, at))[key]
            assert (then.value, then.low, then.high) == pytest.approx((said[key].value, said[key].low, said[key].high))
            point = [step for step in steps if step.at <= at][-1]
            assert point.value == pytest.approx(then.value)
            assert point.doubt == (None if then.coverage == (400, 400) else pytest.approx(then.bounds))


@pytest.mark.slow
def test_the_biased_first_part_is_not_taken_for_all(tmp_path):
    """Of 140 that had been held, 129 were complete; once all 4,771 are known they are 99.4 %."""
    store = Store(tmp_path)
    held_once, others = list(range(1, 141)), list(range(141, 4772))
    bad = set(held_once[:11]) | set(random.Random(1).sample(others, 18))
    store.sweep(dict.fromkeys(held_once, REJECTED) | dict.fromkeys(others, ACTIVE))
    read(store, held_once, bad)
    store.after(hours=1).sweep(dict.fromkeys((*held_once, *others), ACTIVE))
    record_cards(store.db, store.id, store.now)
    first = values(store.snapshot.measures(None))[COMPLETENESS]
    assert (verdict(first, CARDS[COMPLETENESS].band).word, first.coverage) == (STILL_READING, (140, 4771))
    assert first.low == pytest.approx(100 * 129 / 4771)
    store.after(days=1).sweep(dict.fromkeys((*held_once, *others), ACTIVE))
    read(store, next_to_read(store, 715), bad)
    record_cards(store.db, store.id, store.now)
    measures = store.snapshot.measures(None)
    second = values(measures)[COMPLETENESS]
    moved = change(CARDS[COMPLETENESS], comparisons(measures)[COMPLETENESS])
    store.db.close()
    assert (verdict(second, CARDS[COMPLETENESS].band).word, second.coverage) == ("Performing", (855, 4771))
    assert second.low <= 100 * (1 - 29 / 4771) <= second.high
    assert second.high - second.low < 1.2
    assert value_words(CARDS[COMPLETENESS], second).endswith(" %")
    assert moved == ""


def test_five_good_ones_of_4310_are_no_verdict(tmp_path):
    store = Store(tmp_path)
    store.sweep(dict.fromkeys(range(1, 4311), ACTIVE))
    read(store, next_to_read(store, 5), set())
    record_cards(store.db, store.id, store.now + timedelta(minutes=1))
    said = values(store.snapshot.measures(None))
    store.db.close()
    words = {key: verdict(said[key], CARDS[key].band).word for key in (COMPLETENESS, QUALITY, AT_RISK)}
    assert words == dict.fromkeys(words, STILL_READING)
    assert said[COMPLETENESS].coverage == said[QUALITY].coverage == said[AT_RISK].coverage == (5, 4310)
