"""The store as it stood up to 14 March 2026: who is in it, who is offline, and the worked example."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from aexdash.demo.world.catalogue import BRAND
from aexdash.demo.world.flaws import FLAWED_SHARE, Flawed, share_out
from aexdash.demo.world.listing import EPOCH, PENDING_LAUNCH, Cause, Edit, Picture
from aexdash.demo.world.mixing import mix, product_id
from aexdash.demo.world.moments import (
    CENSUS,
    MARCH_EDITED,
    MARCH_FIXED,
    MARCH_HELD,
    MARCH_PASSED,
    QUIET_FROM,
)
from aexdash.demo.world.timeline import DAY, Step, Timelines
from aexdash.model import Status

MARCH_ORDINALS = (3, 5, 11, 18, 1)
"""The five of March: a dress, a blouse, a baking mold, a backpack with pictures too small; earbuds without a brand."""

STEADY_SHARE = 0.58
"""Share of the active listings that nothing ever happens to but routine re-reviews, those with a flaw among them."""

_OFFLINE_CAUSES: tuple[tuple[str, int], ...] = (
    ("expire_offline", 52),
    ("user_offline", 28),
    ("violate_offline", 11),
    ("punish_offline", 4),
    ("degrade_offline", 5),
)


def seconds(moment: datetime) -> int:
    """Return a moment as whole seconds since 1970."""
    return int((moment - EPOCH).total_seconds())


@dataclass(frozen=True, slots=True)
class Population:
    """Ordinals by what may happen to them: `steady` only routine reviews, `active` and `offline` the ordinary life.

    To those with `flaws`, and to those that wait for their launch, nothing happens at all.
    """

    steady: tuple[int, ...]
    active: tuple[int, ...]
    offline: tuple[int, ...]
    flaws: dict[int, Flawed]


def populate(
    books: Timelines, seed: int, listings: int, active: int, *, worked_example: bool, waiting: int = 0
) -> Population:
    """Write the store's life up to the census into the books and say who is who.

    `waiting` of those that are not on sale have never been: they wait for their launch, every third with a flaw.
    """
    chance = Random(mix(seed, 1))
    first, quiet = seconds(datetime(2022, 1, 10, tzinfo=CENSUS.tzinfo)), seconds(QUIET_FROM)
    for _ in range(listings):
        made = chance.randrange(first, quiet - 40 * DAY)
        books.born(made, Status.ACTIVE, modified=chance.randrange(made, quiet - 35 * DAY))
    reserved = set(MARCH_ORDINALS) if worked_example else set()
    others = [ordinal for ordinal in range(listings) if ordinal not in reserved]
    chance.shuffle(others)
    offline, active_ones = others[: listings - active], others[listings - active :]
    flawed, steady = int(len(active_ones) * FLAWED_SHARE), int(len(active_ones) * STEADY_SHARE)
    _take_offline(books, chance, offline[waiting:])
    _let_wait(books, offline[:waiting])
    _quiet_weeks(books, chance, active_ones[steady:])
    if worked_example:
        _worked_example(books)
    return Population(
        steady=tuple(active_ones[flawed:steady]),
        active=tuple(sorted({*active_ones[steady:], *reserved})),
        offline=tuple(sorted(offline[waiting:])),
        flaws=share_out(seed, [*active_ones[:flawed], *offline[:waiting:3]]),
    )


def _let_wait(books: Timelines, ordinals: list[int]) -> None:
    for ordinal in ordinals:
        books.happen(ordinal, [Step(books.created[ordinal], Status.OFFLINE, cause=PENDING_LAUNCH)])


def _take_offline(books: Timelines, chance: Random, ordinals: list[int]) -> None:
    causes, weights = [cause for cause, _ in _OFFLINE_CAUSES], [weight for _, weight in _OFFLINE_CAUSES]
    quiet, census = seconds(QUIET_FROM), seconds(CENSUS)
    for position, ordinal in enumerate(ordinals):
        late = position % 12 == 0
        at = chance.randrange(quiet, census - DAY) if late else chance.randrange(quiet - 34 * DAY, quiet)
        cause = chance.choices(causes, weights=weights)[0]
        books.happen(ordinal, [Step(at, Status.OFFLINE, cause=cause)])


def _quiet_weeks(books: Timelines, chance: Random, ordinals: list[int]) -> None:
    """Let some listings return from a pause and some change their price, none of it with a review."""
    quiet, census = seconds(QUIET_FROM), seconds(CENSUS)
    for position, ordinal in enumerate(ordinals):
        if position % 60 == 0:
            left = chance.randrange(quiet - 30 * DAY, quiet)
            back = chance.randrange(quiet, census - DAY)
            relisted = Step(back, Status.ACTIVE, touched=True)
            books.happen(ordinal, [Step(left, Status.OFFLINE, cause="expire_offline"), relisted])
        elif position % 15 == 1:
            at = chance.randrange(quiet, census - DAY)
            books.happen(ordinal, [Step(at, Status.ACTIVE, edit=Edit(price_percent=chance.randint(88, 112)))])


def _worked_example(books: Timelines) -> None:
    for position, ordinal in enumerate(MARCH_ORDINALS[:4]):
        small = Edit(main=Picture(11, 640, 640), revision=1)
        books.happen(
            ordinal,
            [
                Step(seconds(MARCH_EDITED[position]), Status.ACTIVE, edit=small),
                Step(seconds(MARCH_HELD[position]), Status.REJECTED, rejected_for=Cause.PICTURE_SMALL),
                Step(seconds(MARCH_FIXED[position]), Status.AUDITING, edit=small.repaired()),
                Step(seconds(MARCH_PASSED[position]), Status.ACTIVE),
            ],
        )
    brandless = Edit(dropped=(BRAND.english,), revision=1)
    books.happen(
        MARCH_ORDINALS[4],
        [
            Step(seconds(MARCH_EDITED[4]), Status.ACTIVE, edit=brandless),
            Step(seconds(MARCH_HELD[4]), Status.AUDITING),
            Step(seconds(MARCH_FIXED[4]), Status.AUDITING, edit=brandless.repaired()),
            Step(seconds(MARCH_PASSED[4]), Status.ACTIVE),
        ],
    )


def march_pictures(seed: int) -> tuple[int, ...]:
    """Return the product ids of the four with the low-resolution main picture."""
    return tuple(product_id(seed, ordinal) for ordinal in MARCH_ORDINALS[:4])


def march_brand(seed: int) -> int:
    """Return the product id of the one without a brand."""
    return product_id(seed, MARCH_ORDINALS[4])
