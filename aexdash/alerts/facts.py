"""What rules may ask about a store at any moment: now when they run, the past in a back-test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Protocol

from aexdash.snapshot.alerting.facts import Doubt, Entered, Given, SyncHealth

__all__ = ["Doubt", "Entered", "Facts", "Given", "SyncHealth"]


class Facts(Protocol):
    """What is known of one store. Every method is about the moment it is given, whatever came after.

    None and empty answers differ: None is not known.
    """

    @property
    def zone(self) -> tzinfo:
        """The time zone of the workspace, in which days begin and moments are written."""

    def value(self, card: str, at: datetime) -> float | None:
        """What a card said at a moment; None is no data."""

    def values(self, card: str, moments: Sequence[datetime]) -> list[float | None]:
        """What a card said at each of some moments, to be compared with one another.

        None are moments for which no reading speaks, and those at which it was not known for nearly all its listings.
        """

    def doubt(self, card: str, at: datetime) -> Doubt | None:
        """Between which values a card lies that is not read of all listings yet; None where it is."""

    def entered(self, start: datetime, end: datetime) -> list[Entered]:
        """Which listings became held after `start` and up to `end`, the latest first; not those first seen as held."""

    def given(self, start: datetime, end: datetime) -> list[Given]:
        """Which reasons held listings were given after `start` and up to `end`; not on the day of the first reading."""

    def held_codes(self, at: datetime) -> dict[str, int]:
        """How many held listings have each reason code at a moment."""

    def first_held(self, at: datetime, limit: int) -> list[int]:
        """Ids of listings held at a moment, those that came last first."""

    def stuck(self, at: datetime) -> list[int]:
        """Ids of listings in audit for longer than the store's own 90th percentile, the oldest first."""

    def deadlines(self, start: datetime, end: datetime) -> list[int]:
        """Ids of held listings whose time for an appeal or a fix ends in a span, the soonest first."""

    def regressed(self, start: datetime, end: datetime) -> list[int]:
        """Ids of listings that were rejected again in a span, the latest first."""

    def sync_health(self, at: datetime) -> SyncHealth:
        """How well the store is read at a moment."""
