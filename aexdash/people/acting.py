"""Who acts in this process, and what is refused: rights are asked for where something is written, once a function.

A command and the worker act with every right: who reaches the machine's shell reaches the files too. The server of the
pages says, for each run of a page and each request, whose session it is (aexdash.ui.signed_in).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from aexdash.people.rights import ALL, Rights, Role
from aexdash.storage.errors import StorageError

P = ParamSpec("P")
T = TypeVar("T")

NEEDED = "__needs_role__"
"""The attribute of a function that says which role it asks for."""


class NotAllowed(StorageError):
    """Somebody may not write that; the text is one sentence. Nothing was changed, as StorageError promises."""


def _all_rights() -> Rights:
    return ALL


_asked: Callable[[], Rights] = _all_rights


def ask(who: Callable[[], Rights]) -> None:
    """Have this process ask `who` for the rights of whoever acts, from now on."""
    global _asked  # noqa: PLW0603 - a process has one door
    _asked = who


def rights() -> Rights:
    """Return what whoever acts now may do."""
    return _asked()


def needs(
    role: Role,
    of: Callable[..., Iterable[str] | None] | None = None,
    *,
    somewhere: bool = False,
    refused: type[Exception] = NotAllowed,
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function that writes run only where whoever acts has a role; else it raises `refused` with one sentence.

    `of` is called with the same arguments and returns the keys of the stores that are written about; without it, or
    with None, the role is needed in every store; with `somewhere` in any, for what is about none.
    """

    def guard(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> T:
            held = rights()
            if held is not ALL and not (somewhere and held.may_somewhere(role)):
                _require(held, role, of(*args, **kwargs) if of else None, refused)
            return function(*args, **kwargs)

        setattr(checked, NEEDED, role)
        return checked

    return guard


def require(role: Role) -> None:
    """Refuse to go on where whoever acts has a role in no store; for what only part of a function needs.

    Raises:
        NotAllowed: she has not.
    """
    held = rights()
    if not held.may_somewhere(role):
        _require(held, role, None, NotAllowed)


def why_not(role: Role, stores: Iterable[str] | None = None) -> str:
    """Say why whoever acts may not do what needs a role in some stores, or with None in each; empty where she may."""
    return _why_not(rights(), role, stores)


def _require(held: Rights, role: Role, stores: Iterable[str] | None, refused: type[Exception]) -> None:
    if why := _why_not(held, role, stores):
        raise refused(why)


def _why_not(held: Rights, role: Role, stores: Iterable[str] | None) -> str:
    named = None if stores is None else set(stores)
    if held.may(role, named):
        return ""
    unseen = sorted(store for store in named or () if not held.sees(store))
    if unseen:
        return f"There is no store {unseen[0]}."
    if held.elsewhere:
        return f"Nothing is written on this machine, which only follows: do that at {held.elsewhere}."
    where = "in every store" if named is None and held.may_somewhere(role) else "here"
    return f"That needs the role {role}, which you do not have {where}: ask whoever keeps aexdash running."


def seen_of(keys: Collection[str]) -> list[str]:
    """Return those of some keys of stores that whoever acts may see, in their order."""
    held = rights()
    return [key for key in keys if held.sees(key)]


def seen_as_json() -> str | None:
    """Return the keys of the stores that whoever acts may see, as a JSON array for SQL; None for every store."""
    seen = rights().seen
    return None if seen is None else json.dumps(sorted(seen))


def sees_any(stores: Collection[str]) -> bool:
    """Whether whoever acts may see one of some stores at least; what is of none in particular is of every store."""
    return not stores or bool(seen_of(stores))


def needed_by(function: Any) -> Role | None:
    """Return the role that a function asks for; None where it asks for none."""
    return getattr(function, NEEDED, None)
