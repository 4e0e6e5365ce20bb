"""Everything that the cards count, at any moment and over any stores, with one method for each fact.

A fact is computed at the first call and then cached. Within `with measures:` all facts, those of other moments and of
some of the stores too, are read from one state of the file; without it, each opens the file by itself.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, tzinfo
from types import TracebackType
from typing import Any, Self, TypeVar

from aexdash.model import Status
from aexdash.snapshot.file import Opened
from aexdash.snapshot.matched.drifted import BesideShop
from aexdash.snapshot.measures import estimates, on_sale, sources, spells, trade
from aexdash.snapshot.measures import held as measures_held
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
from aexdash.snapshot.measures.scope import Kind, Scope, scope
from aexdash.snapshot.tallies import AtRisk
from aexdash.statement import Reach, WindowUpTo

Fact = TypeVar("Fact")


class Measures:
    """The facts of some stores (None: all that are watched) at `as_of` (None: the present, which is `now`).

    A window is a function, because each store's ends at its own last complete reading. `zone` is the time zone of
    windows of whole days. `live`: count attributes and quality now, where other readers take
    the values that the last sync stored; the sync itself uses it to store them. Every method raises what the methods of
    `Snapshot` do.
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
        self._connection: sqlite3.Connection | None = None
        self._scope: Scope | None = None
        self._open = contextlib.ExitStack()
        self._others: dict[tuple[object, ...], Measures] = {}

    def __enter__(self) -> Self:
        self._connection = self._open.enter_context(self._opened())
        self._scope = self._scope_of(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scope = self._connection = None
        self._others.clear()
        self._open.close()

    def at(self, as_of: datetime) -> Measures:
        """Return the measures of the same stores at another moment."""
        return self._other(self.stores, as_of)

    def of(self, stores: Sequence[str]) -> Measures:
        """Return the measures of some of the stores at the same moment."""
        return self._other(tuple(stores), self.as_of)

    def _other(self, stores: tuple[str, ...] | None, as_of: datetime | None) -> Measures:
        """Within the block: the same each time it is asked for, so that its facts are computed once."""
        if self._connection is None:
            return Measures(self._opened, stores, as_of, self._now, zone=self.zone)
        if (stores, as_of) not in self._others:
            self._others[stores, as_of] = Measures(self._shared, stores, as_of, self._now, zone=self.zone)
        return self._others[stores, as_of]

    def _shared(self) -> AbstractContextManager[sqlite3.Connection]:
        """The connection of this block; where the block has ended meanwhile, one of its own."""
        return self._opened() if self._connection is None else contextlib.nullcontext(self._connection)

    @property
    def until(self) -> datetime:
        """The latest end of the stores' windows: the moment `as_of`, or for the present the last complete reading."""
        return self._once(("until",), lambda scope: scope.until)

    @property
    def known_stores(self) -> tuple[str, ...]:
        """The keys of the stores that the facts are about; empty while nothing is known."""
        return self._once(("stores",), lambda scope: tuple(store.key for store in scope.stores))

    def counts(self) -> Counts:
        """Count the listings in each status."""
        return self._once(("counts",), measures_held.counts)

    def reach(self, kind: Kind, window: WindowUpTo | None = None, *, throughout: bool = False) -> Reach:
        """Return what a number of these stores may speak for; see `Scope.reach`.

        With `throughout` it is of the stores alone that did not join within the window.
        """

        def reach(scope: Scope) -> Reach:
            return (scope.throughout(window) if window and throughout else scope).reach(kind, window)

        return self._once(("reach", kind, window, throughout), reach)

    def joined(self, window: WindowUpTo) -> Mapping[str, datetime]:
        """Return the keys of the stores that were first read within the window, and when; see `Scope.joined`."""

        def joined(scope: Scope) -> dict[str, datetime]:
            return {scope.readings[store].store: at for store, at in scope.joined(window).items()}

        return self._once(("joined", window), joined)

    def feed_reach(self) -> Reach:
        """Return which stores the validation files of the feed are of, and when the newest of each was read."""
        return self._once(("feed reach",), trade.feed_reach)

    def rejected(self, window: WindowUpTo) -> int | None:
        """Count distinct listings that moved to rejected in a window; None while nothing is known."""
        return self._once(("rejected", window), lambda scope: _if_any(scope, measures_held.rejected, (window,)))

    def oldest(self, status: Status) -> Oldest | None:
        """Find the listing that has been rejected, or in audit, for longest; None where none is."""
        return self._once(("oldest", status), lambda scope: measures_held.oldest(scope, status))

    def spells_closed(self, window: WindowUpTo) -> list[ClosedSpell]:
        """List the spells that ended in a window, wherever the listing went; none of stores that joined within it."""
        return self._once(("spells", window), lambda scope: spells.spells_closed(scope.throughout(window), window))

    def audit_lengths(self, window: WindowUpTo) -> list[float]:
        """Return the lengths of the audits that ended in a window, in seconds, the shortest first."""
        return self._once(("audits", window), lambda scope: measures_held.audit_lengths(scope, window))

    def stuck(self) -> Stuck | None:
        """Count the audits that take longer than is usual for their store; None while nothing is known."""
        return self._once(("stuck",), lambda scope: _if_any(scope, measures_held.stuck, ()))

    def rejections(self, window: WindowUpTo) -> Rejections | None:
        """Count the rejections of a window, and those that were not the listing's first; None: nothing is known.

        Of stores that joined within it none are counted: a listing's first rejection may lie before.
        """
        return self._once(
            ("rejections", window), lambda scope: _if_any(scope.throughout(window), measures_held.rejections, (window,))
        )

    def at_risk(self) -> AtRisk | None:
        """Count the listings on sale with a finding of ours; None while nothing is known."""
        return self._once(("risk",), lambda scope: _if_any(scope, on_sale.at_risk, ()))

    def shop_drift(self) -> BesideShop | None:
        """Count the listings on sale that their shop has otherwise; None where no store has a shop."""
        return self._once(("shop drift",), sources.drift)

    def fixed_in_shop(self) -> BesideShop | None:
        """Count the held listings of which a measured cause is gone in the shop; None where no store has a shop."""
        return self._once(("fixed in shop",), sources.fixed)

    def shops_behind(self) -> Mapping[str, datetime]:
        """Return by key the stores whose shop was read too long ago to speak for the moment, and when that was."""
        return self._once(("shops behind",), sources.behind)

    def completeness(self) -> Completeness | None:
        """Return how many listings on sale have all required attributes; None where that is not known."""
        return estimates.completeness(self.estimates(), self.ratios(), self.counts())

    def quality(self) -> Quality | None:
        """Return the mean quality score of listings on sale; None where none is known."""
        return estimates.quality(self.estimates(), self.ratios(), self.counts())

    def estimates(self) -> estimates.Estimates:
        """Return what is known of completeness, quality and listings at risk, by card key, with its intervals."""
        return self._once(("estimates",), lambda scope: estimates.estimates(scope, live=self._live))

    def ratios(self) -> on_sale.Ratios:
        """Return numerator and denominator of attribute completeness and quality, by the keys of `on_sale.KEPT`."""
        return self._once(("ratios",), lambda scope: on_sale.ratios(scope, live=self._live))

    def money(self) -> MoneyHeld | None:
        """Add up what held listings sold a day before they were held; None where orders are not connected."""
        held = self.counts().held
        return self._once(("money",), lambda scope: trade.money(scope, held))

    def order_note(self) -> str:
        """Return why orders could not be read, in the platform's words; empty where they were not refused."""
        return self._once(("order note",), trade.order_note)

    def feed(self, window: WindowUpTo) -> FeedShare | None:
        """Add up the rows of the feed's validation files dated from the start of a window to before its end."""
        return self._once(("feed", window), lambda scope: trade.feed(scope, window))

    def _once(self, key: tuple[object, ...], compute: Callable[[Scope], Fact]) -> Fact:
        """Return the fact that is cached under a key; compute and cache it the first time."""
        if key not in self._known:
            if self._scope:
                self._known[key] = compute(self._scope)
            else:
                with self._opened() as connection:
                    self._known[key] = compute(self._scope_of(connection))
        fact: Fact = self._known[key]
        return fact

    def _scope_of(self, connection: sqlite3.Connection) -> Scope:
        return scope(connection, self.stores, self.as_of, self._now)


def _if_any(scope: Scope, fact: Callable[..., Fact], arguments: tuple[object, ...]) -> Fact | None:
    """Compute a fact; None where nothing is known of any store, so that no unconfirmed zero is returned."""
    return fact(scope, *arguments) if scope.stores else None
