"""The cards of the overview: their values, their states in words, and which of them are shown."""

from datetime import timedelta

import pytest

from aexdash.cards import CARDS, Band, Direction
from aexdash.cards.recording import record_cards
from aexdash.cards.shops import NO_SHOP
from aexdash.desk.bands import Sensitivity
from aexdash.desk.profiles import Profiles
from aexdash.desk.settings import Preferences
from aexdash.model import Provenance, Reason
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import ensure_store
from tests.ui.reading import beside, cards, chips, said
from tests.ui.sample import JUMP, NOW, ON_SALE, find, home, main_store, quiet, read, with_history

NO_FEED = (
    "Not connected: no validation file of the feed was read yet. Drop one on the page or in the store's feed folder."
)
PARTLY = ":gray-badge[○ No data] :small[11 d of 30 d read"
NONE_CLEARED = (
    f"{PARTLY} · No listing that was seen to come and to go was cleared in the part of these 30 days that was read.]"
)

NO_ORDERS = "Not connected: the orders have not been read yet; the next sweep begins with them."
SMALL = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 500, "height": 500, "minimum": 800})


def two_stores(tmp_path):
    """A home with the store of the worked example, and another that sells 40 listings and has none held."""
    with_history(tmp_path)
    db = open_snapshot(tmp_path / "snapshot.db")
    other = ensure_store(db, key="other", title="Other store", model="overseas", now=JUMP - timedelta(days=20))
    read(db, other, JUMP, quiet())
    db.close()
    return tmp_path


def test_every_card_says_its_value_and_its_state_in_a_word_and_a_sign(open_page, tmp_path):
    find(with_history(tmp_path), {ON_SALE: [SMALL]})
    page = open_page(tmp_path)
    assert not page.exception
    told = {title: (value, beside(page)[title]) for title, value in cards(page).items()}
    assert told == {
        "Rejected, 24 hours": ("4", ":red-badge[▲ Needs attention]"),
        "Active listings": ("34", ":gray-badge[● Stable]"),
        "Required attributes complete": (
            "–",
            ":gray-badge[○ No data] :small[0 of 34 known]",
        ),
        "Listing quality score": (
            "–",
            ":gray-badge[○ No data] :small[0 of 34 known]",
        ),
        "Suppressed share": ("12.5 %", ":red-badge[▲ Needs attention]"),
        "Total listings": ("40", ":gray-badge[● Stable]"),
        "Failing feed validation": (
            "–",
            f":gray-badge[○ No data] :small[{NO_FEED}]",
        ),
        "Oldest rejection": ("0 days", ":green-badge[✓ Performing]"),
        "Oldest audit": ("0 days", ":green-badge[✓ Performing]"),
        "Time to clear, median": (
            "–",
            NONE_CLEARED,
        ),
        "Time to clear, 90th percentile": (
            "–",
            NONE_CLEARED,
        ),
        "Stuck in audit": (
            "0",
            ":green-badge[✓ Performing] :small[Three days are the limit for My store: too few audits have ended.]",
        ),
        "Rejected again": (
            "–",
            f"{PARTLY} · Nothing was rejected in the part of these 30 days that was read.]",
        ),
        "Taken down by AliExpress": ("1", ":red-badge[▲ Needs attention]"),
        "At risk": ("at least 1", told["At risk"][1]),
        "Money held back": (
            "–",
            f":gray-badge[○ No data] :small[{NO_ORDERS}]",
        ),
        **dict.fromkeys(
            ("Drifted from the shop", "Fixed in the shop, waiting"), ("–", f":gray-badge[○ No data] :small[{NO_SHOP}]")
        ),
    }
    assert told["At risk"][1].startswith(":gray-badge[… Still reading]")  # one was found, and none of 34 was checked


def test_a_store_never_read_has_cards_without_data_that_say_why(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    main_store(db)
    db.close()
    page = open_page(tmp_path)
    assert set(cards(page).values()) == {"–"}
    told = beside(page)
    assert told["Rejected, 24 hours"] == ":gray-badge[○ No data] :small[No complete read of what is held yet.]"
    assert all(words.startswith(":gray-badge[○ No data] :small[") for words in told.values())


def test_nothing_of_an_old_reading_is_judged(open_page, tmp_path):
    page = open_page(with_history(tmp_path, now=JUMP + timedelta(hours=3)))
    told = beside(page)
    old = ":small[not read since 9 Mar 2026 12:\u206000 UTC"
    assert told["Rejected, 24 hours"] == f":gray-badge[? Not confirmed] {old}]"
    assert told["Oldest audit"].startswith(f":gray-badge[? Not confirmed] {old}")
    assert not {"Performing", "Stable", "Needs attention"} & set(" ".join(told.values()).split())


def test_a_card_says_how_far_it_moved_since_the_window_before(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    moved = {metric.label: (metric.delta, metric.proto.delta_description) for metric in page.metric if metric.delta}
    assert moved["Rejected, 24 hours"] == ("+4", "vs 24 hours before")
    assert moved["Active listings"] == ("−5", "in 24 hours")
    assert moved["Suppressed share"] == ("+12.5 points", "in 24 hours")
    assert moved["Total listings"] == ("±0", "in 24 hours")


def test_the_last_days_of_a_card_are_drawn_with_its_gaps_and_told_in_words(open_page, tmp_path):
    db = open_snapshot(with_history(tmp_path) / "snapshot.db")
    while record_cards(db, 1, NOW):
        pass
    db.close()
    page = open_page(tmp_path)
    told = [image.proto.imgs[0].alt for image in page.image]
    assert told[0].startswith("Listings held at the end of each day")
    assert told[1] == (
        "Rejected, 24 hours, 30 days: lowest 0 listings, highest 4 listings, last 4 listings. Not known on 18 days."
    )


def test_a_state_of_the_address_shows_all_cards_in_it(open_page, tmp_path):
    page = open_page(with_history(tmp_path), state="needs-attention")
    assert chips(page, "cards-state")[0] == "✓ Performing 3"
    assert page.pills(key="cards-state").value == ["needs-attention"]
    shown = [metric.label for metric in page.metric][5:]
    assert shown == [
        "Rejected / Auditing Listings",
        "Rejected, 24 hours",
        "Suppressed share",
        "Taken down by AliExpress",
    ]


def test_cards_that_are_still_read_are_a_state_to_choose(open_page, tmp_path):
    find(with_history(tmp_path), {ON_SALE: [SMALL]})
    page = open_page(tmp_path, state="still-reading")
    assert "… Still reading 1" in chips(page, "cards-state")
    assert [metric.label for metric in page.metric][5:] == ["At risk"]
    assert cards(page)["At risk"] == "at least 1"


def test_a_role_is_written_to_the_address_and_remembered_for_who_chose_it(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    page.session_state["my-name"] = "Ana"
    page.pills(key="cards-role").select("finance").run()
    assert page.query_params["role"] in ("finance", ["finance"])
    assert [metric.label for metric in page.metric][5:] == ["Money held back"]
    assert Preferences(tmp_path / "desk.db").read("Ana", "role") == "finance"
    assert Preferences(tmp_path / "desk.db").read("Ben", "role") == ""


def test_a_remembered_role_stands_until_the_address_says_another(open_page, tmp_path):
    Preferences(with_history(tmp_path) / "desk.db").keep("Ana", "role", "engineering")
    assert [metric.label for metric in open_page(tmp_path, person="Ana").metric][5:] == ["Failing feed validation"]
    assert len(open_page(tmp_path, person="Ana", role="all").metric) == len(CARDS) - 1
    assert len(open_page(tmp_path, person="Ana", role="nonsense").metric) == 6


def test_cards_of_several_stores_are_one_value_and_a_row_a_store_on_demand(open_page, tmp_path):
    page = open_page(two_stores(tmp_path))
    assert cards(page)["Total listings"] == "80"
    assert not page.dataframe
    page.session_state["split-by-store"] = True
    page.run()
    [split] = page.dataframe
    assert split.value[["Store", "Rejected, 24 hours", "Total listings"]].values.tolist() == [
        ["My store", "▲ 4", "● 40"],
        ["Other store", "? not read", "● 40"],
    ]


def test_a_profile_is_judged_by_its_own_bands(open_page, tmp_path):
    two_stores(tmp_path)
    desk = tmp_path / "desk.db"
    Profiles(desk).make("Both", ["main", "other"], by="Ana", now=NOW)
    total = CARDS["aex_listing_suppressed_pct"]
    Sensitivity(desk).set_band("both", total, Band(Direction.LOWER, 30, 40), by="Ana", now=NOW)
    assert beside(open_page(tmp_path, profile="both"))[total.title] == ":green-badge[✓ Performing]"
    assert beside(open_page(tmp_path))[total.title] == ":red-badge[▲ Needs attention]"


@pytest.mark.parametrize(
    ("good", "bad", "badge", "threshold"), [(5, 9, ":green-badge[✓ Performing]", 9), (0, 0, ":red-badge", 0)]
)
def test_the_hero_is_judged_by_the_band_that_people_set(open_page, tmp_path, good, bad, badge, threshold):
    card = CARDS["aex_rejected_auditing_listings"]
    band = Band(Direction.LOWER, good, bad)
    Sensitivity(with_history(tmp_path) / "desk.db").set_band(None, card, band, by="Ana", now=NOW)
    page = open_page(tmp_path)
    assert said(page)[1].startswith(badge)
    assert any(f"threshold {threshold} ·" in caption.value for caption in page.caption)
