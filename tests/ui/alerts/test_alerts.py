"""Alerts where people are: on the overview, in the title of the tab, in the browser, in the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.reading import Reading
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.desk import channel_state
from aexdash.snapshot.file import open_snapshot
from aexdash.ui.frame.badge import titled
from aexdash.words.common import plain
from tests.ui.alerts.alerted import kept, opened, over, severe
from tests.ui.reading import alerts, captions, links, read_aloud, said
from tests.ui.sample import HOSTILE, JUMP, NOW, TOML, failed, main_store, set_clock, with_history

HELD = ":orange-badge[◆ medium] **Anything is held** · 5 listings :gray[for 11 min]"
REJECTED = (
    ":red-badge[▲ high] **More rejected than usual** · 4 listings · was 38 listings when it opened :gray[for 11 min]"
)


@pytest.fixture
def folder(tmp_path):
    return with_history(tmp_path)


def lines(page) -> list[str]:
    """The lines of open episodes on a page or in a part of it, without what keeps Markdown from reading them."""
    return [
        read_aloud(text)
        for text in said(page)
        if "-badge[" in text and (":gray[for " in text or ":gray[found " in text)
    ]


def test_open_episodes_stand_on_the_overview_the_most_severe_first(open_page, folder):
    kept(folder, opened(), severe(), over(opened("stuck", 3, at=JUMP - timedelta(days=2)), JUMP - timedelta(days=1)))
    page = open_page(folder)
    assert lines(page) == [REJECTED, HELD]
    assert links(page)[:2] == ["Open ›", "Open ›"]
    assert not page.exception


def test_nothing_is_said_where_nothing_is_open_or_where_the_page_is_about_the_past(open_page, folder):
    assert lines(open_page(folder)) == []
    kept(folder, opened())
    assert lines(open_page(folder, "overview", as_of="2026-03-08T12:00:00Z")) == []


def test_the_open_alerts_are_one_line_that_names_the_most_severe_and_opens(open_page, folder):
    kept(folder, *(opened(key, number) for number, key in enumerate(("held", "stuck", "regressed", "new-reason"), 1)))
    page = open_page(folder)
    (line,) = page.expander
    assert line.label == "**4 open alerts** · most severe: :orange-badge[◆ medium] Rejected again · for 11 min"
    assert not line.proto.expanded
    assert (len(lines(line)), lines(page)) == (4, lines(line))


def test_an_alert_that_something_is_held_is_not_told_twice(open_page, folder):
    """The hero below the line says it, and how much."""
    kept(folder, opened())
    (line,) = open_page(folder).expander
    assert line.label == "**1 open alert** · :orange-badge[◆ medium] it is about what is held, counted below"
    kept(folder, opened(number=2), opened("stuck", 3))
    (line,) = open_page(folder).expander
    low = ":gray-badge[● low] Stuck in audit · for 11 min"  # not the most severe: the two are medium
    assert line.label == f"**3 open alerts** · :orange-badge[◆ medium] on what is held, then {low}"


def test_what_somebody_has_seen_becomes_a_count(open_page, folder):
    kept(folder, opened(), severe())
    for number in (1, 2):
        Episodes(folder / "desk.db").acknowledge(number, by="Ana", now=NOW)
    (seen,) = open_page(folder).expander
    assert seen.label == "2 open alerts, all seen"
    assert len(lines(seen)) == 2


def test_the_number_of_a_line_is_that_of_its_card(open_page, folder):
    """Whatever it said when it opened: an alert opened at 3, and the hero and the card beside it say 5."""
    kept(folder, opened(reading=Reading(level=3, value=3, baseline=0)))
    page = open_page(folder)
    (line,) = lines(page)
    assert "· 5 listings · was 3 listings when it opened" in line
    assert any(text.startswith("# 5 listings held") for text in said(page))


def test_a_click_acknowledges_and_says_who_did(open_page, folder):
    page = open_page(kept(folder, opened()))
    page.button(key="acknowledge-1").click().run()
    assert lines(page)[0].startswith(HELD.removesuffix("]") + " · seen by ")
    assert page.expander[0].label == "1 open alert, seen"
    (episode,) = Episodes(folder / "desk.db").open()
    assert episode.acknowledged_at == NOW
    assert [toast.value for toast in page.toast] == ["Anything is held\\: acknowledged\\."]
    assert "acknowledge-1" not in [button.key for button in page.button]


def test_the_title_of_the_tab_counts_what_nobody_has_acknowledged(open_page, folder):
    kept(folder, opened(), severe())
    page = open_page(folder)
    assert page.session_state["_alerts_counted"] == 2
    page.button(key="acknowledge-1").click().run()
    assert page.session_state["_alerts_counted"] == 1
    assert [titled("Overview", count) for count in (0, 2)] == ["Overview · aexdash", "(2) Overview · aexdash"]


def test_open_episodes_stay_on_the_page_while_its_data_is_stale(open_page, folder):
    kept(folder, opened())
    failed(folder, NOW + timedelta(minutes=30))
    set_clock(folder, NOW + timedelta(hours=1))
    last_read = HELD.replace("5 listings", "5 listings when last read, 9 Mar 2026 12:00 UTC")
    assert lines(open_page(folder)) == [last_read.replace("for 11 min", "found 9 Mar 2026 12:00 UTC")]


def test_a_dead_channel_is_said_on_the_overview(open_page, folder):
    (folder / "aexdash.toml").write_text(f'{TOML}\n[channel.team]\nseverity = "high"\n', encoding="utf-8")
    page = open_page(folder)
    assert ":red-badge[▲ dead channel] Nobody is told over **team**." in said(page)
    (folder / "secrets.toml").write_text('[channel.team]\nurl = "json://127.0.0.1:9"\n', encoding="utf-8")
    (folder / "secrets.toml").chmod(0o600)
    assert not any("dead channel" in text for text in said(open_page(folder)))
    channel_state.record_failure(folder / "desk.db", "team", "It refused the connection.", NOW - timedelta(hours=1))
    assert ":red-badge[▲ dead channel] Nobody is told over **team** since 9 Mar 2026 11:01 UTC." in said(
        open_page(folder)
    )


def test_titles_that_people_gave_stay_texts(open_page, folder):
    event = opened()
    kept(folder, replace(event, episode=replace(event.episode, title=HOSTILE)))
    (line,) = [text for text in said(open_page(folder)) if ":gray[for " in text]
    assert f"**{plain(HOSTILE)}**" in line


def test_the_history_marks_where_an_alert_opened(open_page, folder):
    kept(folder, opened(), over(opened("stuck", 3, at=JUMP - timedelta(days=2)), JUMP - timedelta(days=1)))
    page = open_page(folder, "history")
    told = read_aloud(" ".join(said(page)))
    assert "7 Mar 2026 12:00 UTC: Alert: Stuck in audit (low)." in told
    assert "Alert: Anything is held (medium)." in told
    assert not page.exception


def test_the_script_that_watches_hears_of_what_is_open_and_not_acknowledged(ask, folder):
    assert ask("/alerts.json").json() == {"open": []}
    kept(folder, opened(), severe())
    Episodes(folder / "desk.db").acknowledge(1, by="ann", now=NOW)
    assert ask("/alerts.json").json() == {
        "open": [
            {
                "trace": "worse-than-usual-main-2",
                "at": "2026-03-09T12:00:00.000Z",
                "severity": "high",
                "title": "More rejected than usual",
                "said": "My store: 38 listings; 36 of 38 share one reason: Main picture too small (95%)",
                "link": "/sensitivity?part=episodes&episode=2",
            }
        ]
    }


def test_the_script_does_not_hear_of_an_archived_store(ask, folder):
    kept(folder, opened())
    assert len(ask("/alerts.json").json()["open"]) == 1
    db = open_snapshot(folder / "snapshot.db")
    main_store(db, watched=False)
    db.close()
    assert ask("/alerts.json").json() == {"open": []}


def test_the_script_does_not_hear_of_what_is_muted(ask, folder):
    kept(folder, opened())
    RuleStore(folder / "desk.db").mute("held", NOW + timedelta(hours=1), by="ann", now=NOW)
    assert ask("/alerts.json").json() == {"open": []}


def test_the_script_comes_from_our_own_port_under_the_strict_policy(ask, folder):
    answer = ask("/alerts.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "unsafe" not in answer.headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
    assert "http://" not in answer.text
    assert "https://" not in answer.text


def test_a_desk_of_another_version_is_one_sentence(ask, open_page, folder):
    (folder / "desk.db").write_bytes(b"this is no database, whatever its name says" * 40)
    assert ask("/alerts.json").status_code == 503
    assert [kind for kind, _ in alerts(open_page(folder))] == ["warning"]
    assert "This page looks again every few seconds." in captions(open_page(folder))
