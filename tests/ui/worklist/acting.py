"""Helpers for tests of decisions on the worklist: the desk, the buttons of the panel, what a colleague does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from aexdash.desk.decisions.changes import Outcome
from aexdash.desk.decisions.items import Decision, Seen
from aexdash.desk.decisions.work import Desk
from aexdash.people.names import Person
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from tests.ui.reading import list_of
from tests.ui.sample import FIRST, NOW


def row_of(folder: Path, product_id: int = FIRST, now: datetime = NOW) -> WorkRow:
    """A listing as the snapshot and the desk of a home have it."""
    [row] = snapshot_of(folder, now).rows_of([("main", product_id)])
    return row


def snapshot_of(folder: Path, now: datetime = NOW) -> Snapshot:
    return Snapshot(folder / "snapshot.db", folder / "desk.db", clock=lambda: now)


def decide(folder: Path, decision: Decision, *product_ids: int, by: str = "Olga", now: datetime = NOW) -> Outcome:
    """A decision that somebody makes elsewhere, on what she sees at that moment."""
    seen = [Seen.of(row) for row in snapshot_of(folder, now).rows_of([("main", one) for one in product_ids])]
    return Desk(folder / "desk.db").act(decision, seen, who=Person(by), now=now, through="page")


def press(page: AppTest, name: str, product_id: int = FIRST) -> AppTest:
    """Press a button of the panel of a listing."""
    return page.button(key=f"panel-{name}-main-{product_id}").click().run()


def press_late(page: AppTest, widget: str) -> AppTest:
    """Press a button, by the id of its widget, that was on the page before."""
    states = page._tree.get_widget_states()
    states.widgets.append(WidgetState(id=widget, trigger_value=True))
    return page._run(states)


def rows_shown(page: AppTest, *product_ids: int) -> list[list[str]]:
    """The listings as the list sends them with an act: name, and what was shown."""
    wanted = {str(one) for one in product_ids}
    told = list_of(page)
    return [[row["id"], row["v"]] for row in (told or {"rows": []})["rows"] if row["pid"] in wanted]


def labels(page: AppTest, keys: Sequence[str]) -> dict[str, bool]:
    """The labels of the buttons whose keys begin so, and whether they are off."""
    return {one.label: one.disabled for one in page.button if (one.key or "").startswith(tuple(keys))}


def toasts(page: AppTest) -> list[str]:
    return [one.value.replace("\\", "").replace("\u2060", "") for one in page.toast]
