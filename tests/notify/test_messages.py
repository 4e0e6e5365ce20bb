"""Every message says which rule, what it found, against what, since when, why, which listings and how old that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.alerts.model import EventKind
from aexdash.alerts.reading import Reading
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.model import Severity
from aexdash.notify.messages import Message, MessageKind, MessageLine, harmless
from aexdash.notify.writing import Writer
from aexdash.reasons.taxonomy import load_taxonomy
from tests.notify.alerts import BRAND, FIVE, NINTH, SMALL, closing_event, recorded_event

TITLE = "Dog [harness](https://evil.example) <b>@everyone</b> *now*\u202e"
WRITER = Writer(load_taxonomy(), {"main": "Main"}, "https://desk.example", lambda _store, _ids: {FIVE[0]: TITLE})

OPENED = """\
Rule: Rejected / Auditing Listings above 0 for 10 minutes; high above 20; well again at 0.
Found 9 Mar 2026 08:10 UTC: 5 listings, a day before 0 listings (+5)
Since: 9 Mar 2026 08:00 UTC (10 min when this was found)
Reasons of what is held:
  - 4 Main picture too small (+4)
  - 1 Brand missing (+1)
Listings:
  - 1005000000000001 Dog ［harness］(https:\u2060//evil.example) ‹b›＠everyone‹/b› ∗now∗
  - 1005000000000002
  - 1005000000000003
  - 1005000000000004
  - 1005000000000005
Owner: ana
Severity: medium
Data: Last read completely 9 Mar 2026 08:08 UTC, 2 min before this message.
Trace: held-main-1-1
https://desk.example/worklist?store=main"""

OVER = """\
Rule: Rejected / Auditing Listings above 0 for 10 minutes; high above 20; well again at 0.
Found 11 Mar 2026 08:10 UTC: 0 listings
Since: 9 Mar 2026 08:00 UTC; opened 9 Mar 2026 08:10 UTC, over 11 Mar 2026 08:10 UTC (2 d)
Reasons of what is held:
  - 0 Main picture too small (−4)
  - 0 Brand missing (−1)
Severity: medium
Data: Last read completely 11 Mar 2026 08:08 UTC, 2 min before this message.
Trace: held-main-1-2
https://desk.example/worklist?store=main&as_of=2026-03-09T08%3A10%3A00.000Z"""

PASSED = """\
Rule: Rejected / Auditing Listings above 0 for 10 minutes; high above 20; well again at 0.
Then: 5 listings, a day before 0 listings (+5)
Since: 9 Mar 2026 08:00 UTC; opened 9 Mar 2026 08:10 UTC, over 11 Mar 2026 08:10 UTC (2 d)
Reasons of what is held:
  - 4 Main picture too small (+4)
  - 1 Brand missing (+1)"""

MARKDOWN = """\
**Rule**: Rejected / Auditing Listings above 0 for 10 minutes; high above 20; well again at 0.

**Found 11 Mar 2026 08:10 UTC**: 0 listings

**Since**: 9 Mar 2026 08:00 UTC; opened 9 Mar 2026 08:10 UTC, over 11 Mar 2026 08:10 UTC (2 d)

**Reasons of what is held**

- 0 Main picture too small (−4)
- 0 Brand missing (−1)

**Severity**: medium

**Data**: Last read completely 11 Mar 2026 08:08 UTC, 2 min before this message.

**Trace**: held-main-1-2

[Open in aexdash](https://desk.example/worklist?store=main&as_of=2026-03-09T08%3A10%3A00.000Z)"""


def test_an_opening_says_everything_and_takes_the_sting_out_of_titles():
    message = WRITER.message([recorded_event(owner="ana")], NINTH + timedelta(seconds=30))
    assert (message.id, message.trace) == ("held-main-1-1", "held-main-1")
    assert message.title == "Medium: Anything is held · Main · 5 listings"
    assert message.text() == OPENED


def test_an_ending_leads_to_what_was_held_when_it_began():
    message = WRITER.message([closing_event()], NINTH + timedelta(days=2))
    assert message.title == "Over: Anything is held · Main"
    assert message.text() == OVER
    assert message.markdown() == MARKDOWN


def test_the_links_of_a_list_are_links_in_markdown_too_and_nothing_that_others_wrote_is_one():
    named = harmless("Lamp](https://evil.example) [buy_now] <b> `x`")
    line = MessageLine(
        "By owner",
        items=(f"{named}: 2 to do http://desk.example/worklist?owner=%28x%29", "http://desk.example/(a)", "and 3 more"),
    )
    message = Message(MessageKind.DIGEST, "1", "1", "Digest", (line,), "http://desk.example/")
    assert message.markdown() == (
        "**By owner**\n\n"
        "- [Lamp］(https:\u2060//evil.example) ［buy＿now］ ‹b› ˋxˋ: 2 to do]"
        "(http://desk.example/worklist?owner=%28x%29)\n"
        "- [http://desk.example/(a)](http://desk.example/%28a%29)\n"
        "- and 3 more\n\n"
        "[Open in aexdash](http://desk.example/)"
    )


def test_what_came_and_went_shows_what_there_was():
    message = WRITER.message([recorded_event(), closing_event()], NINTH + timedelta(days=2))
    assert message.title == "Came and went: Anything is held · Main"
    assert message.text().startswith(PASSED)
    assert message.id == "held-main-1-2"


@pytest.mark.parametrize(
    ("events", "title"),
    [
        (
            [recorded_event(EventKind.WORSENED, severity=Severity.HIGH)],
            "Worse, high: Anything is held · Main · 5 listings",
        ),
        ([recorded_event(EventKind.CHANGED)], "Changed: Anything is held · Main · 5 listings"),
        ([recorded_event(), recorded_event(EventKind.CHANGED, 2)], "Medium: Anything is held · Main · 5 listings"),
        (
            [
                recorded_event(EventKind.WORSENED, severity=Severity.HIGH),
                recorded_event(EventKind.CHANGED, 2, severity=Severity.HIGH),
            ],
            "Worse, high: Anything is held · Main · 5 listings",
        ),
    ],
)
def test_the_title_says_what_happened_last_and_what_mattered_most(events, title):
    assert WRITER.message(events, NINTH).title == title


def test_a_change_is_counted_from_before_the_first_event_that_waited():
    first = recorded_event(EventKind.CHANGED, 2, codes={SMALL: 6}, before={SMALL: 4})
    second = recorded_event(EventKind.CHANGED, 3, codes={SMALL: 9, BRAND: 1}, before={SMALL: 6})
    assert (
        "  - 9 Main picture too small (+5)\n  - 1 Brand missing (+1)" in WRITER.message([first, second], NINTH).text()
    )


def figures(key: str, reading: Reading) -> tuple[str, str]:
    message = WRITER.message([recorded_event(rule=DEFAULTS[key], reading=reading, codes={})], NINTH)
    now = next((line.text for line in message.lines if line.label.startswith("Found")), "")
    return now, message.link.removeprefix("https://desk.example")


@pytest.mark.parametrize(
    ("key", "reading", "now", "link"),
    [
        (
            "worse-than-usual",
            Reading(level=12.25, value=38, baseline=2),
            "38 listings, usually 2 listings (+36, +1,800 %), 12.25 times the usual swing",
            "/worklist?store=main&status=rejected&order=moved",
        ),
        ("share-of-catalogue", Reading(level=5.2, value=5.2), "5.2 %", "/worklist?store=main"),
        (
            "one-cause",
            Reading(level=80, value=8, marks=(SMALL,)),
            "80 percent",
            "/worklist?store=main&reason=image.main_too_small",
        ),
        (
            "stuck",
            Reading(level=1, listings=FIVE[:1]),
            "1 listing",
            f"/worklist?store=main&status=auditing&order=in_status&listing=main%2F{FIVE[0]}",
        ),
        ("regressed", Reading(level=2, listings=FIVE[:2]), "2 listings", "/worklist?store=main"),
        ("feed", Reading(level=9, value=9), "9 %", "/feed?store=main"),
        ("no-data", Reading(level=45, value=45), "45 minutes", "/health?store=main"),
        ("sign-in", Reading(level=20), "20 hours left", "/health?store=main"),
        ("held", Reading(level=None, because="The rule was changed by Ana."), "", "/worklist?store=main"),
    ],
)
def test_each_condition_says_its_number_and_leads_to_its_view(key, reading, now, link):
    assert figures(key, reading) == (now, link)


def test_a_message_that_waited_says_of_which_moment_its_figures_are():
    message = WRITER.message([recorded_event()], NINTH + timedelta(hours=7))
    labels = [line.label for line in message.lines]
    assert ("Now" in labels, "Found 9 Mar 2026 08:10 UTC" in labels) == (False, True)
    assert message.title == "Medium: Anything is held · Main · 5 listings at 9 Mar 2026 08:10 UTC"


def test_a_store_that_was_never_read_completely_is_said_so():
    event = replace(recorded_event(), data_at=None)
    assert "Data: This store was never read completely." in WRITER.message([event], NINTH).text()
    assert WRITER.message([event], NINTH).payload["data_age_seconds"] is None


def test_more_than_can_be_shown_is_counted():
    many = tuple(range(1, 31))
    codes = {f"x.{number}": number for number in range(9)}
    text = WRITER.message([recorded_event(reading=Reading(30, 30, listings=many), codes=codes)], NINTH).text()
    assert "  - 5\n  - and 25 more\n" in text
    assert "  - and 3 more\nListings:" in text


@given(st.text())
def test_harmless_text_is_one_line_without_what_a_channel_could_act_on(text):
    found = harmless(text)
    assert not set("<>@`*_~[]|\\\n\r\u202e") & set(found)
    assert "://" not in found
    assert harmless(found) == found


def test_a_message_writes_its_moments_in_the_zone_of_the_workspace_and_names_it():
    written = replace(WRITER, zone=ZoneInfo("Asia/Shanghai")).message([recorded_event()], NINTH)
    lines = {line.label: line.text for line in written.lines}
    assert lines["Since"] == "9 Mar 2026 16:00 Shanghai (10 min when this was found)"
    assert "Found 9 Mar 2026 16:10 Shanghai" in lines
    assert "UTC" not in written.text()


def test_an_alert_that_is_about_no_listings_names_no_reasons_of_what_is_held():
    """One about a feed once listed the reasons of all that was held, which were none of its business."""
    feed = next(rule for rule in DEFAULTS.values() if rule.condition.moves is None and hasattr(rule.condition, "card"))
    event = recorded_event(rule=feed, reading=Reading(level=9, value=9, baseline=0), before={"unknown": 2})
    message = WRITER.message([event], NINTH)
    assert "Reasons of what is held" not in message.text()
    assert message.payload["reasons"] == []


def test_an_alert_on_how_long_is_in_audit_says_nothing_of_what_is_held_and_leads_to_what_is_in_audit():
    event = recorded_event(rule=DEFAULTS["stuck"], reading=Reading(2, 2, listings=FIVE[:2]))
    message = WRITER.message([event], NINTH)
    assert "held" not in message.text().replace("held-main-1", "")
    assert "Any listing in audit for longer than" in message.text()
    assert message.payload["reasons"] == []
    assert message.link.endswith("/worklist?store=main&status=auditing&order=in_status")
    assert "Reasons of what is held" in WRITER.message([recorded_event(rule=DEFAULTS["regressed"])], NINTH).text()
