"""What an audit may refuse tomorrow: listings on sale on which a finding of ours stands, and how far we have looked."""

from __future__ import annotations

import sqlite3

from aexdash.snapshot.evidence.scope import ON_SALE_KNOWN
from aexdash.snapshot.history import counts
from aexdash.snapshot.readmodels import AtRisk
from aexdash.snapshot.stores import Stores
from aexdash.snapshot.worklist.filters import Selection

CHECKED = f"SELECT count(*) {ON_SALE_KNOWN} AND p.checked = 1 AND p.known = 2"

WAITING = """
SELECT count(*) FROM status_period INDEXED BY period_waiting
WHERE store_id = :store AND cause = 'pending_launch' AND status = 'offline' AND ended_at IS NULL
"""


def at_risk(connection: sqlite3.Connection, where: Stores, selection: Selection) -> AtRisk:
    """Count the listings of a selection of the status `active`, and beside them how many were checked, of how many."""
    listings = int(connection.execute(selection.query("count(*)"), selection.bound).fetchone()[0])
    stores = counts.ids_of(connection, where)
    on_sale = None if "as_of" in selection.bound else counts.on_sale(connection, stores)
    if on_sale is None:
        return AtRisk(listings, None, None)
    return AtRisk(
        listings,
        checked=counts.total(connection, CHECKED, stores, {}),
        of=on_sale + counts.total(connection, WAITING, stores, {}),
    )
