"""What somebody may do: a role, in every store or in some.

The roles of a card (owner, operations, finance) are whom a number is for; these here are rights.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

EVERYBODY = "*"
"""In the settings, the group of all who sign in."""

NO_STORE = ""
"""The key of no store, for somebody who sees none: nothing at all would mean every store."""


class Role(StrEnum):
    """A viewer reads, an operator works with listings and alerts, an owner changes bands, rules and settings too."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """How much it may, to be compared."""
        return list(Role).index(self)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in some stores, by their keys; None is every store, those to come too."""

    role: Role
    stores: frozenset[str] | None = None

    def covers(self, store: str | None) -> bool:
        """Whether it is about a store; None asks for all of them."""
        return self.stores is None or (store is not None and store in self.stores)


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do: the sum of what her groups are granted. Without a grant that is nothing.

    `elsewhere` is the address where she may do more, because nothing is written on this machine; else it is empty.
    """

    grants: tuple[Grant, ...] = ()
    elsewhere: str = ""

    def only_reading(self, elsewhere: str) -> Rights:
        """Return what is left of these rights where nothing is written: to read in the same stores."""
        return Rights(tuple(Grant(Role.VIEWER, grant.stores) for grant in self.grants), elsewhere)

    def role_in(self, store: str | None) -> Role | None:
        """Return the highest role in a store, or with None in every store; None where there is none."""
        covering = [grant.role for grant in self.grants if grant.covers(store)]
        return max(covering, key=lambda role: role.rank, default=None)

    def may(self, role: Role, stores: Iterable[str] | None = None) -> bool:
        """Whether somebody has a role, or a higher one, in each of some stores; None asks for all stores."""
        asked: Iterable[str | None] = [None] if stores is None else set(stores)
        held = (self.role_in(store) for store in asked)
        return all(one is not None and one.rank >= role.rank for one in held)

    def may_somewhere(self, role: Role) -> bool:
        """Whether somebody has a role, or a higher one, in any store at all."""
        return any(grant.role.rank >= role.rank for grant in self.grants)

    @property
    def seen(self) -> frozenset[str] | None:
        """The keys of the stores that may be seen; None is every store."""
        if any(grant.stores is None for grant in self.grants):
            return None
        return frozenset(store for grant in self.grants for store in grant.stores or ())

    def sees(self, store: str) -> bool:
        """Whether a store may be seen."""
        return self.seen is None or store in self.seen


ALL = Rights((Grant(Role.OWNER),))
"""The rights of whoever reaches the machine's shell, of the worker, and of everybody where nobody signs in."""


def rights_of(groups: Collection[str], granted: Mapping[str, Grant]) -> Rights:
    """Return what somebody of some groups may do. A group that nothing is granted adds nothing."""
    return Rights(tuple(grant for group, grant in granted.items() if group == EVERYBODY or group in groups))
