"""Three people, each in a browser of her own, work one list: what each does the others see, and nothing is lost.

The simulated platform approves one of their listings and rejects another again; in the end lanes, books, log and digest
say the same.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.items import Seen, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import Lane, Mark, Stage, Status
from aexdash.people.names import Person
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.browser.stage import finished, new_window, sign
from tests.support import FIRST, NOON, world_of

pytestmark = pytest.mark.browser

TO_DO = "worklist?lane=todo&order=product_id"


@pytest.fixture
def stage(stage_of):
    """A store with eight rejected listings and one in audit, read once, and its app."""
    stage = stage_of(world_of(rejected=8, auditing=1, active=3), NOON)
    assert stage.sync("--sweep")["held"] == 9
    stage.open_app()
    return stage


@pytest.fixture
def people(stage, browser):
    """The pages of Ana, Ben and Cho on the list of what is to do."""
    contexts = []

    def opened(name: str) -> Page:
        context = new_window(browser)
        contexts.append(context)
        sign(context, name)
        page = context.new_page()
        page.goto(f"{stage.url}/{TO_DO}")
        expect(row(page, 0)).to_be_visible()
        finished(page)
        return page

    yield [opened(name) for name in ("Ana", "Ben", "Cho")]
    for context in contexts:
        context.close()


def row(page: Page, number: int) -> Locator:
    return page.locator("tbody tr", has=page.locator(".pid", has_text=str(FIRST + number)))


def press(page: Page, number: int, *keys: str) -> None:
    """Put the cursor on a row and press keys, as a person does."""
    row(page, number).focus()
    for key in keys:
        page.keyboard.press(key)


def fix(page: Page, number: int) -> None:
    """Mark a listing fixed whose brand is still empty: the row asks once, naming that, and the key again does it."""
    press(page, number, "f")
    expect(page.get_by_text("F again marks it fixed all the same")).to_have_count(1)
    expect(row(page, number).get_by_role("button", name="Mark fixed all the same")).to_be_focused()
    page.keyboard.press("f")


def snapshot_of(stage) -> Snapshot:
    return Snapshot(stage.home / "snapshot.db", stage.home / "desk.db", clock=stage.now)


def rows_by_number(stage) -> dict[int, object]:
    rows = snapshot_of(stage).page(View(), 100, 0)
    return {row.product_id - FIRST: row for row in rows}


def conflict(stage, page: Page, numbers: list[int]) -> int:
    """Have Ben take a listing just before the page's person does; return the number of the one it happened to.

    Where the page has heard of it in between, there is no conflict, and the next one is tried.
    """
    desk = Desk(stage.home / "desk.db")
    for number in numbers:
        row(page, number).focus()
        seen = [Seen.of(rows_by_number(stage)[number])]
        assert desk.act(Take(), seen, who=Person("Ben"), now=stage.now(), through="page").changed == 1
        page.keyboard.press("t")
        expect(row(page, number).or_(page.get_by_text("1 taken"))).not_to_have_count(0)
        finished(page)
        if rows_by_number(stage)[number].owner == "Ben":
            return number
    pytest.fail("the page heard of every change before its own key was pressed")


def test_three_people_take_fix_snooze_disagree_undo_and_see_what_the_platform_says(stage, people):
    ana, ben, cho = people
    expect(ana.get_by_text("8 listings").first).to_be_visible()

    # What each does is seen by the others without a click.
    press(ana, 0, "t")
    expect(row(ben, 0)).to_contain_text("Ana")
    fix(ben, 1)
    fix(ben, 2)
    press(cho, 3, "s", "4")
    for page in people:
        expect(page.get_by_text("5 listings").first).to_be_visible()
        expect(page.get_by_role("radio", name="Waiting 3")).to_be_visible()
        expect(page.get_by_role("radio", name="Snoozed 1")).to_be_visible()

    # Ben was faster: Ana is told who it was, and nothing of his is lost.
    number = conflict(stage, ana, [5, 6, 7])
    expect(ana.get_by_text("Ben").first).to_be_visible()
    assert [entry.by for entry in Desk(stage.home / "desk.db").log("main", FIRST + number)] == ["Ben", "Ben"]

    # Ben takes his last decision on the page back: the listing is to do again, with what stood before.
    last = Desk(stage.home / "desk.db").last_of(Person("Ben"), NOON - timedelta(hours=1))
    assert last
    expect(row(ben, number)).to_contain_text("Ben")
    finished(ben)
    ben.get_by_role("button", name="Undo").first.click()
    expect(row(ben, number)).not_to_contain_text("Ben")
    assert rows_by_number(stage)[number].stage is Stage.NEW

    # Cho freezes what is to do for a reason as a campaign; what is shown then is the campaign, whatever its reasons.
    cho.goto(f"{stage.url}/{TO_DO}&reason=attribute.brand_missing")
    expect(row(cho, number)).to_be_visible()
    finished(cho)
    cho.get_by_role("button", name="Campaigns").click()
    cho.get_by_label("Name", exact=True).fill("By Friday")
    cho.get_by_role("button", name="as a campaign").click()
    expect(cho.locator(".st-key-campaign-head")).to_contain_text("By Friday")
    finished(cho)
    expect(cho).to_have_url(f"{stage.url}/worklist?campaign=by-friday")
    expect(cho.get_by_role("button", name="as a campaign")).to_have_count(0)  # nothing lies over what was made
    [campaign] = Campaigns(stage.home / "desk.db").open()
    assert campaign.listings == 5

    # Ana fixes hers. AliExpress looks at two of the fixed ones, approves one and rejects the other again.
    ana.goto(f"{stage.url}/worklist?order=product_id")
    expect(row(ana, 0)).to_be_visible()
    finished(ana)
    fix(ana, 0)
    expect(row(ana, 0)).to_contain_text("fixed")
    world = stage.platform.stores["123456"].world
    for at, moves in (
        (NOON + timedelta(minutes=10), {0: Status.AUDITING, 1: Status.AUDITING}),
        (NOON + timedelta(minutes=20), {0: Status.REJECTED, 1: Status.ACTIVE}),
    ):
        for moved, status in moves.items():
            world.move(FIRST + moved, status, at=at)
        stage.move_to(at + timedelta(minutes=1))
        assert stage.sync("--pulse")["outcome"] == "complete"
    expect(ana.get_by_role("radio", name="Regressed 1")).to_be_visible()
    finished(ana)  # while a page is drawn anew, the list can stand on it twice for a moment
    expect(row(ana, 0)).to_contain_text("regressed")

    # Lanes, books, log and digest agree.
    rows = rows_by_number(stage)
    assert rows[0].lane is Lane.TODO
    assert (Mark.REGRESSED in rows[0].marks, rows[0].attempt) == (True, 2)
    assert 1 not in rows
    assert {lane: sum(one.lane is lane for one in rows.values()) for lane in Lane} == {
        Lane.TODO: 5,
        Lane.WAITING: 2,
        Lane.SNOOZED: 1,
    }
    books = snapshot_of(stage).past(None).books(NOON, stage.now())
    assert (books.opening, books.entered, books.left, books.closing) == (9, 0, 1, 8)
    progress = snapshot_of(stage).campaign(campaign.key)
    assert (progress.total, progress.todo, progress.regressed) == (5, 5, 1)
    log = stage.command("log", str(FIRST)).stdout
    assert "Ana" in log
    assert "rejected" in log
    digest = stage.command("digest", "--since", "2h").stdout
    assert "1 left" in digest
    assert "of these regressed: 1" in digest
