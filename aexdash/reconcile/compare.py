"""Which listings differ between their list and the snapshot at its moment: by id, without asking why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aexdash.model import Status
from aexdash.reconcile.model import Kind, TheirRow
from aexdash.snapshot.compared.standing import Key, Standing


@dataclass(frozen=True, slots=True)
class Named:
    """A row of their list and the listing that it names.

    `key` None: no listing that the snapshot has, or none of the stores that are compared; then `elsewhere` is the store
    that has it, empty for none. A row that names nothing at all has a `note`.
    """

    row: TheirRow
    key: Key | None
    elsewhere: str = ""

    @property
    def note(self) -> str:
        """What is wrong with the row; empty where it names something."""
        return self.row.note


@dataclass(frozen=True, slots=True)
class Pair:
    """What differs: a row of theirs, a listing of ours, or both. `counted`: their count has the row."""

    kind: Kind
    key: Key | None
    named: Named | None
    theirs: Status | None
    ours: Status | None
    counted: bool
    delta: int


@dataclass(slots=True)
class Sides:
    """Both sides, sorted: what agrees, what differs, and what nothing can be said of.

    `aside` are rows of statuses that are not compared, `not_known` rows that may be about a store nobody read.
    """

    agreed: dict[Key, Named] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    aside: int = 0
    not_known: int = 0

    @property
    def theirs(self) -> int:
        """How many rows of theirs were compared."""
        return len(self.agreed) + sum(pair.counted for pair in self.pairs)

    @property
    def ours(self) -> int:
        """How many listings of ours were compared: their number and every difference between."""
        return self.theirs + sum(pair.delta for pair in self.pairs)


def compare(
    named: Sequence[Named],
    here: Mapping[Key, Standing],
    listed: Sequence[Status],
    *,
    known: Mapping[str, bool],
) -> Sides:
    """Set their rows beside ours.

    `here` has every listing that was in a `listed` status at the moment, and every one that their rows name. `known`
    says of each store that is compared whether it was read then: of the others nothing is said.
    """
    sides, placed, named_aside = Sides(), set[Key](), dict[Key, Named]()
    for one in named:
        if one.row.status is not None and one.row.status not in listed:
            sides.aside += 1
            if one.key is not None:
                named_aside.setdefault(one.key, one)
        else:
            _sort(sides, one, placed, here=here, listed=listed, known=known)
    for key, standing in here.items():
        if standing.at in listed and key not in placed and known.get(key[0], False):
            sides.pairs.append(_ours_alone(key, standing.at, named_aside.get(key)))
    return sides


def _sort(
    sides: Sides,
    one: Named,
    placed: set[Key],
    *,
    here: Mapping[Key, Standing],
    listed: Sequence[Status],
    known: Mapping[str, bool],
) -> None:
    """Sort a row by what it names; `placed` are the listings that an earlier row named."""
    if one.note:
        sides.pairs.append(_pair(Kind.UNREADABLE, one, None, -1))
    elif one.key is None:
        if one.elsewhere or all(known.values()):
            sides.pairs.append(_pair(Kind.ONLY_THERE, one, None, -1, _claimed(one, listed)))
        else:
            sides.not_known += 1
    elif not known.get(one.key[0], False):
        sides.not_known += 1
    elif one.key in placed:
        sides.pairs.append(_pair(Kind.REPEATED, one, _status(here, one.key), -1, _claimed(one, listed)))
    else:
        placed.add(one.key)
        _place(sides, one, _status(here, one.key), listed)


def _ours_alone(key: Key, ours: Status | None, beside: Named | None) -> Pair:
    """A listing of ours that their list lacks among those compared; `beside` is its row under another status."""
    if beside is None:
        return Pair(Kind.ONLY_HERE, key, None, None, ours, False, 1)
    return Pair(Kind.STATUS, key, beside, beside.row.status, ours, False, 1)


def _place(sides: Sides, one: Named, ours: Status | None, listed: Sequence[Status]) -> None:
    claimed = _claimed(one, listed)
    if ours in listed and claimed in (None, ours):
        assert one.key is not None
        sides.agreed[one.key] = one
    elif ours is None or ours is Status.DELETED:
        sides.pairs.append(_pair(Kind.ONLY_THERE, one, ours, -1, claimed))
    else:
        sides.pairs.append(_pair(Kind.STATUS, one, ours, 0 if ours in listed else -1, claimed))


def _claimed(one: Named, listed: Sequence[Status]) -> Status | None:
    """Return what their list says a listing is: its row, or the only status that the list shows."""
    return one.row.status or (listed[0] if len(listed) == 1 else None)


def _status(here: Mapping[Key, Standing], key: Key) -> Status | None:
    standing = here.get(key)
    return standing.at if standing else None


def _pair(kind: Kind, one: Named, ours: Status | None, delta: int, theirs: Status | None = None) -> Pair:
    return Pair(kind, one.key, one, theirs, ours, True, delta)
