"""What each kind of shop answers. One class below `Shop` in a module of its own is a kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Protocol

from aexdash.shops.errors import ShopError
from aexdash.shops.records import Part, ShopFacts

Stopped = Callable[[], bool]
"""Whether whoever asked has been told to stop; asked wherever a shop is waited for."""


class Shop(Protocol):
    """A shop of the seller. Reads only; holds no secret in any text that it gives."""

    def facts(self) -> ShopFacts:
        """Ask who answers, in which currency, and what may be read.

        Raises:
            ShopError: it cannot be told, or nothing may be read at all.
        """

    def catalogue(self, stopped: Stopped = lambda: False) -> Iterator[Part]:
        """Read the whole catalogue, in any order and with flat memory; it is complete when this ends without an error.

        Raises:
            PartlyRead: what came is true, and there is more.
            ShopError: it could not be read, or not to its end; what came before is true.
        """

    def some(self, skus: Collection[str]) -> Iterator[Part]:
        """Read the products of a few SKUs, in small pages; a SKU that does not come is not in the shop.

        Raises:
            ShopError: as `catalogue`.
        """

    def first(self) -> Iterator[Part]:
        """Read one small page of products, whichever come first: to see whether they can be read.

        Raises:
            ShopError: as `catalogue`.
        """

    def close(self) -> None:
        """Close the connections."""


class ToldToStop(ShopError):
    """The reading was given up because this process ends."""

    kind = "stopped"


def going_on(stopped: Stopped) -> None:
    """Go on, unless told to stop.

    Raises:
        ToldToStop: it is time to.
    """
    if stopped():
        raise ToldToStop("The reading was given up, because this process was told to stop.")
