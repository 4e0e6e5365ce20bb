from datetime import timedelta

import pytest

from aexdash.config import preparing
from aexdash.desk.decisions.work import Desk
from aexdash.model import Outcome, Provenance, Reason, Status
from aexdash.platform_data import CategoryRules, PictureFacts
from aexdash.snapshot.evidence.api import record_category, record_details, record_pictures
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.readmodels import Tabs
from aexdash.snapshot.tallies import AtRisk
from aexdash.statement import Reach
from aexdash.sync.evidence.gathering import check
from aexdash.ui.overview.risk import no_risk_words
from aexdash.ui.overview.tiles import lane_links
from aexdash.ui.overview.why import NOT_KNOWN, NOTHING_HELD, SEVERAL
from tests import reaches
from tests.ui.reading import alerts, beside_reasons, captions, cards, heading, links, read_aloud, said
from tests.ui.sample import (
    FIRST,
    IN_AUDIT,
    JUMP,
    NOW,
    ON_SALE,
    REJECTED,
    detail,
    failed,
    find,
    home,
    jumped,
    main_store,
    quiet,
    read,
    set_clock,
    set_reasons,
    shown,
    with_history,
)


def test_those_of_whom_nobody_said_why_are_named_beside_the_reasons_and_only_what_adds_up_to_more_says_so(
    open_page, tmp_path
):
    """The largest group once stood out of sight behind the commonest reasons, of which a sum was told that was none."""
    codes = [f"image.made_up_{number}" for number in range(12)]
    walks = quiet(60) | {
        Status.REJECTED: [shown(FIRST + 100 + number, Status.REJECTED) for number in range(10)],
        Status.AUDITING: [shown(FIRST + 200 + number, Status.AUDITING) for number in range(20)],
    }
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    read(db, main_store(db), JUMP, walks)
    db.close()
    two, one = codes[:3], [[code] for code in codes[3:]]
    said_of = dict(zip((FIRST + 100 + number for number in range(10)), [two, *one], strict=True))
    some = {key: [Reason(code, Provenance.PLATFORM) for code in of] for key, of in said_of.items()}
    set_reasons(tmp_path, some, Provenance.PLATFORM)
    page = open_page(tmp_path)
    assert [figures for figures, _, _ in beside_reasons(page)] == ["1"] * 7 + ["20"]
    assert "5 more reasons in the worklist ›" in links(page)
    assert SEVERAL not in captions(page)
    every = {key: [Reason(code, Provenance.PLATFORM) for code in codes[:7]] for key in said_of}
    set_reasons(tmp_path, every, Provenance.PLATFORM)
    assert SEVERAL in captions(open_page(tmp_path))


@pytest.mark.slow
def test_beside_why_stands_of_how_many_listings_the_reasons_are_still_read(open_page, tmp_path):
    """A reason that is not read yet once looked like one that no listing has."""
    page = open_page(with_history(tmp_path))
    assert "Reasons of 5 held listings not all read yet." in captions(page)
    assert not any("not all read" in text for text in captions(open_page(tmp_path, as_of="2026-03-09T12:00:30Z")))
    read_all_of(tmp_path)
    assert not any("not all read" in text for text in captions(open_page(tmp_path)))


def read_all_of(folder):
    """Let all evidence of the held listings be read and checked."""
    db = open_snapshot(folder / "snapshot.db")
    store, held = main_store(db), [*REJECTED, IN_AUDIT]
    record_details(db, store, [detail(product_id) for product_id in held], NOW)
    pictures = [f"https://pictures.example/{product_id}.jpg" for product_id in held]
    record_pictures(db, [PictureFacts(url, "measured", 900, 900, "JPEG", 20_480) for url in pictures], NOW)
    record_category(db, store, CategoryRules(200003482, "Lamps", ()), NOW)
    check(db, store, NOW)
    db.close()


def test_the_worked_example_is_counted_split_judged_and_explained(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    assert not page.exception
    assert said(page)[:2] == [
        "# 5 listings held",
        ":red-badge[▲ Needs attention] since 9 Mar (0 s)",
    ]
    assert "**Today:** 0 at midnight + 5 entered − 0 left = **5**" in said(page)
    assert list(cards(page).items())[:5] == [
        ("Rejected, 24 hours", "4"),
        ("Active listings", "34"),
        ("Required attributes complete", "–"),
        ("Listing quality score", "–"),
        ("Suppressed share", "12.5 %"),
    ]
    assert links(page) == [
        "›",
        "**4** rejected",
        "**1** in audit",
        ":gray[compare with Seller Center ›]",
        "To fix now **4**",
        "waiting for AliExpress **1**",
        "1 taken down, not counted ›",
        "4 do not resubmit yet ›",
        "Main picture too small ›",
        "Brand missing ›",
    ]
    assert alerts(page) == []


def test_a_reason_that_only_we_measured_is_called_likely(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    assert [says for _, _, says in beside_reasons(page)] == ["measured: likely, AliExpress is silent"] * 2


def test_quality_advice_alone_is_no_blocker(open_page, tmp_path):
    advice = Reason("image.no_white_background", Provenance.DIAGNOSIS, "add a picture on white")
    set_reasons(with_history(tmp_path), {IN_AUDIT: [advice]}, Provenance.DIAGNOSIS)
    find(tmp_path, {IN_AUDIT: []})
    page = open_page(tmp_path)
    assert [(alone, says) for _, alone, says in beside_reasons(page)][-1] == (
        "",
        "AliExpress diagnosis: advice, not the verdict",
    )
    assert [alone for _, alone, _ in beside_reasons(page) if alone] == ["alone holds 4"]


def test_what_was_mended_since_the_rejection_is_one_click_away(open_page, tmp_path):
    find(with_history(tmp_path), {FIRST: []})
    assert links(open_page(tmp_path))[7:9] == ["3 do not resubmit yet ›", "1 ready to resubmit ›"]


def test_listings_at_risk_are_counted_by_finding_and_not_called_held(open_page, tmp_path):
    small = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 500, "height": 500, "minimum": 800})
    find(with_history(tmp_path), {ON_SALE: [small], ON_SALE + 1: [small]})
    page = open_page(tmp_path)
    assert heading(page) == "5 listings held"
    assert links(page)[-2:] == ["**2 listings** at risk ›", "Main picture too small 2"]
    [words] = [text for text in captions(page) if text.startswith("On sale")]
    assert words.startswith("On sale or waiting to be; a check finds what AliExpress refuses.")


def test_no_finding_is_no_good_news_before_everything_was_checked(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    [words] = [text for text in captions(page) if "finding" in text.lower()]
    assert words.startswith("No finding so far.")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (AtRisk(0, 34, 34), "Nothing found on the 34 listings on sale or waiting to be."),
        (AtRisk(0, 10, 34), "No finding so far. Checked so far: 10 of 34; the rest follows with the next syncs."),
        (AtRisk(0, None, None), "No finding so far. How many were checked is not known yet."),
    ],
)
def test_only_a_whole_check_says_that_nothing_was_found(found, words):
    assert no_risk_words(found, past=False) == words


def test_every_card_says_its_formula_window_source_and_lag(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    helps = [metric.help for metric in page.metric]
    for name in ("Formula", "Window", "Source", "Lag", "Band"):
        assert all(f"**{name}**" in text for text in helps), name


def test_a_zero_that_was_completely_read_is_the_good_state(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    read(db, main_store(db), JUMP, quiet())
    db.close()
    page = open_page(tmp_path)
    assert heading(page) == "0 listings held"
    assert ":green-badge[✓ Performing]" in said(page)[1]
    assert alerts(page) == []


def test_a_stale_zero_is_not_confirmed(open_page, tmp_path):
    db = open_snapshot(home(tmp_path, now=JUMP + timedelta(hours=3)) / "snapshot.db")
    read(db, main_store(db), JUMP, quiet())
    db.close()
    page = open_page(tmp_path)
    assert ":gray-badge[? Not confirmed]" in said(page)[1]
    assert "green-badge" not in "".join(said(page))
    assert [kind for kind, _ in alerts(page)] == ["warning"]


def test_while_a_demo_reads_its_past_the_page_says_so_instead_of_an_alarm(open_page, tmp_path):
    now = JUMP + timedelta(hours=3)
    folder = with_history(tmp_path, now=now)
    preparing.tell(folder, "The demo is reading its past, day 12 of 30", now)
    page = open_page(folder)
    ((kind, words),) = alerts(page)
    told = "The demo is reading its past, day 12 of 30"
    assert (kind, read_aloud(words)) == ("info", f"{told}. What you see is of the days read so far.")
    assert any(
        "<p data-freshness" in (body := one.proto.body) and body.endswith(f">{told}</p>") for one in page.get("html")
    )
    preparing.end(folder)
    assert [kind for kind, _ in alerts(page.run())] == ["warning"]


def test_stale_held_listings_stay_and_the_page_says_how_old_they_are(open_page, tmp_path):
    page = open_page(with_history(tmp_path, now=JUMP + timedelta(hours=3)))
    assert heading(page) == "5 listings held when last read, 9 Mar 2026 12:00 UTC"
    assert ":gray-badge[stale]" in said(page)[1]
    assert page.warning[0].proto.title == "Stale: last read 3 h ago"


def test_a_failed_read_clears_nothing_and_says_what_happened(open_page, tmp_path):
    failed(with_history(tmp_path), JUMP + timedelta(seconds=30))
    page = open_page(tmp_path)
    assert heading(page) == "5 listings held when last read, 9 Mar 2026 12:00 UTC"
    [(kind, sentence)] = alerts(page)
    assert kind == "error"
    assert sentence.replace("\\", "").startswith("The gateway api-sg.aliexpress.com cannot be reached.")


def test_a_partial_read_clears_nothing(open_page, tmp_path):
    db = open_snapshot(with_history(tmp_path) / "snapshot.db")
    unread = jumped() | {Status.REJECTED: []}
    read(db, main_store(db), JUMP + timedelta(seconds=30), unread, outcome=Outcome.PARTIAL)
    db.close()
    page = open_page(tmp_path)
    assert heading(page) == "5 listings held, not confirmed"
    assert page.warning[0].proto.title == "Partly read"


def test_a_store_never_read_is_not_a_zero(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    main_store(db)
    db.close()
    page = open_page(tmp_path)
    assert heading(page) == "Not known yet"
    assert set(cards(page).values()) == {"–"}
    assert page.info[0].proto.title == "No data yet"


def test_an_archived_store_says_that_it_is_not_watched(open_page, tmp_path):
    db = open_snapshot(with_history(tmp_path, now=JUMP + timedelta(days=30)) / "snapshot.db")
    main_store(db, watched=False)
    db.close()
    page = open_page(tmp_path)
    assert heading(page) == "5 listings held when last read, 9 Mar 2026 12:00 UTC"
    assert page.info[0].proto.title == "Archived store"
    assert page.button(key="sync-now").disabled


def test_the_time_machine_shows_the_moment_of_the_address_and_a_way_back(open_page, tmp_path):
    page = open_page(with_history(tmp_path), as_of="2026-03-09T11:59:00Z")
    assert heading(page) == "0 listings held"
    assert any("As it was 9 Mar 2026 11:59 UTC" in text for text in said(page))
    back = next(link for link in page.page_link if link.value == "Back to now")
    assert (back.proto.page, back.proto.query_string) == ("", "")


def test_an_address_that_cannot_be_read_is_noted_and_the_rest_shown(open_page, tmp_path):
    page = open_page(with_history(tmp_path), as_of="yesterday", store="<b>other</b>")
    assert heading(page) == "5 listings held"
    notes = [caption.value for caption in page.caption if "Address" in caption.value]
    assert len(notes) == 2
    assert "<b>" not in "".join(notes)


def test_asking_for_a_sync_leaves_a_request_on_the_desk(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    page.button(key="sync-now").click().run()
    assert not page.exception
    assert Desk(tmp_path / "desk.db").take_sync_requests() == [("main", "pulse")]


def test_a_page_drawn_again_after_a_sync_shows_what_it_brought(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    db = open_snapshot(tmp_path / "snapshot.db")
    read(db, main_store(db), NOW, quiet())
    db.close()
    set_clock(tmp_path, NOW + timedelta(seconds=5))
    page.run()
    assert heading(page) == "0 listings held"


def test_a_past_moment_does_not_know_what_the_rest_of_its_day_brought(open_page, tmp_path):
    page = open_page(with_history(tmp_path), as_of="2026-03-09T11:59:00Z")
    assert any("13 of 30 days read: highest 0" in caption.value for caption in page.caption)
    assert cards(page)["Active listings"] == "39"


@pytest.mark.slow
def test_nothing_held_is_no_reason_and_nothing_known_is_not_nothing(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    store = main_store(db)
    page = open_page(tmp_path)
    assert NOT_KNOWN in captions(page)
    read(db, store, JUMP, quiet())
    db.close()
    page = open_page(tmp_path)
    assert NOTHING_HELD in captions(page)
    assert NOTHING_HELD not in captions(open_page(tmp_path, as_of="2026-03-09T12:00:00Z"))
    set_clock(tmp_path, JUMP + timedelta(hours=3))  # a zero that nobody has read since is no zero of now
    assert NOTHING_HELD not in captions(open_page(tmp_path))


def test_the_links_of_the_hero_say_whose_move_it_is_and_what_is_stuck():
    links_of = lane_links(Tabs(12, 20, 2, rejected=9, auditing=3), reaches.WHOLE)
    assert [label for label, _ in links_of] == [
        "To fix now **12** (9 rejected + 3 stuck in audit)",
        "waiting for AliExpress **20**",
        "snoozed **2**",
    ]
    assert [view.to_query() for _, view in links_of] == [
        {"lane": "todo", "order": "urgent"},
        {"lane": "waiting"},
        {"lane": "snoozed"},
    ]
    then = Reach((reaches.store(),), moment=reaches.NOON)
    assert [label for label, _ in lane_links(Tabs(0, 1, 0), then)] == ["To fix **0**", "waiting for AliExpress **1**"]


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (reaches.STALE, "To fix **0** when last read"),
        (reaches.ONE_BEHIND, "To fix **0** when last read"),
        (reaches.PART, "To fix **0** in 2 of 3 stores"),
        (Reach((reaches.store(current=False, partly=True),)), "To fix **0**, not confirmed"),
    ],
)
def test_the_links_of_the_hero_say_no_zero_that_nobody_has_confirmed(reach, words):
    assert [label for label, _ in lane_links(Tabs(0, 0, 2), reach)] == [words, "snoozed **2**"]
