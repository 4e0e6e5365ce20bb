"""The two scopes of listings on which evidence is gathered.

`held` are the held listings. `at_risk` are those that an audit may refuse: the listings on sale, and those that wait to
go on sale (offline, `pending_launch`).
"""

from __future__ import annotations

from typing import Literal

from aexdash.snapshot.sql import HELD_STATUSES

Scope = Literal["held", "at_risk"]

HELD = f"p.ended_at IS NULL AND p.listed = 1 AND p.status IN {HELD_STATUSES}"

ON_SALE = "p.ended_at IS NULL AND (p.status = 'active' OR (p.status = 'offline' AND p.cause = 'pending_launch'))"

ON_SALE_KNOWN = f"""
FROM status_period AS p INDEXED BY period_on_sale_known WHERE p.store_id = :store AND p.known > 0 AND {ON_SALE}
"""
"""The periods of listings on sale, or waiting, of which more is known than the list shows (`known` > 0)."""

_COLUMNS = "id, store_id, product_id, status, started_at, category_id, known, checked"

PERIODS: dict[Scope, str] = {
    "held": f"""(
        SELECT {_COLUMNS} FROM status_period AS p INDEXED BY period_open_listed
        WHERE store_id = :store AND {HELD}
    ) AS p""",  # noqa: S608
    "at_risk": f"""(
        SELECT {_COLUMNS} FROM status_period INDEXED BY period_open_by_status
        WHERE store_id = :store AND status = 'active' AND ended_at IS NULL
        UNION ALL
        SELECT {_COLUMNS} FROM status_period INDEXED BY period_waiting
        WHERE store_id = :store AND status = 'offline' AND cause = 'pending_launch' AND ended_at IS NULL
    ) AS p""",  # noqa: S608
}
"""The open periods of the store `:store` in a scope, for a FROM clause, with the alias `p`.

There are many on sale. They come in the order of an index and are not sorted, so that a LIMIT ends the search.
"""

ORDER: dict[Scope, str] = {
    "held": "ORDER BY p.status DESC, p.started_at DESC, p.product_id",  # rejected before auditing, the newest first
    "at_risk": "",
}
