"""The digest of the work: what came and went, what is to do and for whom it waits, and where each number is shown."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from aexdash.config.sections.channels import Channel
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.items import Assign, Back, Fix, Note, Seen, Snooze, Take
from aexdash.desk.decisions.round_trip import BroughtBack
from aexdash.desk.decisions.work import Desk
from aexdash.model import Lane, Mark, Outcome, Provenance, Reason, SnoozeUntil, Status
from aexdash.notify.digest import Digester
from aexdash.notify.evidence import SnapshotLookup
from aexdash.notify.messages import Message, MessageKind, MessageLine
from aexdash.notify.work_digest import WorkDigest, facts, lines, work_of
from aexdash.notify.writing import Writer
from aexdash.people.names import Person
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.view import View
from tests.desk.deciding import ANN, OLGA
from tests.snapshot.store import ACTIVE, AUDITING, REJECTED, Store, ensure_store

IDS = tuple(range(1005007000000001, 1005007000000009))
ADDRESS = "https://desk.example"
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path):
    """Eight listings on sale; seven are rejected, a day later one of them comes back and one is rejected again."""
    made = Store(tmp_path)
    made.sweep(dict.fromkeys(IDS, ACTIVE))
    made.after(hours=1).sweep({**dict.fromkeys(IDS[:7], REJECTED), IDS[7]: ACTIVE})
    made.after(hours=1).sweep({**dict.fromkeys(IDS[:6], REJECTED), IDS[6]: ACTIVE, IDS[7]: ACTIVE})
    return made


def decide(store, decision, *ids, who=ANN):
    seen = [Seen.of(row) for row in store.snapshot.rows_of([("main", one) for one in ids])]
    return Desk(store.desk_path).act(decision, seen, who=who, now=store.now, through="page")


def worked(store):
    """What three people have done with them, and AliExpress after that."""
    decide(store, Take(), IDS[0], IDS[1], who=OLGA)
    decide(store, Fix(), IDS[2], who=OLGA)
    decide(store, Fix(), IDS[3])
    decide(store, Snooze(event=SnoozeUntil.STATUS), IDS[4])
    others = {**dict.fromkeys(IDS[:3], REJECTED), **dict.fromkeys(IDS[4:6], REJECTED), **dict.fromkeys(IDS[6:], ACTIVE)}
    store.after(hours=1).sweep({**others, IDS[3]: AUDITING})
    store.after(hours=1).sweep({**others, IDS[3]: REJECTED})
    return store


def digest(store, owners=(), since=DAY) -> WorkDigest:
    return work_of(store.snapshot, store.desk_path, View(), (store.now - since, store.now), owners)


def told(work: WorkDigest) -> dict[str, list[str]]:
    return {line.label: [item.rpartition(" http")[0] for item in line.items] for line in lines(work, ADDRESS)}


def test_it_says_what_came_and_went_what_is_to_do_and_who_has_it(store):
    work = digest(worked(store))
    assert told(work) == {
        "Since 8 Mar 2026 16:00 UTC": [
            "7 entered; nothing is known before of main, first read 9 Mar 2026 12:00 UTC",
            "1 left; nothing is known before of main, first read 9 Mar 2026 12:00 UTC",
        ],
        "Work": [
            "To do: 4",
            "of these regressed: 1",
            "Waiting for AliExpress: 1",
            "Snoozed: 1",
        ],
        "Rejected again": [f"{IDS[3]} Listing {IDS[3]} (attempt 2, Ann)"],
        "By owner": [
            "Olga: 2 to do, the oldest held for 3 h, 1 marked fixed since 8 Mar 2026 16:00 UTC",
            "Ann: 1 to do, the oldest held for 3 h, 1 marked fixed since 8 Mar 2026 16:00 UTC",
            "Nobody: 1 to do, the oldest held for 3 h",
        ],
    }


def test_it_says_the_commonest_reasons_of_what_is_held_with_who_states_them(store):
    small, brand = (Reason(code, Provenance.CHECK) for code in ("image.main_too_small", "attribute.brand_missing"))
    periods = open_period_ids(store.db, store.id, IDS[:6])
    for number in range(4):
        reasons = [small, brand] if number == 0 else [small]
        record_reasons(store.db, periods[IDS[number]], reasons, {Provenance.CHECK}, store.now)
    work = digest(store)
    label = load_taxonomy().label
    [why] = [line.items for line in lines(work, ADDRESS, label=label) if line.label == "Why"]
    assert [item.rpartition(" http")[0] for item in why] == [
        "4 Main picture too small (measured: likely, AliExpress is silent)",
        "1 Brand missing (measured: likely, AliExpress is silent)",
        f"2 {label('unknown')} (nobody said or measured anything)",
    ]
    assert why[0].endswith(f" {ADDRESS}/worklist?reason=image.main_too_small&order=urgent")
    assert facts(work)["reasons"][0] == {"code": "image.main_too_small", "listings": 4, "provenance": ["check"]}


def test_where_nobody_has_said_a_reason_it_names_none(store):
    assert "Why" not in [line.label for line in lines(digest(store), ADDRESS)]


def test_of_a_span_that_was_read_whole_it_says_the_numbers_alone(store):
    work = digest(worked(store), since=timedelta(hours=3, minutes=30))
    assert told(work)["Since 9 Mar 2026 12:30 UTC"] == ["7 entered", "1 left"]


def test_every_link_leads_to_what_its_line_counts(store):
    work, snapshot = digest(worked(store)), store.snapshot
    counts = {}
    for line in lines(work, ADDRESS):
        for item in line.items:
            address = urlsplit(item.rpartition(" ")[2])
            assert (address.scheme, address.netloc) == ("https", "desk.example")
            if address.path == "/worklist" and "listing=" not in address.query:
                counts[item.partition(" http")[0]] = snapshot.count(View.from_query(parse_qs(address.query)))
    assert counts.pop("To do: 4") == 4
    assert counts.pop("of these regressed: 1") == 1
    assert counts.pop("Waiting for AliExpress: 1") == counts.pop("Snoozed: 1") == 1
    assert sorted(counts.values()) == [1, 1, 2]


def test_what_nobody_took_and_what_aliexpress_left_alone_stand_out(store):
    decide(store, Fix(), IDS[0])
    store.after(days=4).sweep({**dict.fromkeys(IDS[:6], REJECTED), **dict.fromkeys(IDS[6:], ACTIVE)})
    work = digest(store)
    assert (work.tabs.marks[Mark.UNTOUCHED], work.tabs.marks[Mark.TOO_LONG]) == (5, 1)
    assert told(work)["Work"] == [
        "To do: 6",
        "of these AliExpress left it too long: 1",
        "of these nobody took it: 5",
    ]


def test_for_an_owner_it_is_of_her_work_alone(store):
    work = digest(worked(store), owners=("Olga",))
    assert told(work) == {
        "Work": ["To do: 2", "Waiting for AliExpress: 1"],
        "By owner": ["Olga: 2 to do, the oldest held for 3 h, 1 marked fixed since 8 Mar 2026 16:00 UTC"],
    }


def test_an_undone_fix_is_none(store):
    change = decide(store, Fix(), IDS[0], IDS[1]).change
    decide(store, Fix(), IDS[2])
    Desk(store.desk_path).undo(change, who=ANN, now=store.now)
    assert {one.owner: one.fixed for one in digest(store).owners} == {"": 0, "Ann": 1}


def fixed(work: WorkDigest) -> dict[str, int]:
    return {one.owner: one.fixed for one in work.owners if one.fixed}


def test_of_one_store_only_what_was_fixed_there_counts(store):
    decide(store, Fix(), IDS[0])
    second = Store(store.folder, key="second", now=store.now)
    second.sweep(dict.fromkeys(IDS[:3], REJECTED))
    seen = [Seen.of(row) for row in store.snapshot.rows_of([("second", one) for one in IDS[:2]])]
    Desk(store.desk_path).act(Fix(), seen, who=ANN, now=store.now, through="page")
    span = (store.now - DAY, store.now)
    counted = {
        key: fixed(work_of(store.snapshot, store.desk_path, View(store=key), span)) for key in ("main", "second")
    }
    assert counted == {"main": {"Ann": 1}, "second": {"Ann": 2}}
    assert fixed(work_of(store.snapshot, store.desk_path, View(), span)) == {"Ann": 3}


def test_what_was_set_back_was_not_fixed_and_twice_is_once(store):
    decide(store, Fix(), IDS[0], IDS[1], IDS[2])
    decide(store.after(minutes=1), Back(), IDS[0])
    decide(store.after(minutes=1), Fix(), IDS[1])
    decide(store.after(minutes=1), Fix(), IDS[2], who=OLGA)
    assert fixed(digest(store)) == {"Ann": 1, "Olga": 1}


def test_a_fix_marked_again_counts_for_the_first_one_where_the_second_is_undone(store):
    decide(store, Fix(), IDS[0])
    again = decide(store.after(minutes=1), Fix(), IDS[0], who=OLGA)
    Desk(store.desk_path).undo(again.change, who=OLGA, now=store.now)
    assert fixed(digest(store)) == {"Ann": 1}


def test_what_was_set_back_after_aliexpress_had_rejected_it_again_was_fixed(store):
    worked(store)
    decide(store, Take(), IDS[3])
    assert fixed(digest(store)) == {"Olga": 1, "Ann": 1}


def test_what_a_returned_file_marks_fixed_counts_for_who_brought_it(store):
    keys = [("main", one) for one in IDS[:2]]
    seen = [Seen.of(row) for row in store.snapshot.rows_of(keys)]
    brought = BroughtBack({keys[0]: {"stage": "fixed"}, keys[1]: {"note": "no stage"}})
    Desk(store.desk_path).act(brought, seen, who=OLGA, now=store.now, through="file a.csv")
    assert fixed(digest(store)) == {"Olga": 1}


def test_what_was_marked_before_the_span_is_not_of_it(store):
    decide(store, Fix(), IDS[0])
    decide(store.after(hours=2), Note("later"), IDS[0])
    decide(store, Fix(), IDS[1])
    assert fixed(digest(store, since=timedelta(hours=1))) == {"Ann": 1}


@pytest.mark.slow
def test_what_owners_have_to_do_is_counted_of_all_listings(tmp_path):
    many = Store(tmp_path)
    many.sweep({1005007000000000 + number: REJECTED for number in range(5_003)})
    [nobody] = digest(many).owners
    assert (nobody.owner, nobody.todo) == ("", 5_003)


def test_a_campaign_is_over_when_its_day_is_over_in_the_zone_of_the_workspace(tmp_path):
    there = Store(tmp_path, zone=ZoneInfo("Asia/Shanghai"))
    there.sweep(dict.fromkeys(IDS, REJECTED))
    there.after(hours=5).sweep(dict.fromkeys(IDS, REJECTED))  # 17:00 in UTC, and 01:00 of the next day there
    due = there.now.date()
    Campaigns(there.desk_path).make("Photos", "", [("main", IDS[0])], due_on=due, who=ANN, now=there.now)
    [line] = [line for line in lines(digest(there), ADDRESS) if line.label == "Campaigns"]
    assert "due 9 Mar (over)" in line.items[0]


def test_a_campaign_speaks_for_the_stores_of_its_listings(store):
    second = Store(store.folder, key="second", now=store.now - 30 * DAY)
    second.sweep(dict.fromkeys(IDS[:1], REJECTED))
    both = [("main", IDS[0]), ("second", IDS[0])]
    Campaigns(store.desk_path).make("Photos", "", both, who=ANN, now=store.now)
    work = work_of(store.snapshot, store.desk_path, View(store="main"), (store.now - DAY, store.now))
    [line] = [line for line in lines(work, ADDRESS) if line.label == "Campaigns"]
    assert "1 of 2 stores not read since 7 Feb 2026 14:00 UTC: second" in line.items[0]
    assert facts(work)["campaigns"][0]["statement"]["claim"] != facts(work)["statement"]["claim"]


def test_what_is_to_do_says_that_it_has_a_part_of_a_store_that_was_only_partly_read(store):
    partly = Store(store.folder, key="partly", now=store.now)
    staged = partly.stage(dict.fromkeys(IDS[:2], REJECTED), incomplete=(Status.REJECTED,))
    partly.record(staged, outcome=Outcome.PARTIAL)
    work = work_of(store.snapshot, store.desk_path, View(), (store.now - DAY, store.now))
    [to_do] = [item for line in lines(work, ADDRESS) for item in line.items if item.startswith("To do")]
    assert to_do.startswith(
        "To do: 8; in 1 of 2 stores and in parts of 1 more · partly: only partly read so far https://"
    )


def test_a_store_that_nobody_has_read_since_says_so_in_every_number(store):
    worked(store).after(days=11)
    for line in lines(digest(store), ADDRESS):
        if line.label.startswith(("Work", "By owner", "Since", "Rejected again")):
            assert all("not read since 9 Mar 2026 16:00 UTC" in item for item in line.items), line


def test_of_a_span_of_which_nothing_was_read_what_came_and_went_is_not_known(store):
    worked(store).after(days=11)
    work = digest(store)
    assert told(work)["Since 19 Mar 2026 16:00 UTC"] == [
        "What entered and left is not known; not read since 9 Mar 2026 16:00 UTC"
    ]
    assert (facts(work)["entered"], facts(work)["left"], facts(work)["todo"]) == (None, None, 4)
    partly = digest(store, since=timedelta(days=11, hours=3, minutes=30))
    assert told(partly)["Since 9 Mar 2026 12:30 UTC"] == [
        "at least 7 entered; not read since 9 Mar 2026 16:00 UTC",
        "at least 1 left; not read since 9 Mar 2026 16:00 UTC",
    ]
    assert (facts(partly)["entered"], facts(partly)["left"]) == (7, 1)


def test_where_nothing_was_ever_read_there_is_no_number(tmp_path):
    work = digest(Store(tmp_path))
    assert lines(work, ADDRESS) == []
    assert (facts(work)["todo"], facts(work)["entered"], facts(work)["statement"]["claim"]) == (
        None,
        None,
        "never read",
    )


def test_campaigns_are_told_with_their_progress_and_their_link(store):
    worked(store)
    Campaigns(store.desk_path).make(
        "Photos *now*", "reason=image", [("main", one) for one in (IDS[0], IDS[3], IDS[6])], who=ANN, now=store.now
    )
    [line] = [line for line in lines(digest(store), ADDRESS) if line.label == "Campaigns"]
    [item] = line.items
    assert item.startswith("Photos ∗now∗: 0 of 3 listings cleared · 2 to do")
    assert "1 on sale, not held since it was made" in item
    assert item.endswith("https://desk.example/worklist?campaign=photos-now")
    [told] = facts(digest(store))["campaigns"]
    named = ("cleared", "todo", "waiting", "snoozed", "never_held", "offline", "deleted", "other")
    assert (told["never_held"], sum(told[name] for name in named), told["read"]) == (1, 3, 3)


def test_the_progress_of_a_campaign_is_told_of_its_own_stores_alone(store):
    """The digest is of one store; the campaign has listings of one that is not read any more, and of one never read."""
    other = Store(store.folder, "two", now=store.now)
    other.sweep({1: ACTIVE})
    ensure_store(other.db, key="two", title="two", model="overseas", watched=False, now=store.now)
    members = [("main", IDS[0]), ("two", 1), ("three", 2)]
    made = Campaigns(store.desk_path).make("All", "", members, who=ANN, now=store.now)
    [line] = [line for line in lines(digest(store), ADDRESS) if line.label == "Campaigns"]
    assert line.items[0].startswith(
        "All: 0 of 1 listing cleared · 1 to do · 1 more in stores not read yet: three · 1 more in archived stores, "
    )
    told = facts(digest(store))["campaigns"]
    assert [(one["key"], one["total"], one["read"], one["cleared"], one["todo"]) for one in told] == [
        (made.key, 3, 1, 0, 1)
    ]
    assert (told[0]["statement"]["claim"], told[0]["statement"]["stores"]["not_read"]) == ("part", ["three"])
    ensure_store(store.db, key="main", title="main", model="overseas", watched=False, now=store.now)
    [one] = facts(digest(store))["campaigns"]
    assert (one["total"], one["read"], one["cleared"], one["statement"]["claim"]) == (3, 0, None, "never read")


def test_names_and_titles_of_others_are_harmless_and_no_links(store):
    decide(store, Assign("<b>@here</b> https://evil.example"), IDS[0], who=Person("x"))
    text = "\n".join(item for line in lines(digest(store), ADDRESS) for item in line.items)
    assert "<b>" not in text
    assert "https://evil.example" not in text


def test_the_facts_hold_the_same_numbers_for_a_webhook(store):
    found = facts(digest(worked(store)))
    assert (found["todo"], found["waiting"], found["snoozed"], found["entered"], found["left"]) == (4, 1, 1, 7, 1)
    assert found["marks"] == {"regressed": 1, "too_long": 0, "stuck": 0, "untouched": 0}
    assert found["rejected_again"] == [{"store": "main", "id": str(IDS[3])}]
    assert [(one["owner"], one["todo"], one["fixed"]) for one in found["owners"]] == [
        ("Olga", 2, 1),
        ("Ann", 1, 1),
        ("", 1, 0),
    ]


def test_lanes_digest_and_worklist_count_the_same(store):
    worked(store)
    tabs, work = store.snapshot.tabs(View()), digest(store)
    assert work.tabs == tabs
    rows = {lane: store.snapshot.count(View(lanes=(lane,))) for lane in Lane}
    assert rows == {Lane.TODO: tabs.todo, Lane.WAITING: tabs.waiting, Lane.SNOOZED: tabs.snoozed}
    assert sum(one.todo for one in work.owners) == tabs.todo


def test_a_digest_over_a_channel_tells_the_work_between_what_is_held_and_the_alerts(store):
    worked(store)
    lookup = SnapshotLookup(store.path, store.desk_path, clock=lambda: store.now)
    writer = Writer(load_taxonomy(), {"main": "Main"}, ADDRESS, lookup.titles, lookup.reach)
    digester, span = Digester(store.desk_path, lookup, writer), (store.now - DAY, store.now)
    told = digester.write(Channel(name="boss"), span, store.now)
    assert [line.label.partition(" ")[0] for line in told.lines] == [
        *("Held", "Since", "Work", "Rejected", "By", "Alerts", "Trace"),
    ]
    assert told.payload["work"] == [{"store": None} | facts(digest(store))]
    of_main = digester.write(Channel(name="boss", stores=("main",), owners=("Olga",)), span, store.now)
    assert [line.label for line in of_main.lines] == ["Held", "Work · Main", "By owner · Main", "Alerts", "Trace"]
    assert "/worklist?store=main&owner=Olga&lane=todo&order=urgent" in of_main.text()


def test_as_html_it_is_one_table_with_links_and_nothing_of_others_acts():
    message = Message(
        MessageKind.DIGEST,
        "digest-x",
        "digest-x",
        "Digest of <today>",
        (
            MessageLine("Work", items=("To do: 4 https://desk.example/worklist?lane=todo&order=urgent", "<script>")),
            MessageLine("Trace", "digest-x"),
        ),
        "https://desk.example/",
    )
    page = message.html()
    assert "<h2>Digest of &lt;today&gt;</h2>" in page
    assert '<a href="https://desk.example/worklist?lane=todo&amp;order=urgent">To do: 4</a>' in page
    assert "&lt;script&gt;" in page
    assert page.count("<table") == page.count("<html>") == 1
    assert '<a href="https://desk.example/">Open in aexdash</a>' in page
