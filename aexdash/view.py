"""The view: which listings a person is looking at. URL, query, export and command line share this value object.

`View.from_query` reads the parameters of a URL and never fails: what it cannot read it leaves out and says so in
`notes`. The command line uses the same words and leaves nothing out: it asks `mistakes` first. `View.to_query` writes
the shortest parameters that reproduce the view.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from aexdash.address_words import (
    FIRST_YEAR,
    LAST_YEAR,
    Filter,
    Query,
    one_of,
    read_age,
    read_moment,
    read_number,
    read_shared,
)
from aexdash.clock import to_text
from aexdash.model import AuditKind, Lane, Mark, Provenance, Resubmit, SourceWord, Stage, Status

VIEWABLE_STATUSES = (Status.REJECTED, Status.AUDITING, Status.OFFLINE, Status.ACTIVE)
"""`offline` in a view means taken down by AliExpress: the other offline causes are the seller's own. `active` means at
risk: on sale, or waiting to go on sale, while one of our findings stands."""

AGES = {"1d": 1, "3d": 3, "7d": 7, "30d": 30}
"""Ages that are offered to choose: held without a break for at least so many days, up to when the store was last read.
Any other may be written: see `read_age`."""

ORDERS = ("oldest", "newest", "in_status", "moved", "title", "price", "attempts", "product_id", "money", "urgent")
"""How rows may be ordered. `oldest` and `newest`: by since when they have been held without a break. `in_status` and
`moved`: by since when they have been in this status, the longest or the latest first. `money`: by the daily sales
before the listing was held, the most first, unknown last. `urgent`: what was rejected again, left alone by AliExpress
for too long, or not taken by anybody for too long comes first, and then as `oldest`."""

NOTED, UNNOTED = "yes", "no"
"""The words of the filter `note`: listings with a note of people, and those without."""

NOBODY = "-"
"""The word for *nobody* in the owner filter: listings without an owner."""

FILTERS = (
    Filter("store", "store", "One store, by its key."),
    Filter("profile", "profile", "The stores of a profile, by its name."),
    Filter(
        "status",
        "statuses",
        "rejected, auditing, offline (taken down by AliExpress) or active (at risk of rejection).",
        many=True,
        known=VIEWABLE_STATUSES,
        heading="Status",
    ),
    Filter(
        "audit",
        "audit_kinds",
        f"{one_of(AuditKind)}.",
        many=True,
        known=tuple(AuditKind),
        heading="Audit",
    ),
    Filter("reason", "reasons", "Reason codes or families: image.main_too_small, image, unknown.", many=True),
    Filter(
        "provenance",
        "provenance",
        f"Who says so: {one_of(Provenance)}.",
        many=True,
        known=tuple(Provenance),
        heading="Who says so",
    ),
    Filter(
        "resubmit",
        "resubmit",
        "not_yet (what we measured still stands) or ready (it is mended).",
        many=True,
        known=tuple(Resubmit),
        heading="Resubmit",
    ),
    Filter(
        "category",
        "categories",
        "Category ids.",
        many=True,
        parse=read_number,
        wrong="is not a number",
        write_it="write a category id such as 380230",
        heading="Category",
    ),
    Filter(
        "source",
        "sources",
        f"Beside the shop it comes from: {one_of(SourceWord)}.",
        many=True,
        known=tuple(SourceWord),
        heading="Source",
    ),
    Filter("stage", "stages", f"{one_of(Stage)}.", many=True, known=tuple(Stage), heading="Stage"),
    Filter("owner", "owners", "Who has taken it.", many=True, heading="Owner"),
    Filter(
        "age",
        "age",
        f"Held without a break for at least so long: {', '.join(AGES)}, 14d or 36h; 3d-7d is less than 7 days, "
        "-1d less than one.",
        offered=tuple(AGES),
        parse=read_age,
        wrong="is no age",
        write_it="write 14d, 36h, 3d-7d or -1d",
        heading="Held at least",
    ),
    Filter(
        "in_status",
        "in_status",
        "In its present status for at least so long, written as an age; a resubmission or a verdict begins it anew.",
        offered=tuple(AGES),
        parse=read_age,
        wrong="is no age",
        write_it="write 14d, 36h, 3d-7d or -1d",
        heading="In this status at least",
    ),
    Filter(
        "lane",
        "lanes",
        "Whose move it is: todo (people), waiting (AliExpress) or snoozed.",
        many=True,
        known=tuple(Lane),
    ),
    Filter("mark", "marks", f"{one_of(Mark)}.", many=True, known=tuple(Mark)),
    Filter("only", "only", "Held by these reason codes and by no other; our advice does not count.", many=True),
    Filter(
        "without",
        "without",
        "Not held by these reason codes or families; a listing whose reasons nobody knows is left out.",
        many=True,
    ),
    Filter("both", "both", "Held by each of these reason codes or families at once.", many=True),
    Filter("campaign", "campaign", "The listings of one campaign, by its key."),
    Filter(
        "shares",
        "shares",
        "The listings that share what a kept report names: 12.1 is what report 12 names first.",
        parse=read_shared,
        wrong="is no number of a report",
        write_it="write shares=12, or shares=12.2 for what report 12 names second",
    ),
    Filter(
        "note",
        "noted",
        f"{NOTED}: listings with a note; {UNNOTED}: those without.",
        known=(NOTED, UNNOTED),
    ),
    Filter("q", "text", "Text in title, product id or SKU code.", parse=str.strip),
    Filter(
        "as_of",
        "as_of",
        "Everything as of a moment: 2026-03-09T12:00:00Z.",
        parse=read_moment,
        write=to_text,
        wrong=f"is not a moment of the years {FIRST_YEAR} to {LAST_YEAR - 1}",
        write_it="write it like 2026-03-09T12:00:00Z",
    ),
    Filter("order", "order", f"One of {', '.join(ORDERS)}.", known=ORDERS),
)
"""Every filter of a view, in the order of URLs and of `--help`. A new filter is a row here, a field of `View` and a
column in `aexdash.snapshot.worklist.filters`; the words for its choices are in `aexdash.words.common`."""

WITH_CHOICES = tuple(one for one in FILTERS if one.heading)
"""The filters that offer their choices on the worklist, each choice with the number of listings it would show."""


@dataclass(frozen=True, slots=True)
class View:
    """A filter, an order and a moment.

    Empty tuples mean *no restriction*; without `statuses` a view shows what is held (rejected and in audit). `reasons`
    holds codes (`image.main_too_small`) or whole families (`image`). `store` None is every store, or those of a
    `profile`. `age` is how long a listing is held, `in_status` how long it has its present status. `only` are reason
    codes that alone hold a listing, `without` codes and families that do not hold it, `both` those that each hold it,
    `campaign` is the key of one, `noted` is `NOTED` or `UNNOTED`, empty for both. `shares` is what a kept report names,
    as `12.1`; with it *at risk* are all on sale that share that. The URL does not name the stores of a profile, nor
    those that somebody may see where that is not every one: `aexdash.desk.profiles.resolve_view` fills in `stores`.
    `as_of` None is now.
    """

    store: str | None = None
    profile: str | None = None
    stores: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    audit_kinds: tuple[AuditKind, ...] = ()
    reasons: tuple[str, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    resubmit: tuple[Resubmit, ...] = ()
    categories: tuple[int, ...] = ()
    sources: tuple[SourceWord, ...] = ()
    stages: tuple[Stage, ...] = ()
    owners: tuple[str, ...] = ()
    age: str | None = None
    in_status: str | None = None
    lanes: tuple[Lane, ...] = ()
    marks: tuple[Mark, ...] = ()
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    campaign: str | None = None
    shares: str | None = None
    noted: str = ""
    text: str = ""
    as_of: datetime | None = None
    order: str = ORDERS[0]
    notes: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_query(cls, query: Query) -> View:
        """Read URL parameters; several values are repeated parameters, or one with commas between.

        A word of a list that holds a comma itself stands in double quotes, and a quote within them is doubled.
        """
        fields, notes = {}, []
        for one in FILTERS:
            fields[one.field], wrong = one.read(query)
            if wrong:
                notes.append(f"{one.name}={','.join(wrong)} {one.wrong} and was left out; {one.hint}.")
        return cls(**{name: value for name, value in fields.items() if value}, notes=tuple(notes))

    def to_query(self) -> dict[str, str]:
        """Write the parameters that reproduce this view, leaving out what is at its default."""
        return dict(_written(self))

    @property
    def store_keys(self) -> tuple[str, ...] | None:
        """The keys of the stores that the view shows; None for all that are watched.

        `stores` without a profile are those that a question names; no address names several.
        """
        if self.store is not None:
            return (self.store,)
        return self.stores if self.profile else self.stores or None

    def unfiltered(self) -> View:
        """Return the view of the same stores at the same moment, without any filter."""
        return View(store=self.store, profile=self.profile, stores=self.stores, as_of=self.as_of)

    def of_campaign(self, key: str, frozen: str) -> View:
        """Return the view of the listings of a campaign in these stores, from the address that it was frozen from.

        One of listings on sale shows these too: they are what it is about, and the worklist shows only held ones else.
        """
        was = View.from_query(dict(parse_qsl(frozen)))
        view = self.unfiltered().replace(campaign=key)
        if Status.ACTIVE not in was.statuses:
            return view
        return view.replace(statuses=(Status.REJECTED, Status.AUDITING, Status.ACTIVE), shares=was.shares)

    def replace(self, **changes: object) -> View:
        """Return this view with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def mistakes(query: Query) -> list[tuple[Filter, list[str]]]:
    """Name the filters that a query has words for which they do not allow, each with these words."""
    told = ((one, one.read(query)[1]) for one in FILTERS)
    return [(one, wrong) for one, wrong in told if wrong]


@lru_cache(maxsize=256)
def _written(view: View) -> Mapping[str, str]:
    """Write the parameters of a view once for the tens of links of a page that lead to it."""
    default = View()
    values = ((one, getattr(view, one.field)) for one in FILTERS)
    return {one.name: one.written(value) for one, value in values if value and value != getattr(default, one.field)}
