"""Which listing each row of their list names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from aexdash.reconcile.compare import Named
from aexdash.reconcile.model import TheirRow
from aexdash.snapshot.compared.standing import Key, Standings
from aexdash.snapshot.query import Snapshot
from aexdash.sources.columns.ids import LOOKS_ROUNDED, all_look_rounded, fitting, looks_rounded


def name(
    snapshot: Snapshot, standings: Standings, rows: Sequence[TheirRow], *, inside: Collection[str]
) -> tuple[list[Named], list[str]]:
    """Find the listing that each row names: by id, by the id of a variant, by SKU code, or by a rounded id.

    `inside` are the keys of the stores that are compared: what they have comes before what others have. Where all ids
    of a list look rounded, none is taken as it is written while several listings fit it. Returns the rows, and what is
    to be said of them.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    ids = {row.product_id for row in rows if row.product_id is not None}
    known = {one: {listing.store for listing in several} for one, several in snapshot.known_ids(ids).items()}
    unknown = ids - known.keys()
    sure = all_look_rounded(ids)
    doubtful = ids if sure else set(filter(looks_rounded, unknown))
    near = snapshot.known_ids({fit for one in doubtful for fit in fitting(one)}) if doubtful else {}
    variants = standings.of_variants(unknown)
    skus = snapshot.known_skus({row.sku for row in rows if row.product_id is None and row.sku})
    asked: list[tuple[TheirRow, list[Key]]] = []
    taken = 0
    for row in rows:
        keys: list[Key] = []
        note = ""
        if row.product_id is None:
            keys = [(listing.store, listing.product_id) for listing in skus.get(row.sku, ())]
        elif row.product_id in variants:
            keys = [variants[row.product_id]]
        elif row.product_id in doubtful:
            fits = [(one.store, fit) for fit in fitting(row.product_id) for one in near.get(fit, ())]
            note, keys = _of_rounded(_inside(fits, inside) or fits, sure=sure)
            taken += bool(keys) and keys[0][1] != row.product_id
        elif row.product_id in known:
            keys = [(store, row.product_id) for store in sorted(known[row.product_id])]
        asked.append((replace(row, note=note) if note else row, keys))
    many = "1 id was" if taken == 1 else f"{taken:,} ids were"
    notes = [f"{many} rounded by a spreadsheet, and taken as the one listing that fits each."] if taken else []
    alone = Counter(keys[0][0] for _, keys in asked if len(_inside(keys, inside)) == 1)
    named = [_named(row, keys, inside, alone) for row, keys in asked]
    titles = {one.key: one.title or one.key for one in snapshot.stores()}
    return named, [*notes, *_shared_notes(named, asked, inside, titles)]


def _of_rounded(fits: list[Key], *, sure: bool) -> tuple[str, list[Key]]:
    """Return what is wrong with a row whose id looks rounded, and the one listing that fits, in each store."""
    many = len({product_id for _, product_id in fits})
    if many == 1 or not (many or sure):
        return "", fits
    fitting_it = f"{many} listings fit" if many else "no listing fits"
    return f"{LOOKS_ROUNDED}, and {fitting_it}: export the ids anew, as text", []


def _inside(keys: Sequence[Key], inside: Collection[str]) -> list[Key]:
    return [key for key in keys if key[0] in inside]


def _shared_notes(
    named: Sequence[Named],
    asked: Sequence[tuple[TheirRow, Sequence[Key]]],
    inside: Collection[str],
    titles: Mapping[str, str],
) -> list[str]:
    """Say how many ids are in several of the stores, and were taken as those of the store that the list is of."""
    pairs = zip(named, asked, strict=True)
    stores = Counter(one.key[0] for one, (_, keys) in pairs if one.key and len(_inside(keys, inside)) > 1)
    return [
        f"{'1 id is' if many == 1 else f'{many:,} ids are'} in several of the stores, and taken as those of "
        f"{titles[store]}, which most of the other rows name."
        for store, many in stores.items()
    ]


def _named(row: TheirRow, keys: Sequence[Key], inside: Collection[str], alone: Mapping[str, int]) -> Named:
    """Name the listing of a row; `alone` counts the rows that name a listing of one store only, by that store."""
    here = _inside(keys, inside)
    products = {product_id for _, product_id in here}
    if len(products) > 1:
        return Named(replace(row, note=f"stands for {len(products)} listings: name it by its product id"), None)
    if len(here) > 1:
        most, next_most = sorted((alone.get(store, 0) for store, _ in here), reverse=True)[:2]
        here = [key for key in here if alone.get(key[0], 0) == most] if most > next_most else []
        if not here:
            return Named(
                replace(row, note=f"is in {len(keys)} of the stores: choose the one that the list is of"), None
            )
    elsewhere = next((store for store, _ in keys), "")
    return Named(row, here[0]) if here else Named(row, None, elsewhere)
