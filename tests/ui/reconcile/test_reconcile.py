"""The page Reconcile, its downloads, and what stands beside the hero."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.clock import to_text
from aexdash.model import Status
from aexdash.reconcile import examine
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.model import Outcome, TheirList, TheirRow
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from tests.ui.reading import alerts, captions, links, read_aloud, said
from tests.ui.sample import IN_AUDIT, JUMP, NOW, ON_SALE, REJECTED, jumped, read, set_clock, shown, with_history

HELD = (Status.REJECTED, Status.AUDITING)
FIVE = (*REJECTED, IN_AUDIT)


def kept(folder, *ids, at=NOW - timedelta(seconds=30), listed=HELD, made_at=NOW):
    """Compare and keep as the page does."""
    snapshot = Snapshot(folder / "snapshot.db", folder / "desk.db", clock=lambda: made_at)
    theirs = TheirList("rejected.csv", tuple(TheirRow(row, str(one), one) for row, one in enumerate(ids, 2)))
    result = examine.of_list(snapshot, theirs, listed=listed, at=at, scope=None, now=made_at)
    return Reconciliations(folder / "desk.db").keep(result, by="ann")


def beside_hero(page):
    [found] = [one for one in page.page_link if one.proto.page == "reconcile" and one.value != "Reconcile ›"]
    return read_aloud(found.value), found.proto.query_string


def test_copied_ids_are_compared_kept_and_shown_with_their_reasons(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "reconcile", **{"with": "ids"})
    page.text_area(key="their-ids").set_value("\n".join(map(str, (*REJECTED, ON_SALE))))
    page.button(key="compare-ids").click().run()
    assert not page.exception
    assert page.query_params["report"] == ["1"] or page.query_params["report"] == "1"
    texts = [read_aloud(text) for text in said(page)]
    assert "### Differs by 2, the next reading tells of 1 · Seller Center of 9 Mar 2026 12:01 UTC" in texts
    sums = "**Held: 5 there + 1 deleted or moved since − 1 perhaps newer than our reading = 5 here**"
    assert sums in texts
    moved, newer = (table.value for table in page.dataframe[:2])
    assert list(moved["Product id"]) == [str(IN_AUDIT)]
    assert list(moved["Listing"]) == [f"/worklist?listing=main%2F{IN_AUDIT}"]
    assert list(moved["Seller Center"]) == [
        f"https://gsp.aliexpress.com/m_apps/product-publish/publish?productId={IN_AUDIT}"
    ]
    assert list(newer["Differs"]) == ["status differs"]
    [one] = Reconciliations(tmp_path / "desk.db").latest(5)
    assert (one.by, one.outcome, one.at) == ("Lead", Outcome.WAITING, NOW)


def test_numbers_of_tabs_are_compared_and_prove_nothing(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "reconcile", **{"with": "numbers"})
    page.number_input(key="their-rejected").set_value(4)
    page.number_input(key="their-auditing").set_value(0)
    page.button(key="compare-numbers").click().run()
    texts = [read_aloud(text) for text in said(page)]
    assert "**Rejected: 4 there = 4 here**" in texts
    assert any(text.startswith("**In audit: 0 there + 1 perhaps deleted or moved since") for text in texts)
    assert any("proves nothing" in text for text in captions(page))


def test_nothing_to_compare_is_one_sentence_and_nothing_is_kept(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "reconcile", **{"with": "numbers"})
    page.button(key="compare-numbers").click().run()
    assert alerts(page) == [("error", read_aloud_escaped("There is no number to compare: type at least one in."))]
    assert Reconciliations(tmp_path / "desk.db").latest(5) == []


def read_aloud_escaped(text):
    return text.replace(":", "\\:").replace(".", "\\.")


def test_a_moment_that_nobody_read_is_not_known_and_says_what_to_do(open_page, tmp_path):
    kept(with_history(tmp_path), *FIVE, at=JUMP - timedelta(days=60))
    page = open_page(tmp_path, "reconcile", report="1")
    texts = [read_aloud(text) for text in said(page)]
    assert any(text.startswith("### Not known: not read then · Seller Center of 8 Jan 2026") for text in texts)
    assert any("My store (never before, next 25 Feb 2026 12:00 UTC)" in text for text in texts)
    assert [table.value.columns[2] for table in page.dataframe] == ["Where to"]


def test_a_kept_comparison_is_compared_again_with_what_was_read_since(open_page, tmp_path):
    kept(with_history(tmp_path), *FIVE)
    page = open_page(tmp_path, "reconcile", report="1")
    assert "### Agrees with Seller Center of 9 Mar 2026 12:00 UTC" in map(read_aloud, said(page))
    page.button(key="compare-again").click().run()
    assert [one.number for one in Reconciliations(tmp_path / "desk.db").latest(5)] == [2, 1]
    assert any(link.startswith("Agrees · Seller Center of 9 Mar 2026") for link in map(read_aloud, links(page)))


@pytest.mark.parametrize("word", ["9", "nine"])
def test_an_address_of_no_comparison_says_so(open_page, tmp_path, word):
    page = open_page(with_history(tmp_path), "reconcile", report=word)
    assert not page.exception
    assert any(text.startswith(":orange-badge[Address]") for text in captions(page))


@pytest.mark.slow
def test_beside_the_hero_stands_the_way_to_a_comparison_or_what_the_last_one_came_to(open_page, tmp_path):
    with_history(tmp_path)
    assert beside_hero(open_page(tmp_path)) == (":gray[compare with Seller Center ›]", "")
    kept(tmp_path, *FIVE)
    assert beside_hero(open_page(tmp_path)) == ("12:00: agrees with Seller Center ›", "report=1")
    kept(tmp_path, *REJECTED, at=NOW - timedelta(seconds=10))
    assert beside_hero(open_page(tmp_path)) == ("12:00: differs by 1, explained ›", "report=2")
    kept(tmp_path, *REJECTED, at=NOW - timedelta(seconds=5), listed=(Status.REJECTED,))
    assert beside_hero(open_page(tmp_path, store="main")) == ("12:00: differs by 1, explained ›", "store=main&report=2")


@pytest.mark.slow
def test_an_older_comparison_is_pale_and_in_the_past_and_then_gone(open_page, tmp_path):
    kept(with_history(tmp_path), *FIVE)
    set_clock(tmp_path, NOW + timedelta(hours=2))
    assert beside_hero(open_page(tmp_path)) == (":gray[12:00: agreed with Seller Center ›]", "report=1")
    set_clock(tmp_path, NOW + timedelta(hours=23))
    assert beside_hero(open_page(tmp_path))[0] == ":gray[9 Mar 12:00: agreed with Seller Center ›]"
    set_clock(tmp_path, NOW + timedelta(hours=25))
    assert beside_hero(open_page(tmp_path))[0] == ":gray[compare with Seller Center ›]"
    past = open_page(tmp_path, as_of=to_text(NOW - timedelta(minutes=5)))
    assert [one for one in past.page_link if "Seller Center ›" in one.value and "compare" not in one.value] == []


@pytest.mark.slow
def test_beside_another_count_than_was_compared_it_stands_in_the_past(open_page, tmp_path):
    kept(with_history(tmp_path), *FIVE)
    db = open_snapshot(tmp_path / "snapshot.db")
    passed = jumped()
    passed[Status.ACTIVE] += [shown(one.product_id, Status.ACTIVE) for one in passed[Status.AUDITING]]
    read(db, 1, NOW + timedelta(minutes=2), passed | {Status.AUDITING: []})
    db.close()
    set_clock(tmp_path, NOW + timedelta(minutes=3))
    page = open_page(tmp_path)
    assert any(text.startswith("# 4 listings held") for text in said(page))
    assert beside_hero(page) == (":gray[12:00: agreed with Seller Center ›]", "report=1")


@pytest.mark.parametrize(
    ("ending", "kind", "begins"),
    [("csv", "text/csv", '\ufeff"Store"'), ("md", "text/markdown", "# Compared"), ("json", "application/json", "{")],
)
def test_a_comparison_is_downloaded_in_three_forms_with_its_moment_in_the_name(ask, tmp_path, ending, kind, begins):
    kept(with_history(tmp_path), *REJECTED)
    answer = ask(f"/reconcile.{ending}?report=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.text.startswith(begins)
    assert "20260309T120030Z" in answer.headers["content-disposition"]
    assert str(IN_AUDIT) in answer.text


def test_what_left_sale_is_summed_listed_and_downloaded(open_page, ask, tmp_path):
    page = open_page(with_history(tmp_path), "reconcile")
    texts = [read_aloud(text) for text in said(page)]
    assert any(text.startswith("5 listings seen to leave sale after 2 Mar 2026 12:01 UTC") for text in texts)
    [gone] = [table.value for table in page.dataframe]
    assert set(gone["Product id"]) == {str(one) for one in FIVE}
    assert set(gone["Where to"]) == {"rejected", "in audit"}
    rows = ask("/gone.csv?gone=7").text.splitlines()
    assert len(rows) == 6
    assert ask("/gone.csv?gone=0").status_code == 404
    past = open_page(tmp_path, "reconcile", gone="1", as_of=to_text(JUMP - timedelta(hours=30)))
    assert any(read_aloud(text).startswith("No listing was seen to leave sale") for text in said(past))


@pytest.mark.parametrize("path", ["/reconcile.csv", "/reconcile.csv?report=9", "/reconcile.md?report=x"])
def test_a_download_of_no_comparison_is_refused_in_a_sentence(ask, tmp_path, path):
    kept(with_history(tmp_path), *REJECTED)
    answer = ask(path)
    assert (answer.status_code, "comparison" in answer.text) == (404, True)


@pytest.mark.parametrize("days", ["0", "3651", "00001234567", "-1", "7.5", "७", "999999999999"])
def test_days_that_are_none_are_refused_whatever_digits_they_begin_with(ask, tmp_path, days):
    with_history(tmp_path)
    assert ask(f"/gone.csv?gone={days}").status_code == 404
    assert ask(f"/unsold.csv?unsold={days}").status_code == 404
    assert ask("/gone.csv?gone=07").status_code == 200


def test_the_words_of_these_downloads_are_none_that_were_ignored(ask, tmp_path):
    with_history(tmp_path)
    for path in (
        "/gone.csv?gone=7",
        "/unsold.csv?unsold=7",
        "/changed-again.csv?changed=7",
        "/expiring.csv?expiring=7",
    ):
        assert "X-Aexdash-Notes" not in ask(path).headers
    assert "X-Aexdash-Notes" in ask("/gone.csv?gonne=7").headers
