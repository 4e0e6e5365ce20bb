"""The rejections of a listing, and what was changed between two of them.

Only what is known of both is compared: a fact that one reading did not tell is no change.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from aexdash.clock import from_text, to_text
from aexdash.model import Status
from aexdash.platform_data import Sku
from aexdash.snapshot.columns import moment
from aexdash.snapshot.evidence.stored import read_attributes, read_skus
from aexdash.snapshot.readmodels import Attempt, AttemptContent, AttemptDetail

PERIODS = """
SELECT p.attempt, p.started_at, CASE WHEN p.ended_at <= :at THEN p.ended_at END,
    CASE WHEN p.ended_at <= :at THEN p.ended_to END,
    (SELECT json_group_array(code) FROM (
        SELECT DISTINCT r.code FROM listing_reason AS r
        WHERE r.period_id = p.id AND r.first_seen_at <= :at ORDER BY r.code
    )),
    a.listed, a.detail
FROM (  -- ended and open periods apart, because each has a partial index of its own
    SELECT * FROM status_period WHERE store_id = :store AND product_id = :product_id AND ended_at IS NOT NULL
    UNION ALL SELECT * FROM status_period WHERE store_id = :store AND product_id = :product_id AND ended_at IS NULL
) AS p
LEFT JOIN attempt AS a ON a.period_id = p.id
WHERE p.status = 'rejected' AND p.started_at <= :at
ORDER BY p.started_at
"""

CONTENTS = """
SELECT url, content FROM picture WHERE content IS NOT NULL AND url IN (SELECT value FROM json_each(?))
"""

Field = Literal[
    "title",
    "category",
    "price",
    "main picture",
    "picture",
    "attribute",
    "SKU",
    "weight",
    "sides",
    "responsible person",
    "qualification",
    "length of the description",
    "pictures in the description",
    "reason",
]
"""What can have been changed between two attempts."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A difference between two attempts, in the platform's own texts.

    An empty `before` was added, an empty `after` is gone; a reason with both the same is still there. `of` says which
    one where there are several: the name of an attribute, the code of a SKU, the locale of a title.
    """

    field: Field
    before: str
    after: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """What is not known of the attempt of a number: the listing at all, or only what its detail would have told."""

    attempt: int
    what: Literal["listing", "detail"]


SamePicture = Callable[[str, str], bool]
"""Whether two addresses show the same picture."""


def attempts(
    connection: sqlite3.Connection, store: int, product_id: int, as_of: datetime | None = None
) -> list[Attempt]:
    """List the rejections of a listing up to a moment, the first one first, with every reason seen in each."""
    bound = {"store": store, "product_id": product_id, "at": to_text(as_of) if as_of else "9999"}
    return [
        Attempt(
            number=number,
            at=from_text(at),
            ended_at=moment(ended_at),
            ended_to=Status(ended_to) if ended_to else None,
            codes=tuple(json.loads(codes)),
            content=_content(listed, detail) if listed else None,
        )
        for number, at, ended_at, ended_to, codes, listed, detail in connection.execute(PERIODS, bound)
    ]


def _content(listed: str, detail: str | None) -> AttemptContent:
    told = json.loads(listed)
    return AttemptContent(
        title=told["title"] or "",
        image_urls=tuple(told["image_urls"] or ()),
        price_min=told["price_min"],
        price_max=told["price_max"],
        currency=told["currency"],
        category_id=told["category_id"],
        sku_codes=tuple(told["sku_codes"] or ()),
        detail=_detail(json.loads(detail)) if detail else None,
    )


def _detail(told: Mapping[str, Any]) -> AttemptDetail:
    qualifications = told["qualifications"]
    return AttemptDetail(
        titles=told["titles"],
        image_urls=tuple(told["image_urls"]),
        attributes=read_attributes(json.dumps(told["attributes"])),
        skus=read_skus(json.dumps(told["skus"])),
        weight=told["weight"],
        sides=tuple(told["sides"] or ()),
        eu_person=told["eu_person"],
        qualifications=None if qualifications is None else tuple(qualifications),
        description_chars=told["description_chars"],
        description_pictures=told["description_pictures"],
    )


def same_picture(connection: sqlite3.Connection, attempts: Iterable[Attempt]) -> SamePicture:
    """Return what tells whether two addresses of these attempts show one picture, by what was measured of them."""
    urls = {url for one in attempts if one.content for url in _pictures(one.content)}
    contents = dict(connection.execute(CONTENTS, [json.dumps(sorted(urls))]).fetchall())
    return lambda one, other: one == other or contents.get(one, one) == contents.get(other, other)


def not_known(before: Attempt, after: Attempt) -> list[NotKnown]:
    """Say what of two attempts is not known, so that nothing can be said of its changes."""
    missing: list[NotKnown] = []
    for one in (before, after):
        if one.content is None:
            missing.append(NotKnown(one.number, "listing"))
        elif one.content.detail is None:
            missing.append(NotKnown(one.number, "detail"))
    return missing


def changes(before: Attempt, after: Attempt, same_picture: SamePicture) -> list[Changed]:
    """Say what was changed between two rejections of a listing, and which reasons are gone, new and still there."""
    return [*_of_content(before.content, after.content, same_picture), *_reasons(before.codes, after.codes)]


def _of_content(
    before: AttemptContent | None, after: AttemptContent | None, same_picture: SamePicture
) -> Iterator[Changed]:
    if before is None or after is None:
        return
    yield from _told("title", before.title or None, after.title or None)
    if before.detail and after.detail:
        yield from _each("title", before.detail.titles, after.detail.titles)
    yield from _told("category", before.category_id, after.category_id)
    yield from _told("price", _price(before), _price(after))
    pictures = _pictures_of_both(before, after)
    if all(pictures):
        yield from _of_pictures(*pictures, same_picture)
    if before.detail and after.detail:
        yield from _of_detail(before.detail, after.detail)
    elif before.sku_codes and after.sku_codes:
        yield from _set("SKU", before.sku_codes, after.sku_codes)


def _of_detail(before: AttemptDetail, after: AttemptDetail) -> Iterator[Changed]:
    yield from _each("attribute", _attributes(before), _attributes(after))
    yield from _each("SKU", *_skus(before.skus, after.skus))
    yield from _told("weight", before.weight, after.weight)
    yield from _told("sides", " × ".join(before.sides) or None, " × ".join(after.sides) or None)
    yield from _told("responsible person", before.eu_person, after.eu_person)
    if before.qualifications is not None and after.qualifications is not None:
        yield from _set("qualification", before.qualifications, after.qualifications)
    yield from _told("length of the description", before.description_chars, after.description_chars)
    yield from _told("pictures in the description", before.description_pictures, after.description_pictures)


def _told(field: Field, before: str | int | None, after: str | int | None) -> Iterator[Changed]:
    """A single fact; one that is None was not told."""
    if before is not None and after is not None and before != after:
        yield Changed(field, str(before), str(after))


def _each(field: Field, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Changed]:
    """Facts by name, of which any may be added or gone."""
    for name in dict.fromkeys((*before, *after)):
        if before.get(name, "") != after.get(name, ""):
            yield Changed(field, before.get(name, ""), after.get(name, ""), of=name)


def _set(field: Field, before: Sequence[str], after: Sequence[str]) -> Iterator[Changed]:
    yield from (Changed(field, one, "") for one in before if one not in after)
    yield from (Changed(field, "", one) for one in after if one not in before)


def _price(content: AttemptContent) -> str | None:
    if content.price_min is None:
        return None
    ends = dict.fromkeys(end for end in (content.price_min, content.price_max) if end is not None)
    return f"{' to '.join(ends)} {content.currency or ''}".strip()


def _attributes(detail: AttemptDetail) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for one in detail.attributes:
        values.setdefault(one.name or str(one.name_id), []).append(one.value)
    return {name: ", ".join(several) for name, several in values.items()}


def _skus(before: Sequence[Sku], after: Sequence[Sku]) -> tuple[dict[str, str], dict[str, str]]:
    """The SKUs of both by code, else by id, with their prices; stock that was sold is no change of the listing."""
    both = [{one.code or one.sku_id: _sku_price(one) for one in skus} for skus in (before, after)]
    return both[0], both[1]


def _sku_price(sku: Sku) -> str:
    return f"{sku.price} {sku.currency or ''}".strip() if sku.price is not None else "price not told"


def _pictures(content: AttemptContent) -> tuple[str, ...]:
    return (*content.image_urls, *(content.detail.image_urls if content.detail else ()))


def _pictures_of_both(before: AttemptContent, after: AttemptContent) -> tuple[Sequence[str], Sequence[str]]:
    """The pictures as the details tell them, if both do; else as the list does, which tells fewer."""
    if before.detail and after.detail and before.detail.image_urls and after.detail.image_urls:
        return before.detail.image_urls, after.detail.image_urls
    return before.image_urls, after.image_urls


def _of_pictures(before: Sequence[str], after: Sequence[str], same: SamePicture) -> Iterator[Changed]:
    """Pictures that were replaced in their place, are gone or were added; then whether another one is the main one."""
    gone = {place: url for place, url in enumerate(before) if not any(same(url, other) for other in after)}
    new = {place: url for place, url in enumerate(after) if not any(same(url, other) for other in before)}
    for place in sorted(gone.keys() | new.keys()):
        yield Changed("picture", gone.get(place, ""), new.get(place, ""))
    if 0 not in gone and 0 not in new and not same(before[0], after[0]):
        yield Changed("main picture", before[0], after[0])


def _reasons(before: Sequence[str], after: Sequence[str]) -> Iterator[Changed]:
    yield from _set("reason", before, after)
    yield from (Changed("reason", one, one) for one in before if one in after)
