"""Everything the simulated gateway says that the reference does not know: invented here, and only here.

A client must not depend on any of it. What is known stands in `envelope`, with the section of the reference.
"""

from __future__ import annotations

from aexdash.demo.world.listing import EU_PERSON, Cause
from aexdash.model import Status

TEXTS: dict[str, str] = {
    "IllegalTimestamp": "The timestamp of the request is more than 7200 seconds away from the time of the gateway",
    "IllegalRefreshToken": "The specified refresh token is invalid, used or expired",
    "InvalidCode": "The specified authorization code is invalid, used or expired",
    "InvalidApiPath": "The specified API path or method does not exist",
    "MissingParameter": "A required parameter is missing: {name}",
    "IllegalAppKey": "The specified App Key is invalid",
    "InsufficientPermission": "The application has no permission to call {name}",
    "isv.invalid-parameter": "The value of {name} is not allowed",
    "product_not_found": "The product does not exist or is not yours",
    "system_error": "system error, please try again later",
    "AppApiCallLimit": "Api access frequency exceeds the limit. This ban will last {seconds} seconds",
}
"""Texts of errors whose code occurs in the reference (§6.2) and whose text does not."""

PRODUCT_NOT_FOUND = 16_009_999
"""Error code of a business failure: the figure is a documentation sample's (reference §3.1), its meaning is not."""

AUDIT_NUMBERS: dict[Status, int] = {
    Status.ACTIVE: 1,
    Status.OFFLINE: 1,
    Status.AUDITING: 0,
    Status.REJECTED: 2,
    Status.DELETED: 1,
}
"""`product_audit_status` of the fully managed model: that 1 is approved is known, the other figures are not."""

STATUS_BY_ID: dict[Status, str] = {
    Status.ACTIVE: "approved",
    Status.AUDITING: "auditing",
    Status.REJECTED: "refuse",
    Status.OFFLINE: "approved",
}
"""What the status by id says; the words are known (reference §4.3), which of them an offline listing has is not."""

AUDIT_STAGES: dict[Cause, str] = {
    Cause.PICTURE_SMALL: "audit_sub_status_basic",
    Cause.PICTURE_RATIO: "audit_sub_status_basic",
    Cause.ATTRIBUTE_MISSING: "audit_sub_status_basic",
    Cause.TITLE_ABUSE: "audit_sub_status_basic",
    Cause.WRONG_CATEGORY: "audit_sub_status_basic",
    Cause.PROHIBITED_WORD: "audit_sub_status_cro",
    Cause.BRAND_WORD: "audit_sub_status_cro",
    Cause.RESTRICTED_GOODS: "audit_sub_status_cro",
    Cause.PRICE: "audit_sub_status_supply_price",
    Cause.QUALIFICATION: "audit_sub_status_qf",
    Cause.UNEXPLAINED: "audit_reject",
}
"""At which audit stage (values of reference §3.3) the simulated review stops a listing of the fully managed model."""

SUGGEST_NOTE = "The supply price does not fit goods of this kind. Please take the suggested price."

DIAGNOSES: dict[str, tuple[str, str]] = {
    "lack_white_image": ("No picture on a white background", "Add a picture of the product on a white background."),
    "repeat_repost": ("Posted more than once", "Keep one listing of the product and delete the others."),
}
"""Description and advice of the two problem types that have been seen (reference §4.6)."""


QUALIFICATIONS: dict[str, tuple[str, str, str]] = {
    "ce_certificate": ("CE certificate", "image", "A picture of the certificate, issued for this product."),
    "toy_safety_report": ("Toy safety test report", "image", "A picture of the first page of the EN 71 report."),
    "child_safety_report": ("Child safety test report", "image", "A picture of the first page of the report."),
    "manual": ("Instruction manual", "image", "A picture of the manual in the language of the buyer."),
}
"""Label, type and tips of what a category may ask for by key: the fields are known (reference §4.8), no key is."""

OPTIONAL_QUALIFICATION = "manual"

EU_PERSONS: dict[int, str] = {EU_PERSON: "Iberia Product Compliance S.L.", 880_019_935: "Baltic Conformity UAB"}
"""The seller's responsible persons in the EU by `msr_eu_id`."""


OPTIMISED_BY = "seller"
"""`optimized_source` of a listing whose problem was mended."""

NEVER_PAID, CANCELLED, RECEIVED = "pay_timeout", "buyer_cancel_order", "buyer_accept_goods"
"""`end_reason` of an order: the field is known (sources.md §3), no value of it is."""

BUYERS = ("Invented Abel", "Invented Berta", "Invented Carlos", "Invented Dora")
"""Names of buyers, of whom there are none."""


def item_name(list_name: str) -> str:
    """Return an item key for a list whose real one is unknown: the name less its last letter, as the SDK falls back."""
    return list_name[:-1]
