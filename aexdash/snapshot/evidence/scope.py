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

_COLUMNS = "id, store_id, product_id, status, started_at, category_id, known, checked, codes"

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

There are many on sale. They come in the order of an index, so without an ORDER BY a LIMIT ends the search.
"""

_RESIDUE = "((p.product_id + 1779033703) % 2147483647)"
_SQUARE = f"({_RESIDUE} * {_RESIDUE} % 2147483647)"

PLACE = f"({_SQUARE} * {_SQUARE} % 2147483647 * {_RESIDUE} % 2147483647)"
"""The place of a listing in the order of chance: the fifth power of its id, shifted, modulo the prime 2**31 - 1.

It has nothing to do with quality, so the listings up to any place are a random sample of those on sale, whoever was
read before and why. It never changes, so reading a listing again moves nobody in or out of the sample. A fifth power is
a permutation of the residues, in which ids that follow each other, in whatever steps, lie far apart. SQLite has no hash
function, and 64 bits hold every product here.
"""

ORDER: dict[Scope, str] = {
    "held": "ORDER BY p.status DESC, p.started_at DESC, p.product_id",  # rejected before auditing, the newest first
    "at_risk": f"ORDER BY {PLACE}, p.product_id",
}
"""Which listings come first: held ones by their status and age, those on sale in the order of chance."""
