"""What can happen in a simulation, one plain step each.

Each step carries all that it needs and none depends on what another led to. So a story can be played without some of
its steps, which is how a failing one is made short, and reads as a list of sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

from aexdash.demo.platform.faults import FaultKind
from aexdash.model import Status
from tests.simulation.disk import Damage

KEYS = ("lisbon", "madrid", "porto")
"""The stores of the home; so many of them as a story has."""

LISTINGS = 24
"""Listings that a store can have; the first twenty are there from the beginning."""

PEOPLE = ("Ana", "Bruno")

STATUSES = (Status.ACTIVE, Status.AUDITING, Status.REJECTED, Status.OFFLINE)

SHOPS = ("quay", "mill")
"""The shops of the home, in no older file: one speaks Shopify's protocol, the other BigCommerce's."""

PRODUCTS = 10
"""Products that a shop can have, of one or two variants; the first seven are there from the beginning."""


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
    """The process is killed at a call of the next run of a store, or of the next reading of a shop: before it is
    answered, or before we hear of it.
    """

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
class ChangeGoods:
    """Products of a shop get another number in stock, price or state, or are taken out, or put in again.

    At once, or while the next reading of that shop makes a call.
    """

    shop: str
    products: tuple[int, ...]
    what: str
    number: int = 0
    call: int | None = None

    def __str__(self) -> str:
        when = "" if self.call is None else f" as its next reading makes call {self.call}"
        return f"{self.shop}: {len(self.products)} products get another {self.what}, {self.number}{when}"


@dataclass(frozen=True)
class ShopErrs:
    """A shop errs at its next reading, at so many calls where it is about calls."""

    shop: str
    what: str
    times: int = 1

    def __str__(self) -> str:
        return f"the shop {self.shop} errs: {self.what}, {self.times} times"


@dataclass(frozen=True)
class Deliver:
    """A validation file of the feed comes into the folder of a store, or one of before leaves it.

    `how`: dropped on the page, laid down whole by another program, written by one that has got half way, an earlier
    content under another name, or no table at all.
    """

    store: str
    how: str
    rows: int = 3

    def __str__(self) -> str:
        return f"{self.store}: a validation file of {self.rows} rows, {self.how}"


@dataclass(frozen=True)
class SecondWorker:
    """Another worker is begun and waits for its turn; `call`: while the next run of a store makes that call."""

    store: str = ""
    call: int | None = None

    def __str__(self) -> str:
        when = "" if self.call is None else f" as the next run of {self.store} makes call {self.call}"
        return f"a second worker is begun{when}"


@dataclass(frozen=True)
class OtherProcess:
    """A second process syncs a store or reads a shop, as commands do; `call`: while the next run or reading goes on."""

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
    | ChangeGoods
    | ShopErrs
    | Deliver
    | SecondWorker
)
