"""Which listing each row of their list names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from aexdash.reconcile.compare import Named
from aexdash.reconcile.model import TheirRow
from aexdash.snapshot.compared.standing import Key, Standings
from aexdash.snapshot.query import Snapshot
from aexdash.sources.ids import all_look_rounded, fitting, looks_rounded


def name(
    snapshot: Snapshot, standings: Standings, rows: Sequence[TheirRow], *, inside: Collection[str]
) -> tuple[list[Named], list[str]]:
    """Find the listing that each row names: by id, by the id of a variant, by SKU code, or by a rounded id.

    `inside` are the keys of the stores that are compared. Returns the rows, and what is to be said of them.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    ids = {row.product_id for row in rows if row.product_id is not None}
    known = {one: {listing.store for listing in several} for one, several in snapshot.known_ids(ids).items()}
    unknown = ids - known.keys()
    doubtful = ids if all_look_rounded(ids) else set(filter(looks_rounded, unknown))
    near = snapshot.known_ids({fit for one in doubtful for fit in fitting(one)}) if doubtful else {}
    variants = standings.of_variants(unknown)
    skus = snapshot.known_skus({row.sku for row in rows if row.product_id is None and row.sku})
    named, taken = [], 0
    for row in rows:
        keys: list[Key] = []
        if row.product_id is None:
            keys = [(listing.store, listing.product_id) for listing in skus.get(row.sku, ())]
        elif row.product_id in known:
            keys = [(store, row.product_id) for store in sorted(known[row.product_id])]
        elif row.product_id in variants:
            keys = [variants[row.product_id]]
        if not keys and row.product_id in doubtful:
            fits = [(listing.store, fit) for fit in fitting(row.product_id) for listing in near.get(fit, ())]
            keys = fits if len(fits) == 1 else []
            taken += bool(keys)
        named.append(_named(row, keys, inside))
    many = "1 id was" if taken == 1 else f"{taken:,} ids were"
    note = f"{many} rounded by a spreadsheet, and taken as the one listing that fits each."
    return named, [note] if taken else []


def _named(row: TheirRow, keys: Sequence[Key], inside: Collection[str]) -> Named:
    here = [key for key in keys if key[0] in inside]
    products = {product_id for _, product_id in here}
    if len(products) > 1:
        return Named(replace(row, note=f"stands for {len(products)} listings: name it by its product id"), None)
    elsewhere = next((store for store, _ in keys), "")
    return Named(row, here[0]) if here else Named(row, None, elsewhere)
