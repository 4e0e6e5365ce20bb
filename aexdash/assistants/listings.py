"""The tools `list_listings` and `explain_listing`."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from aexdash.ask.answers.number import Number as Counted
from aexdash.ask.answers.number import listed
from aexdash.assistants.results import (
    Number,
    Part,
    Result,
    Texts,
    numbers_of,
    statement_of,
    texts_of_others,
)
from aexdash.assistants.scope import CannotAnswerError, Scope
from aexdash.clock import DAY, to_text
from aexdash.model import HELD, Reason, certainty, unsaid
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.readmodels import Attempt, ReasonRow, WorkRow
from aexdash.view import FILTERS, View
from aexdash.words.common import STATUS_WORDS, capital, plural
from aexdash.words.statements import AT_LEAST, moment_words, row_claims

MOST_ROWS = 100
USUAL_ROWS = 20

MOST_REJECTIONS = 20
"""Rejections of one listing that are told, the latest."""

WORDS = ", ".join(one.name for one in FILTERS if one.name not in ("campaign", "shares", "note"))
"""The words of a view that an assistant is told of; of the others it could not know what to write."""


class Asked(BaseModel):
    """A view, and how many of its rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    view: dict[str, str] = Field(default={}, description=WORDS)
    limit: int = Field(default=USUAL_ROWS, ge=1, le=MOST_ROWS)


class OneAsked(BaseModel):
    """One listing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product_id: str
    store: str = ""
    as_of: str = ""


class Row(Part):
    """A listing; `claim` says whether its store was read. `reasons` are codes with whose word each is.

    `or_earlier`: it was held already when its store was first read, and `held_days` is then *at least*.
    """

    store: str
    product_id: str
    status: str
    claim: str
    held_since: str
    or_earlier: bool
    held_days: float | None
    reasons: list[str]
    stage: str
    resubmit: str
    link: str
    texts_of_others: Texts


class Listings(Result):
    """The first rows of a view; `count` are all of it, null where it is not known; `truncated`: some are left out."""

    count: Number | None
    truncated: bool
    listings: list[Row]


class Why(Part):
    """A reason, whose word it is and what to do; words and names that were measured are texts of others."""

    code: str
    by: str
    what_to_do: str
    measured: dict[str, Number]
    texts_of_others: Texts


class Explained(Result):
    """All that is known of why one listing is where it is. `certainty`: whether its reasons are the verdict."""

    store: str
    product_id: str
    status: str
    status_since: str
    held_since: str
    or_earlier: bool
    held_days: float | None
    certainty: str
    resubmit: str
    stage: str
    reasons: list[Why]
    rejections: list[str]
    edit_page: str
    texts_of_others: Texts


def list_listings(scope: Scope, asked: Asked) -> Listings:
    """Return the first rows of a view.

    Raises:
        CannotAnswerError: see `Scope.view`.
        StorageError: a file cannot be read.
    """
    view = scope.view(asked.view)
    told, rows = listed(view, scope.snapshot), scope.snapshot.page(view, asked.limit)
    count, claims = told.number, row_claims(told.reach)
    return Listings(
        says=_says(told, len(rows)),
        statement=statement_of(told.reach, scope.snapshot.zone, told.claim, told.notes),
        link=scope.link("worklist", view.to_query()),
        count=count,
        truncated=count is not None and count > len(rows),
        listings=[_row(scope, row, view.as_of, claims.get(row.store, "")) for row in rows],
    )


def explain_listing(scope: Scope, asked: OneAsked) -> Explained:
    """Return all that is known of why a listing is where it is.

    Raises:
        CannotAnswerError: there is no such listing, or none at that moment.
        StorageError: a file cannot be read.
    """
    as_of = scope.view({"store": asked.store, "as_of": asked.as_of}).as_of
    ((store, product_id),) = scope.keys_of(asked.store, [asked.product_id])
    view = View(store=store, as_of=as_of)
    card = scope.snapshot.listing(store, product_id, as_of)
    if card is None:
        raise CannotAnswerError(f"Listing {product_id} was not known yet at {asked.as_of}; ask of a later moment.")
    reach = scope.snapshot.hero(view).reach
    told = _row(scope, card.row, as_of, row_claims(reach).get(store, ""))
    rejections = scope.snapshot.attempts(store, product_id, as_of)
    shop = next(one for one in scope.stores if one.key == store)
    return Explained(
        says=f"{_why_words(card.row, scope.taxonomy)} ({moment_words(reach)}).",
        statement=statement_of(reach, scope.snapshot.zone),
        **told.model_dump(exclude={"claim", "reasons"}),
        status_since=to_text(card.row.started_at),
        certainty=certainty(reason.provenance for reason in card.row.reasons).value,
        reasons=[_why(reason, scope.taxonomy) for reason in card.row.reasons],
        rejections=[_rejection(one) for one in rejections[-MOST_REJECTIONS:]],
        edit_page=shop.edit_url.replace("{product_id}", str(product_id)),
    )


def _says(told: Counted, shown: int) -> str:
    if told.number is None:
        return "How many listings is not known."
    count = int(told.number)
    some = f", the first {shown:,} of them here" if count > shown else ""
    return f"{capital(AT_LEAST) if told.more else ''}{plural(count, 'listing')} {moment_words(told.reach)}{some}."


def _row(scope: Scope, row: WorkRow, as_of: datetime | None, claim: str) -> Row:
    held, product_id = row.status in HELD, str(row.product_id)
    opened = View(store=row.store, as_of=as_of).to_query() | {"listing": f"{row.store}/{product_id}"}
    return Row(
        store=row.store,
        product_id=product_id,
        status=row.status.value,
        claim=claim,
        held_since=to_text(row.held_since) if held else "",
        or_earlier=row.at_least,
        held_days=round(row.age / DAY, 1) if held else None,
        reasons=[f"{reason.code} ({reason.provenance.value})" for reason in row.reasons],
        stage=row.stage.value,
        resubmit=row.resubmit.value if row.resubmit else "",
        link=scope.link("worklist", opened),
        texts_of_others=texts_of_others(
            title=row.title,
            category=row.category,
            skus=row.sku_codes,
            owner=row.owner,
            note=row.note,
            platform_status=row.platform_status,
        ),
    )


def _why(reason: ReasonRow, taxonomy: Taxonomy) -> Why:
    numbers = numbers_of(reason.measured)
    others = {name: value for name, value in reason.measured.items() if name not in numbers}
    return Why(
        code=reason.code,
        by=reason.provenance.value,
        what_to_do=taxonomy.remedy(Reason(reason.code, reason.provenance, measured=dict(numbers))),
        measured=numbers,
        texts_of_others=texts_of_others(said=reason.text, measured=[f"{name}: {one}" for name, one in others.items()]),
    )


def _rejection(one: Attempt) -> str:
    """Say when a rejection was seen, with which reasons, and when it ended in which status."""
    ended = f", {one.ended_to.value} {to_text(one.ended_at)}" if one.ended_at and one.ended_to else ", lasts"
    return f"{to_text(one.at)} {' '.join(one.codes) or 'no reason known'}{ended}"


def _why_words(row: WorkRow, taxonomy: Taxonomy) -> str:
    """Say in which status a listing is and by whose word, in names of ours."""
    codes = list(dict.fromkeys(reason.code for reason in row.reasons))
    if not codes and row.status in HELD:
        codes = [unsaid(row.status)]
    why = f": {', '.join(map(taxonomy.label, codes))}" if codes else ", and nothing is said or measured against it"
    return f"{capital(STATUS_WORDS[row.status])}{why}"
