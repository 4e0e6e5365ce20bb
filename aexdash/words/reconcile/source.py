"""The words for what a listing is beside the shop that it comes from. Pure functions; texts of shops stay plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from aexdash.clock import day_of
from aexdash.model import SourceWord
from aexdash.snapshot.matched.drifted import DriftedStore
from aexdash.snapshot.readmodels import SourceTold, WorkRow
from aexdash.words.common import SOURCE_WORDS, capital, day, moment, plural, span

Titles = Mapping[str, str]
"""The titles of shops by their keys."""

TO_DO: Mapping[SourceWord, str] = {
    SourceWord.FIXED: "push it to AliExpress again: what was measured is gone in the shop, and still stands here",
    SourceWord.DRAFT: "publish it in the shop, or take the listing off sale",
    SourceWord.ARCHIVED: "take the listing off sale, or bring the product back in the shop",
    SourceWord.HIDDEN: "make it visible in the shop, or take the listing off sale",
    SourceWord.UNPUBLISHED: "publish it on a channel, or take the listing off sale",
    SourceWord.ELSEWHERE: "publish it on the channel of AliExpress too",
    SourceWord.OUT_OF_STOCK: "refill the stock, or set the listing to 0 before somebody orders",
    SourceWord.PRICE: "push the price again, or mend the rule that makes it",
    SourceWord.TITLE: "push the title again, or leave it where it was written for AliExpress",
    SourceWord.PICTURE: "push the picture again: the listing was not changed since",
    SourceWord.FEEDBACK: "do what the channel asks for in the shop",
    SourceWord.MISSING: "find out who made the listing; name its SKU in the shop, or in a mapping file",
    SourceWord.PROBABLE: "write the SKU the same on both sides: only upper and lower case differ",
    SourceWord.AMBIGUOUS: "give each variant and each listing a SKU of its own, or name the pairs in a mapping file",
    SourceWord.NO_KEY: "give the listing a SKU code, or name it in a mapping file",
    SourceWord.NOT_KNOWN: "wait until listing and shop are read; aexdash shops says what is in the way of the shop",
    SourceWord.SAME: "nothing",
}
"""What to do about each, in one line."""

COMPARED: Mapping[SourceWord, str] = {
    SourceWord.FIXED: "What was mended",
    SourceWord.DRAFT: "State",
    SourceWord.ARCHIVED: "State",
    SourceWord.HIDDEN: "State",
    SourceWord.UNPUBLISHED: "Channels",
    SourceWord.ELSEWHERE: "Channels",
    SourceWord.OUT_OF_STOCK: "Stock",
    SourceWord.PRICE: "Price",
    SourceWord.TITLE: "Title",
    SourceWord.PICTURE: "Picture",
    SourceWord.FEEDBACK: "A channel asks",
    SourceWord.MISSING: "SKU",
    SourceWord.PROBABLE: "SKU",
    SourceWord.AMBIGUOUS: "SKU",
    SourceWord.NO_KEY: "SKU",
    SourceWord.NOT_KNOWN: "SKU",
}
"""What of a listing each difference is about."""


IN_SHOP: Mapping[SourceWord, str] = {
    SourceWord.FIXED: "fixed in {shop}",
    SourceWord.FEEDBACK: "a channel of {shop} asks",
    SourceWord.MISSING: "not in {shop}",
    SourceWord.NO_KEY: "no SKU code",
    SourceWord.NOT_KNOWN: "not known: {shop} not read",
}
"""How a difference is said with its shop, where that is more than its words and the shop."""


def chips(row: WorkRow, titles: Titles, now: datetime, zone: tzinfo = UTC) -> list[str]:
    """Say in a few words each what a listing is beside its shop; nothing where its store has none."""
    if row.source:
        return list(dict.fromkeys(chip(one, titles, now, zone) for one in row.source))
    return [SOURCE_WORDS[word] for word in row.source_words]


def chip(one: SourceTold, titles: Titles, now: datetime, zone: tzinfo = UTC) -> str:
    """Say one difference with the shop and since when: `draft in Front since 8 Mar`."""
    told = in_shop(one, titles)
    if percent := one.figures.get("percent"):
        told = f"{told} {percent}"
    if "many" in one.figures:
        told = f"{told} ({one.figures['many']} of {one.figures['of']} variants)"
    if one.since:
        told = f"{told} {since(one, now, zone)}"
    return f"{told}: push again" if one.word is SourceWord.FIXED else told


def in_shop(one: SourceTold, titles: Titles) -> str:
    """Say a difference with its shop: `draft in Front`, `not in Front`."""
    return IN_SHOP.get(one.word, f"{SOURCE_WORDS[one.word]} in {{shop}}").format(shop=titles.get(one.shop, one.shop))


def since(one: SourceTold, now: datetime, zone: tzinfo = UTC) -> str:
    """Say since when it is so there: the day it was seen by; *before* where it was so when the shop was first read."""
    if one.since is None:
        return ""
    today = day_of(one.since, zone) == day_of(now, zone)
    on_day = f"{one.since.astimezone(zone):%H:%M}" if today else day(one.since, zone)
    return f"since {'before ' if one.after is None else ''}{on_day}"


def clocks(one: SourceTold, zone: tzinfo = UTC) -> str:
    """Say between which two readings of the shop it came to be so."""
    if one.since is None:
        return ""
    if one.after is None:
        return f"so when first read, {moment(one.since, zone)}"
    return f"after {moment(one.after, zone)}, by {moment(one.since, zone)}"


def cells(row: WorkRow, titles: Titles) -> tuple[str, str]:
    """Return what an export says of a listing: its words, and each difference with both sides and its clock in UTC."""
    words = " | ".join(SOURCE_WORDS[word] for word in row.source_words)
    return words, told_words(row.source, titles)


def chip_plain(one: SourceTold, titles: Titles, zone: tzinfo = UTC) -> str:
    """Say one difference with its shop and both ends of what is known of since when."""
    when = f" ({clocks(one, zone)})" if one.since else ""
    return f"{in_shop(one, titles)}{when}"


def _sides(one: SourceTold) -> str:
    if one.here and one.there:
        return f": {one.there} there, {one.here} here"
    return f": {one.there or one.here}" if one.there or one.here else ""


def to_do(told: Sequence[SourceTold]) -> list[str]:
    """Say what to do about each kind of difference, once."""
    return [f"{SOURCE_WORDS[word]}: {TO_DO[word]}" for word in dict.fromkeys(one.word for one in told)]


def is_drift_known(stores: Sequence[DriftedStore]) -> bool | None:
    """Whether everything on sale in some stores could be compared with its shop; None: nothing could."""
    of, compared = (sum(getattr(one.counted, name) for one in stores) for name in ("of", "compared"))
    if not stores or (of and not compared):
        return None
    return bool(compared == of)


def drifted_words(stores: Sequence[DriftedStore], zone: tzinfo = UTC, *, only: str = "", drift: bool = True) -> str:
    """Say how many on sale are not so in their shop, of how many this could be told, and when the shop was read.

    `only` names what alone was asked for; else it is of what drifted, or of every difference. Where nothing could be
    compared it is not known.
    """
    found, of, compared = (sum(getattr(one.counted, name) for one in stores) for name in ("listings", "of", "compared"))
    if not stores:
        return "Not known: no store that is looked at has been compared with a shop."
    if of and not compared:
        return "Not known: no listing on sale could be compared with its shop yet."
    part = compared < of
    every = "that drifted from the shop" if drift else "that differ from the shop in anything"
    what = f"that are, beside the shop: {only}" if only else every
    number = f"{'At least ' if part else ''}{plural(found, 'listing')} on sale {what}"
    known = f", of {compared:,} of {of:,} that could be compared" if part else f", of {of:,}"
    reads = [one.counted.shop_read_at for one in stores]
    last = min((at for at in reads if at), default=None)
    read = f"shop last completely read {moment(last, zone)}" if last else "the shop was never completely read"
    return f"{number}{known}. {capital(read)}."


def told_words(told: Sequence[SourceTold], titles: Titles, zone: tzinfo = UTC) -> str:
    """Say all that differs of a listing, each with both sides and its clock."""
    return " | ".join(dict.fromkeys(f"{chip_plain(one, titles, zone)}{_sides(one)}" for one in told))


def push_words(
    since_at: datetime | None, seen_at: datetime | None, zone: tzinfo = UTC, *, not_compared: int = 0
) -> str:
    """Say what the tab *Fixed in the shop* is about, what to do, and for how long the first of it has waited.

    The wait ends with the last comparison, `seen_at`: time in which nobody read makes nothing older.
    """
    told = (
        "Changed in the shop since the rejection; what we measured is gone there and still stands at AliExpress: push "
        "it to AliExpress again from the shop. It stays in its lane."
    )
    if not_compared:
        told += f" Of {plural(not_compared, 'listing')} it is not known: not compared with a shop."
    if since_at is None:
        return told
    waited = f" (for {span(seen_at - since_at)} when last compared)" if seen_at and seen_at > since_at else ""
    return f"{told} The first waits since {moment(since_at, zone)}{waited}."
