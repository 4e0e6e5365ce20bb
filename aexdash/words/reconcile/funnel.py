"""The words for how far each SKU of a shop gets, and for what AliExpress has that the shop does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from typing import NamedTuple

from aexdash.reconcile.funnel import Bound, Counted, Funnel, FunnelStep, Lost, Step
from aexdash.reconcile.unmatched import ORDER, Unmatched, Unmatcheds
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

OF_SKU: Mapping[Fate, str] = {
    Fate.AMBIGUOUS: LOST_WORDS[Lost.AMBIGUOUS],
    Fate.NO_KEY: LOST_WORDS[Lost.NO_KEY],
    Fate.ALONE: LOST_WORDS[Lost.NOT_THERE],
}
"""Why a SKU of a shop is no listing."""

SETTLE: Mapping[Fate, str] = {
    Fate.AMBIGUOUS: "give it a SKU of its own on either side, or name the pair in a mapping file",
    Fate.NO_KEY: "give it a SKU code, or name it in a mapping file",
    Fate.UNREAD: "nothing: its detail is read in time, a held one first",
}
"""What to do about what could not be matched, on either side."""

OF_ALONE = {
    True: "push it; if it was pushed, ask the tool that does, and compare how the SKU is written",
    False: "find out who made it; name its SKU in the shop, or in a mapping file",
}
"""What to do about what is on one side alone: of a SKU of the shop (True), of a listing (False)."""

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
    if bound is Bound.NOT_KNOWN or (bound is Bound.AT_LEAST and not number):  # at least 0 would be read as 0
        return "not known"
    return f"{number:,}" if bound is Bound.EXACT else f"{bound} {number:,}"


def step_words(step: Step, days: int = 30) -> str:
    """Name a step."""
    return f"sold in {plural(days, 'day')}" if step is Step.SOLD else STEP_WORDS[step]


def read_words(one: FunnelStep, stores: int, zone: tzinfo = UTC) -> str:
    """Say when what a step is about was last read, of several stores the longest ago, and in how many of them."""
    source = SOURCES[one.step]
    if one.read.at is None:
        return f"{source}: not read" if one.step is not Step.SHOP else f"{source}: never completely read"
    if one.unread:
        return f"{source}: {moment(one.read.at, zone)}, in {stores - len(one.unread)} of {stores} stores"
    part = "" if one.read.whole else ", in part"
    return f"{source}: {moment(one.read.at, zone)}{part}"


def rows(funnel: Funnel, zone: tzinfo = UTC) -> Iterator[Row]:
    """Yield the lines of both directions, each step with what was lost at it before what passed it."""
    for one in funnel.steps:
        for why, counted in one.lost.items():
            yield Row(f"− {LOST_WORDS[why]}", counted_words(counted, one), "", LOST_TO_DO[why], why.value, is_loss=True)
        name = step_words(one.step, funnel.days)
        read = read_words(one, len(funnel.stores), zone)
        yield Row(name, counted_words(one.passed, one), read, "", one.step.value, is_loss=False)


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


def unread_words(funnel: Funnel) -> str:
    """Say that the SKU codes of some listings are not read yet, what follows of it, and what reads them."""
    unread = len(funnel.reverse.of[Fate.UNREAD])
    if not unread:
        return ""
    return (
        f"SKU codes of {unread:,} of {plural(funnel.reverse.total, 'listing')} are not read yet, because only their "
        "details tell them: each may be any SKU, so little is claimed from there on. Details are read beside every "
        "run, held listings first, within the limits of the store."
    )


def line_words(funnel: Funnel) -> str:
    """Say the steps in one line: `shop 40 → fit for the feed 38 → …`."""
    return " → ".join(f"{step_words(one.step, funnel.days)} {counted_words(one.passed, one)}" for one in funnel.steps)


def scope_words(funnel: Funnel, titles: Mapping[str, str] | None = None) -> str:
    """Say of which stores it is, and which have no shop; by their titles where these are given, else by their keys."""
    named = (titles or {}).get
    without = [named(key, key) for key in funnel.without_shop]
    lacking = f" {', '.join(without)} {'has' if len(without) == 1 else 'have'} no shop."
    of = ", ".join(named(key, key) for key in funnel.stores)
    return f"Of {of}.{lacking if without else ''}" if of else "No store that is looked at has a shop."


def why_unmatched(one: Unmatched) -> str:
    """Say why a SKU or a listing could not be matched; of an ambiguous SKU, on how many of either side its code is."""
    words = OF_SKU[one.why] if one.is_sku else FATE_WORDS[one.why]
    if one.why is Fate.AMBIGUOUS and one.is_sku:
        return f"{words}: on {plural(one.alike, 'variant')}, {plural(len(one.candidates), 'listing')}"
    return words


def settle_words(one: Unmatched) -> str:
    """Say what to do about what could not be matched; of what is not for sale in the shop, that this may be meant."""
    if one.why is not Fate.ALONE:
        return SETTLE[one.why]
    if one.is_sku and not one.is_for_sale:
        return "nothing, if it is not meant to be sold: it is not for sale in the shop"
    return OF_ALONE[one.is_sku]


def unmatched_words(found: Unmatcheds) -> str:
    """Say how many SKUs of the shops and how many listings could not be matched, by why, with what is claimed."""
    skus = _counted(found, OF_SKU, found.of_skus, is_sku=True)
    listings = _counted(found, FATE_WORDS, found.of_listings, is_sku=False)
    told = [f"SKUs of the shop: {skus}." if skus else "", f"Listings: {listings}." if listings else ""]
    whole = set(found.of_skus.values()) | {found.of_listings[Fate.ALONE]} <= {Bound.EXACT}
    none = "Every SKU of the shop is a listing, and every listing a SKU." if whole else "None so far, of what was read."
    return " ".join(filter(None, told)) or none


def _counted(found: Unmatcheds, words: Mapping[Fate, str], bounds: Mapping[Fate, Bound], *, is_sku: bool) -> str:
    many = Counter(one.why for one in found.rows if one.is_sku is is_sku)
    return ", ".join(f"{_so_far(many[fate], bounds[fate])} {words[fate]}" for fate in ORDER if many[fate])


def _so_far(number: int, bound: Bound) -> str:
    return f"{number:,} found so far" if bound is Bound.NOT_KNOWN else bound_words(number, bound)
