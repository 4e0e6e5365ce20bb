import html
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aexdash.model import Outcome, Provenance, Stage, Status
from aexdash.snapshot.readmodels import ReasonRow
from aexdash.snapshot.store_rows import Freshness
from aexdash.storage.text import visible
from aexdash.view import ORDERS, WITH_CHOICES
from aexdash.words.common import (
    CHOICE_WORDS,
    ORDER_WORDS,
    age,
    freshness_line,
    of_source,
    period_range,
    plain,
    plural,
    since_words,
    span,
    trouble,
    when_last_read,
    without_home,
)
from aexdash.words.listings.listing import (
    NOBODY,
    held_for,
    in_status_since,
    is_on_sale,
    link,
    price,
    says_who,
    status_words,
)
from tests.exports.test_worklist import STORE, row

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def fresh(state: str = "fresh", **facts: object) -> Freshness:
    known = {"read_at": NOON - timedelta(seconds=12), "next_at": NOON + timedelta(seconds=48)}
    return Freshness(state, last_outcome=Outcome.COMPLETE, **(known | facts))


def rendered(text: str) -> str:
    markup = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).render(plain(text))
    return markup.removeprefix("<p>").removesuffix("</p>\n")


def test_platform_text_shows_no_markdown_html_link_or_formula():
    text = "<b>x</b> **y** [z](javascript:alert(1)) `c` ~~s~~ $x^2$ # h"
    shown = rendered(text).replace("\u2060", "")
    assert shown == "&lt;b&gt;x&lt;/b&gt; **y** [z](javascript:alert(1)) `c` ~~s~~ $x^2$ # h"


def test_marks_that_begin_icons_emoji_and_addresses_are_parted_from_what_follows():
    assert plain(":material/home:") == "\\:\u2060material\\/home\\:"
    assert plain("www.evil.example") == "www\u2060\\.evil\\.example"
    assert "a\\@\u2060b" in plain("a@b.example")


def test_what_would_turn_the_words_around_it_is_written_as_what_it_is():
    assert plain("Lamp \u202egnp.exe\u2066") == "Lamp ‹U\\+202E›gnp\\.exe‹U\\+2066›"
    assert plain("שלום\u200f") == "שלום\u200f"


@given(st.text(max_size=60))
def test_a_text_made_plain_renders_as_itself_whatever_it_holds(text):
    words = " ".join(visible(text).split())
    shown = html.unescape(rendered(text)).replace("\u2060", "")
    assert shown == words.replace("\u2060", "").replace("\x00", "\ufffd")


def test_a_span_names_one_unit():
    lengths = [
        timedelta(seconds=12),
        timedelta(minutes=5),
        timedelta(hours=3),
        timedelta(days=9),
        timedelta(seconds=-4),
    ]
    assert [span(length) for length in lengths] == ["12 s", "5 min", "3 h", "9 d", "0 s"]


def test_counts_carry_their_noun():
    assert [plural(1, "listing"), plural(4310, "listing")] == ["1 listing", "4,310 listings"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("posting rules (reference §5.1)", "posting rules"),
        ("list and audit_failure_type (reference §3.3, §4.8)", "list and audit_failure_type"),
        (
            "read once a change (reference §3.2), and what their category asks (§4.8)",
            "read once a change, and what their category asks",
        ),
        (
            "Orders (`aliexpress.solution.order.get`, reference sources.md §3)",
            "Orders (`aliexpress.solution.order.get`)",
        ),
        ("reference §4A", "AliExpress's documentation"),
        ("ws_display", "ws_display"),
    ],
)
def test_a_source_is_told_without_the_chapter_of_our_own_reference(written, shown):
    assert of_source(written) == shown


def test_the_freshness_line_says_read_next_and_lag():
    assert freshness_line(fresh(), NOON) == "read 12 s ago · next in 48 s · AliExpress may lag"


def test_a_reading_that_is_stamped_ahead_has_no_age():
    ahead = fresh("ahead", stamped=NOON + timedelta(hours=2), read_at=NOON + timedelta(hours=2))
    assert freshness_line(ahead, NOON) == (
        "last reading is stamped 2 h ahead of this clock: age unknown · next in 48 s · AliExpress may lag"
    )
    title, sentence = trouble(ahead, NOON)
    assert title == "Age unknown: a clock is wrong"
    assert sentence == (
        "Last reading is stamped 2 h ahead of this clock: age unknown. Set this machine's clock; if it is right now, "
        "run `aexdash repair --future-moments`."
    )


def test_the_freshness_line_names_a_ban_before_anything_planned():
    line = freshness_line(fresh(banned_until=NOON + timedelta(hours=3)), NOON)
    assert line == "read 12 s ago · AliExpress asks us to wait 3 h · AliExpress may lag"


def test_the_freshness_line_of_a_store_never_read():
    assert freshness_line(fresh("never", read_at=None), NOON) == "no data yet"


def test_only_a_fresh_store_is_no_trouble():
    assert trouble(fresh(), NOON) is None
    titles = [trouble(fresh(state), NOON)[0] for state in ("never", "stale", "partial", "failed", "archived")]
    assert titles == [
        "No data yet",
        "Stale: last read 12 s ago",
        "Partly read",
        "The last read failed",
        "Archived store",
    ]


def test_trouble_never_lets_a_message_speak_markdown():
    title, sentence = trouble(fresh("failed", message="[click](https://evil.example)"), NOON)
    assert title == "The last read failed"
    assert "\\[click\\]\\(https\\:" in sentence


def test_links_are_made_of_http_patterns_with_the_id_alone():
    assert link("https://www.aliexpress.com/item/{product_id}.html", 1005006000000001) == (
        "https://www.aliexpress.com/item/1005006000000001.html"
    )
    assert link("javascript:alert({product_id})", 1) is None
    assert link("https://www.aliexpress.com/", 1) is None


def test_prices_keep_the_platforms_text():
    assert price("12.50", "14.00", "USD") == "12.50–14.00 USD"
    assert price("12.50", "12.50", None) == "12.50"
    assert price(None, None, "USD") == ""


def test_a_period_says_both_ends_of_what_is_known_of_its_start():
    later = NOON + timedelta(hours=1)
    assert period_range(NOON, later, at_start=True) == "9 Mar 2026 12:00 – 9 Mar 2026 13:00 UTC"
    assert period_range(None, NOON, at_start=True) == "before 9 Mar 2026 12:00 UTC, when we first looked"
    assert period_range(NOON, None, at_start=False) == "still so"


def test_a_message_shows_no_folder_above_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    assert without_home(f"{tmp_path}/aexdash.toml, line 3: wrong.") == "aexdash.toml, line 3: wrong."


@pytest.mark.parametrize(
    ("provenance", "words"),
    [
        ((), NOBODY),
        ((Provenance.PLATFORM, Provenance.CHECK), "AliExpress says · measured"),
        ((Provenance.CHECK, Provenance.DIAGNOSIS), "measured · AliExpress diagnosis (likely, AliExpress is silent)"),
        ((Provenance.DIAGNOSIS,), "AliExpress diagnosis (advice, not the verdict)"),
    ],
)
def test_who_says_so_is_named_and_silence_too(provenance, words):
    reasons = tuple(ReasonRow("image.none", who, "", None, {}, NOON) for who in provenance)
    assert says_who(row(reasons=reasons)) == words


def test_of_a_listing_that_nobody_refused_nobody_has_to_say_why():
    assert [says_who(row(status=one, reasons=())) for one in (Status.AUDITING, Status.ACTIVE)] == ["", ""]


def test_a_reason_found_by_the_filter_is_said_to_be_rebuilt():
    said = ReasonRow("risk.compliance_refused", Provenance.PLATFORM, "audit_sub_status_cro", None, {}, NOON)
    down = row(reasons=(said,), status=Status.OFFLINE, cause="violate_offline")
    managed = replace(STORE, model="overseas_managed")
    asked = [(row(reasons=(said,)), managed), (row(reasons=(said,)), STORE), (down, managed)]
    assert [says_who(one, store) for one, store in asked] == [
        "AliExpress says, rebuilt",
        "AliExpress says",
        "AliExpress says",
    ]


def test_what_waits_to_go_on_sale_was_not_taken_down():
    waiting = row(status=Status.OFFLINE, cause="pending_launch")
    punished = row(status=Status.OFFLINE, cause="punish_offline")
    assert [(is_on_sale(one), status_words(one)) for one in (waiting, punished, row(), row(status=Status.ACTIVE))] == [
        (True, "waiting to go on sale"),
        (False, "taken down (punish_offline)"),
        (False, "rejected"),
        (True, "on sale"),
    ]


@pytest.mark.parametrize("one", [one for one in WITH_CHOICES if one.known], ids=lambda one: one.name)
def test_every_choice_of_a_filter_has_words(one):
    assert set(map(str, one.known)) <= CHOICE_WORDS[one.name].keys(), "the worklist draws its choices by these words"


def test_only_the_lane_says_to_do():
    """The filter of stages counts also what waits for AliExpress in audit, and what it left too long."""
    assert [word for words in CHOICE_WORDS.values() for word in words.values() if "to do" in word] == []
    assert CHOICE_WORDS["stage"] == {
        Stage.NEW: "not taken",
        Stage.TAKEN: "taken",
        Stage.FIXED: "fixed",
        Stage.SNOOZED: "snoozed",
    }


def test_an_age_whose_beginning_was_not_seen_is_at_least():
    assert (age(timedelta(days=18), at_least=False), age(timedelta(days=18), at_least=True)) == ("18 d", "≥ 18 d")
    assert (since_words(NOON, or_earlier=False), since_words(NOON, or_earlier=True)) == ("9 Mar", "9 Mar or earlier")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, ""), (5, ""), (6, " on 9 Mar, when last read"), (60 * 24 * 11, " on 9 Mar, when last read")],
)
def test_an_age_says_of_which_day_it_is_once_the_reading_is_older_than_the_store_allows(minutes, words):
    assert when_last_read(NOON, NOON + timedelta(minutes=minutes), tolerance=300) == words


def test_held_for_is_of_the_spell_and_in_this_status_since_of_the_status():
    held = NOON - timedelta(days=69)
    bounced = row(held_since=held, held_after=held, started_at=NOON, started_after=NOON, seen_at=NOON)
    assert (held_for(bounced), in_status_since(bounced)) == ("69 d", "9 Mar 2026 12:00 UTC")
    assert held_for(bounced._replace(held_after=None)) == "≥ 69 d"
    assert in_status_since(bounced._replace(started_after=None)) == "9 Mar 2026 12:00 UTC or earlier"
    assert held_for(bounced._replace(status=Status.ACTIVE)) == "not held"


def test_every_order_has_words():
    assert set(ORDER_WORDS) == set(ORDERS)
