"""Stories of a simulation: steps drawn from a seed before anything is played."""

from __future__ import annotations

from random import Random

from aexdash.demo.platform.faults import FaultKind
from aexdash.model import Status
from tests.simulation.disk import Damage
from tests.simulation.steps import (
    KEYS,
    LISTINGS,
    PEOPLE,
    PRODUCTS,
    SHOPS,
    STATUSES,
    AskSync,
    ChangeGoods,
    ChannelFails,
    Decide,
    Deliver,
    DiskFails,
    Fault,
    KillAtCall,
    Move,
    OldFiles,
    OtherProcess,
    Restart,
    SecondWorker,
    SetClock,
    ShopErrs,
    Step,
    Undo,
    Wait,
)

FAULTS: dict[FaultKind, tuple[float, bool]] = {
    FaultKind.SERVER_ERROR: (0, False),
    FaultKind.TIMEOUT: (0, False),
    FaultKind.TRUNCATED: (0, False),
    FaultKind.HTML: (0, False),
    FaultKind.EXPIRED_TOKEN: (0, False),
    FaultKind.BAN: (900, False),
    FaultKind.FLAT_BAN: (600, False),
    FaultKind.XML_BAN: (600, False),
    FaultKind.RETRY_AFTER: (30, False),
    FaultKind.IS_SUCCESS: (0, False),
    FaultKind.ERROR_CODE_ALONE: (0, False),
    FaultKind.NESTED_ERROR: (0, False),
    FaultKind.ERROR_AS_TEXT: (0, False),
    FaultKind.RISK_PAGE: (0, False),
    FaultKind.PLATFORM_FAULT: (0, False),
    FaultKind.NOT_FOUND: (0, False),
    FaultKind.SYSTEM_ERROR: (0, False),
    FaultKind.NO_LIST: (0, False),
    FaultKind.RAW_CONTROLS: (0, False),
    FaultKind.BROKEN_BYTE: (0, False),
    FaultKind.TRAILING_TEXT: (0, False),
    FaultKind.UNKNOWN_PRODUCT: (0, False),
    FaultKind.UNHEARD_STATUS: (0, False),
    FaultKind.SHIFT: (1, True),
    FaultKind.REPEAT: (0, True),
    FaultKind.LYING_TOTAL: (0, True),
    FaultKind.MISSING_LIST: (0, True),
    FaultKind.EMPTY_PAGE: (0, True),
    FaultKind.NO_LISTINGS: (0, True),
    FaultKind.FILTER_IGNORED: (0, True),
    FaultKind.PAGE_CAP: (5, True),
    FaultKind.ITEM_WITHOUT_ID: (0, True),
}
"""What goes wrong, with its number, and whether it is a fault of the lists."""

WAITS = ((5, 1), (40, 2), (150, 3), (6 * 60, 4), (13 * 60, 4), (23 * 60, 8), (26 * 60, 6), (4 * 24 * 60, 1))
"""Minutes that pass, with how often."""

CALM_WAITS = ((150, 1), (6 * 60, 1), (13 * 60, 2), (23 * 60, 10), (25 * 60, 10), (4 * 24 * 60, 1))

OFFS = (0, 0, 0, 0, 60, -60, 600, -600, 7200, 5 * 86400, -3 * 86400)

SHOP_FAULTS = {
    "quay": ("throttled", "fails", "revoked", "busy", "no job", "lines lost", "ends early", "slow", "empty"),
    "mill": ("throttled", "fails", "revoked", "no channels", "products lost", "empty"),
}
"""What can go wrong with each shop."""

DELIVERIES = ("dropped", "whole", "half", "half", "again", "no table", "taken away")

DECISIONS = ("take", "take", "fix", "snooze", "note", "note nothing", "assign", "assign nobody", "back")


def draw(seed: int, steps: int, stores: int = len(KEYS), *, calm: bool = False) -> list[Step]:
    """Draw a story of so many steps. `calm`: days pass, listings move, and little goes wrong."""
    chance = Random(seed)
    keys = KEYS[:stores]
    kinds, often = zip(*(_CALM if calm else _ROUGH).items(), strict=True)
    story: list[Step] = [_old_files(chance)] if seed % 4 == 1 else []
    while len(story) < steps:
        story.append(_DRAWN[chance.choices(kinds, often)[0]](chance, chance.choice(keys)))
    return story


_CALM = {"day": 62, "move": 26, "flood": 2, "decide": 6, "fault": 4, "call": 1, "restart": 1, "undo": 1, "other": 1}
_CALM |= {"clock": 1, "write": 1, "goods": 3, "shop": 1, "deliver": 3, "worker": 1}
_ROUGH = {"wait": 30, "move": 22, "during": 5, "flood": 3, "fault": 10, "clock": 3, "call": 5, "write": 8, "full": 4}
_ROUGH |= {"decide": 12, "undo": 2, "ask": 2, "other": 4, "meet": 2, "restart": 2, "channel": 3}
_ROUGH |= {"goods": 6, "goods during": 3, "shop": 4, "shop call": 2, "shop meets": 2, "deliver": 6, "worker": 2}


def _old_files(chance: Random) -> OldFiles:
    return OldFiles(chance.randint(0, 12), chance.randint(0, 8))


def _wait(chance: Random, _key: str, waits: tuple[tuple[int, int], ...] = WAITS) -> Wait:
    minutes, often = zip(*waits, strict=True)
    return Wait(chance.choices(minutes, often)[0] + chance.randint(0, 30))


def _move(chance: Random, key: str, call: int | None = None) -> Move:
    status = chance.choices((*STATUSES, None), (5, 3, 4, 1, 1))[0]
    return Move(key, (chance.randrange(LISTINGS),), status, call)


def _flood(chance: Random, key: str) -> Move:
    some = tuple(sorted(chance.sample(range(LISTINGS), chance.randint(4, LISTINGS))))
    return Move(key, some, chance.choice((*STATUSES, Status.REJECTED, None)))


def _fault(chance: Random, key: str) -> Fault:
    kind = chance.choice(list(FAULTS))
    value, lists = FAULTS[kind]
    return Fault(key, kind, value, lists, chance.randint(0, 6), chance.randint(1, 8))


def _write(chance: Random, _key: str) -> DiskFails:
    return DiskFails(chance.choice((Damage.KILLED, Damage.TORN)), int(chance.expovariate(1 / 25)), 0)


def _full(chance: Random, _key: str) -> DiskFails:
    damage = chance.choice((Damage.FULL, Damage.BROKEN))
    return DiskFails(damage, int(chance.expovariate(1 / 20)), chance.choice((1, 1, 3, 40, 1000)))


def _decide(chance: Random, _key: str) -> Decide:
    chosen = tuple(sorted(chance.sample(range(12), chance.choice((1, 1, 2, 4)))))
    return Decide(
        chance.choice(PEOPLE), chance.choice(DECISIONS), chosen, chance.random() < 0.25, chance.random() < 0.15
    )


def _goods(chance: Random, _key: str, call: int | None = None) -> ChangeGoods:
    what = chance.choice(("stock", "stock", "price", "state", "out", "in"))
    many = chance.random() < 0.15
    some = tuple(sorted(chance.sample(range(PRODUCTS), chance.randint(6, PRODUCTS) if many else chance.randint(1, 2))))
    return ChangeGoods(chance.choice(SHOPS), some, what, chance.randint(0, 9), call)


def _shop_errs(chance: Random, _key: str) -> ShopErrs:
    shop = chance.choice(SHOPS)
    return ShopErrs(shop, chance.choice(SHOP_FAULTS[shop]), chance.randint(1, 8))


def _deliver(chance: Random, key: str) -> Deliver:
    return Deliver(key, chance.choice(DELIVERIES), chance.randint(2, 9))


def _second(chance: Random, key: str) -> SecondWorker:
    return SecondWorker(key, chance.randint(0, 6)) if chance.random() < 0.5 else SecondWorker()


_DRAWN = {
    "wait": _wait,
    "day": lambda chance, key: _wait(chance, key, CALM_WAITS),
    "move": _move,
    "during": lambda chance, key: _move(chance, key, chance.randint(0, 9)),
    "flood": _flood,
    "fault": _fault,
    "clock": lambda chance, _: SetClock(chance.choice(OFFS), chance.random() < 0.6),
    "call": lambda chance, key: KillAtCall(key, chance.randint(0, 12), chance.random() < 0.5),
    "write": _write,
    "full": _full,
    "decide": _decide,
    "undo": lambda chance, _: Undo(chance.choice(PEOPLE)),
    "ask": lambda chance, key: AskSync(key, chance.choice(("pulse", "sweep"))),
    "other": lambda chance, key: OtherProcess(key, chance.choice(("pulse", "sweep"))),
    "meet": lambda chance, key: OtherProcess(key, "sweep", chance.randint(0, 6)),
    "restart": lambda chance, _: Restart(),
    "goods": _goods,
    "goods during": lambda chance, key: _goods(chance, key, chance.randint(0, 6)),
    "shop": _shop_errs,
    "shop call": lambda chance, _: KillAtCall(chance.choice(SHOPS), chance.randint(0, 7), chance.random() < 0.5),
    "shop meets": lambda chance, _: OtherProcess(chance.choice(SHOPS), "reading", chance.randint(0, 7)),
    "deliver": _deliver,
    "worker": _second,
    "channel": lambda chance, _: ChannelFails(chance.randint(1, 4), chance.random() < 0.4),
}
