"""Promise 8. What the filter shows is what the link reproduces and what the export contains."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aexdash.cli.main import main
from aexdash.clock import to_text
from aexdash.demo.world.listing import Picture
from aexdash.desk.decisions.work import Desk
from aexdash.model import AuditKind, Provenance, Stage, Status
from aexdash.view import AGES, NOBODY, ORDERS, VIEWABLE_STATUSES, View
from tests.demo.scripted import plain_listing
from tests.support import FIRST, LONG_SIGNED_IN, NOON, ForgetfulWorld, Shop, ask_app, examples

COUNT = 14
PLACES = [Status.REJECTED, Status.AUDITING, Status.OFFLINE, Status.ACTIVE]
TITLES = ["Desk lamp", "Лампа, настольная", "=1+1; =2", "A & B / C? 100 %"]
CODES = ["image", "image.main_too_small", "attribute", "attribute.brand_missing", "unknown", "price"]

some = {"max_size": 2, "unique": True}
views = st.builds(
    View,
    store=st.sampled_from([None, "main"]),
    statuses=st.lists(st.sampled_from(VIEWABLE_STATUSES), **some).map(tuple),
    audit_kinds=st.lists(st.sampled_from(list(AuditKind)), **some).map(tuple),
    reasons=st.lists(st.sampled_from(CODES), **some).map(tuple),
    provenance=st.lists(st.sampled_from(list(Provenance)), **some).map(tuple),
    categories=st.lists(st.sampled_from([380230, 999_999_999]), **some).map(tuple),
    stages=st.lists(st.sampled_from(list(Stage)), **some).map(tuple),
    owners=st.lists(st.sampled_from(["Olga", NOBODY]), **some).map(tuple),
    age=st.sampled_from([None, *AGES]),
    text=st.sampled_from(["", "lamp", "ЛАМПА", str(FIRST + 1), "SKU-", "100 %", "=1+1; =2", "no such text"]),
    as_of=st.sampled_from([None, NOON, NOON + timedelta(days=1), NOON - timedelta(days=1)]),
    order=st.sampled_from(ORDERS),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A home with history, decisions and a clock that stands, and the app's routes on it."""
    home = tmp_path_factory.mktemp("home")
    world = ForgetfulWorld(
        plain_listing(
            FIRST + number,
            PLACES[number % 4],
            title=TITLES[number % 3 if number % 2 else 3],
            pictures=(Picture(1, 400, 400),) if number % 3 else (Picture(1),),
            category_id=380230 if number % 5 else 999_999_999,
            cause="punish_offline" if PLACES[number % 4] is Status.OFFLINE else None,
        )
        for number in range(COUNT)
    )
    shop = Shop(home, world, store=LONG_SIGNED_IN)
    shop.sync("sweep")
    for number in (0, 3, 7):
        world.move(FIRST + number, Status.AUDITING, at=shop.clock.move(hours=8))
    shop.clock.move(days=4)
    shop.sync("sweep")
    Desk(home / "desk.db").set_owner("main", [FIRST, FIRST + 1], "Olga", by="lead", now=NOON)
    Desk(home / "desk.db").set_stage("main", [FIRST + 4], Stage.TAKEN, by="lead", now=shop.clock())
    (home / "clock.txt").write_text(to_text(shop.clock()))
    (home / "aexdash.toml").write_text('[store.main]\nmodel = "overseas"\napp_key = "1"\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AEXDASH_HOME", str(home))
        patch.setenv("AEXDASH_CLOCK_FILE", str(home / "clock.txt"))
        yield shop
    shop.close()


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(view=views)
def test_the_count_the_rows_the_link_and_both_exports_are_the_same_listings(desk, view):
    shop = desk
    query = view.to_query()
    assert View.from_query(query) == view
    rows = list(shop.snapshot.rows(view))
    assert shop.snapshot.count(view) == len(rows) == len({row.product_id for row in rows})
    assert shop.snapshot.page(view, COUNT) == rows
    answer = ask_app(f"/export.csv?{urlencode(query)}")
    assert answer.status_code == 200
    assert ids_in(answer.content) == [row.product_id for row in rows]
    file = shop.folder / "view.csv"
    words = [word for name, value in query.items() for word in (f"--{name.replace('_', '-')}", value)]
    told = CliRunner().invoke(main, ["export", str(file), "--home", str(shop.folder), *words])
    assert told.exit_code == 0, told.output
    assert file.read_bytes() == answer.content


def ids_in(content: bytes) -> list[int]:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return [int(row["Product id"]) for row in csv.DictReader(text)]


def test_the_views_of_this_test_show_something(desk):
    shop = desk
    shown = {view: shop.snapshot.count(View.from_query(view_of)) for view, view_of in SAMPLES.items()}
    assert all(shown.values()), shown


SAMPLES = {
    "all": {},
    "taken down": {"status": "offline"},
    "small": {"reason": "image.main_too_small"},
    "Olga": {"owner": "Olga"},
    "old": {"age": "3d"},
    "long so": {"in_status": "1d"},
    "then": {"as_of": to_text(NOON)},
    "text": {"q": "лампа"},
    "resubmitted": {"audit": "resubmitted"},
}
