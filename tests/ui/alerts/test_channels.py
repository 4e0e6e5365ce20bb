"""Channels and episodes on Sensitivity: how each fares, a test asked for, owner and note, deliveries."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.episodes.routing import put
from aexdash.config.sections.channels import Channel
from aexdash.desk import channel_state, outbox
from aexdash.desk import file as desk_file
from tests.ui.alerts.alerted import kept, opened, over, severe
from tests.ui.reading import alerts, captions, read_aloud, said
from tests.ui.sample import HOSTILE, JUMP, NOW, TOML, with_history

URL = "json://user:s3cret@127.0.0.1:9/never"


@pytest.fixture
def folder(tmp_path):
    """The home of the worked example, with a channel that has an address and one that has none."""
    with_history(tmp_path)
    channels = '\n[channel.team]\nseverity = "high"\n\n[channel.morning]\ndigest = "daily 08:00"\n'
    (tmp_path / "aexdash.toml").write_text(TOML + channels, encoding="utf-8")
    (tmp_path / "secrets.toml").write_text(f'[channel.team]\nurl = "{URL}"\n', encoding="utf-8")
    (tmp_path / "secrets.toml").chmod(0o600)
    return tmp_path


def rows(page) -> list[str]:
    return [read_aloud(text) for text in said(page) if "-badge[" in text and "\n:small[" in text]


def test_a_channel_says_what_it_is_told_and_how_it_fares_and_shows_no_secret(open_page, folder):
    page = open_page(folder, "sensitivity", part="channels")
    team, morning = rows(page)
    assert team == (
        ":gray-badge[○ not tried yet] **team** · e-mail, chat or another service · high and worse  \n"
        ":small[nothing delivered so far]"
    )
    assert morning == (
        ":red-badge[▲ dead] **morning** · e-mail, chat or another service · "
        "everything; as a digest daily 08:00 (UTC)  \n"
        ":small[nothing delivered so far · It has no url: write one to secrets.toml under [channel.morning], "
        "or set AEXDASH_CHANNEL_MORNING_URL.]"
    )
    assert "s3cret" not in "\n".join([*said(page), *captions(page)])
    assert not page.exception


def test_a_channel_that_fails_says_since_when_and_why(open_page, folder):
    channel_state.record_delivery(folder / "desk.db", "team", NOW - timedelta(hours=2))
    channel_state.record_failure(folder / "desk.db", "team", HOSTILE, NOW - timedelta(minutes=5))
    (team, _) = rows(open_page(folder, "sensitivity", part="channels"))
    assert team.startswith(":orange-badge[◆ failing] **team**")
    assert team.endswith(f":small[last delivered 9 Mar 2026 10:01 UTC · failing for 5 min: {HOSTILE}]")


def test_a_test_is_asked_for_and_its_result_is_said(open_page, folder):
    page = open_page(folder, "sensitivity", part="channels")
    assert [page.button(key=f"test-{name}").disabled for name in ("team", "morning")] == [False, True]
    page.button(key="test-team").click().run()
    assert "test asked for 9 Mar 2026 12:01 UTC, the worker has not sent it yet" in rows(page)[0]
    channel_state.record_test(folder / "desk.db", "team", "It refused the connection.", NOW)
    assert "test 9 Mar 2026 12:01 UTC: It refused the connection." in rows(page.run())[0]


def test_a_home_without_channels_says_how_to_add_one(open_page, folder):
    (folder / "aexdash.toml").write_text(TOML, encoding="utf-8")
    (folder / "secrets.toml").unlink()
    page = open_page(folder, "sensitivity", part="channels")
    assert [kind for kind, _ in alerts(page)] == ["info"]
    assert any("[channel.team]" in text for text in said(page))
    assert page.expander[0].proto.expanded


def test_an_episode_tells_its_events_its_reasons_and_what_each_channel_was_told(open_page, folder):
    event = severe()
    kept(folder, event)
    with desk_file.writing(folder / "desk.db") as connection:
        put(connection, event, [Channel(name="team"), Channel(name="second")], NOW)
    sql = "SELECT id FROM alert_delivery ORDER BY channel"
    ids = [row[0] for row in desk_file.rows(folder / "desk.db", "alert_delivery", sql)]
    outbox.mark_attempt(folder / "desk.db", ids, NOW)
    outbox.mark_delivered(folder / "desk.db", ids[:1], NOW)
    outbox.mark_failed(folder / "desk.db", ids[1:], "It answered 500.", NOW)
    page = open_page(folder, "sensitivity", part="episodes", episode="2")
    events, deliveries = (frame.value for frame in page.dataframe[:2])
    (told,) = json.loads(events.to_json(orient="records"))
    assert told == {
        "When": "9 Mar 2026 12:00 UTC",
        "What": "opened",
        "Severity": "▲ high",
        "Found": "38 listings, usually 2 listings (+36, +1,800 %), 12 times the usual swing; 36 of 38 share one "
        "reason: Main picture too small (95%)",
        "Reasons": "Main picture too small 4 (+4), Brand missing 1 (+1)",
        "Listings": ", ".join(str(listing) for listing in event.event.reading.listings),
        "Read completely": "9 Mar 2026 11:58 UTC",
    }
    assert json.loads(deliveries[["Channel", "Result", "Trouble"]].to_json(orient="values")) == [
        ["second", "✓ delivered 9 Mar 2026 12:01 UTC", ""],
        ["team", "◆ tried 9 Mar 2026 12:01 UTC", "It answered 500."],
    ]
    assert not page.exception


def test_an_episode_gets_an_owner_and_a_note_and_keeps_them(open_page, folder):
    kept(folder, opened())
    page = open_page(folder, "sensitivity", part="episodes", episode="1")
    next(one for one in page.text_input if one.label == "Owner (empty: nobody)").set_value(" ann ")
    next(one for one in page.text_input if one.label == "Note").set_value("The new template.")
    page.button(key="save-episode").click().run()
    (episode,) = Episodes(folder / "desk.db").open()
    assert (episode.owner, episode.note) == ("ann", "The new template.")
    assert any("· ann takes care]" in text for text in said(page))
    page.button(key="acknowledge-this").click().run()
    assert Episodes(folder / "desk.db").open()[0].acknowledged_at == NOW
    assert page.button(key="acknowledge-this").disabled
    page.button(key="close-episode").click().run()
    assert "episode" not in page.query_params
    assert not page.exception


def test_episodes_that_are_over_are_listed_the_latest_first(open_page, folder):
    first = opened("held", 1, at=JUMP - timedelta(days=3))
    second = opened("stuck", 2, at=JUMP - timedelta(days=2))
    kept(folder, first, over(first, JUMP - timedelta(days=1)), second, over(second, JUMP - timedelta(hours=40)))
    page = open_page(folder, "sensitivity", part="episodes")
    assert list(page.dataframe[0].value["Rule"]) == ["Stuck in audit", "Anything is held"]
    assert list(page.dataframe[0].value["Lasted"]) == ["8 h", "2 d"]
    assert captions(page)[-2].startswith("No alert is open. Here stands each one that opens")


def test_an_address_that_names_no_episode_says_so_and_a_desk_without_any_is_quiet(open_page, folder):
    for given in ("7", "seven"):
        page = open_page(folder, "sensitivity", part="episodes", episode=given)
        (note,) = [read_aloud(text) for text in captions(page) if "Address" in text]
        assert note == f":orange-badge[Address] There is no alert {given}."
        assert [text.partition(".")[0] for text in captions(page)[-2:]] == [
            "No alert is open",
            "No alert is over so far",
        ]
