"""A machine that shows copies says so on every page, says how far behind they are, and offers nothing to write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.snapshot import beacon
from aexdash.storage.replicas import AT_REST, PATCHED
from tests.ui.sample import NOW, home, with_history

FOLLOWS = '\n[replica]\naddress = "/mnt/replica"\nwriter = "https://desk.example.com"\n'


def copied(folder, age: timedelta):
    """Make a home a follower's: its snapshot stands as a copy whose beacon is so old."""
    beacon.write(folder / "snapshot.db", NOW - age)
    place = folder / "following" / "snapshot-1"
    place.mkdir(parents=True)
    (folder / "snapshot.db").rename(place / "snapshot.db")
    for name in (PATCHED, AT_REST):
        (place / name).touch()
    (folder / "snapshot.db").symlink_to(place / "snapshot.db")
    with (folder / "aexdash.toml").open("a") as config:
        config.write(FOLLOWS)
    return folder


def freshness(shown) -> str:
    return next(html.proto.body for html in shown.get("html") if "data-freshness" in html.proto.body)


@pytest.mark.parametrize("page", ["overview", "worklist", "history"])
def test_each_page_says_whose_copies_it_shows_and_how_far_behind_they_are(open_page, tmp_path, page):
    shown = open_page(copied(with_history(tmp_path), timedelta(seconds=4)), page)
    assert not shown.exception
    assert any("This machine shows copies and writes nothing" in one.value for one in shown.caption)
    assert "replica 4 s behind" in freshness(shown)
    assert not shown.warning


def test_a_copy_that_is_late_is_a_warning(open_page, tmp_path):
    shown = open_page(copied(with_history(tmp_path), timedelta(seconds=95)))
    assert [one.proto.title for one in shown.warning] == ["Replica 95 s behind"]
    assert shown.warning[0].value.endswith("Is `aexdash follow` running? See Health.")


def test_nothing_can_be_written_there(open_page, tmp_path):
    shown = open_page(copied(with_history(tmp_path), timedelta(seconds=4)), "worklist")
    assert shown.button(key="sync-now").disabled


def test_before_the_first_copy_it_says_what_to_run(open_page, tmp_path):
    folder = home(tmp_path)
    with (folder / "aexdash.toml").open("a") as config:
        config.write(FOLLOWS)
    shown = open_page(folder)
    assert shown.warning[0].proto.title == "No copy yet"
    assert "aexdash follow" in shown.warning[0].value


def test_no_verdict_is_given_on_a_copy_that_is_late(open_page, tmp_path):
    folder = copied(with_history(tmp_path), timedelta(seconds=95))
    shown = open_page(folder, "health")
    told = [one.value for one in shown.warning]
    assert "Only as of the copy that is read here: replica 95 s behind." in told
    assert not shown.success
    assert not [text for text in told if "See Health" in text], "it is this page"
    assert not [one.value for one in shown.info if "nothing speaks against it" in one.value]
