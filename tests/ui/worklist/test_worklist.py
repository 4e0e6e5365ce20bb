from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.desk.annotations import Annotations
from aexdash.desk.decisions.work import Desk
from aexdash.model import Provenance, Reason, Stage, Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.tallies import AtRisk
from aexdash.snapshot.worklist import facets
from aexdash.ui.worklist.page import no_sheet_words
from aexdash.ui.worklist.reason_chips import chosen, reasons_of
from aexdash.view import View
from tests.ui.reading import captions, chips, heading, ids_of, list_of, opened, read_aloud, rows_of, said, tick
from tests.ui.sample import (
    FIRST,
    HOSTILE,
    IN_AUDIT,
    JUMP,
    NOW,
    ON_SALE,
    REJECTED,
    TAKEN_DOWN,
    find,
    home,
    main_store,
    quiet,
    read,
    set_reasons,
    shown,
    with_history,
)

HELD_NOW = " :gray[:small[held now]]"


def ids(page):
    return set(ids_of(page))


def row_of(page, product_id):
    return next(row for row in rows_of(page) if row["Product id"] == str(product_id))


def test_the_count_comes_first_then_chips_with_their_counts_then_the_rows(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    assert not page.exception
    assert heading(page) == "5 listings" + HELD_NOW
    assert chips(page, "filter-family") == ["Image  **4** · 4 alone", "Required attribute  **1** · 1 alone"]
    assert chips(page, "filter-status") == ["rejected  **4**", "in audit  **1**", "taken down  **1**"]
    assert chips(page, "filter-resubmit") == ["do not resubmit yet  **4**"]
    assert ids(page) == {str(product_id) for product_id in (*REJECTED, IN_AUDIT)}


def test_a_row_says_what_is_held_why_who_says_so_and_what_to_do(open_page, tmp_path):
    row = rows_of(open_page(with_history(tmp_path), "worklist", q=str(FIRST)))[0]
    shown = {
        name: row[name]
        for name in (
            "Title",
            "Why",
            "What to do",
            "Measured",
            "Status",
            "Held for",
            "Says who",
            "Rejections seen",
            "Price",
            "SKUs",
        )
    }
    assert shown == {
        "Title": HOSTILE,
        "Why": "Main picture too small",
        "What to do": "Main picture 350×350: upload at least 800×800, 1:1, white ground, at most 5 MB.",
        "Measured": "350×350 px, asked 800×800",
        "Status": "rejected",
        "Held for": "0 s",
        "Says who": "measured (likely, AliExpress is silent)",
        "Rejections seen": "1",
        "Price": "12.50–14.00 USD",
        "SKUs": "SKU-1",
    }
    assert row["Product id"] == str(FIRST)
    assert row["Public page"] == f"https://www.aliexpress.com/item/{FIRST}.html"
    assert row["Edit"].endswith(f"?productId={FIRST}")


def test_the_address_filters(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", reason="attribute.brand_missing")
    assert ids(page) == {str(IN_AUDIT)}
    assert page.pills(key="filter-reason").value == ["attribute.brand_missing"]


def test_a_filter_that_no_widget_shows_is_said_above_the_list(open_page, tmp_path):
    held = with_history(tmp_path)
    page = open_page(held, "worklist", without="image")
    assert ids(page) == {str(IN_AUDIT)}
    [told] = [text for text in map(read_aloud, captions(page)) if text.startswith("Not held by")]
    assert told == "Not held by Image; listings of which nobody knows the reasons are left out."
    page = open_page(held, "worklist", without="image,attribute.brand_missing", mark="untouched", note="yes")
    [told] = [text for text in map(read_aloud, captions(page)) if text.startswith("Not held by")]
    assert told == (
        "Not held by Image or Brand missing; listings of which nobody knows the reasons are left out. "
        "Only what is marked: nobody took it. Only listings with a note."
    )
    page.button(key="clear-filters").click().run()
    assert not any(text.startswith("Not held by") for text in captions(page))


def test_a_family_is_chosen_with_one_chip_and_its_codes_appear_under_it(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    page.pills(key="filter-family").set_value(["image"]).run()
    assert page.query_params["reason"] == "image"
    assert chips(page, "filter-reason") == ["Main picture too small  **4** · 4 alone"]
    page.pills(key="filter-reason").set_value(["image.main_too_small"]).run()
    assert page.query_params["reason"] == "image.main_too_small"
    assert page.pills(key="filter-family").value == ["image"]
    assert heading(page) == "4 listings :gray[:small[held now, filtered]]"
    assert ids(page) == {str(product_id) for product_id in REJECTED}
    page.pills(key="filter-family").set_value([]).run()
    assert "reason" not in page.query_params


@given(
    st.lists(st.sampled_from(["image", "image.none", "image.ratio", "title", "title.empty", "unknown"]), unique=True)
)
def test_the_chips_ask_for_what_the_address_said(reasons):
    families, codes = chosen(reasons)
    asked = reasons_of(families, codes)
    whole = {reason for reason in reasons if "." not in reason}
    assert set(asked) == {reason for reason in reasons if reason in whole or reason.partition(".")[0] not in whole}
    again = chosen(asked)
    assert (again[0], sorted(again[1])) == (families, sorted(codes))  # the codes of a family come together


def test_what_may_be_resubmitted_is_seen_in_the_rows_and_filters_them(open_page, tmp_path):
    find(with_history(tmp_path), {FIRST: []})
    page = open_page(tmp_path, "worklist")
    assert chips(page, "filter-resubmit") == ["do not resubmit yet  **3**", "ready to resubmit  **1**"]
    told = {row["Product id"]: row["Resubmit"] for row in rows_of(page)}
    assert told == {
        str(FIRST): ["ready to resubmit"],
        **{str(product_id): ["do not resubmit yet"] for product_id in REJECTED[1:]},
        str(IN_AUDIT): [],
    }
    page.pills(key="filter-resubmit").set_value(["ready"]).run()
    assert page.query_params["resubmit"] == "ready"
    assert ids(page) == {str(FIRST)}


def test_a_listing_whose_findings_are_all_mended_is_to_be_submitted_and_says_what_was_mended(open_page, tmp_path):
    find(with_history(tmp_path), {FIRST: []})
    page = open_page(tmp_path, "worklist", listing=f"main/{FIRST}")
    assert row_of(page, FIRST)["What to do"].startswith("What we measured is mended")
    assert "Mended: Main picture too small, seen 9 Mar 2026 12:01 UTC" in [element.value for element in page.text]
    assert any(":green-badge[✓ ready to resubmit]" in text for text in said(page))


@pytest.mark.parametrize(
    ("checked", "said_of_it"),
    [
        (AtRisk(1, None, None), "at risk  **at least 1**"),
        (AtRisk(1, 1, 2), "at risk  **at least 1**"),
        (AtRisk(1, 2, 2), "at risk  **1**"),
    ],
)
def test_of_what_is_at_risk_there_may_be_more_until_all_are_checked(
    open_page, tmp_path, monkeypatch, checked, said_of_it
):
    find(with_history(tmp_path), {ON_SALE: [Reason("title.too_long", Provenance.CHECK, measured={"length": 240})]})
    monkeypatch.setattr(Snapshot, "at_risk", lambda self, view: checked)
    assert said_of_it in chips(open_page(tmp_path, "worklist", status="active"), "filter-status")


def test_what_is_at_risk_is_never_called_held(open_page, tmp_path):
    find(with_history(tmp_path), {ON_SALE: [Reason("title.too_long", Provenance.CHECK, measured={"length": 240})]})
    page = open_page(tmp_path, "worklist", status="active")
    assert heading(page) == "1 listing :gray[:small[at risk before an audit now, not held]]"
    row = rows_of(page)[0]
    assert (row["Product id"], row["Status"], row["Held for"]) == (str(ON_SALE), "on sale", "not held")
    assert (row["Says who"], row["Resubmit"]) == ("measured", [])
    assert row["Stage"] == "not taken"
    labels = [column["label"] for column in list_of(page)["columns"]]
    assert labels[:4] == ["Listing", "Why", "What to do", "Owner · stage"]
    assert not {"Held for", "Resubmit"} & set(labels)
    assert any(text.startswith("On sale or waiting to be;") for text in captions(page))
    assert not any("held" in text.replace("not held", "").replace("Held at least", "") for text in said(page))


def test_nothing_at_risk_is_said_with_how_much_was_checked(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", status="active")
    assert heading(page).startswith("0 listings")
    assert page.info[0].value.startswith("No finding so far.")


def test_every_source_of_a_reason_is_shown_the_strongest_first(open_page, tmp_path):
    said_there = Reason(
        "image.main_too_small", Provenance.SELLER_CENTER, "图片太小", "zh", {"matched": "图片太小", "score": 100}
    )
    set_reasons(with_history(tmp_path), {FIRST: [said_there]}, Provenance.SELLER_CENTER)
    page = open_page(tmp_path, "worklist", listing=f"main/{FIRST}")
    texts = [element.value for element in page.text]
    spoken = ["“图片太小” (zh)", "recognised by “图片太小”, fit 100 of 100", "350×350 px, asked 800×800"]
    assert [text for text in texts if text in spoken] == spoken
    assert sum("Main picture 350×350" in text for text in texts) == 1
    assert any(":orange-badge[✕ do not resubmit yet]" in text for text in said(page))
    assert row_of(page, FIRST)["Says who"] == "Seller Center says · measured"


def test_a_reading_that_has_a_rival_names_it_on_the_listing(open_page, tmp_path):
    torn = {"matched": "murky snapshot", "score": 100, "rivals": ["image.background", "image.ratio"]}
    said_there = Reason("image.unclear", Provenance.SELLER_CENTER, "Murky snapshot", "en", torn)
    set_reasons(with_history(tmp_path), {FIRST: [said_there]}, Provenance.SELLER_CENTER)
    page = open_page(tmp_path, "worklist", listing=f"main/{FIRST}")
    rivals = "Picture background or Main picture of the wrong shape"
    assert f"recognised by “murky snapshot”, fit 100 of 100; the same words may mean: {rivals}" in [
        element.value for element in page.text
    ]


@pytest.mark.slow
def test_a_pasted_text_is_kept_for_the_worker_and_listed(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", listing=f"main/{FIRST}")
    page.text_area(key=f"seller-center-main-{FIRST}").set_value("  Main image is too small. ")
    page.button(key=f"save-seller-center-main-{FIRST}").click().run()
    assert not page.exception
    [kept] = Annotations(tmp_path / "desk.db").of("main", FIRST)
    assert (kept.text, kept.source, kept.at) == ("Main image is too small.", "pasted", NOW)
    listed = [frame.value for frame in page.dataframe if "From" in frame.value]
    assert list(listed[0]["Text"]) == ["Main image is too small."]
    page.button(key=f"save-seller-center-main-{FIRST}").click().run()
    assert [one.text for one in Annotations(tmp_path / "desk.db").of("main", FIRST)] == ["", "Main image is too small."]
    page.button(key=f"save-seller-center-main-{FIRST}").click().run()
    assert len(Annotations(tmp_path / "desk.db").of("main", FIRST)) == 2


def test_a_listing_at_risk_or_of_the_past_has_no_box_to_paste_into(open_page, tmp_path):
    folder = with_history(tmp_path)
    find(folder, {ON_SALE: [Reason("title.too_long", Provenance.CHECK, measured={"length": 240})]})
    on_sale = open_page(folder, "worklist", listing=f"main/{ON_SALE}")
    assert "## What AliExpress may refuse" in said(on_sale)
    past = open_page(folder, "worklist", listing=f"main/{FIRST}", as_of="2026-03-09T12:00:30Z")
    assert [len(page.text_area) for page in (on_sale, past)] == [0, 0]


def test_the_panel_of_a_listing_on_sale_does_not_call_it_held(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", listing=f"main/{ON_SALE}")
    assert "## What is said of it" in said(page)
    assert "It is not held, and nothing is said or measured against it." in said(page)


def test_a_row_that_was_taken_down_says_first_that_the_time_for_an_appeal_is_over(open_page, tmp_path):
    folder = with_history(tmp_path)
    said_there = [Reason("other.taken_down_violation", Provenance.PLATFORM)]
    set_reasons(folder, {TAKEN_DOWN: said_there}, Provenance.PLATFORM)
    page = open_page(folder, "worklist", status="offline", listing=f"main/{TAKEN_DOWN}")
    told = row_of(page, TAKEN_DOWN)["What to do"]
    assert told.startswith("Time for an appeal is over · Taken down for a rule violation")
    assert "over since 4 Mar 2026 12:00 UTC at the latest." in " ".join(said(page))


def test_downloads_carry_the_same_view_and_a_fix_sheet_wants_one_reason(open_page, tmp_path):
    folder = with_history(tmp_path)
    page = opened(open_page(folder, "worklist", reason="image.main_too_small", status="rejected"), "export")
    query = "status=rejected&reason=image.main_too_small"
    assert [(link.url, link.disabled) for link in page.link_button] == [
        (f"/export.csv?{query}", False),
        (f"/export.xlsx?{query}", False),
        (f"/fix.xlsx?{query}", False),
        (f"/fix.csv?{query}", False),
        (f"/export.csv?{query}&plain=1", False),
    ]
    families = opened(open_page(folder, "worklist", reason="image,attribute"), "export")
    assert [link.disabled for link in families.link_button] == [False, False, True, True, False]
    assert "For a fix sheet, choose just one reason." in map(read_aloud, captions(families))


@pytest.mark.parametrize(
    ("reasons", "says"),
    [
        ((), "For a fix sheet, choose one reason."),
        (("image",), "For a fix sheet, choose one of the family's reasons too."),
        (("image.main_too_small", "title.too_long"), "For a fix sheet, choose just one reason."),
    ],
)
def test_what_to_choose_for_a_fix_sheet_is_said(reasons, says):
    assert no_sheet_words(reasons, load_taxonomy()) == says


def test_a_family_with_one_code_among_the_listings_has_a_fix_sheet(open_page, tmp_path):
    family = opened(open_page(with_history(tmp_path), "worklist", reason="image"), "export")
    assert [link.disabled for link in family.link_button] == [False] * 5


def test_clearing_the_filters_shows_everything_held_again(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", reason="attribute.brand_missing", age="30d")
    assert heading(page).startswith("0 listings")
    page.button(key="clear-filters").click().run()
    assert heading(page) == "5 listings" + HELD_NOW
    assert "reason" not in page.query_params


def test_a_reason_that_no_listing_has_stays_chosen_and_shows_nothing(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", reason="price.retail_price_refused")
    assert page.pills(key="filter-family").value == ["price"]
    assert page.pills(key="filter-reason").value == ["price.retail_price_refused"]
    assert page.info[0].value == "No listing matches these filters."


def test_the_text_search_takes_a_title_an_id_or_a_sku(open_page, tmp_path):
    folder = with_history(tmp_path)
    for text in ("lamp 2", str(FIRST + 1), "SKU-2"):
        assert ids(open_page(folder, "worklist", q=text)) == {str(FIRST + 1)}, text


def test_a_past_moment_shows_what_was_held_then(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", as_of="2026-03-09T11:00:00Z")
    assert heading(page) == "0 listings :gray[:small[held at 9 Mar 2026 11\\:\u206000 UTC]]"
    assert page.success[0].value == "No listing was held then."


def test_the_address_opens_a_listing_with_all_that_is_known_of_it(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", listing=f"main/{FIRST}")
    assert not page.exception
    texts = [element.value for element in page.text]
    assert HOSTILE in texts
    assert any(text.startswith("What to do: ") for text in texts)
    tables = [frame.value for frame in page.dataframe]
    assert any(list(table.get("Status", [])) == ["rejected", "active"] for table in tables)
    assert any("Brass | *solid*" in table.to_string() for table in tables)
    assert not any(HOSTILE in text for text in said(page))


def test_a_listing_that_is_not_known_is_said_to_be_so(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", listing="main/42")
    assert page.info[0].value.startswith("No reading has shown this listing so far")


@pytest.mark.slow
def test_people_take_fix_and_snooze_ticked_listings(open_page, tmp_path):
    folder = with_history(tmp_path)
    page = open_page(folder, "worklist", q=str(FIRST))
    tick(page, FIRST)
    page.button(key="stage-taken").click().run()
    assert not page.exception
    snapshot = Snapshot(folder / "snapshot.db", folder / "desk.db", clock=lambda: NOW)
    [row] = snapshot.page(View(text=str(FIRST)), 10)
    assert row.stage is Stage.TAKEN
    assert row.owner
    assert page.button(key="stage-fixed").disabled  # the ticks are used up, in the list and in the bar
    tick(page, FIRST)
    page.button(key="stage-fixed").click().run()  # asks, because what was measured still stands
    tick(page, FIRST)
    page.button(key="stage-fixed").click().run()
    tick(page, FIRST)
    page.button(key="snooze").click().run()
    [row] = snapshot.page(View(text=str(FIRST)), 10)
    assert (row.stage, row.snoozed_until) == (Stage.SNOOZED, datetime(2026, 3, 12, tzinfo=UTC))
    assert [entry.after for entry in Desk(folder / "desk.db").log("main", FIRST) if entry.field == "stage"] == [
        "snoozed",
        "fixed",
        "taken",
    ]


def test_the_browser_gets_a_page_of_rows_and_the_address_says_which(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    walks = quiet(20)
    many = [shown(FIRST + 100 + number, Status.REJECTED) for number in range(230)]
    read(db, main_store(db), JUMP, walks | {Status.REJECTED: many})
    db.close()
    page = open_page(tmp_path, "worklist", order="product_id", page="3")
    assert heading(page) == "230 listings" + HELD_NOW
    assert sorted(ids(page)) == [str(FIRST + 300 + number) for number in range(30)]
    assert "rows 201 to 230 of 230" in [caption.value for caption in page.caption]
    page.get("pagination")[0].set_value(2).run()
    assert page.query_params["page"] == "2"
    assert len(ids(page)) == 100


def test_the_choices_behind_the_row_are_counted_once_they_are_looked_for(open_page, tmp_path, monkeypatch):
    asked, count = [], facets.count
    monkeypatch.setattr(facets, "count", lambda *about: asked.append(about[-1]) or count(*about))
    with_history(tmp_path)
    page = open_page(tmp_path, "worklist")
    assert [one.key for one in page.multiselect] == []
    assert asked == []
    opened(page, "more-filters")
    assert {"filter-owner", "filter-stage"} <= {one.key for one in page.multiselect}
    assert "owner" in asked[-1]


def test_an_owner_with_a_comma_can_be_asked_for(open_page, tmp_path):
    Desk(with_history(tmp_path) / "desk.db").set_owner("main", [FIRST], "Smith, Jane", by="lead", now=NOW)
    page = opened(open_page(tmp_path, "worklist"), "more-filters")
    page.multiselect(key="filter-owner").set_value(["Smith, Jane"]).run()
    assert page.query_params["owner"] == '"Smith, Jane"'
    assert ids(page) == {str(FIRST)}
    assert page.multiselect(key="filter-owner").value == ["Smith, Jane"]
