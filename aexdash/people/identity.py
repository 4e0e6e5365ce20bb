"""Who somebody is by the word of an identity provider: read from the claims of an ID token (OpenID Connect Core §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aexdash.people.names import LONGEST, NoName, Person, legible, named

MOST_GROUPS = 500
"""Groups that are kept of a person; a provider that tells of more should be asked for fewer."""


BY_ADDRESS = "email:"
"""What the group of one person begins with, by her address."""


class NoIdentity(ValueError):
    """Claims that do not say who somebody is; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is. `key` is 'issuer|subject' and never changes; name and groups are as the provider told last."""

    key: str
    name: str
    groups: tuple[str, ...] = ()

    @property
    def person(self) -> Person:
        """The person that owners and logs carry."""
        return Person(self.name, self.key)


def identity_of(claims: Mapping[str, Any], *, name_claim: str, groups_claim: str) -> Identity:
    """Read who somebody is. Without a usable name it is the first usable of her address, login and subject.

    Raises:
        NoIdentity: no subject is named, or nothing that could be shown as a name.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise NoIdentity("The identity provider did not say who this is: its answer has no subject (sub).")
    offered = (claims.get(name) for name in (name_claim, "email", "preferred_username", "sub"))
    name = next((read for one in offered if (read := _name(one))), None)
    if name is None:
        raise NoIdentity("The identity provider gave no name that can be shown: neither a name nor an address.")
    groups = (*_groups(claims.get(groups_claim)), *_address(claims))
    return Identity(f"{claims.get('iss', '')}|{subject}", name, groups)


def _name(claim: object) -> str | None:
    if not isinstance(claim, str):
        return None
    try:
        return named(legible(claim)[:LONGEST].rstrip()).name
    except NoName:
        return None


def _address(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The address as a group of one, unless the provider says that nobody has verified it."""
    email = claims.get("email")
    if not isinstance(email, str) or not email or claims.get("email_verified") is False:
        return ()
    return (f"{BY_ADDRESS}{email.casefold()}",)


def _groups(claim: object) -> tuple[str, ...]:
    """Groups come as a list of texts, or as one text."""
    told = [claim] if isinstance(claim, str) else claim if isinstance(claim, list | tuple) else []
    return tuple(dict.fromkeys(one for one in told if isinstance(one, str) and one and not one.startswith(BY_ADDRESS)))[
        :MOST_GROUPS
    ]
