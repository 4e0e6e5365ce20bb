"""The books, ages and regressions of *history*, its time machine, and the lists behind them as files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.history.facts import AgeBand, Between, Books, Flow
from aexdash.snapshot.history.span import Past
from aexdash.ui.history.moves import LISTS, BooksSpan, read
from aexdash.ui.history.waterfall import ages_figure, ages_words, bridge_figure, bridge_words
from tests.reaches import WHOLE
from tests.support import ask_app
from tests.ui.plotted import checked
from tests.ui.reading import captions, said
from tests.ui.sample import (
    FIRST,
    HOSTILE,
    IN_AUDIT,
    JUMP,
    NOW,
    REJECTED,
    jumped,
    main_store,
    quiet,
    set_clock,
    with_history,
)
from tests.ui.sample import read as read_store

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)
USUAL = (START, NOW)


def cleared(folder):
    """The home of the worked example, a day later: four cleared, of which one was rejected again, another deleted."""
    with_history(folder, now=JUMP + 2 * DAY)
    db = open_snapshot(folder / "snapshot.db")
    store = main_store(db)
    read_store(db, store, JUMP + DAY - timedelta(minutes=1), jumped())  # so that they were seen to go
    read_store(db, store, JUMP + DAY, quiet())
    walks = jumped()
    for status, listings in walks.items():
        walks[status] = [one for one in listings if one.product_id not in REJECTED[1:] or status == "active"]
    gone = {one.product_id for listings in walks.values() for one in listings}
    walks["active"] += [one for one in quiet()["active"] if one.product_id not in gone]
    read_store(db, store, JUMP + 2 * DAY, walks)
    db.close()
    return folder


def test_the_span_is_read_from_the_address() -> None:
    query = {"opening": "2026-03-02T00:00:00Z", "closing": "2026-03-05T12:30:00+02:00", "moves": "gone"}
    end = datetime(2026, 3, 5, 10, 30, tzinfo=UTC)
    assert read(query, USUAL, NOW) == BooksSpan(datetime(2026, 3, 2, tzinfo=UTC), end, Between.GONE)
    assert read({}, USUAL, NOW) == BooksSpan(START, NOW)


def test_two_moments_in_the_wrong_order_are_taken_the_other_way_round() -> None:
    span = read({"opening": "2026-03-05T00:00:00Z", "closing": "2026-03-02T00:00:00Z"}, USUAL, NOW)
    told = "The first of the two moments was the later one: they are taken the other way round."
    assert span == BooksSpan(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC), None, (told,))


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        (
            {"closing": "2027-01-01T00:00:00Z"},
            ("The second moment lies ahead: the books are drawn up to the moment of the page.",),
        ),
        (
            {"opening": "yesterday"},
            ("opening=yesterday is not a moment and was left out; write it like 2026-03-09T12:00:00Z.",),
        ),
        (
            {"moves": "1; DROP TABLE store"},
            (f"moves=1; DROP TABLE store is not known and was left out; it can be {', '.join(LISTS)}.",),
        ),
    ],
)
def test_what_an_address_cannot_mean_is_told_and_the_usual_span_is_drawn(query, notes) -> None:
    assert read(query, USUAL, NOW) == BooksSpan(START, NOW, None, notes)


def books(**counts: int) -> Books:
    flows = {flow: counts.get(flow.value, 0) for flow in Flow}
    opening = counts.get("opening", 0)
    plus = flows[Flow.REJECTED] + flows[Flow.AUDITING] + flows[Flow.FIRST_SEEN]
    minus = flows[Flow.ACTIVE] + flows[Flow.OFFLINE] + flows[Flow.DELETED]
    return Books(START, NOW, opening, opening + plus - minus, flows, {"main": START}, WHOLE, WHOLE)


def test_the_waterfall_stands_on_the_opening_and_ends_on_the_closing() -> None:
    drawn = checked(bridge_figure(books(opening=3, rejected=38, active=2, first_seen=1), "light")).to_dict()
    [trace] = drawn["data"]
    assert trace["type"] == "waterfall"
    assert dict(zip(trace["y"], trace["x"], strict=True)) == {
        "held at the start": 3,
        "newly rejected": 38,
        "entered audit": 0,
        "held when we first looked": 1,
        "became active": -2,
        "taken offline": 0,
        "deleted": 0,
        "held at the end": 40,
    }
    assert trace["text"] == ["3", "+38", "+0", "+1", "−2", "+0", "+0", "40"]
    assert trace["measure"] == ["absolute", *["relative"] * 6, "total"]
    assert drawn["layout"]["xaxis"]["range"][0] == 0


def test_a_waterfall_of_small_changes_begins_nearby_so_that_they_are_seen() -> None:
    drawn = checked(bridge_figure(books(opening=20_000, rejected=40, active=100), "dark")).to_dict()
    low, high = drawn["layout"]["xaxis"]["range"]
    assert 19_900 < low < 19_940 < 20_040 < high < 20_060


def test_the_waterfall_and_the_pyramid_are_also_said_in_words() -> None:
    assert bridge_words(books(opening=1, rejected=4, auditing=1, active=2)) == (
        "1 listing held at 1 Mar 2026 00:00 UTC; newly rejected +4, entered audit +1, became active −2, "
        "taken offline +0, deleted +0; 4 held at 9 Mar 2026 12:01 UTC."
    )
    bands = [AgeBand(0, 1, 4, 1, 0), AgeBand(30, None, 2, 0, 2)]
    assert ages_words(bands) == (
        "What is held by how long it has been in its status. > 30 d: 2 rejected, 0 in audit; "
        "< 1 d: 4 rejected, 1 in audit."
    )
    left, right = checked(ages_figure(bands, "light")).to_dict()["data"]
    assert (left["name"], left["x"], right["name"], right["x"]) == ("Rejected", [-4, -2], "In audit", [1, 0])


def test_behind_a_bar_are_its_listings_each_with_a_way_to_it_as_it_was(open_page, tmp_path) -> None:
    page = open_page(with_history(tmp_path), "history", moves="rejected")
    assert not page.exception
    assert "**4 listings newly rejected**" in said(page)
    listing = page.dataframe[0].value
    assert list(listing["Product id"]) == [str(one) for one in reversed(REJECTED)]
    assert listing["Title"].iloc[-1] == HOSTILE
    assert listing["Open"].iloc[0] == (f"/worklist?as_of=2026-03-09T12%3A00%3A00.000Z&listing=main%2F{REJECTED[-1]}")


def test_a_bar_can_be_opened_without_a_mouse_and_is_then_in_the_address(open_page, tmp_path) -> None:
    page = open_page(with_history(tmp_path), "history")
    choices = page.pills(key="moves-picked")
    assert list(choices.options) == ["newly rejected 4", "entered audit 1", "held at the end, not at the start 5"]
    choices.set_value("auditing").run()
    assert page.query_params["moves"] == "auditing"
    assert list(page.dataframe[0].value["Product id"]) == [str(IN_AUDIT)]


def test_the_moments_of_the_books_are_in_the_address_and_a_wrong_order_is_told(open_page, tmp_path) -> None:
    page = open_page(with_history(tmp_path), "history", opening="2026-03-09T12:00:30Z", closing="2026-03-09T11:00:00Z")
    assert "**0** at 9 Mar 2026 11:00 UTC + **5** entered − **0** left = **5** at 9 Mar 2026 12:00 UTC" in said(page)
    assert [warning.value for warning in page.warning] == [
        "The first of the two moments was the later one\\: they are taken the other way round\\."
    ]


def test_a_span_in_which_nothing_moved_says_so(open_page, tmp_path) -> None:
    page = open_page(with_history(tmp_path), "history", closing="2026-03-05T00:00:00Z", opening="2026-03-01T00:00:00Z")
    assert "Nothing entered and nothing left in this span." in captions(page)


def test_the_ages_are_a_pyramid_with_its_table(open_page, tmp_path) -> None:
    page = open_page(with_history(tmp_path, now=JUMP + 2 * DAY), "history")
    page.session_state["ages-table"] = True
    page.run()
    table = page.dataframe[-1].value.set_index("Days")
    assert table.loc["< 1 d"].to_dict() == {"Rejected": 4, "In audit": 1, "Of them maybe older": 0}
    assert "Days held without a break, rejected or in audit, when last read (9 Mar 2026 12:00 UTC)." in captions(page)


def test_times_to_clear_are_told_by_reason(open_page, tmp_path) -> None:
    page = open_page(cleared(tmp_path), "history", part="clear")
    assert not page.exception
    rows = page.dataframe[0].value.to_dict("records")
    assert [(row["Reason"], row["Median days"], row["Listings cleared"]) for row in rows] == [
        ("All listings", 1.0, 5),
        ("Main picture too small", 1.0, 4),
        ("Brand missing", 1.0, 1),
    ]


def test_what_was_rejected_again_is_listed_with_what_came_before(open_page, tmp_path) -> None:
    page = open_page(cleared(tmp_path), "history", part="again", clear_days="90")
    assert "**1 rejection** of 5 (20%) came after an earlier one of the same listing (12 d of 90 d read)." in said(page)
    [row] = page.dataframe[0].value.to_dict("records")
    assert (row["Product id"], row["After"], row["Rejections seen"]) == (str(FIRST), "active", 2)


def test_the_time_machine_offers_the_moments_that_are_asked_for_most(open_page, tmp_path) -> None:
    page = open_page(with_history(tmp_path), "history")
    page.session_state["pick-moment"] = True
    page.run()
    labels = [link.proto.label for link in page.get("page_link")]
    assert "End of yesterday: 8 Mar 2026 23:59 UTC" in labels
    assert "Before the jump from 0 to 5: 9 Mar 2026 11:59 UTC" in labels


def ways(page) -> dict[str, str | None]:
    """The links of a page by their words, to which words of an address; None: to nowhere."""
    return {link.value: None if link.proto.disabled else link.proto.query_string for link in page.page_link}


def test_the_time_machine_leads_to_the_moments_around_this_one_with_all_else_of_the_address(
    open_page, tmp_path
) -> None:
    page = open_page(with_history(tmp_path), "history", span="7d")
    leads = ways(page)
    assert leads["‹ Before the last change"] == "span=7d&as_of=2026-03-09T11%3A59%3A59.999Z"
    assert leads["After the next change ›"] is None
    assert leads["Link to this moment"] == "span=7d&as_of=2026-03-09T12%3A01%3A00.000Z"
    then = ways(open_page(tmp_path, "history", span="7d", as_of="2026-03-09T11:59:59.999Z"))
    assert then["‹ Before the last change"] is None
    assert then["After the next change ›"] == "span=7d&as_of=2026-03-09T12%3A00%3A00.000Z"
    assert then["Back to now"] == "span=7d"


def test_a_moment_that_is_picked_is_in_the_address_and_none_is_before(open_page, tmp_path) -> None:
    page = open_page(with_history(tmp_path), "history", span="7d")
    [field] = [one for one in page.get("datetime_input") if one.label == "As it was at (UTC)"]
    assert field.value is None
    assert "as_of" not in page.query_params
    field.set_value(JUMP.replace(hour=11, minute=30, tzinfo=None)).run()
    assert page.query_params["as_of"] == "2026-03-09T11:30:00.000Z"
    assert page.query_params["span"] == "7d"
    assert "**As it was 9 Mar 2026 11:30 UTC**" in " ".join(said(page))


def test_a_link_to_what_is_held_at_the_end_means_now_where_the_end_is_now(open_page, tmp_path) -> None:
    page = open_page(with_history(tmp_path), "history", span="7d")
    assert ways(page)["The 5 held at the end"] == ""
    assert ways(page)["The 0 held at the start"] == "as_of=2026-03-03T00%3A00%3A00.000Z"


def test_an_archived_store_opens_at_its_last_reading(open_page, tmp_path) -> None:
    db = open_snapshot(with_history(tmp_path, now=JUMP + 200 * DAY) / "snapshot.db")
    main_store(db, watched=False)
    db.close()
    page = open_page(tmp_path, "history", store="main")
    assert not page.exception
    texts = " ".join(said(page))
    assert "As last read, 9 Mar 2026 12:00 UTC" in texts
    assert "= **5** at 9 Mar 2026 12:00 UTC" in texts
    page.session_state["pick-moment"] = True
    page.run()
    assert "Before the jump from 0 to 5: 9 Mar 2026 11:59 UTC" in ways(page)
    assert not [words for words in ways(page) if "yesterday" in words]


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock.txt"))
    return tmp_path


def lines(path: str) -> list[dict[str, str]]:
    answer = ask_app(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_listings_behind_a_bar_are_a_file_without_formulas(at_home) -> None:
    with_history(at_home)
    rows = lines("/moves.csv?opening=2026-03-08T00:00:00Z&closing=2026-03-09T12:00:00Z&moves=rejected&store=main")
    assert [row["Product id"] for row in rows] == [f"\t{one}" for one in reversed(REJECTED)]
    hostile = rows[-1]
    assert hostile["Title"] == HOSTILE
    assert {name: hostile[name] for name in ("Store", "When (UTC)", "From", "To", "Reasons", "Held at (UTC)")} == {
        "Store": "main",
        "When (UTC)": "2026-03-09T12:00:00.000Z",
        "From": "active",
        "To": "rejected",
        "Reasons": "Main picture too small",
        "Held at (UTC)": "2026-03-09T12:00:00.000Z",
    }
    gone = lines("/moves.csv?opening=2026-03-08T00:00:00Z&closing=2026-03-09T12:00:00Z&moves=gone")
    assert gone == []


def test_the_file_is_named_after_what_it_holds(at_home) -> None:
    with_history(at_home)
    answer = ask_app("/moves.csv?opening=2026-03-08T00:00:00Z&closing=2026-03-09T12:00:00Z&moves=came")
    name = 'attachment; filename="aexdash-came-all-stores-20260309T120000Z.csv"'
    assert answer.headers["content-disposition"] == name


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Such a list is about two moments: name opening, closing and moves."),
        ("opening=2026-03-01T00:00:00Z&moves=rejected", "Such a list is about two moments"),
        ("opening=x&closing=2026-03-09T00:00:00Z&moves=rejected", "opening=x is not a moment"),
        ("opening=0001-01-01T00:00:00Z&closing=2026-03-09T00:00:00Z&moves=came", "opening=0001-01-01T00:00:00Z is not"),
        ("opening=2026-03-09T00:00:00Z&closing=2026-03-01T00:00:00Z&moves=gone", "The first of the two moments was"),
        ("opening=2026-03-01T00:00:00Z&closing=2026-03-09T00:00:00Z&moves=all", "moves=all is not known"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_in_one_sentence(at_home, query, sentence) -> None:
    with_history(at_home)
    answer = ask_app(f"/moves.csv?{query}")
    assert answer.status_code == 404
    assert answer.text.startswith(sentence)


def test_what_came_and_went_up_to_now_is_counted_anew_only_when_something_was_recorded(
    open_page, tmp_path, monkeypatch
) -> None:
    asked, between = [], Past.between
    monkeypatch.setattr(Past, "between", lambda self, *span: asked.append(span) or between(self, *span))
    folder = with_history(tmp_path)
    page = open_page(folder, "history")
    set_clock(folder, NOW + timedelta(seconds=10))
    page.run()
    assert len(asked) == 1
    db = open_snapshot(folder / "snapshot.db")
    read_store(db, main_store(db), NOW + timedelta(seconds=20), quiet())
    db.close()
    set_clock(folder, NOW + timedelta(seconds=30))
    page.run()
    assert [span[1] for span in asked] == [JUMP, NOW + timedelta(seconds=20)]
