"""What happens in a simulation, drawn from a seed as plain steps before anything is played.

Each step carries all that it needs and none depends on what another led to. So a story can be played without some of
its steps, which is how a failing one is made short, and reads as a list of sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from aexdash.demo.platform.faults import FaultKind
from aexdash.model import Status
from tests.simulation.disk import Damage

KEYS = ("lisbon", "madrid", "porto")
"""The stores of the home; so many of them as a story has."""

LISTINGS = 24
"""Listings that a store can have; the first twenty are there from the beginning."""

PEOPLE = ("Ana", "Bruno")

STATUSES = (Status.ACTIVE, Status.AUDITING, Status.REJECTED, Status.OFFLINE)


@dataclass(frozen=True)
class Wait:
    """Time passes; then each worker does what is due, rules are asked, and messages are sent."""

    minutes: int

    def __str__(self) -> str:
        length = f"{self.minutes / 60:.4g} hours" if self.minutes >= 60 else f"{self.minutes} minutes"
        return f"{length} pass, and the worker does what is due"


@dataclass(frozen=True)
class Move:
    """Listings come to be in a status, or are taken out of the store; at once, or while the next run of it reads."""

    store: str
    listings: tuple[int, ...]
    status: Status | None
    call: int | None = None

    def __str__(self) -> str:
        which = f"listing {self.listings[0]}" if len(self.listings) == 1 else f"{len(self.listings)} listings"
        when = "" if self.call is None else f" as the next run makes call {self.call}"
        return f"{self.store}: {which} {f'to {self.status}' if self.status else 'out of the store'}{when}"


@dataclass(frozen=True)
class Fault:
    """AliExpress errs at the next run of a store, at some of its calls."""

    store: str
    kind: FaultKind
    value: float
    lists: bool
    after: int
    times: int

    def __str__(self) -> str:
        calls = "calls for lists" if self.lists else "calls"
        return f"AliExpress errs at {self.store}: {self.kind}, {self.times} {calls} after {self.after}"


@dataclass(frozen=True)
class SetClock:
    """This machine's clock is so many seconds off the true time from now on; `told`: AliExpress' answers show it."""

    seconds: int
    told: bool

    def __str__(self) -> str:
        return f"the clock is {self.seconds} s off, which the answers {'show' if self.told else 'do not show'}"


@dataclass(frozen=True)
class KillAtCall:
    """The process is killed at a call of the next run of a store: before it is answered, or before we hear of it."""

    store: str
    call: int
    answered: bool

    def __str__(self) -> str:
        heard = "answered, and we do not hear of it" if self.answered else "not answered"
        return f"the worker will be killed at call {self.call} of {self.store} ({heard})"


@dataclass(frozen=True)
class DiskFails:
    """The disk fails at one of the writes that follow: of the worker, or of people."""

    damage: Damage
    after: int
    times: int

    def __str__(self) -> str:
        return f"the disk is {self.damage} after {self.after} writes" + (f", {self.times} times" if self.times else "")


@dataclass(frozen=True)
class Decide:
    """Somebody decides on held listings, as she sees them now or as she saw them when she last looked."""

    who: str
    what: str
    chosen: tuple[int, ...]
    stale: bool = False
    again: bool = False

    def __str__(self) -> str:
        how = " on a page of before" if self.stale else ""
        return f"{self.who}: {self.what} on {len(self.chosen)} of the list{how}{', sent twice' if self.again else ''}"


@dataclass(frozen=True)
class Undo:
    """Somebody undoes the latest change."""

    who: str

    def __str__(self) -> str:
        return f"{self.who}: undo"


@dataclass(frozen=True)
class AskSync:
    """Somebody presses *sync now*."""

    store: str
    kind: str

    def __str__(self) -> str:
        return f"somebody asks for a {self.kind} of {self.store}"


@dataclass(frozen=True)
class OtherProcess:
    """A second process syncs a store, as `aexdash sync` does; `call`: it tries to while the next run reads."""

    store: str
    kind: str
    call: int | None = None

    def __str__(self) -> str:
        when = "now" if self.call is None else f"as the next run makes call {self.call}"
        return f"a second process begins a {self.kind} of {self.store} {when}"


@dataclass(frozen=True)
class Restart:
    """The worker ends in good order, and another one begins."""

    def __str__(self) -> str:
        return "the worker is restarted"


@dataclass(frozen=True)
class ChannelFails:
    """The receiver of alerts takes no message so many times; `lost`: it takes it and says that it did not."""

    times: int
    lost: bool

    def __str__(self) -> str:
        return f"{self.times} messages {'arrive, and we are told they did not' if self.lost else 'are refused'}"


@dataclass(frozen=True)
class AllIsWell:
    """Nothing goes wrong any more: clock, disk, AliExpress and the receiver are well, and the worker begins anew."""

    def __str__(self) -> str:
        return "from now on all is well"


@dataclass(frozen=True)
class OldFiles:
    """The home comes from an older version: its snapshot and its desk are of these numbers (0: there is none)."""

    snapshot: int
    desk: int

    def __str__(self) -> str:
        return f"the files are of an older version: snapshot {self.snapshot or 'none'}, desk {self.desk or 'none'}"


Step = (
    Wait
    | Move
    | Fault
    | SetClock
    | KillAtCall
    | DiskFails
    | Decide
    | Undo
    | AskSync
    | OtherProcess
    | Restart
    | ChannelFails
    | AllIsWell
    | OldFiles
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


_CALM = {"day": 56, "move": 26, "flood": 2, "decide": 6, "fault": 4, "call": 1, "restart": 1, "undo": 1, "other": 1}
_CALM |= {"clock": 1, "write": 1}
_ROUGH = {"wait": 30, "move": 22, "during": 5, "flood": 3, "fault": 10, "clock": 3, "call": 5, "write": 8, "full": 4}
_ROUGH |= {"decide": 12, "undo": 2, "ask": 2, "other": 4, "meet": 2, "restart": 2, "channel": 3}


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
    "channel": lambda chance, _: ChannelFails(chance.randint(1, 4), chance.random() < 0.4),
}
