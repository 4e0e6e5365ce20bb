"""Promise 8 for the page itself: whatever an address says, the worklist lists what its CSV holds, and counts it."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import streamlit
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from aexdash.causes.kept import Reports
from aexdash.cli.main import main
from aexdash.clock import to_text
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.work import Desk
from aexdash.desk.profiles import Profile, Profiles, resolve_view
from aexdash.model import AuditKind, Lane, Mark, Outcome, Provenance, Reason, Resubmit, Stage, Status
from aexdash.people.names import Person
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.snapshot.store_rows import StoreRow
from aexdash.view import AGES, NOBODY, ORDERS, VIEWABLE_STATUSES, View
from tests.support import ask_app, examples
from tests.ui.conftest import SHELL
from tests.ui.reading import heading, ids_of, rows_of
from tests.ui.sample import JUMP, NOW, find, home, main_store, read, shown

OWNERS = ["Olga", "Smith, Jane", 'Ann "A, B" Lee']
KEYS = ["main", "east", "west", "old"]
FIRST = 1005007000000000


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    """A home with three stores and an archived one, profiles of all kinds, findings, and what people decided."""
    folder = _home(tmp_path_factory.mktemp("several"), archived=("old",))
    small = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 350, "height": 350, "minimum": 800})
    find(folder, {FIRST: [small], FIRST + 1: [small], FIRST + 6: [small]})
    desk = Desk(folder / "desk.db")
    for number, owner in enumerate(OWNERS):
        desk.set_owner("main", [FIRST + number], owner, by="lead", now=NOW)
    desk.set_stage("east", [FIRST + 100], Stage.TAKEN, by="lead", now=NOW)
    desk.set_stage("main", [FIRST + 1], Stage.FIXED, by="lead", now=NOW)
    desk.set_stage("west", [FIRST + 200], Stage.SNOOZED, by="lead", now=NOW)
    desk.set_note("main", [FIRST], "asked the supplier", by="lead", now=NOW)
    members = [("main", FIRST), ("main", FIRST + 1), ("east", FIRST + 101), ("west", FIRST + 206)]
    Campaigns(folder / "desk.db").make("Spring", "", members, who=Person("lead"), now=NOW)
    finding = {"moved": [["main", FIRST], ["east", FIRST + 100]], "at_risk": [["main", FIRST + 7]]}
    Reports(folder / "desk.db").keep("held", json.dumps({"findings": [finding]}), by="lead", now=NOW)
    profiles = Profiles(folder / "desk.db")
    for title, stores in PROFILES.items():
        profiles.make(title, stores, by="lead", now=NOW)
    return folder


PROFILES = {
    "West side": ["main", "west"],
    "East old": ["east", "old"],
    "Partly read": ["west", "ghost"],
    "Empty": [],
    "Gone": ["ghost"],
}


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """The same stores, none of which is read any more."""
    return _home(tmp_path_factory.mktemp("archived"), archived=KEYS)


def _home(folder: Path, *, archived) -> Path:
    home(folder)
    db = open_snapshot(folder / "snapshot.db")
    for number, key in enumerate(KEYS):
        words = {"title": key.title(), "model": "overseas", "now": JUMP - timedelta(days=20)}
        store = main_store(db) if key == "main" else ensure_store(db, key=key, **words)
        ids = [FIRST + 100 * number + listing for listing in range(8)]
        for at, statuses in ((JUMP - timedelta(days=5), [Status.ACTIVE] * 8), (JUMP, STATUSES)):
            read(db, store, at, _walks(ids, statuses[: 8 - number]), outcome=Outcome.COMPLETE)
    for key in archived:
        db["store"].update(db.conn.execute("SELECT id FROM store WHERE key = ?", [key]).fetchone()[0], {"watched": 0})
    db.close()
    return folder


STATUSES = [Status.REJECTED] * 3 + [Status.AUDITING] * 2 + [Status.OFFLINE] + [Status.ACTIVE] * 2


def _walks(ids, statuses):
    walks = {status: [] for status in (Status.AUDITING, Status.REJECTED, Status.ACTIVE, Status.OFFLINE)}
    for product_id, status in zip(ids, statuses, strict=False):
        walks[status].append(shown(product_id, status, category_id=200003482 if product_id % 3 else 380230))
    return walks


def words_of(*known):
    """Words for a list in an address, some of them unknown."""
    return st.lists(st.sampled_from([*known, "nonsense"]), max_size=2, unique=True).map(",".join)


addresses = st.fixed_dictionaries(
    {},
    optional={
        "store": st.sampled_from([*KEYS, "mian"]),
        "profile": st.sampled_from(["west-side", "east-old", "partly-read", "empty", "gone", "asia"]),
        "status": words_of(*VIEWABLE_STATUSES),
        "reason": words_of("image", "image.main_too_small", "unknown", "in_review"),
        "provenance": words_of(*Provenance),
        "audit": words_of(*AuditKind),
        "resubmit": words_of(*Resubmit),
        "category": words_of("380230", "200003482"),
        "stage": words_of(*Stage),
        "owner": st.sampled_from(["Olga", NOBODY, '"Smith, Jane"', '"Ann ""A, B"" Lee"', f"Olga,{NOBODY}", "Smith"]),
        "age": st.sampled_from([*AGES, "2d"]),
        "in_status": st.sampled_from([*AGES, "2d", "-9d", "1y"]),
        "lane": words_of(*Lane),
        "mark": words_of(*Mark),
        "only": words_of("image.main_too_small", "title.too_long"),
        "both": words_of("image", "image.main_too_small", "title.too_long"),
        "campaign": st.sampled_from(["spring", "gone"]),
        "shares": st.sampled_from(["1", "1.1", "9", "x"]),
        "note": st.sampled_from(["yes", "no"]),
        "q": st.sampled_from(["lamp", str(FIRST + 1), "SKU-", "no such text"]),
        "as_of": st.sampled_from([to_text(NOW), to_text(JUMP - timedelta(days=1)), "yesterday"]),
        "order": st.sampled_from([*ORDERS, "colour"]),
    },
)

# Few filters at a time, so that most addresses list something.
narrow = addresses.map(lambda words: dict(list(words.items())[:4]))


def on_the_page(folder: Path, query: dict[str, str]) -> tuple[list[str], str] | None:
    """The ids that the worklist lists in their order, and its heading; None where it refuses the address."""
    with pytest.MonkeyPatch.context() as patch:
        _enter(patch, folder)
        streamlit.cache_data.clear()
        streamlit.cache_resource.clear()
        app = AppTest.from_file(str(SHELL), default_timeout=30)
        app.switch_page("../../../pages/worklist.py")
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
    assert not app.exception
    if [warning.proto.title for warning in app.warning] == ["This address cannot be shown"]:
        assert not rows_of(app)
        return None
    return ids_of(app), heading(app)


def in_the_csv(folder: Path, query: dict[str, str]) -> list[str] | None:
    """The ids of the CSV of the same address in their order; None where it is refused."""
    with pytest.MonkeyPatch.context() as patch:
        _enter(patch, folder)
        answer = ask_app(f"/export.csv?{urlencode(query)}")
    if answer.status_code == 404:
        return None
    assert answer.status_code == 200
    text = io.StringIO(answer.content.decode("utf-8-sig"), newline="")
    return [row["Product id"].strip() for row in csv.DictReader(text)]


def _enter(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("AEXDASH_HOME", str(folder))
    patch.setenv("AEXDASH_CLOCK_FILE", str(folder / "clock.txt"))


def assert_same(folder: Path, query: dict[str, str]) -> list[str] | None:
    page, file = on_the_page(folder, query), in_the_csv(folder, query)
    if page is None or file is None:
        assert (page, file) == (None, None)
        return None
    ids, head = page
    assert ids == file
    assert head.startswith(f"{len(ids)} listing")
    return ids


def ids_of_the_command(folder: Path, query: dict[str, str]) -> list[str] | None:
    """The ids that `aexdash worklist` lists in their order; None where it refuses its words."""
    words = [word for name, value in query.items() for word in (f"--{name.replace('_', '-')}", value)]
    with pytest.MonkeyPatch.context() as patch:
        _enter(patch, folder)
        told = CliRunner().invoke(main, ["worklist", "--json", *words])
    if told.exit_code == 2:
        assert told.stdout == ""
        return None
    return [json.loads(line)["product_id"] for line in told.stdout.splitlines()]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 15),
        ({"profile": "west-side"}, 10),
        ({"profile": "east-old"}, 10),
        ({"profile": "partly-read"}, 5),
        ({"profile": "west-side", "store": "west"}, 5),
        ({"store": "old"}, 5),
        ({"profile": "asia"}, None),
        ({"profile": "empty"}, None),
        ({"profile": "gone"}, None),
        ({"profile": "west-side", "store": "east"}, None),
        ({"profile": "west-side", "store": "mian"}, None),
        ({"store": "mian"}, None),
    ],
)
def test_the_stores_of_an_address_are_the_same_for_the_page_and_its_csv(several, query, count):
    ids = assert_same(several, query)
    assert (None if ids is None else len(ids)) == count
    assert ids_of_the_command(several, query) == ids


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"lane": "todo"}, 7),
        ({"lane": "waiting"}, 7),
        ({"lane": "snoozed"}, 1),
        ({"lane": "todo,waiting,snoozed"}, 15),
        ({"lane": "todo", "order": "urgent"}, 7),
        ({"mark": "untouched"}, 0),
        ({"only": "image.main_too_small"}, 2),
        ({"campaign": "spring"}, 3),
        ({"campaign": "spring", "lane": "waiting"}, 1),
        ({"shares": "1"}, 2),
        ({"shares": "1.1", "status": "rejected,auditing,active"}, 3),
        ({"shares": "1.1", "status": "active"}, 1),
        ({"note": "yes"}, 1),
    ],
)
def test_lanes_marks_and_campaigns_are_the_same_for_the_page_its_csv_and_the_command(several, query, count):
    ids = assert_same(several, query)
    assert ids is not None
    assert len(ids) == count
    assert ids_of_the_command(several, query) == ids


@pytest.mark.parametrize("query", [{}, {"status": "rejected"}, {"as_of": to_text(NOW)}])
def test_where_every_store_is_archived_the_page_and_its_csv_show_the_first(archived, query):
    ids = assert_same(archived, query)
    assert ids
    assert ids_of_the_command(archived, query) == ids
    assert {int(product_id) // 100 for product_id in ids} == {FIRST // 100}


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=narrow)
def test_the_page_of_any_address_lists_what_its_csv_holds(several, archived, query):
    assert_same(archived if query.get("store") == "old" else several, query)


names = st.sampled_from(["main", "east", "west", "ghost"])
stores_and_whether_watched = st.dictionaries(st.sampled_from(["main", "east", "west"]), st.booleans())
profiles_of = st.dictionaries(st.sampled_from(["eu", "us"]), st.lists(names, max_size=3, unique=True), max_size=2)


@settings(max_examples=examples(250))
@given(
    watched=stores_and_whether_watched,
    profiles=profiles_of,
    store=st.none() | names,
    profile=st.sampled_from([None, "eu", "us"]),
)
def test_an_address_means_the_stores_that_it_says(watched, profiles, store, profile):
    rows = [StoreRow(i, key, key, "overseas", None, "", "", on) for i, (key, on) in enumerate(watched.items())]
    known = [Profile(name, name.upper(), tuple(stores), NOW, "ann") for name, stores in profiles.items()]
    resolved = resolve_view(View(store=store, profile=profile), rows, known)
    where = resolved.view.store_keys
    looked_at = {key for key, on in watched.items() if on} if where is None else set(where)
    assert looked_at <= set(watched)
    assert (None if resolved.refused else looked_at) == plainly_meant(watched, profiles, store, profile)
    assert bool(resolved.refused) <= bool(resolved.view.notes)


def plainly_meant(watched, profiles, store, profile):
    """The keys of the stores that an address means; None where it names what cannot be looked at."""
    if store is not None and store not in watched:
        return None
    if profile is not None:
        present = set(profiles.get(profile, ())) & set(watched)
        if not present or (store is not None and store not in present):
            return None
        return present if store is None else {store}
    if store is not None:
        return {store}
    return {key for key, on in watched.items() if on} or set(list(watched)[:1])
