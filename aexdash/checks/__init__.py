"""Our own checks of a listing. A finding is a measured fact; what is not known yet gives no finding.

May know: platform_data, model, clock.
Begin at: facts.py (what a check is given), pictures.py (one subject of several).
"""

from __future__ import annotations

from aexdash.checks.attributes import attribute_findings, filled_attributes, is_brand
from aexdash.checks.category import category_findings
from aexdash.checks.descriptions import description_findings
from aexdash.checks.duplicates import duplicate_findings
from aexdash.checks.facts import CheckInput
from aexdash.checks.pictures import NOT_HAD, SMALLEST_SIDE, gallery, picture_findings
from aexdash.checks.titles import OBJECTED, title_findings, written_titles
from aexdash.checks.trade import trade_findings
from aexdash.model import Reason

__all__ = [
    "NOT_HAD",
    "OBJECTED",
    "SMALLEST_SIDE",
    "CheckInput",
    "check_listing",
    "filled_attributes",
    "gallery",
    "is_brand",
    "written_titles",
]


def check_listing(facts: CheckInput) -> list[Reason]:
    """Run every check on what is known of a listing; each code is found at most once."""
    return [
        *picture_findings(facts),
        *attribute_findings(facts),
        *category_findings(facts),
        *title_findings(facts),
        *description_findings(facts),
        *duplicate_findings(facts),
        *trade_findings(facts),
    ]
