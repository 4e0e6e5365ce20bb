"""One call of a business method: who calls, with what, when; and how its parameters are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aexdash.demo.platform.envelope import Refused
from aexdash.demo.platform.faults import FaultKind
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.listing import Listing

PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True)
class Call:
    """A verified call. `faults` are those that strike it; `origin` is where the pictures of the answer are."""

    store: SimulatedStore
    method: str
    parameters: Mapping[str, str]
    at: datetime
    origin: str
    faults: Mapping[FaultKind, float]

    def text(self, name: str) -> str:
        """Return a required parameter.

        Raises:
            Refused: it is missing.
        """
        value = self.parameters.get(name, "").strip()
        if not value:
            raise Refused("MissingParameter", name=name)
        return value

    def number(self, name: str) -> int:
        """Return a required parameter that is a whole number.

        Raises:
            Refused: it is missing or no number.
        """
        return whole(self.text(name), name)

    def fields(self, name: str, *, required: bool = True) -> dict[str, Any]:
        """Return a parameter that is a JSON object.

        Raises:
            Refused: it is required and missing, or is no JSON object.
        """
        text = self.text(name) if required else self.parameters.get(name, "{}")
        try:
            value = json.loads(text)
        except ValueError:
            raise Refused.parameter(name) from None
        if not isinstance(value, dict):
            raise Refused.parameter(name)
        return value

    def listing(self, product_id: int) -> Listing | None:
        """Return a listing of this store as it is now; the platform shows deleted ones no more."""
        listing = self.store.world.listing(product_id, self.at)
        return None if listing is None or listing.status == "deleted" else listing


Handler = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """A business method: who answers it and which models may call it (none named: all)."""

    handler: Handler
    models: tuple[str, ...] = ()


def whole(value: object, name: str) -> int:
    """Read a whole number as JSON or form text carries it.

    Raises:
        Refused: it is none.
    """
    try:
        return int(str(value))
    except ValueError:
        raise Refused.parameter(name) from None


def pacific(moment: datetime) -> str:
    """Write a moment as the product lists do: US Pacific time without a zone (reference §3.8)."""
    return moment.astimezone(PACIFIC).strftime("%Y-%m-%d %H:%M:%S")


def from_pacific(text: object, name: str) -> datetime:
    """Read a moment of a query in the zone of the product lists.

    Raises:
        Refused: it does not read `yyyy-MM-dd HH:mm:ss`.
    """
    try:
        local = datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=PACIFIC)
    except ValueError:
        raise Refused.parameter(name) from None
    return local.astimezone(UTC)


def without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty, as real replies do whatever the documentation says (reference §3.1)."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}
