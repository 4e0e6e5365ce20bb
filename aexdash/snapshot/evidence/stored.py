"""Writes value objects as JSON texts for columns, and reads them back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from aexdash.platform_data import (
    AttributeRule,
    CategoryRules,
    ListingAttribute,
    ObjectionableWord,
    Outside,
    PictureFacts,
    QualificationRule,
    Sku,
)
from aexdash.storage.text import json_array, storable

PICTURE = "picture.url, state, width, height, format, size_bytes, thumbnail, note, content"
"""The columns of a picture's facts, in the order of `PictureFacts`."""

CATEGORY = "c.category_id, c.name, c.rules, c.leaf, c.qualifications, c.eu_person_needed"
"""The columns that `read_category` reads."""


NOT_TOLD = "null"
"""What stands for the words of a title that the platform refused to judge: it was asked, and nothing is known."""


def write_rows(
    rows: Iterable[ListingAttribute | Sku | AttributeRule | QualificationRule | ObjectionableWord],
) -> str:
    """Write value objects as a JSON array of objects."""
    return storable(json.dumps([asdict(row) for row in rows], ensure_ascii=False))


def write_texts(texts: tuple[str, ...] | None) -> str | None:
    """Write texts as a JSON array; None (not known) stays None."""
    return None if texts is None else storable(json_array(texts))


def read_texts(text: str | None) -> tuple[str, ...] | None:
    """Read texts from a JSON array; None (not known) stays None."""
    return None if text is None else tuple(json.loads(text))


def read_attributes(text: str | None) -> tuple[ListingAttribute, ...]:
    """Read a listing's attributes; none where nothing is stored."""
    return tuple(ListingAttribute(**row) for row in json.loads(text or "[]"))


def read_skus(text: str | None) -> tuple[Sku, ...]:
    """Read a listing's SKUs; none where nothing is stored."""
    return tuple(Sku(**row) for row in json.loads(text or "[]"))


def read_words(text: str | None) -> tuple[ObjectionableWord, ...] | None:
    """Read the words of a title that the platform objects to; None where it was not asked or refused to judge it."""
    if text in (None, NOT_TOLD):
        return None
    return tuple(ObjectionableWord(row["word"], tuple(row["types"])) for row in json.loads(text))


def read_outside(text: str | None) -> Outside | None:
    """Read what a description names outside of AliExpress; None where it was not read."""
    return None if text is None else Outside(**{kind: tuple(names) for kind, names in json.loads(text).items()})


def read_category(row: Sequence[Any]) -> CategoryRules | None:
    """Read a category from the columns `CATEGORY`; None where it is not known."""
    category_id, name, rules, leaf, qualifications, eu_person_needed = row
    if category_id is None:
        return None
    certificates = (
        None if qualifications is None else tuple(QualificationRule(**one) for one in json.loads(qualifications))
    )
    return CategoryRules(
        category_id=category_id,
        name=name,
        rules=tuple(AttributeRule(**{**rule, "values": tuple(rule["values"])}) for rule in json.loads(rules)),
        leaf=_bool(leaf),
        qualifications=certificates,
        eu_person_needed=_bool(eu_person_needed),
    )


def _bool(stored: int | None) -> bool | None:
    return None if stored is None else bool(stored)


def read_pictures(rows: Iterable[Sequence[Any]]) -> dict[str, PictureFacts]:
    """Read pictures from the columns `PICTURE`, by URL."""
    return {row[0]: PictureFacts(*row) for row in rows}
