"""An observation as a row of facts, and its fingerprint, by which an unchanged one is recognised."""

from __future__ import annotations

import marshal
from datetime import UTC, datetime
from hashlib import blake2b
from operator import attrgetter

from aexdash.clock import to_text
from aexdash.model import Status
from aexdash.platform_data import Observation
from aexdash.storage.text import json_array

FACTS = (
    "title",
    "image_urls",
    "price_min",
    "price_max",
    "currency",
    "created_at",
    "created_raw",
    "modified_at",
    "modified_raw",
    "offline_at",
    "offline_raw",
    "category_id",
    "sku_codes",
    "product_type",
    "extra",
)
"""The columns of table `listing` that come from observations."""

FACT_COLUMNS = ("product_id", "status", "platform_status", "cause", *FACTS)
"""The columns of `temp.fact`."""

FINGERPRINT_VERSION = 1
"""Increase it when the same answer of the platform is read into other facts: then every listing is compared once."""

DIGEST_BYTES = 8

NO_DIGEST = bytes(DIGEST_BYTES)
"""Stands for an observation that has no fingerprint."""

_EMPTY = blake2b(digest_size=DIGEST_BYTES)  # to copy it takes half the time that it takes to make one
_WORD = {status: status.value for status in Status}
_VALUES = attrgetter("platform_status", "cause", *(fact for fact in FACTS if not fact.endswith("_at")))


def fingerprint(shown: Observation) -> bytes | None:
    """Return `DIGEST_BYTES` bytes, equal for observations with equal facts; None where there can be no fingerprint.

    Moments are left out, because their raw texts say the same; hence None where a moment has no raw text.
    """
    if (
        (shown.offline_raw is None and shown.offline_at is not None)
        or (shown.modified_raw is None and shown.modified_at is not None)
        or (shown.created_raw is None and shown.created_at is not None)
    ):
        return None
    try:
        facts = (FINGERPRINT_VERSION, _WORD[shown.status], _VALUES(shown))
        data = marshal.dumps(facts, 0)  # version 0 of the format: the same bytes in every process
    except ValueError:
        return None
    digest = _EMPTY.copy()
    digest.update(data)
    return digest.digest()


def facts_of(shown: Observation) -> tuple[object, ...]:
    """Return the values of the columns `FACT_COLUMNS`."""
    return (
        shown.product_id,
        _WORD[shown.status],
        shown.platform_status,
        shown.cause,
        shown.title,
        json_array(shown.image_urls),
        shown.price_min,
        shown.price_max,
        shown.currency,
        _moment(shown.created_at),
        shown.created_raw,
        _moment(shown.modified_at),
        shown.modified_raw,
        _moment(shown.offline_at),
        shown.offline_raw,
        shown.category_id,
        json_array(shown.sku_codes),
        shown.product_type,
        shown.extra,
    )


def _moment(moment: datetime | None) -> str | None:
    """Do what `clock.to_text` does, faster for whole seconds in UTC: a sweep writes three moments for each listing."""
    if moment is None:
        return None
    if moment.tzinfo is UTC and not moment.microsecond:
        return "%04d-%02d-%02dT%02d:%02d:%02d.000Z" % (  # noqa: UP031 - faster than an f-string, and than isoformat
            moment.year,
            moment.month,
            moment.day,
            moment.hour,
            moment.minute,
            moment.second,
        )
    return to_text(moment)
