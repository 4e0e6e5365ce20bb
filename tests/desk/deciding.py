"""Decisions in tests: listings as somebody saw them, and what the desk holds of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aexdash.desk.decisions.changes import Outcome
from aexdash.desk.decisions.items import Decision, Item, Seen
from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from aexdash.people.names import Person

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
PERIOD = NOON - timedelta(hours=3)
ANN, BOB, OLGA = Person("Ann"), Person("Bob"), Person("Olga")


def seen(product_id: int = 1, version: int = 0, stage: Stage | None = None, **facts: object) -> Seen:
    """A listing of the store `main`, rejected three hours ago for the second time."""
    one = Seen("main", product_id, version, PERIOD, 2, ("attribute.brand", "image.ratio"), stage)
    return replace(one, **facts)  # type: ignore[arg-type]


def hold(desk: Desk, *ids: int) -> dict[int, Item]:
    """What the desk holds of these listings, untouched ones included."""
    items = desk.items(("main", one) for one in ids)
    return {one: items.get(("main", one), Item()) for one in ids}


def look(desk: Desk, *ids: int) -> list[Seen]:
    """These listings as somebody sees them now."""
    return [seen(one, item.version, item.stage) for one, item in hold(desk, *ids).items()]


def act(
    desk: Desk, decision: Decision, *ids: int, who: Person = ANN, now: datetime = NOON, **options: object
) -> Outcome:
    """Somebody decides on these listings as they are now."""
    return desk.act(decision, look(desk, *ids), who=who, now=now, through="page", **options)  # type: ignore[arg-type]


def values(item: Item) -> Mapping[str, object]:
    """What people read of an item, without when and by whom it was changed."""
    names = ("stage", "owner", "note", "snoozed_until", "snooze_event", "snooze_more")
    return {name: getattr(item, name) for name in names if getattr(item, name) != getattr(Item(), name)}
