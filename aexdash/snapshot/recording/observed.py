"""An observation as a row: the facts it tells, in texts that can be stored, and what it is recognised by."""

from __future__ import annotations

import marshal
from datetime import UTC, datetime
from hashlib import blake2b
from operator import attrgetter

from aexdash.clock import to_text
from aexdash.model import Observation, Status
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
"""The columns of a listing that an observation tells."""

TOLD = ("product_id", "status", "platform_status", "cause", *FACTS)

FINGERPRINT = 1
"""To be raised when the reading of a fact from the same words changes, so that everything is read anew once."""

_WORD = {status: status.value for status in Status}
_VALUES = attrgetter("platform_status", "cause", *(fact for fact in FACTS if not fact.endswith("_at")))


def digest(shown: Observation) -> bytes | None:
    """Return 8 bytes that stand for all that an observation tells; None where they could not stand for it.

    The moments are left out, because their texts say the same; hence None where a moment comes without its text.
    """
    if (
        (shown.offline_raw is None and shown.offline_at is not None)
        or (shown.modified_raw is None and shown.modified_at is not None)
        or (shown.created_raw is None and shown.created_at is not None)
    ):
        return None
    try:
        data = marshal.dumps(
            (FINGERPRINT, _WORD[shown.status], _VALUES(shown)), 0
        )  # 0: the same bytes in every process
    except ValueError:
        return None
    return blake2b(data, digest_size=8).digest()


def told_by(shown: Observation) -> tuple[object, ...]:
    """Return the values of the columns `TOLD`."""
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
    """Write a moment as `clock.to_text` does, faster for whole seconds in UTC: a sweep writes three a listing."""
    if moment is None:
        return None
    if moment.tzinfo is UTC and not moment.microsecond:
        return moment.isoformat()[:19] + ".000Z"
    return to_text(moment)
