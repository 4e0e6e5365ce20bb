import json
from datetime import timedelta

import pandas as pd

from aexdash.clock import from_text, to_text
from aexdash.model import Status
from aexdash.snapshot.file import open_snapshot
from aexdash.supervision.states import LoopBook
from aexdash.words.health import ALWAYS
from tests.ui.plotted import checked
from tests.ui.reading import alerts, read_aloud, said
from tests.ui.sample import JUMP, failed, home, jumped, main_store, read, with_history


def test_history_draws_the_chart_and_says_which_days_were_not_read(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "history", span="30d")
    assert not page.exception
    charts = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    assert [checked(chart).data[0].type for chart in charts] == ["bar", "waterfall", "bar"]
    captions = [caption.value for caption in page.caption]
    assert "17 of 30 days have no complete read: gaps, not zeros." in captions


def test_the_span_of_the_address_is_the_span_of_the_books(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "history", span="7d")
    assert "**0** at 3 Mar 2026 00:00 UTC + **5** entered − **0** left = **5** at 9 Mar 2026 12:01 UTC" in said(page)


def test_the_table_behind_the_chart_has_gaps_where_the_chart_has(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "history", span="30d")
    page.session_state["history-table"] = True
    page.run()
    table = page.dataframe[0].value
    assert list(table["Held"].head(2)) == [5, 0]
    assert table["Held"].isna().sum() == 17
    assert table["Held"].dtype == pd.Int64Dtype()


def test_a_span_that_was_never_read_has_no_chart_and_no_zero(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "history", as_of="2025-01-01T00:00:00Z")
    assert not page.exception
    assert page.info[0].value.startswith("No day of this span was completely read")
    assert page.info[0].value.endswith("Choose a longer span, or all days that were read.")


def test_health_says_yes_when_nothing_speaks_against_it(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "health")
    assert not page.exception
    assert alerts(page) == [("info", "Yes, of what was read: 1 store completely read, and nothing speaks against it.")]
    walks = page.dataframe[1].value
    assert list(walks["Status"]) == ["rejected", "in audit", "active", "offline"]
    assert set(walks["Complete"]) == {"yes"}


def test_health_says_a_plain_yes_only_where_all_was_read_and_below_what_is_not_known(open_page, tmp_path):
    """A green yes once stood above thousands of listings that nobody had checked."""
    page = open_page(with_history(tmp_path), "health")
    drawn = [element.type for element in page.main if element.type in ("markdown", "info", "success", "warning")]
    assert drawn.index("info") > drawn.index("markdown", 1)
    assert not page.success
    db = open_snapshot(home(tmp_path / "quiet") / "snapshot.db")
    nothing = dict.fromkeys((Status.AUDITING, Status.REJECTED, Status.ACTIVE, Status.OFFLINE), ())
    read(db, main_store(db), JUMP - timedelta(days=2), nothing)
    for hours in range(24, -1, -1):
        read(db, main_store(db), JUMP - timedelta(hours=hours), nothing)
    db.close()
    whole = open_page(tmp_path / "quiet", "health")
    assert alerts(whole) == [("success", "Yes. 1 store completely read, and nothing speaks against it.")]


def test_health_names_what_of_the_worker_cannot_run_and_a_worker_not_heard_of(open_page, tmp_path):
    folder = with_history(tmp_path)
    now = from_text((folder / "clock.txt").read_text())
    book = LoopBook(folder, now - timedelta(hours=1))
    book.record("alerts").fails(f"The desk {folder}/desk.db is *damaged*.", now - timedelta(minutes=7))
    book.record("feed").fails("The disk is full.", now - timedelta(minutes=4))
    book.record("sync-main").alive(now - timedelta(minutes=31))
    book.keep(now)
    told = next(text for kind, text in alerts(open_page(folder, "health")) if "Alerts" in text)
    lines = read_aloud(told).split("  \n")
    assert lines[0].startswith("Alerts and their messages cannot run since ")
    assert lines[0].endswith(": The desk desk.db is *damaged*. It is tried again by itself.")
    assert lines[1].startswith("Reading My store hangs since ")
    assert len(lines) == 2, "what has failed for four minutes is tried again before anybody is told"
    (folder / "clock.txt").write_text(to_text(now + timedelta(minutes=2)))
    assert any("The worker has not been heard of since" in text for _, text in alerts(open_page(folder, "health")))


def test_health_names_what_speaks_against_it(open_page, tmp_path):
    failed(with_history(tmp_path), JUMP + timedelta(seconds=30))
    page = open_page(tmp_path, "health")
    [verdict] = [text for kind, text in alerts(page) if text.startswith("Only as of")]
    assert "reading fails since 9 Mar 2026 12:00 UTC" in verdict
    runs = page.dataframe[2].value
    assert list(runs["Outcome"].head(2)) == ["failed", "complete"]


def test_health_says_what_is_not_known_before_what_is(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "health")
    headings = [text for text in said(page) if text.startswith("#")]
    assert headings == [
        "## Is what I see true?",
        "### What is not known",
        "### Stores",
        "### Last read of each status",
        "### Sync runs",
    ]
    assert "- My store: 34 of 34 listings on sale: details not read yet, so not checked." in said(page)
    assert ALWAYS in [caption.value for caption in page.caption]
    assert any(one.value.startswith("Calls: in the running hour; no budget is set. Details:") for one in page.caption)


def test_health_says_how_much_of_the_last_day_was_read(open_page, tmp_path):
    page = open_page(with_history(tmp_path, now=JUMP + timedelta(hours=12)), "health")
    [gap] = [text for text in said(page) if "of the last day" in text]
    assert gap.startswith("- My store: 12 h of 24 h read of the last day: listings may have come and gone unseen")


def test_health_of_an_archived_store_says_up_to_when_anything_is_known(open_page, tmp_path):
    db = open_snapshot(with_history(tmp_path, now=JUMP + timedelta(days=30)) / "snapshot.db")
    main_store(db, watched=False)
    db.close()
    page = open_page(tmp_path, "health", store="main")
    assert "- My store: not read any more, so nothing after 9 Mar 2026 12:00 UTC." in said(page)


def test_held_listings_of_which_nobody_says_why_are_not_known_and_a_click_away(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    read(db, main_store(db), JUMP, jumped())
    db.close()
    page = open_page(tmp_path, "health")
    [nameless] = [link for link in page.page_link if "nobody says why" in link.value]
    assert nameless.value == "4 held listings of 5: nobody says why, open Seller Center ›"
    assert nameless.proto.query_string == "reason=unknown"
