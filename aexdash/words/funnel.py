"""The words for how far each SKU of a shop gets, and for what AliExpress has that the shop does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from typing import NamedTuple

from aexdash.reconcile.funnel import Bound, Counted, Funnel, FunnelStep, Lost, Step
from aexdash.snapshot.matched.matching import Fate
from aexdash.words.common import moment, plural

STEP_WORDS: Mapping[Step, str] = {
    Step.SHOP: "in the shop",
    Step.FEED: "fit for the feed",
    Step.KNOWN: "AliExpress knows it",
    Step.AUDIT: "passed the audit",
    Step.ON_SALE: "on sale",
    Step.SOLD: "sold in 30 days",
}

SOURCES: Mapping[Step, str] = {
    Step.SHOP: "shop",
    Step.FEED: "validation file",
    Step.KNOWN: "AliExpress, every status",
    Step.AUDIT: "AliExpress, what is held",
    Step.ON_SALE: "AliExpress, what is on sale",
    Step.SOLD: "orders",
}
"""What each step was read of."""

LOST_WORDS: Mapping[Lost, str] = {
    Lost.NOT_FOR_SALE: "not for sale in the shop",
    Lost.NO_KEY: "without a SKU code or key",
    Lost.REFUSED: "refused by the feed's validation",
    Lost.NOT_THERE: "not at AliExpress",
    Lost.AMBIGUOUS: "ambiguous SKU",
    Lost.REJECTED: "rejected",
    Lost.IN_AUDIT: "in audit",
    Lost.OTHER: "in another status",
    Lost.TAKEN_DOWN: "taken down by AliExpress",
    Lost.OFFLINE: "offline",
    Lost.UNSOLD: "sold nothing",
}

LOST_TO_DO: Mapping[Lost, str] = {
    Lost.NOT_FOR_SALE: "publish it in the shop, if it is meant to be sold",
    Lost.NO_KEY: "give it a SKU code in the shop, or name it in a mapping file",
    Lost.REFUSED: "mend what the file says on the page Feed, and send it again",
    Lost.NOT_THERE: "push it; if it was pushed, ask the tool that does",
    Lost.AMBIGUOUS: "give each variant and each listing a SKU of its own",
    Lost.REJECTED: "fix it on the worklist",
    Lost.IN_AUDIT: "wait for AliExpress; stuck ones are to do on the worklist",
    Lost.OTHER: "open it in Seller Center",
    Lost.TAKEN_DOWN: "read why on the worklist, and appeal where it is wrong",
    Lost.OFFLINE: "put it on sale again, if it is meant to be sold",
    Lost.UNSOLD: "look at price, stock and pictures",
}

FATE_WORDS: Mapping[Fate, str] = {
    Fate.MATCHED: "in the shop too",
    Fate.PROBABLE: "in the shop, but for upper and lower case",
    Fate.AMBIGUOUS: "ambiguous SKU",
    Fate.NO_KEY: "without a SKU code",
    Fate.ALONE: "not known to the shop",
    Fate.UNREAD: "SKU codes not read yet",
}

UNITS = "Counted in SKUs of the shop, each once a store; what AliExpress has is counted in listings."


class Row(NamedTuple):
    """A line of the table: what, how many as words, when it was read, what to do, and the word that opens its ids."""

    what: str
    number: str
    read: str
    to_do: str
    opens: str
    is_loss: bool


def counted_words(counted: Counted, one: FunnelStep) -> str:
    """Say a number of a step with what it may claim; where that is nothing, what was found in what was read of it."""
    words, found = bound_words(len(counted.units), counted.bound), len(counted.units)
    if counted.bound is Bound.NOT_KNOWN and found and one.read.at is not None:
        return f"{words}, {found:,} found so far"
    return words


def bound_words(number: int, bound: Bound) -> str:
    """Say a number with what it may claim; of what is not known no number is said."""
    if bound is Bound.NOT_KNOWN:
        return "not known"
    return f"{number:,}" if bound is Bound.EXACT else f"{bound} {number:,}"


def step_words(step: Step, days: int = 30) -> str:
    """Name a step."""
    return f"sold in {plural(days, 'day')}" if step is Step.SOLD else STEP_WORDS[step]


def read_words(one: FunnelStep, zone: tzinfo = UTC) -> str:
    """Say when what a step is about was last read, of several stores the longest ago."""
    source = SOURCES[one.step]
    if one.read.at is None:
        return f"{source}: not read" if one.step is not Step.SHOP else f"{source}: never completely read"
    part = "" if one.read.whole else ", in part"
    return f"{source}: {moment(one.read.at, zone)}{part}"


def rows(funnel: Funnel, zone: tzinfo = UTC) -> Iterator[Row]:
    """Yield the lines of both directions, each step with what was lost at it before what passed it."""
    for one in funnel.steps:
        for why, counted in one.lost.items():
            yield Row(f"− {LOST_WORDS[why]}", counted_words(counted, one), "", LOST_TO_DO[why], why.value, is_loss=True)
        name = step_words(one.step, funnel.days)
        yield Row(name, counted_words(one.passed, one), read_words(one, zone), "", one.step.value, is_loss=False)


def reverse_rows(funnel: Funnel) -> Iterator[tuple[str, str, str]]:
    """Yield what AliExpress has: in words, how many, and the word that opens its ids."""
    told = funnel.reverse
    for fate in FATE_WORDS:
        if told.of[fate]:
            yield FATE_WORDS[fate], bound_words(len(told.of[fate]), told.bounds[fate]), f"there-{fate.value}"


def reverse_words(funnel: Funnel, zone: tzinfo = UTC) -> str:
    """Say what AliExpress has and how much of it the shop does not know."""
    told = funnel.reverse
    if told.bound is Bound.NOT_KNOWN:
        return "Not known what AliExpress has: it was not read."
    unknown = bound_words(len(told.of[Fate.ALONE]), told.bounds[Fate.ALONE])
    all_of = bound_words(told.total, told.bound)
    read = moment(told.read.at, zone)
    return f"AliExpress has {all_of} listings, read {read}; {unknown} of them the shop does not know."


def line_words(funnel: Funnel) -> str:
    """Say the steps in one line: `shop 40 → fit for the feed 38 → …`."""
    return " → ".join(f"{step_words(one.step, funnel.days)} {counted_words(one.passed, one)}" for one in funnel.steps)


def scope_words(funnel: Funnel) -> str:
    """Say of which stores it is, and which have no shop."""
    lacking = f" {', '.join(funnel.without_shop)} {'has' if len(funnel.without_shop) == 1 else 'have'} no shop."
    of = f"Of {', '.join(funnel.stores)}." if funnel.stores else "No store that is looked at has a shop."
    return f"{of}{lacking if funnel.without_shop and funnel.stores else ''}"
