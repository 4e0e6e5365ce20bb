"""Counts the listings at risk: on sale, with a finding of ours; and how many of those on sale were checked."""

from __future__ import annotations

import sqlite3

from aexdash.model import Status
from aexdash.snapshot.evidence.scope import ON_SALE_KNOWN
from aexdash.snapshot.history import counts
from aexdash.snapshot.stores import Stores
from aexdash.snapshot.tallies import AtRisk
from aexdash.snapshot.worklist.filters import Selection
from aexdash.view import View

CHECKED = f"SELECT count(*) {ON_SALE_KNOWN} AND p.checked = 1 AND p.known = 2"

WAITING = """
SELECT count(*) FROM status_period INDEXED BY period_waiting
WHERE store_id = :store AND cause = 'pending_launch' AND status = 'offline' AND ended_at IS NULL
"""


def at_risk(connection: sqlite3.Connection, store_keys: Stores, selection: Selection) -> AtRisk:
    """Count the listings at risk of a selection with the status `active`, and how many were checked, of how many."""
    listings = int(connection.execute(selection.query("count(*)"), selection.bound).fetchone()[0])
    stores = counts.ids_of(connection, store_keys)
    on_sale = None if "as_of" in selection.bound else counts.on_sale(connection, stores)
    if on_sale is None:
        return AtRisk(listings, None, None)
    return AtRisk(
        listings,
        checked=counts.total(connection, CHECKED, stores, {}),
        of=on_sale + counts.total(connection, WAITING, stores, {}),
    )


def view_of(view: View) -> View:
    """Return the view of the listings at risk: without the filters of a view that only fit held listings."""
    return view.replace(
        statuses=(Status.ACTIVE,),
        audit_kinds=(),
        reasons=(),
        provenance=(),
        resubmit=(),
        stages=(),
        lanes=(),
        marks=(),
        only=(),
    )
