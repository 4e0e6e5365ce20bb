"""All functions of this room that the sync uses: which evidence is missing, and recording what was read.

There are two scopes of listings: held ones and those at risk (`scope.py`). Recording evidence on a listing also marks
the listing to be checked again, in the same transaction.
"""

from __future__ import annotations

from aexdash.snapshot.evidence.categories import record_category, unknown_categories
from aexdash.snapshot.evidence.check_input import CheckInput, unchecked
from aexdash.snapshot.evidence.details import (
    NeedsDetail,
    needs_detail,
    record_detail_failure,
    record_details,
)
from aexdash.snapshot.evidence.duplicates import refresh_duplicates
from aexdash.snapshot.evidence.pictures import needs_pictures, record_pictures
from aexdash.snapshot.evidence.quality import record_quality
from aexdash.snapshot.evidence.scope import Scope
from aexdash.snapshot.evidence.standing_reasons import (
    open_held_periods,
    open_period_ids,
    record_problems,
    record_reasons,
    with_platform_reasons,
)
from aexdash.snapshot.evidence.title_words import NeedsWords, needs_words, record_words

__all__ = [
    "CheckInput",
    "NeedsDetail",
    "NeedsWords",
    "Scope",
    "needs_detail",
    "needs_pictures",
    "needs_words",
    "open_held_periods",
    "open_period_ids",
    "record_category",
    "record_detail_failure",
    "record_details",
    "record_pictures",
    "record_problems",
    "record_quality",
    "record_reasons",
    "record_words",
    "refresh_duplicates",
    "unchecked",
    "unknown_categories",
    "with_platform_reasons",
]
