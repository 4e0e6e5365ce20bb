"""The view: which listings a person is looking at. One value object from the URL to query, export and command line.

`View.from_query` reads the parameters of a URL (or of the command line, which uses the same words) and never fails:
what it cannot read it leaves out and says so in `notes`. `View.to_query` writes the shortest parameters that reproduce
the view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from aexdash.clock import from_text, to_text
from aexdash.model import AuditKind, Provenance, Resubmit, Stage, Status

VIEWABLE_STATUSES = (Status.REJECTED, Status.AUDITING, Status.OFFLINE, Status.ACTIVE)
"""`offline` in a view means taken down by AliExpress: the other offline causes are the seller's own. `active` means at
risk: on sale, or waiting to go on sale, while one of our findings stands."""

AGES = {"1d": 1, "3d": 3, "7d": 7, "30d": 30}
"""Age filters: held at least so many days."""

ORDERS = ("oldest", "newest", "title", "price", "attempts", "product_id", "money")
"""How rows may be ordered; `money`: what sold most a day before it was held comes first, what is not known last."""


NOBODY = "-"
"""The owner of a listing that nobody has taken."""

Word = TypeVar("Word")

_LISTS = ("status", "audit", "reason", "provenance", "resubmit", "category", "stage", "owner")


@dataclass(frozen=True, slots=True)
class View:
    """A filter, an order and a moment.

    Empty tuples mean *no restriction*; without `statuses` a view shows what is held (rejected and in audit). `reasons`
    holds codes (`image.main_too_small`) or whole families (`image`). `store` None is every store, or those of a
    `profile`. The URL does not name them: `aexdash.desk.profiles.resolve` fills in `stores`. `as_of` None is now.
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
    stages: tuple[Stage, ...] = ()
    owners: tuple[str, ...] = ()
    age: str | None = None
    text: str = ""
    as_of: datetime | None = None
    order: str = ORDERS[0]
    notes: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_query(cls, query: Mapping[str, str | Sequence[str]]) -> View:
        """Read URL parameters; lists are given as repeated parameters or with commas between."""
        notes: list[str] = []
        values = {name: _split(query.get(name, ())) for name in _LISTS}
        return cls(
            store=_first(query, "store") or None,
            profile=_first(query, "profile") or None,
            statuses=_words("status", values["status"], {s.value: s for s in VIEWABLE_STATUSES}, notes),
            audit_kinds=_words("audit", values["audit"], {k.value: k for k in AuditKind}, notes),
            reasons=tuple(dict.fromkeys(values["reason"])),
            provenance=_words("provenance", values["provenance"], {p.value: p for p in Provenance}, notes),
            resubmit=_words("resubmit", values["resubmit"], {r.value: r for r in Resubmit}, notes),
            categories=_numbers("category", values["category"], notes),
            stages=_words("stage", values["stage"], {s.value: s for s in Stage}, notes),
            owners=tuple(dict.fromkeys(values["owner"])),
            age=_word("age", _first(query, "age"), tuple(AGES), notes),
            text=_first(query, "q").strip(),
            as_of=_moment("as_of", _first(query, "as_of"), notes),
            order=_word("order", _first(query, "order"), ORDERS, notes) or ORDERS[0],
            notes=tuple(notes),
        )

    def to_query(self) -> dict[str, str]:
        """Write the parameters that reproduce this view, leaving out what is at its default."""
        pairs = {
            "store": self.store or "",
            "profile": self.profile or "",
            "status": ",".join(self.statuses),
            "audit": ",".join(self.audit_kinds),
            "reason": ",".join(self.reasons),
            "provenance": ",".join(self.provenance),
            "resubmit": ",".join(self.resubmit),
            "category": ",".join(map(str, self.categories)),
            "stage": ",".join(self.stages),
            "owner": ",".join(self.owners),
            "age": self.age or "",
            "q": self.text,
            "as_of": to_text(self.as_of) if self.as_of else "",
            "order": self.order if self.order != ORDERS[0] else "",
        }
        return {name: value for name, value in pairs.items() if value}

    @property
    def where(self) -> tuple[str, ...] | None:
        """The keys of the stores looked at; None is all that are watched."""
        if self.store is not None:
            return (self.store,)
        return self.stores if self.profile else None

    def place(self) -> View:
        """The same stores at the same moment, nothing of them left out."""
        return View(store=self.store, profile=self.profile, stores=self.stores, as_of=self.as_of)

    def but(self, **changes: object) -> View:
        """The same view with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def _split(given: str | Sequence[str]) -> list[str]:
    parts = [given] if isinstance(given, str) else list(given)
    return [word.strip() for part in parts for word in part.split(",") if word.strip()]


def _first(query: Mapping[str, str | Sequence[str]], name: str) -> str:
    given = query.get(name, "")
    if isinstance(given, str):
        return given
    return given[0] if given else ""


def _words(name: str, given: list[str], known: Mapping[str, Word], notes: list[str]) -> tuple[Word, ...]:
    unknown = [word for word in given if word not in known]
    if unknown:
        notes.append(f"{name}={','.join(unknown)} is not known and was left out; {name} can be {', '.join(known)}.")
    return tuple(dict.fromkeys(known[word] for word in given if word in known))


def _word(name: str, given: str, known: Sequence[str], notes: list[str]) -> str | None:
    if given and given not in known:
        notes.append(f"{name}={given} is not known and was left out; {name} can be {', '.join(known)}.")
    return given if given in known else None


def _numbers(name: str, given: list[str], notes: list[str]) -> tuple[int, ...]:
    wrong = [word for word in given if not (word.isascii() and word.isdigit() and len(word) < 19)]
    if wrong:
        notes.append(f"{name}={','.join(wrong)} is not a number and was left out.")
    return tuple(dict.fromkeys(int(word) for word in given if word not in wrong))


def _moment(name: str, given: str, notes: list[str]) -> datetime | None:
    if not given:
        return None
    try:
        return from_text(given)
    except ValueError:
        notes.append(f"{name}={given} is not a moment and was left out; write it like 2026-03-09T12:00:00Z.")
        return None
