"""What a row of the worklist says to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aexdash.model import IN_REVIEW, UNKNOWN_REASON, Provenance, Reason, Resubmit, Status
from aexdash.reasons.remedies import MENDED, distinct_reasons, figures, what_to_do
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.readmodels import ReasonRow, WorkRow

SINCE = datetime(2026, 3, 9, 9, 14, tzinfo=UTC)
TAXONOMY = load_taxonomy()

SMALL = ReasonRow(
    "image.main_too_small", Provenance.CHECK, "", None, {"width": 640, "height": 640, "minimum": 800}, SINCE
)
BRAND = ReasonRow("attribute.brand_missing", Provenance.CHECK, "", None, {"names": ["Brand"]}, SINCE)
TOO_SMALL_SAYS_THE_LEAD = ReasonRow(
    SMALL.code, Provenance.SELLER_CENTER, "图片太小", "zh", {"matched": "太小", "score": 100}, SINCE
)

ENLARGE = "Main picture 640×640: upload at least 800×800, 1:1, white ground, at most 5 MB."


def row(*reasons: ReasonRow, status: Status = Status.REJECTED, resubmit: Resubmit | None = None) -> WorkRow:
    return WorkRow(
        store="main",
        product_id=1005001234567891,
        title="Wireless earbuds",
        status=status,
        platform_status="editingRequired",
        cause=None,
        audit_kind=None,
        attempt=1,
        started_at=SINCE,
        started_after=None,
        held_since=SINCE,
        held_after=None,
        seen_at=SINCE,
        reasons=reasons,
        image_url=None,
        thumbnail=None,
        sku_codes=(),
        category_id=None,
        category="",
        price_min=None,
        price_max=None,
        currency=None,
        modified_at=None,
        modified_raw=None,
        resubmit=resubmit,
    )


def test_the_finding_of_a_code_is_told_in_the_place_of_its_first() -> None:
    for reasons in ((TOO_SMALL_SAYS_THE_LEAD, SMALL), (SMALL, TOO_SMALL_SAYS_THE_LEAD)):
        assert distinct_reasons(row(*reasons)) == (SMALL,)
    assert distinct_reasons(row(TOO_SMALL_SAYS_THE_LEAD, BRAND, SMALL)) == (SMALL, BRAND)
    assert distinct_reasons(row(TOO_SMALL_SAYS_THE_LEAD)) == (TOO_SMALL_SAYS_THE_LEAD,)


@pytest.mark.parametrize(
    ("status", "code"), [(Status.REJECTED, UNKNOWN_REASON), (Status.AUDITING, IN_REVIEW), (Status.OFFLINE, "unknown")]
)
def test_a_row_of_which_nothing_is_said_says_so(status: Status, code: str) -> None:
    assert distinct_reasons(row(status=status)) == (Reason(code, Provenance.CHECK),)


def test_each_remedy_is_said_once_with_the_figures() -> None:
    assert what_to_do(row(TOO_SMALL_SAYS_THE_LEAD, SMALL), TAXONOMY) == [ENLARGE]
    assert what_to_do(row(SMALL, BRAND), TAXONOMY) == [ENLARGE, TAXONOMY.remedy(BRAND)]


def test_only_a_row_on_which_nothing_stands_any_more_may_be_submitted() -> None:
    unknown = "Reason unknown: open Seller Center and read the annotation there."
    assert what_to_do(row(resubmit=Resubmit.READY), TAXONOMY) == [MENDED]
    assert what_to_do(row(resubmit=Resubmit.NOT_YET), TAXONOMY) == [unknown]
    assert what_to_do(row(), TAXONOMY) == [unknown]
    assert what_to_do(row(SMALL, resubmit=Resubmit.READY), TAXONOMY) == [ENLARGE]


def test_how_a_text_was_recognised_is_no_measurement() -> None:
    without_figures = ReasonRow(SMALL.code, Provenance.PLATFORM, "too small", "en", {}, SINCE)
    assert figures(row(TOO_SMALL_SAYS_THE_LEAD, SMALL, without_figures), TAXONOMY) == ["640×640 px, asked 800×800"]
