"""Everything that the cards count, at any moment and over any stores: one method a fact.

A fact is worked out once, on first asking. `with measures:` reads all of them from one moment of the file; without it
each opens the file for itself.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, tzinfo
from types import TracebackType
from typing import Any, Self, TypeVar

from aexdash.model import Status
from aexdash.snapshot.measures import held as measures_held
from aexdash.snapshot.measures import on_sale, spells, trade
from aexdash.snapshot.measures.facts import (
    ClosedSpell,
    Completeness,
    Counts,
    FeedShare,
    MoneyHeld,
    Oldest,
    Quality,
    Rejections,
    Stuck,
)
from aexdash.snapshot.measures.scope import Scope, scope
from aexdash.snapshot.readmodels import AtRisk

Fact = TypeVar("Fact")
Opened = Callable[[], AbstractContextManager[sqlite3.Connection]]


class Measures:
    """The facts of some stores (None: all that are watched) at `as_of` (None: the present, which `now` says).

    `zone` is the one whose days the windows of whole days are made of. `live`: what is kept only as the cards said it
    is counted anew, for the sync that writes it down. Every method raises what the methods of `Snapshot` do.
    """

    def __init__(
        self,
        opened: Opened,
        stores: Sequence[str] | None,
        as_of: datetime | None,
        now: datetime,
        *,
        zone: tzinfo = UTC,
        live: bool = False,
    ) -> None:
        self._opened, self._now, self._live = opened, now, live
        self.stores = None if stores is None else tuple(stores)
        self.as_of = as_of
        self.zone = zone
        self._known: dict[tuple[object, ...], Any] = {}
        self._scope: Scope | None = None
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._scope = self._look(self._open.enter_context(self._opened()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scope = None
        self._open.close()

    def at(self, as_of: datetime) -> Measures:
        """Return the measures of the same stores at another moment."""
        return Measures(self._opened, self.stores, as_of, self._now, zone=self.zone)

    @property
    def until(self) -> datetime:
        """Where windows end: the moment, or for the present the last complete reading."""
        return self._once(("until",), lambda scope: scope.until)

    @property
    def known_stores(self) -> tuple[str, ...]:
        """The keys of the stores that have a part in the facts; empty while nothing is known."""
        return self._once(("stores",), lambda scope: tuple(store.key for store in scope.stores))

    def counts(self) -> Counts:
        """Count the listings in each status."""
        return self._once(("counts",), measures_held.counts)

    def rejected_since(self, start: datetime, end: datetime | None = None) -> int | None:
        """Count distinct listings that moved to rejected after `start`; None while nothing is known."""
        span = (start, end or self.until)
        return self._once(("rejected", *span), lambda scope: _if_any(scope, measures_held.rejected_between, span))

    def oldest(self, status: Status) -> Oldest | None:
        """Find the listing that has been rejected, or in audit, for longest; None where none is."""
        return self._once(("oldest", status), lambda scope: measures_held.oldest(scope, status))

    def spells_closed(self, start: datetime, end: datetime | None = None) -> list[ClosedSpell]:
        """List the spells that ended after `start`, wherever the listing went."""
        span = (start, end or self.until)
        return self._once(("spells", *span), lambda scope: spells.spells_closed(scope, *span))

    def audit_lengths(self, start: datetime, end: datetime | None = None) -> list[float]:
        """Return the lengths of the audits that ended after `start`, in seconds, the shortest first."""
        span = (start, end or self.until)
        return self._once(("audits", *span), lambda scope: measures_held.audit_lengths(scope, *span))

    def stuck(self) -> Stuck | None:
        """Count the audits that take longer than is usual for their store; None while nothing is known."""
        return self._once(("stuck",), lambda scope: _if_any(scope, measures_held.stuck, ()))

    def rejections(self, start: datetime, end: datetime | None = None) -> Rejections | None:
        """Count the rejections after `start`, and those that were not the listing's first; None: nothing is known."""
        span = (start, end or self.until)
        return self._once(("rejections", *span), lambda scope: _if_any(scope, measures_held.rejections, span))

    def at_risk(self) -> AtRisk | None:
        """Count the listings on sale with a finding of ours; None while nothing is known."""
        return self._once(("risk",), lambda scope: _if_any(scope, on_sale.at_risk, ()))

    def completeness(self) -> Completeness | None:
        """Say how far the required attributes of listings on sale are filled; None where that is not known."""
        return on_sale.completeness(self.ratios(), self.counts())

    def quality(self) -> Quality | None:
        """Average the quality scores of listings on sale; None where none is known."""
        return on_sale.quality(self.ratios(), self.counts())

    def ratios(self) -> on_sale.Ratios:
        """Return numerator and denominator of what is kept of attributes and quality, by key."""
        return self._once(("ratios",), lambda scope: on_sale.ratios(scope, live=self._live))

    def money(self) -> MoneyHeld | None:
        """Add up what held listings sold a day before they were held; None where orders are not connected."""
        held = self.counts().held
        return self._once(("money",), lambda scope: trade.money(scope, held))

    def order_note(self) -> str:
        """Say why orders are not connected, in the words of the refusal; empty while none was made."""
        return self._once(("order note",), trade.order_note)

    def feed(self, start: datetime, end: datetime | None = None) -> FeedShare | None:
        """Add up the feed's validation files dated after `start`; None where none was ever read."""
        span = (start, end or self.until)
        return self._once(("feed", *span), lambda scope: trade.feed(scope, *span))

    def _once(self, asked: tuple[object, ...], answer: Callable[[Scope], Fact]) -> Fact:
        if asked not in self._known:
            if self._scope:
                self._known[asked] = answer(self._scope)
            else:
                with self._opened() as connection:
                    self._known[asked] = answer(self._look(connection))
        known: Fact = self._known[asked]
        return known

    def _look(self, connection: sqlite3.Connection) -> Scope:
        return scope(connection, self.stores, self.as_of, self._now)


def _if_any(scope: Scope, fact: Callable[..., Fact], arguments: tuple[object, ...]) -> Fact | None:
    """Ask for a fact unless nothing is known: then it would be a zero that nobody vouches for."""
    return fact(scope, *arguments) if scope.stores else None
