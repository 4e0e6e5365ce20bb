"""The funnel on the page Reconcile: its chart has a table behind it, and each number opens its ids."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.cards import CARDS
from aexdash.exports.beside_shop import CARD, DRIFTED, words_of
from aexdash.snapshot.matched.drifted import DRIFTS
from tests.cli.test_funnel import feed_read
from tests.cli.test_on_sale import orders_read
from tests.ui.reading import captions, read_aloud, said
from tests.ui.sample import FIRST, IN_AUDIT, NOW, REJECTED, set_clock, with_history
from tests.ui.sample_shop import drifted_home, with_shop


def steps_of(page):
    [steps] = [table.value for table in page.dataframe if "Step" in table.value]
    return {row["Step"].strip(): (row["SKUs"], row["Ids"]) for _, row in steps.iterrows()}


@pytest.mark.slow
def test_each_step_is_in_the_table_with_its_clock_and_opens_its_ids(open_page, tmp_path):
    orders_read(with_shop(tmp_path))
    feed_read(tmp_path)
    page = open_page(tmp_path, "reconcile", store="main")
    assert not page.exception
    steps = steps_of(page)
    assert steps["In the shop"] == ("41", "/reconcile?store=main&funnel=shop")
    assert steps["− rejected"] == ("3", "/reconcile?store=main&funnel=rejected")
    assert steps["Sold in 30 days"][0] == "2"
    assert any("1 of them the shop does not know" in text for text in map(read_aloud, said(page)))
    page = open_page(tmp_path, "reconcile", funnel="rejected")
    [ids] = [table.value for table in page.dataframe if "In the shop" in table.value]
    assert list(ids["SKU"]) == ["SKU-2", "SKU-3", "SKU-4"]
    assert list(ids["Listing"]) == [f"/worklist?listing=main%2F{one}" for one in REJECTED[1:]]
    page = open_page(tmp_path, "reconcile", funnel="there-alone")
    assert next(list(table.value["Product id"]) for table in page.dataframe if "Product id" in table.value) == [
        str(IN_AUDIT)
    ]


def test_what_was_not_read_has_no_bar_and_no_number(open_page, tmp_path):
    page = open_page(with_shop(tmp_path), "reconcile")
    assert steps_of(page)["Fit for the feed"][0] == "not known"
    assert steps_of(page)["On sale"][0] == "at most 34"


def test_a_word_of_no_number_and_a_store_without_a_shop_say_so(open_page, tmp_path):
    page = open_page(with_shop(tmp_path), "reconcile", funnel="nothing")
    assert any("no number of this funnel" in text for text in captions(page))
    page = open_page(with_history(tmp_path / "b"), "reconcile")
    assert any(text.startswith("No store that is looked at has a shop.") for text in captions(page))
    past = open_page(tmp_path, "reconcile", as_of="2026-03-09T12:00:30.000Z")
    assert "### From the shop to the sale" not in said(past)


def test_the_csv_of_all_and_of_one_number(ask, tmp_path):
    with_shop(tmp_path)
    assert len(ask("/funnel.csv").text.splitlines()) == 1 + 41 + 40
    rows = ask("/funnel.csv?funnel=not_for_sale").text.splitlines()
    assert len(rows) == 2
    assert "SKU-1" in rows[1]
    assert str(FIRST) in rows[1]
    assert ask("/funnel.csv?funnel=nothing").status_code == 404


def test_what_could_not_be_matched_is_rows_on_the_page_and_in_the_csv(open_page, ask, tmp_path):
    page = open_page(with_shop(tmp_path), "reconcile")
    [rows] = [table.value for table in page.dataframe if "Why not matched" in table.value]
    assert [(row["SKU"], row["Side"], row["Why not matched"]) for _, row in rows.iterrows()] == [
        ("v98", "front, active", "without a SKU code or key"),
        ("SKU-99", "front, active", "not at AliExpress"),
        ("SKU-5", "AliExpress, in audit", "not known to the shop"),
    ]
    assert rows["Listing"].iloc[-1] == f"/worklist?listing=main%2F{IN_AUDIT}"
    lines = ask("/unmatched.csv").text.splitlines()
    assert [line.split(",")[4] for line in lines[1:]] == ['"\tv98"', '"\tv99"', '""']


@pytest.mark.slow
def test_what_drifted_is_counted_below_and_listed_where_the_card_leads(open_page, ask, tmp_path):
    home = drifted_home(tmp_path)
    page = open_page(home, "reconcile")
    assert "2 listings on sale that drifted from the shop, of 34. Shop last completely read 9 Mar 2026 12:00 UTC." in [
        read_aloud(text) for text in said(page)
    ]
    assert not [table for table in page.dataframe if "What differs" in table.value]
    page = open_page(home, "reconcile", drift="card")
    [rows] = [table.value for table in page.dataframe if "What differs" in table.value]
    assert list(rows["What to do"]) == [
        "push the price again, or mend the rule that makes it",
        "refill the stock, or set the listing to 0 before somebody orders",
    ]
    assert len(ask("/drifted.csv").text.splitlines()) == 1 + 2
    assert len(ask("/drifted.csv?drift=price").text.splitlines()) == 1 + 1
    assert ask("/drifted.csv?drift=nothing").status_code == 404
    page = open_page(home, "reconcile", drift="draft")
    assert any("No listing on sale differs in that now" in text for text in captions(page))


def test_a_card_of_the_overview_leads_to_what_it_counts():
    assert CARDS["aexdash_shop_drift"].listed_at == ("reconcile", {DRIFTED: CARD})
    assert words_of(CARD) == DRIFTS


@pytest.mark.slow
def test_a_shop_that_was_not_read_for_long_is_said_to_be_stale_wherever_its_facts_are_shown(open_page, tmp_path):
    with_shop(tmp_path)
    badge = ":orange-badge[▲ Stale]"
    assert not [text for text in captions(open_page(tmp_path, "reconcile")) if badge in text]
    set_clock(tmp_path, NOW + timedelta(hours=5))
    words = "front read 5 h ago, 9 Mar 2026 12:00 UTC: stale."
    for page, query in (
        ("reconcile", {}),
        ("reconcile", {"drift": "card"}),
        ("worklist", {}),
        ("worklist", {"listing": f"main/{FIRST}"}),
        ("overview", {}),
    ):
        told = [read_aloud(text) for text in captions(open_page(tmp_path, page, **query)) if badge in text]
        assert any(text.endswith(words) for text in told), (page, query, told)
    health = open_page(tmp_path, "health")
    [shops] = [table.value for table in health.dataframe if "Shop" in table.value]
    assert list(shops["Standing"]) == ["stale"]
    assert any(badge in text for text in said(health))
