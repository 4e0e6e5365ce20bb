"""The comparison a second time, plainly: sets and loops over one world, in the order of the explanations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import comb

from aexdash.model import HELD, Status
from aexdash.reconcile.compare import Named
from aexdash.reconcile.model import Difference, Kind, StoreRead, Why
from aexdash.snapshot.compared.standing import Key, Standing

DAY = timedelta(days=1)


class Plainly:
    """One world: their rows, our listings, the moment and what was read."""

    def __init__(
        self,
        named: Sequence[Named],
        here: Mapping[Key, Standing],
        listed: Sequence[Status],
        reads: Mapping[str, StoreRead],
        at: datetime,
    ) -> None:
        self.named, self.here, self.listed, self.reads, self.at = named, here, listed, reads, at
        read = {key for key, one in reads.items() if one.known}
        self.compared = [one for one in named if one.row.status is None or one.row.status in listed]
        if len(read) < len(reads):
            self.compared = [
                one for one in self.compared if one.note or one.elsewhere or (one.key and one.key[0] in read)
            ]
        self.of_key: dict[Key, list[Named]] = {}
        for one in self.compared:
            if one.key and not one.note:
                self.of_key.setdefault(one.key, []).append(one)
        self.ours = {key: one.at for key, one in here.items() if one.at in listed and key[0] in read}
        self.both = {
            key: rows[0] for key, rows in self.of_key.items() if self.status(key) not in (None, Status.DELETED)
        }
        self.aside = {
            one.key: one for one in reversed(named) if one.key and one.row.status and one.row.status not in listed
        }
        self.missing = {key for key in self.ours if key not in self.of_key and key not in self.aside}

    def status(self, key: Key) -> Status | None:
        return self.here[key].at if key in self.here else None

    def claim(self, one: Named) -> Status | None:
        return one.row.status or (self.listed[0] if len(self.listed) == 1 else None)

    def agreed(self) -> set[Key]:
        return {key for key, one in self.both.items() if key in self.ours and self.claim(one) in (None, self.ours[key])}

    def why(self, found: Difference) -> tuple[Why, bool]:
        """The first explanation of a difference that holds."""
        if found.kind is Kind.UNREADABLE:
            return Why.UNEXPLAINED, True
        if found.kind is Kind.REPEATED:
            return Why.VARIANT, True
        key = (found.store, found.product_id) if found.store and found.product_id is not None else None
        if key is None:
            [one] = [one for one in self.compared if one.row.row == found.row]
            if one.elsewhere:
                return Why.SCOPE, True
        elif self._scope(found, key):
            return Why.SCOPE, True
        elif self._was(found, key):
            return Why.MOVED, True
        elif self._will_be(found, key):
            return Why.NEWER, True
        elif self._apart(found, key):
            return Why.GROUPING, True
        stores = [self.reads[found.store]] if key else [one for one in self.reads.values() if one.known]
        waits = any(one.read_again_at is None and one.read_at < self.at for one in stores)
        return (Why.NEWER, False) if waits else (Why.UNEXPLAINED, True)

    def _scope(self, found: Difference, key: Key) -> bool:
        matched = set(self.agreed()) | {k for k, one in self.both.items()} | {k for k in self.aside if k in self.ours}
        if found.kind is Kind.ONLY_HERE and matched:
            category = self.here[key].category_id
            if all(store != key[0] for store, _ in matched):
                return True
            of_status = [one for one in self.missing if self.ours[one] is found.ours]
            if found.ours not in HELD and len(of_status) >= 3 and found.ours not in self._statuses_there(matched):
                return True
            of_category = [one for one in self.missing if self.here[one].category_id == category]
            return (
                category is not None
                and len(of_category) >= 3
                and category not in {self.here[one].category_id for one in matched if one in self.here}
                and self._by_chance(len(of_category), matched) < 0.05
            )
        one = self.of_key.get(key, [None])[0]
        if found.kind is Kind.STATUS and one and one.row.status is None and found.ours not in self.listed:
            unsaid = [
                k
                for k, row in self.both.items()
                if row.row.status is None and self.status(k) is found.ours and k not in self.agreed()
            ]
            every = [k for k, standing in self.here.items() if standing.at is found.ours and self.reads[k[0]].known]
            both_held = found.ours in HELD and found.theirs in HELD
            return len(unsaid) >= max(3, 0.9 * len(every)) and not both_held
        return False

    def _by_chance(self, many: int, matched: set[Key]) -> float:
        """How many categories would be missing as a whole, were as many missing, whichever they are."""
        every = Counter(self.here[one].category_id for one in [*self.missing, *matched] if one in self.here)
        tried = sum(listings >= 3 for category, listings in every.items() if category is not None)
        there, lacking = len(matched), len(self.missing)
        return tried * comb(there + lacking - many, there) / comb(there + lacking, there)

    def _statuses_there(self, matched: set[Key]) -> set[Status | None]:
        there: set[Status | None] = set()
        for key in matched:
            one = self.both.get(key) or self.aside.get(key)
            assert one
            there.add((one.row.status if key in self.agreed() else self.claim(one)) or self.status(key))
        return there

    def _says(self, found: Difference, status: Status) -> bool:
        if found.theirs:
            return status is found.theirs
        return (status not in self.listed) if found.kind is Kind.ONLY_HERE else (status in self.listed)

    def _was(self, found: Difference, key: Key) -> bool:
        stands = [one for one in self.here[key].stands if one.began <= self.at] if key in self.here else []
        for place, stand in enumerate(stands):
            if stand.began <= self.at - DAY:
                continue
            if place and self._says(found, stands[place - 1].status):
                return True
            if not place and found.kind is Kind.ONLY_HERE and stand.began_after is not None:
                return True
        return False

    def _will_be(self, found: Difference, key: Key) -> bool:
        stands = self.here[key].stands if key in self.here else ()
        return any(one.began > self.at and self._says(found, one.status) for one in stands)

    def _apart(self, found: Difference, key: Key) -> bool:
        if found.kind is Kind.STATUS:
            return found.ours in HELD and found.theirs in HELD
        matched = set(self.both) | {k for k in self.aside if k in self.ours}
        return (
            found.kind is Kind.ONLY_HERE
            and found.ours in HELD
            and bool(matched)
            and found.ours not in self._statuses_there(matched)
        )
