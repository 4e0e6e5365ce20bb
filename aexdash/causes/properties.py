"""The properties of listings that are compared, as columns of whole numbers: one value a listing, or not known.

docs/causes.md lists them, and those that the snapshot does not keep.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from urllib.parse import urlsplit

import numpy as np

from aexdash.causes.slices import BASE, UNKNOWN, Column, Mask
from aexdash.clock import from_text
from aexdash.snapshot.compared.listings import Compared, Side

NONE = "none"
"""The value of a listing that is known to have none: no brand, no group."""

BATCH = 30
"""Minutes of a batch of edits."""

AGES = ((7, "under 7 days"), (30, "7 to 29 days"), (90, "30 to 89 days"), (365, "90 to 364 days"))
OLDER = "365 days and more"

SIDES = ((800, "shorter side under 800 px"), (1000, "shorter side 800 to 999 px"))
LARGE = "shorter side 1,000 px and more"

MENDABLE = frozenset(
    (
        "category",
        "brand",
        "title begins",
        "title ends",
        "picture host",
        "picture address",
        "picture size",
        "price",
        "freight template",
    )
)
"""Properties that somebody who edits a listing can change; a measured finding is one too, and no other is."""

MEASURED = "measured: "
"""What the name of a property begins with that is a finding of our checks; the code of it follows."""

_SIZE = re.compile(r"(?<!\d)(\d{2,5})x(\d{2,5})(?!\d)")
_PREFIX = re.compile(r"[^\W_]+")
_NAMED = re.compile(r"[^/]*\d[^/]*")
_CHECK = re.compile(r"\|([^|@]+)@check(?=\|)")
_REASON = re.compile(r"\|([^|@]+)@")

Value = str | None
Reads = Callable[[Compared], Value]


@dataclass(frozen=True, slots=True)
class Properties:
    """What is compared: `columns` are tested, `counted` are facts of the rejected listings alone and only counted.

    `rejected` says which listings the question is about. `rows` are in the order of the columns.
    """

    rows: Sequence[Compared]
    columns: tuple[Column, ...]
    counted: tuple[Column, ...]
    rejected: Mask


def is_mendable(name: str) -> bool:
    """Whether somebody who edits a listing can change a property, by its name."""
    return name in MENDABLE or name.startswith(MEASURED)


def properties(side: Side, at: datetime, zone: tzinfo, *, edited: bool) -> Properties:
    """Read the properties of listings. `at` is the moment at which their age counts.

    `edited`: only listings that were submitted or edited in the span are compared, and so are hour and batch of the
    edit. Against all listings these would only say that what was not touched was not rejected.
    """
    rows = side.rows
    columns = [_column(name, map(read, rows)) for name, read in _plain(side, at).items()]
    if side.feed is not None:
        columns.append(_column("feed file", _files(rows, side.feed)))
    columns += _measured(rows)
    if edited:
        columns += [_column(name, map(read, rows)) for name, read in _of_edit(zone).items()]
    rejected: Mask = np.fromiter((row.moved for row in rows), dtype=bool, count=len(rows))
    kept = tuple(column for column in columns if len(column.values) > 1 or _is_part(column))
    return Properties(rows, kept, tuple(_counted(rows)), rejected)


def _is_part(column: Column) -> bool:
    """Whether a property with one value is of some listings only; one that all share tells nothing."""
    return bool((column.codes == UNKNOWN).any() and len(column.values))


def _plain(side: Side, at: datetime) -> dict[str, Reads]:
    """Name the properties that are one value a listing."""
    age = _age_by_day(at)
    return {
        "store": lambda row: row.store,
        "category": lambda row: _category(row, side.categories),
        "brand": lambda row: None if row.brand is None else row.brand or NONE,
        "title begins": lambda row: _words(row.title, slice(None, 1)),
        "title ends": lambda row: _words(row.title, slice(-2, None)),
        "picture host": lambda row: urlsplit(row.picture).hostname if row.picture else NONE,
        "picture address": lambda row: _pattern(row.picture),
        "picture size": lambda row: _side(row.width, row.height),
        "price": lambda row: _band(row.price, row.currency),
        "SKU begins": lambda row: _prefix(row.sku),
        "freight template": lambda row: _told(row.freight, row),
        "product group": lambda row: _told(row.group, row),
        "source": lambda row: _told(row.src, row),
        "owner member": lambda row: _told(row.member, row),
        "product type": lambda row: row.product_type,
        "age of the listing": lambda row: age(row.created_at),
        "rejected before": lambda row: "yes" if row.earlier else "no",
    }


def _files(rows: Sequence[Compared], feed: dict[tuple[str, str], str]) -> Iterator[Value]:
    """Yield the feed file that last rejected the first SKU of each listing in the span; the others are the base."""
    return (feed.get((row.store, row.sku or ""), BASE) for row in rows)


def _of_edit(zone: tzinfo) -> dict[str, Reads]:
    return {
        "hour of the edit": lambda row: _edited(row, zone, "%H:00"),
        "edit batch": lambda row: _edited(row, zone, "%Y-%m-%d %H:%M"),
    }


def _edited(row: Compared, zone: tzinfo, form: str) -> Value:
    if row.modified_at is None:
        return None
    at = from_text(row.modified_at).astimezone(zone)
    return f"{at - timedelta(minutes=at.minute % BATCH):{form}}"


def _measured(rows: Sequence[Compared]) -> Iterator[Column]:
    """Yield a column a finding of our checks that any rejected listing has; listings not checked are not known."""
    codes = {code for row in rows if row.moved for code in _CHECK.findall(row.codes)}
    for code in sorted(codes):
        mark = f"|{code}@check|"
        yield _column(
            f"{MEASURED}{code}", (("yes" if mark in row.codes else BASE) if row.checked else None for row in rows)
        )


def reason_codes(codes: str) -> list[str]:
    """Return the codes of `|code@provenance|…|`, each as often as somebody says it."""
    return _REASON.findall(codes)


def _counted(rows: Sequence[Compared]) -> Iterator[Column]:
    """Yield what only a rejected listing has: its reasons, one column each, and which rejection of it this is."""
    codes = {code for row in rows if row.moved for code in reason_codes(row.codes)}
    for code in sorted(codes):
        mark = f"|{code}@"
        yield _column(f"reason: {code}", ("yes" if row.moved and mark in row.codes else None for row in rows))
    yield _column("reason: none known", ("yes" if row.moved and not row.codes else None for row in rows))
    yield _column("rejection", (("repeated" if row.earlier else "first") if row.moved else None for row in rows))


def _column(name: str, values: Iterable[Value]) -> Column:
    """Number the values of a property; None is not known."""
    import pandas as pd  # noqa: PLC0415 - 70 MB that only an examination pays

    codes, unique = pd.factorize(np.array(list(values), dtype=object))
    return Column(name, codes.astype(np.intp), [str(value) for value in unique])


def _category(row: Compared, names: dict[int, str]) -> Value:
    if row.category_id is None:
        return None
    return names.get(row.category_id) or str(row.category_id)


def _told(value: object, row: Compared) -> Value:
    """Return a field of the list; where the list tells a source, it tells these too, and an absent one is none."""
    if value is not None:
        return str(value)
    return NONE if row.src is not None else None


def _words(title: str, which: slice) -> Value:
    words = title.casefold().split()[which]
    return " ".join(words) or None


def _pattern(url: str | None) -> Value:
    """Return the address of a picture without what names one picture, so that those of one template are alike.

    A size written in it stays: `/img/#-600x600.jpg`.
    """
    if not url:
        return NONE
    parts = urlsplit(url).path.split("/")
    size = _SIZE.search(parts[-1])
    ending = parts[-1].rpartition(".")[2] if "." in parts[-1] else ""
    folder = "/".join("#" if _NAMED.fullmatch(part) else part for part in parts[:-1])
    return f"{folder}/#{f'-{size[0]}' if size else ''}{f'.{ending}' if ending else ''}"


def _side(width: int | None, height: int | None) -> Value:
    if width is None or height is None:
        return None
    return next((name for below, name in SIDES if min(width, height) < below), LARGE)


def _band(price: str | None, currency: str | None) -> Value:
    """Return the band of a price, each twice as wide as the one below: `8 to 16 USD`."""
    try:
        value = float(price or "")
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    if value < 1:
        return f"under 1 {currency or ''}".strip()
    power = min(math.floor(math.log2(value)), 20)
    return f"{2**power:,} to {2 ** (power + 1):,} {currency or ''}".strip()


def _prefix(sku: str | None) -> Value:
    found = _PREFIX.match(sku or "")
    return found[0] if found else None


def _age_by_day(at: datetime) -> Callable[[str | None], Value]:
    limits = [(f"{at - timedelta(days=days):%Y-%m-%dT%H:%M:%S}", name) for days, name in AGES]

    def age(created: str | None) -> Value:
        if created is None:
            return None
        return next((name for since, name in limits if created > since), OLDER)

    return age
