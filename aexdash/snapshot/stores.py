"""Which stores a question is about: one by its key, several, or all that are watched."""

from __future__ import annotations

import json
from collections.abc import Collection

Stores = str | Collection[str] | None
"""The key of a store, the keys of several, or None for all that are watched; no key at all is no store."""

CHOSEN = "CASE WHEN :keys IS NULL THEN watched = 1 ELSE key IN (SELECT value FROM json_each(:keys)) END"
"""The condition on table `store`; `:keys` is what `keys_of` makes."""


STORES = f"SELECT id, key, currency FROM store WHERE {CHOSEN} ORDER BY id"  # noqa: S608
"""Id, key and currency of the stores; `:keys` as above."""


def keys_of(stores: Stores) -> str | None:
    """Write the keys as the JSON array that SQL takes; null stands for all that are watched."""
    if stores is None:
        return None
    return json.dumps([stores] if isinstance(stores, str) else list(stores))
