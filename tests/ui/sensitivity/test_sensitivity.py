"""The Sensitivity page: bands and what they say, show me before I save, reset, and profiles."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from aexdash.cards import CARDS, Band, CardValue, Direction
from aexdash.cards.recording import record_cards
from aexdash.desk.bands import EVERY_STORE, Change, Sensitivity, State, state_spans
from aexdash.desk.profiles import Profiles
from aexdash.model import Provenance, Reason
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.history.card_values import Point
from aexdash.snapshot.recording.record import ensure_store
from aexdash.ui.sensitivity import page as sensitivity
from aexdash.ui.sensitivity.band_preview import figure, preview_words
from aexdash.words.card_units import amount, band_words, state_words
from tests.reaches import WHOLE
from tests.ui.reading import alerts, beside, captions, cards, read_aloud, said
from tests.ui.sample import JUMP, NOW, ON_SALE, find, jumped, main_store, read, set_clock, with_history

HERO = "aex_rejected_auditing_listings"
RISK = "aexdash_at_risk"
SMALL = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 500, "height": 500, "minimum": 800})


@pytest.fixture
def folder(tmp_path):
    """The home of the worked example, with what its cards said on each of the twelve days before."""
    with_history(tmp_path)
    db = open_snapshot(tmp_path / "snapshot.db")
    record_cards(db, main_store(db), JUMP)
    db.close()
    return tmp_path


def row_of(page, key: str) -> str:
    """What the row of a card says."""
    title = CARDS[key].title.replace("/", "\\/")
    return next(text for text in said(page) if text.startswith(f"**{title}**"))


def field(page, name: str):
    """The number field of the editor."""
    return next(one for one in page.number_input if one.key.startswith(name))


def test_every_card_has_its_value_its_state_and_its_band_in_words(open_page, folder):
    page = open_page(folder, "sensitivity")
    rows = [text for text in said(page) if ":small[" in text and "-badge[" in text]
    assert len(rows) == len(CARDS)
    assert row_of(page, HERO) == (
        "**Rejected \\/ Auditing Listings** · **5** :red-badge[▲ Needs attention]  \n"
        ":small[performing up to 0 listings\\, needs attention above 0 listings · default]"
    )
    assert any("24 hours** · last 24 hours · **" in row for row in rows)
    assert not [row for row in rows if re.search(r"\b(RT|24H|\d+D)\b", row)]
    assert ":gray-badge[○ No data]" in row_of(page, "aexdash_money_held_back")
    assert not page.exception


def test_a_good_value_of_an_old_reading_is_not_confirmed(open_page, folder):
    Sensitivity(folder / "desk.db").set_band(None, CARDS[HERO], Band(Direction.LOWER, 9, 9), by="bob", now=JUMP)
    assert ":green-badge[✓ Performing]" in row_of(open_page(folder, "sensitivity"), HERO)
    set_clock(folder, NOW + timedelta(hours=1))
    assert ":gray-badge[? Not confirmed]" in row_of(open_page(folder, "sensitivity"), HERO)


def test_what_is_still_read_is_said_as_on_its_card_and_by_the_command(open_page, folder):
    """The middle of a range that nobody read once stood here as if it had been counted."""
    find(folder, {ON_SALE: [SMALL]})
    row = read_aloud(row_of(open_page(folder, "sensitivity"), RISK))
    assert row.startswith("**At risk** · **at least 1** :gray-badge[… Still reading]")
    overview = open_page(folder)
    assert cards(overview)["At risk"] == "at least 1"
    assert read_aloud(beside(overview)["At risk"]) == (
        ":gray-badge[… Still reading] :small[checked 0 of 34 · 1 found so far.]"
    )
    assert ":small[checked 0 of 34, still reading · 1 found so far · " in row


@pytest.mark.parametrize(
    ("key", "current", "words"),
    [
        (
            RISK,
            CardValue(177, coverage=(400, 4310), low=137, high=176.2, note="113 found so far.", reach=WHOLE),
            "**137–177** :red-badge[▲ Needs attention]",
        ),
        (
            "aexdash_money_held_back",
            CardValue(63.67, coverage=(3, 5), low=44.74, high=82.6, currency="USD", reach=WHOLE, only_adds=True),
            "**at least 44.74–82.60 USD a day** :gray-badge[… Still reading]",
        ),
        (
            "aex_required_attribute_completeness",
            CardValue(99.5, coverage=(9, 4310), low=4.72, high=99.4, reach=WHOLE),
            "**4.7–99.4 %** :gray-badge[… Still reading]",
        ),
    ],
)
def test_of_a_range_its_middle_is_never_shown(open_page, folder, monkeypatch, key, current, words):
    monkeypatch.setattr(sensitivity, "read_values", lambda *_: dict.fromkeys(CARDS, CardValue(None)) | {key: current})
    assert words in read_aloud(row_of(open_page(folder, "sensitivity"), key))


def test_a_change_is_shown_on_the_history_before_it_is_saved(open_page, folder):
    page = open_page(folder, "sensitivity", card=HERO)
    assert page.button(key="save-band").disabled
    assert (
        "It would have needed attention on 1 of the last 90 days\\. It would have been performing on 13\\, without "
        in (told_by(page))
    )
    field(page, "bad").set_value(5).run()
    assert told_by(page).startswith(
        "It would have needed attention on 0 of the last 90 days \\(with the present band on 1"
    )
    assert Sensitivity(folder / "desk.db").history(None) == []
    page.button(key="save-band").click().run()
    assert ":gray-badge[● Stable]" in row_of(page, HERO)
    (change,) = Sensitivity(folder / "desk.db").history(None)
    assert change == Change(EVERY_STORE, HERO, Band(Direction.LOWER, 0, 5), NOW, change.by)
    assert not page.exception


def told_by(page) -> str:
    """The sentence of the preview."""
    return next(text for text in said(page) if "would have needed attention" in text)


def test_a_band_that_contradicts_itself_cannot_be_saved_and_says_why(open_page, folder):
    page = open_page(folder, "sensitivity", card=HERO)
    field(page, "good").set_value(5).run()
    assert alerts(page) == [("error", "Lower is better here\\, so good \\(5\\) cannot be above bad \\(0\\)\\.")]
    assert page.button(key="save-band").disabled
    field(page, "good").set_value(-1).run()
    assert alerts(page) == [("error", "Good and bad cannot be below 0\\.")]


def test_reset_brings_the_default_back_and_the_log_tells_who_did_what(open_page, folder):
    Sensitivity(folder / "desk.db").set_band(None, CARDS[HERO], Band(Direction.LOWER, 1, 9), by="bob", now=JUMP)
    page = open_page(folder, "sensitivity", card=HERO)
    assert "set by bob\\, 9 Mar" in row_of(page, HERO)
    assert field(page, "bad").value == 9
    page.button(key="reset-band").click().run()
    assert "· default]" in row_of(page, HERO)
    assert (field(page, "good").value, field(page, "bad").value) == (0, 0)
    log = page.dataframe[-1].value
    assert list(log["What"]) == [
        "reset to the default",
        "lower is better: performing up to 1 listing, needs attention above 9 listings",
    ]
    assert list(log["Who"])[1] == "bob"


def test_a_card_without_a_direction_may_be_given_one(open_page, folder):
    page = open_page(folder, "sensitivity", card="aex_active_listings")
    assert not page.number_input
    next(one for one in page.segmented_control if one.label == "Direction").set_value(Direction.HIGHER).run()
    field(page, "good").set_value(39)
    field(page, "bad").set_value(35).run()
    page.button(key="save-band").click().run()
    assert Sensitivity(folder / "desk.db").band_for(None, CARDS["aex_active_listings"]) == Band(
        Direction.HIGHER, 39, 35
    )
    assert ":red-badge[▲ Needs attention]" in row_of(page, "aex_active_listings")


@pytest.mark.slow
def test_a_profile_is_made_picked_and_given_bands_of_its_own(open_page, folder):
    db = open_snapshot(folder / "snapshot.db")
    west = ensure_store(db, key="west", title="West", model="overseas", now=JUMP - timedelta(days=1))
    read(db, west, JUMP, jumped())
    db.close()
    page = open_page(folder, "sensitivity")
    assert "**10**" in row_of(page, HERO)
    page.text_input(key="profile-title-new-0").set_value("West side")
    page.multiselect(key="profile-stores-new-0").set_value(["west"])
    page.button(key="make-profile").click().run()
    assert Profiles(folder / "desk.db").all()[0].stores == ("west",)
    page.selectbox(key="store-picked").set_value("profile:west-side").run()
    assert page.query_params["profile"] == "west-side"
    assert "**5**" in row_of(page, HERO)
    page.query_params["card"] = HERO
    page.run()
    field(page, "bad").set_value(7).run()
    page.button(key="save-band").click().run()
    bands = Sensitivity(folder / "desk.db")
    assert (bands.band_for("west-side", CARDS[HERO]).bad, bands.band_for(None, CARDS[HERO]).bad) == (7, 0)
    page.button(key="delete-profile-west-side").click().run()
    assert "profile" not in page.query_params
    assert Profiles(folder / "desk.db").all() == ()
    assert not page.exception


def test_a_profile_is_renamed_and_a_taken_name_is_refused_in_one_sentence(open_page, folder):
    profiles = Profiles(folder / "desk.db")
    for title in ("East", "West"):
        profiles.make(title, ["main"], by="ann", now=JUMP)
    page = open_page(folder, "sensitivity")
    next(one for one in page.text_input if one.value == "West").set_value("east")
    page.button(key="change-profile-west").click().run()
    assert [toast.value for toast in page.toast] == [
        "Nothing was saved: There is a profile East already\\; take another name\\."
    ]
    next(one for one in page.text_input if one.value == "east").set_value("Far west")
    page.button(key="change-profile-west").click().run()
    assert [(one.name, one.title) for one in profiles.all()] == [("east", "East"), ("west", "Far west")]


@pytest.mark.parametrize(
    ("query", "said_"),
    [
        ({"profile": "asia"}, "There is no profile asia\\; there is empty\\. Every store is shown\\."),
        (
            {"profile": "empty"},
            "Profile Empty has no stores\\; choose some on the Sensitivity page\\. Every store is shown\\.",
        ),
        (
            {"profile": "empty", "store": "main"},
            "Profile Empty has no stores\\; choose some on the Sensitivity page\\. Store main alone is shown\\.",
        ),
    ],
)
def test_a_profile_that_cannot_be_looked_at_is_one_clear_sentence_on_every_page(open_page, folder, query, said_):
    Profiles(folder / "desk.db").make("Empty", [], by="ann", now=JUMP)
    page = open_page(folder, "overview", **query)
    assert f":orange-badge[Address] {said_}" in captions(page)
    assert not page.exception


def test_the_page_says_what_of_the_history_is_not_known():
    band = Band(Direction.LOWER, 2, 5)
    points = [Point(NOW - timedelta(days=day), value) for day, value in ((3, 9.0), (2, None), (1, 0.0))]
    spans = state_spans(points, band, NOW)
    assert preview_words(spans, spans) == (
        "It would have needed attention on 2 of the last 90 days. "
        "It would have been performing on 2, without data on 88."
    )
    assert (
        preview_words([], []) == "Nothing of this card was written down so far; its history begins with the next sync."
    )


def test_the_drawing_has_a_row_a_state_and_leaves_gaps():
    band = Band(Direction.LOWER, 2, 5)
    points = [Point(NOW - timedelta(days=day), value) for day, value in ((3, 9.0), (2, None), (1, 3.0))]
    for theme in ("light", "dark"):
        line, *rows = figure(CARDS[HERO], band, points, state_spans(points, band, NOW), theme).data
        assert (list(line.y), line.connectgaps) == ([9.0, 9.0, None, None, 3.0, 3.0], False)
        assert list(line.x[1::2]) == [points[1].at, points[2].at, NOW]
        assert [row.name for row in rows] == [
            state_words(state) for state in (State.NO_DATA, State.PERFORMING, State.STABLE, State.NEEDS_ATTENTION)
        ]
        assert [len(row.x) for row in rows] == [3, 0, 3, 3]


def test_amounts_and_bands_are_written_with_their_units():
    assert [amount(value, "listings") for value in (None, 0, 1, 4820)] == [
        "–",
        "0 listings",
        "1 listing",
        "4,820 listings",
    ]
    assert [amount(96.04, "percent"), amount(81, "score"), amount(1, "days")] == ["96 %", "81 of 100", "1 day"]
    assert amount(1234.5, "money a day", "USD") == "1,234.50 USD a day"
    assert (
        band_words(Band(Direction.TARGET, 100, 5), "percent") == "performing within 5 % of 100 %, else needs attention"
    )
    assert band_words(Band(Direction.HIGHER, 95, 90.5), "score") == (
        "performing from 95 of 100, needs attention below 90.5 of 100"
    )
