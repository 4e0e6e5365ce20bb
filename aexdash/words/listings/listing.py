"""What a listing is in words: its status and since when, who says why and how sure that is, what it holds back a day.

Pure functions without Streamlit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, tzinfo

from aexdash.model import HELD, Certainty, Lane, Provenance, Stage, Status, certainty
from aexdash.snapshot.readmodels import HeldBack, WorkRow
from aexdash.snapshot.store_rows import StoreRow
from aexdash.words.common import IN_AUDIT, PROVENANCE_WORDS, STAGE_WORDS, STATUS_WORDS, age, moment

WAITING_FOR_SALE = "pending_launch"
"""The cause of listings that are offline because they wait to go on sale (reference §3.1)."""

LIKELY = "likely, AliExpress is silent"

ADVICE = "advice, not the verdict"

REBUILT = ", rebuilt"

REBUILT_FOR = "overseas_managed"
"""The model whose listings carry no reason: it is found by walking the filter, value by value (reference §3.4)."""

NOBODY = "nobody said or measured anything"
"""What stands for who says why of a refused listing of which nothing is known."""

UNKNOWN_WORDS = "Unknown: open Seller Center"


def stage_word(row: WorkRow) -> str:
    """Name the stage of a listing; of one that nobody has decided on, whose move it is."""
    if row.stage is Stage.NEW and row.lane is Lane.WAITING:
        return IN_AUDIT
    return STAGE_WORDS[row.stage]


def is_on_sale(row: WorkRow) -> bool:
    """Whether a listing is on sale, or waits to go on sale."""
    return row.status is Status.ACTIVE or row.cause == WAITING_FOR_SALE


def held_for(row: WorkRow) -> str:
    """Say how long a listing has been held without a break, when last read; one on sale is not held."""
    return "not held" if is_on_sale(row) else age(row.age, at_least=row.at_least)


def in_status_since(row: WorkRow, zone: tzinfo = UTC) -> str:
    """Say since when a listing has been in its present status, to the minute, in UTC or another zone."""
    began = moment(row.started_at, zone)
    return began if row.started_after else f"{began} or earlier"


def is_at_risk(row: WorkRow) -> bool:
    """Whether a listing is not held and our checks have a finding on it."""
    return is_on_sale(row) and any(reason.provenance is Provenance.CHECK for reason in row.reasons)


def status_words(row: WorkRow) -> str:
    """Return the status of a listing in words; a listing at risk is never called held."""
    if is_on_sale(row):
        return "waiting to go on sale" if row.cause else "on sale"
    return f"taken down ({row.cause})" if row.cause else STATUS_WORDS.get(row.status, row.status)


def says_who(row: WorkRow, store: StoreRow | None = None) -> str:
    """Name who says why, the strongest first; where AliExpress is silent, say that too.

    Nothing is said of a listing without reasons that was not refused: there is no why.
    """
    said_by = dict.fromkeys(reason.provenance for reason in row.reasons)
    if not said_by:
        return NOBODY if row.status is Status.REJECTED else ""
    who = " · ".join(who_words(by, row, store) for by in said_by)
    doubt = "" if is_on_sale(row) else doubt_of([reason.provenance for reason in row.reasons])
    return f"{who} ({doubt})" if doubt else who


def who_words(by: Provenance, row: WorkRow, store: StoreRow | None) -> str:
    """Name a provenance; a reason that AliExpress did not tell with the listing was rebuilt from its filter."""
    rebuilt = by is Provenance.PLATFORM and row.status in HELD and store is not None and store.model == REBUILT_FOR
    return f"{PROVENANCE_WORDS[by]}{REBUILT if rebuilt else ''}"


def doubt_of(said_by: Iterable[Provenance]) -> str:
    """Say that reasons are only likely or only advice; empty when the platform's verdict is known or there are none."""
    return {Certainty.LIKELY: LIKELY, Certainty.ADVICE: ADVICE}.get(certainty(said_by), "")


def link(pattern: str, product_id: int) -> str | None:
    """Fill a store's link pattern with a product id; None when it is not an http(s) pattern with the id in it."""
    if not pattern.startswith(("https://", "http://")) or "{product_id}" not in pattern:
        return None
    return pattern.replace("{product_id}", str(product_id))


def held_back(row: WorkRow) -> str:
    """Say what a listing held back a day: a range of money, or why there is none; empty where it is not held."""
    if row.status not in HELD:
        return ""
    money = row.money
    if money is None:
        return "not known"
    if not money.sold:
        return "sold nothing"
    if money.in_stock is False:
        return "out of stock"
    return money_range(money)


def money_range(money: HeldBack) -> str:
    """Write the money of a day with two decimals, as a range where its ends differ."""
    return price(f"{money.amount_low:,.2f}", f"{money.amount_high:,.2f}", money.currency)


def price(low: str | None, high: str | None, currency: str | None) -> str:
    """Write the platform's price text, as a range where low and high differ."""
    if not low and not high:
        return ""
    amount = low or high or ""
    if low and high and low != high:
        amount = f"{low}–{high}"
    return f"{amount} {currency}" if currency else amount
