"""The words for what people decide: who, when, what is left, and nothing claimed beyond the last reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aexdash.desk.decisions.changes import Change, Conflict, LogEntry, Outcome
from aexdash.desk.decisions.items import Fix, Item, Seen, Snooze, Take, preview
from aexdash.model import Lane, Mark, Provenance, Resubmit, SnoozeUntil, Stage, Status
from aexdash.people.names import Person
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.readmodels import Attempt, PeriodRow, ReasonRow
from aexdash.snapshot.tallies import CampaignProgress
from aexdash.snapshot.worklist.attempts import Changed, NotKnown
from aexdash.statement import Reach
from aexdash.words.listings import past, work
from tests import reaches
from tests.exports.test_worklist import NOW, SINCE, SMALL
from tests.exports.test_worklist import row as work_row

TAXONOMY = load_taxonomy()
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def fixed(**changes: object):
    return work_row(**{"stage": Stage.FIXED, "stage_at": NOW - 3 * HOUR, "attempt": 1, **changes})


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (fixed(), "fixed 3 h ago · still rejected at 12:00 UTC"),
        (fixed(changed_by="Olga", changed_at=NOW - 3 * HOUR), "fixed 3 h ago by Olga · still rejected at 12:00 UTC"),
        (fixed(changed_by="Ben", changed_at=NOW - HOUR), "fixed 3 h ago · still rejected at 12:00 UTC"),
        (
            fixed(status=Status.AUDITING, started_at=NOW - 2 * HOUR),
            "fixed 3 h ago · in audit since 10:00 UTC",
        ),
        (fixed(seen_at=NOW - 4 * HOUR), "fixed 3 h ago · not read since"),
        (fixed(seen_at=NOW - HOUR), "fixed 3 h ago · still rejected at 11:00 UTC"),
        (fixed(stage_at=None), "fixed, waiting for AliExpress"),
    ],
)
def test_a_fixed_listing_says_since_when_and_what_aliexpress_did_up_to_the_last_reading(row, words):
    assert work.waiting_words(row, NOW) == words


@pytest.mark.parametrize(
    ("until", "event", "more", "words"),
    [
        (datetime(2026, 3, 11, 16, tzinfo=UTC), None, 0, "until 12 Mar"),
        (None, SnoozeUntil.STATUS, 0, "until AliExpress changes it"),
        (None, SnoozeUntil.WORSE, 5, "until it gets worse (5 more with the same reason)"),
        (
            datetime(2026, 3, 11, 16, tzinfo=UTC),
            SnoozeUntil.WORSE,
            0,
            "until 12 Mar or until it gets worse",
        ),
        (None, None, 0, ""),
    ],
)
def test_a_snooze_says_all_that_ends_it_in_days_of_the_workspace(until, event, more, words):
    assert work.snoozed_words(until, event, more, SHANGHAI) == words
    row = work_row(stage=Stage.SNOOZED, snoozed_until=until, snooze_event=event, snooze_more=more)
    assert work.stage_words(row, NOW, SHANGHAI) == f"snoozed {words}".rstrip()


def test_a_mark_of_a_listing_that_was_rejected_again_says_which_attempt():
    assert work.mark_words(Mark.REGRESSED, work_row(attempt=3)) == "regressed, 3rd attempt"
    assert work.mark_words(Mark.UNTOUCHED, work_row(attempt=3)) == "nobody took it"


def test_the_question_names_every_measurement_and_when_it_was_made():
    row = work_row(reasons=(SMALL,), resubmit=Resubmit.NOT_YET)
    assert work.why_not_yet(row, TAXONOMY) == (
        "AliExpress would see the same: 640×640 px, asked 800×800, measured 9 Mar 2026 06:30 UTC."
    )


def conflict(by: str = "Olga", at: datetime = NOW - HOUR, **item: object) -> Conflict:
    return Conflict("main", 1, by, at, Item(**item), Seen("main", 1, 0, SINCE, 1, ()))


@pytest.mark.parametrize(
    ("action", "outcome", "words"),
    [
        ("fix", Outcome(7, 320, 0), "320 marked fixed"),
        ("take", Outcome(7, 11, 1), "11 taken · 1 was so already"),
        ("take", Outcome(None, 0, 2), "2 were so already"),
        ("fix", Outcome(7, 318, 0, (conflict(), conflict())), "318 marked fixed · 2 left: changed by Olga 11:00 UTC"),
        ("fix", Outcome(None, 0, 0, (conflict(),)), "0 marked fixed · 1 left: changed by Olga 11:00 UTC"),
        (
            "fix",
            Outcome(7, 1, 0, tuple(conflict(by) for by in ("Olga", "Ben", "Li", "Ana"))),
            "1 marked fixed · 4 left: changed by 4 people 11:00 UTC",
        ),
        ("undo", Outcome(8, 320, 0), "320 put back"),
    ],
)
def test_an_outcome_says_the_numbers_of_the_desk_and_who_was_faster(action, outcome, words):
    assert work.outcome_words(action, outcome, "Lead", NOW) == words


def test_a_conflict_says_who_when_and_how_it_is_now():
    assert work.conflict_words(conflict(stage=Stage.TAKEN, owner="Olga"), "Lead", NOW, UTC) == (
        "Olga changed it at 11:00 UTC, after it was shown here: taken, owner Olga."
    )
    assert work.conflict_words(conflict("Lead", NOW - 30 * HOUR, note="ring"), "Lead", NOW, UTC) == (
        "You, in another window, changed it at 10 Mar 06:00 UTC, after it was shown here: not taken, nobody's, "
        "note “ring”."
    )


def test_the_bar_names_whose_listings_would_be_taken():
    rows = [work_row(1, owner="Olga"), work_row(2, owner="Olga"), work_row(3, owner="Ben"), work_row(4, owner="")]
    assert work.owners_words(preview(Take(), rows, Person("Lead"))) == "2 are Olga's, 1 is Ben's"
    assert work.owners_words(preview(Take(), rows, Person("Lead")), taken=True) == "2 were Olga's, 1 was Ben's"
    assert work.owners_words(preview(Fix(), rows, Person("Lead"))) == ""
    assert work.owners_words(preview(Snooze(), rows, Person("Lead"))) == ""


def test_an_undo_says_what_it_puts_back():
    change = Change(3, NOW - HOUR, "Lead", "fix", "bulk", 12)
    assert work.undo_words(change, NOW) == "12 marked fixed, 11:00 UTC"


def entry(minutes: int, field: str, before: str, after: str, change: int | None = None, by: str = "Olga") -> LogEntry:
    return LogEntry(NOW + timedelta(minutes=minutes), by, field, before, after, "panel" if change else "", change)


def period(hours: int, status: Status, attempt: int = 0, **changes: object) -> PeriodRow:
    at = NOW + hours * HOUR
    values = {"started_after": at - HOUR, "ended_after": None, "ended_at": None, "cause": None, "audit_kind": None}
    return PeriodRow(status=status, platform_status="x", attempt=attempt, started_at=at, **{**values, **changes})


def test_the_log_tells_people_and_aliexpress_in_one_list_with_a_line_a_decision():
    small = ReasonRow("image.main_too_small", Provenance.CHECK, "", None, {}, SINCE)
    log = [
        entry(90, "owner", "Olga", "", 4, by="Ben"),
        entry(90, "stage", "fixed", "new", 4, by="Ben"),
        entry(31, "note", "", "asked the supplier"),
        entry(30, "owner", "", "Olga", 2),
        entry(30, "stage", "new", "snoozed", 2),
        entry(30, "snoozed_until", "", "2026-03-14T16:00:00Z", 2),
        entry(30, "snooze_event", "", "worse", 2),
    ]
    periods = [
        period(-5, Status.ACTIVE, started_after=None),
        period(-2, Status.REJECTED, 1, reasons=(small,)),
        period(1, Status.AUDITING, audit_kind="resubmitted"),
        period(3, Status.REJECTED, 2, reasons=(small,)),
    ]
    told = past.history(log, periods, TAXONOMY, SHANGHAI)
    assert [(line.who, line.what, line.through) for line in told] == [
        ("AliExpress", "rejected again, 2nd attempt: Main picture too small", ""),
        ("Ben", "in audit: waiting for AliExpress · owner nobody (was Olga)", "panel"),
        ("AliExpress", "in audit, resubmitted", ""),
        ("Olga", "note “asked the supplier”", ""),
        ("Olga", "snoozed until 15 Mar or until it gets worse · owner Olga", "panel"),
        ("AliExpress", "rejected: Main picture too small", ""),
        ("AliExpress", "active (when we first looked)", ""),
    ]
    assert told == sorted(told, key=lambda line: line.at, reverse=True)


def test_what_waits_for_aliexpress_is_called_so_on_pages_and_in_the_log():
    audited = work_row(stage=Stage.NEW, status=Status.AUDITING, lane=Lane.WAITING)
    assert work.stage_words(audited, NOW, SHANGHAI) == "in audit: waiting for AliExpress"
    assert work.stage_words(audited._replace(lane=Lane.TODO), NOW, SHANGHAI) == "to do"
    log = [entry(90, "stage", "taken", "new", 2), entry(30, "stage", "taken", "new", 1)]
    periods = [period(-2, Status.REJECTED, 1, ended_at=NOW + HOUR), period(1, Status.AUDITING)]
    told = [line.what for line in past.history(log, periods, TAXONOMY, SHANGHAI) if line.who == "Olga"]
    assert told == ["in audit: waiting for AliExpress", "to do"]


def test_an_undo_is_told_as_one_however_what_it_puts_back_looks():
    taken = entry(10, "stage", "new", "taken", 1)
    undone = [
        replace(one, undoes=1, undone="take")
        for one in (entry(20, "owner", "Olga", "", 2, by="Ben"), entry(20, "stage", "taken", "new", 2, by="Ben"))
    ]
    told = past.history([*undone, taken], (), TAXONOMY, SHANGHAI)
    assert [(line.who, line.what, line.change, line.undoes) for line in told] == [
        ("Ben", "undid [1] (taken): now to do · owner nobody (was Olga)", 2, 1),
        ("Olga", "taken", 1, None),
    ]


def attempt(number: int, *codes: str, **changes: object) -> Attempt:
    return Attempt(number, SINCE, **{"ended_at": None, "ended_to": None, "codes": codes, **changes})


def test_two_rejections_say_which_reasons_are_gone_new_and_still_there():
    first = attempt(1, "image.main_too_small", "title.too_long", ended_at=NOW, ended_to=Status.AUDITING)
    second = attempt(2, "image.main_too_small", "attribute.brand_missing")
    assert past.reasons_words(first, second, TAXONOMY) == (
        f"gone: {TAXONOMY.label('title.too_long')} · new: Brand missing · still there: Main picture too small"
    )
    unknown = attempt(1)
    assert past.reasons_words(unknown, second, TAXONOMY) == (
        "now: Main picture too small, Brand missing; at attempt 1 none was known"
    )
    assert past.reasons_words(second, attempt(3), TAXONOMY) == (
        "before: Main picture too small, Brand missing; at attempt 3 none was known"
    )
    assert past.reasons_words(unknown, unknown, TAXONOMY) == ""
    assert past.attempt_words(first, TAXONOMY) == (
        "1st attempt: rejected 9 Mar 2026 06:30 UTC, in audit from 11 Mar 2026 12:00 UTC: "
        f"Main picture too small · {TAXONOMY.label('title.too_long')}"
    )
    assert past.attempt_words(attempt(2), TAXONOMY).endswith(": no reason known")


def test_a_change_between_attempts_is_named_and_what_was_not_read_is_said():
    assert [past.changed_words(one) for one in (Changed("price", "1", "2"), Changed("title", "a", "b", "en_US"))] == [
        "price",
        "title (en_US)",
    ]
    assert past.changed_words(Changed("attribute", "", "Brass", "Material")) == "attribute Material"
    assert past.not_known_words(NotKnown(1, "listing")) == "What it was at attempt 1 is not known."
    assert past.not_known_words(NotKnown(1, "detail")) == (
        "Its attributes, SKUs and pictures at attempt 1 were not read before it was changed again."
    )


def test_a_campaign_says_where_each_of_its_listings_is():
    progress = CampaignProgress(18, 2, 0, 7, 9, 4, taken=2, regressed=1)
    assert work.progress_words(progress, date(2026, 3, 30), "Olga", date(2026, 3, 11)) == (
        "18 of 40 listings cleared · 9 waiting for AliExpress · 4 snoozed · 7 to do (2 taken, 1 rejected again) · "
        "2 offline · due 30 Mar · Olga"
    )
    done = CampaignProgress(1, 0, 0, 0, 0, 0)
    assert work.progress_words(done, date(2026, 3, 1), "", date(2026, 3, 11)) == (
        "1 of 1 listing cleared · due 1 Mar (over)"
    )


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (CampaignProgress(0, 0, 0, 0, 0, 0, reach=reaches.WHOLE), "0 of 0 listings cleared"),
        (
            CampaignProgress(1, 0, 0, 0, 0, 0, never_held=6, reach=reaches.WHOLE),
            "1 of 7 listings cleared · 6 on sale, not held since it was made",
        ),
        (
            CampaignProgress(3, 0, 0, 0, 0, 0, reach=reaches.STALE),
            "3 of 3 listings cleared when last read, 9 Mar 2026 12:00 UTC",
        ),
        (
            CampaignProgress(3, 0, 0, 1, 0, 0, reach=reaches.ONE_BEHIND),
            "3 of 4 listings cleared when last read · 1 to do · 1 of 2 stores not read since 9 Mar 2026 08:00 UTC: Two",
        ),
        (
            CampaignProgress(3, 0, 0, 0, 0, 0, unread=2, archived=1, reach=reaches.PART),
            (
                "3 of 3 listings cleared · 2 more in stores not read yet: Three · "
                "1 more in archived stores, which nobody reads"
            ),
        ),
        (
            CampaignProgress(0, 0, 0, 0, 0, 0, unread=2, reach=reaches.NEVER),
            "not known how far it is · 2 in stores not read yet: Three",
        ),
        (
            CampaignProgress(0, 0, 0, 0, 0, 0, archived=2),
            "not known how far it is · 2 in archived stores, which nobody reads",
        ),
        (
            CampaignProgress(0, 0, 0, 1, 0, 0, reach=Reach((reaches.store(current=False, partly=True),))),
            "0 of 1 listing cleared, not confirmed · 1 to do · only partly read since 9 Mar 2026 12:00 UTC",
        ),
    ],
)
def test_a_campaign_says_how_far_it_is_only_of_stores_that_were_read(progress, words):
    assert work.progress_words(progress, None, "", date(2026, 3, 11)) == words


def test_a_page_about_the_past_says_why_nothing_can_be_done():
    assert work.locked_words(SINCE) == "This is the worklist of 9 Mar 2026 06:30 UTC. Go back to now to act."
