"""What a number may claim, in words and as facts for scripts. Every surface that shows a number asks here.

Pages, commands, exports and messages have no sentences of their own on who read a number, when, and of how much, so
that none can claim more than was read. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from aexdash.clock import DAY, day_of, to_text
from aexdash.snapshot import beacon
from aexdash.snapshot.store_rows import Freshness
from aexdash.statement import Claim, Reach, StoreReading
from aexdash.words.common import capital, day, freshness_line, moment, plain, plural, span, trouble

NOT_READ_YET = "not read yet"
AT_LEAST = "at least "
NONE_SEEN = "none seen"
NOT_KNOWN = "not known"
MOST_NAMES = 3
"""The most stores that are named in one line; of more, the number is said."""


def least_words(words: str, none: str = NOT_KNOWN) -> str:
    """Say a number, given in words, that may be larger: `at least 5`.

    Of a zero that would say nothing, and be read as the healthy one: there it is `none`.
    """
    return none if words.partition(" ")[0] == "0" else f"{AT_LEAST}{words}"


def count_words(words: str, reach: Reach) -> str:
    """Say what was counted in a window, given in words: `5`, or what may be said where not all of it was read."""
    return least_words(words, _none_words(reach)) if reach.unread else words


def _none_words(reach: Reach) -> str:
    return "not read" if reach.is_window_unread else NONE_SEEN


def entered_and_left(entered: int, left: int, reach: Reach, *, bold: bool = False) -> tuple[str, str]:
    """Say what entered and what left, as the terms of a sum: `5 entered`, `at least 5 entered`, `none seen entering`.

    `bold`: the numbers stand out.
    """
    terms = ((entered, "entered", "entering"), (left, "left", "leaving"))
    first, second = (_moved(count, reach, *words, bold=bold) for count, *words in terms)
    return first, second


def _moved(count: int, reach: Reach, moved: str, moving: str, *, bold: bool) -> str:
    number = f"**{count:,}**" if bold else f"{count:,}"
    if count or reach.is_window_read:
        return f"{'' if reach.is_window_read else AT_LEAST}{number} {moved}"
    return f"an unknown number {moved}" if reach.is_window_unread else f"{NONE_SEEN} {moving}"


def claim_words(reach: Reach, *, was: str = "", zone: tzinfo = UTC, listed: bool = False) -> str:
    """Say in one line what a number does not speak for; empty where it is known of everything that was asked.

    `was` is the number when the stores were last read, in words, for a moment that nobody read. Moments are written in
    `zone` and name it. `listed`: it counts rows of a list, which has what was seen of stores that were partly read.
    """
    late = copy_words(reach) if is_copy_late(reach) else ""
    part = part_words(reach, zone, listed=listed)
    parts = [_gap(reach, was, zone), _behind(reach, zone), part, _unread(reach), late]
    return " · ".join(part for part in parts if part)


def copy_words(reach: Reach) -> str:
    """Say how far the copy that a number was read from is behind the worker's file; empty where it is no copy."""
    behind = reach.copy_behind
    if behind is None:
        return ""
    return "replica of unknown age" if behind == timedelta.max else f"replica {span(behind)} behind"


def _on_its_way(reach: Reach) -> str:
    """Return `copy_words` of a copy that is not late; of one that is, `claim_words` has them already."""
    return "" if is_copy_late(reach) else copy_words(reach)


def is_copy_late(reach: Reach) -> bool:
    """Whether a copy is further behind than what is always on its way."""
    return beacon.is_late(reach.copy_behind)


def read_words(
    reach: Reach, zone: tzinfo = UTC, *, was: str = "", notes: Sequence[str] = (), listed: bool = False
) -> str:
    """Say who read a number, when, and of how much: `Read 9 Mar 2026 12:00 UTC, 2 stores.`, and what is lacking.

    For who sees the number without a page around it. `notes` are what else limits it; `was` and `listed` are as in
    `claim_words`. Moments are written in `zone` and name it. Of a past moment it says `Read then`: readings speak for
    it, and it is seldom the moment of one of them.
    """
    stores = "" if reach.missing else f", {plural(len(reach.read), 'store')}"  # of a part, what is lacking says it
    when = "then" if reach.moment else moment(reach.read_at, zone)
    read = f"read {when}{stores}" if reach.read else ""
    said = (read, claim_words(reach, was=was, zone=zone, listed=listed), _on_its_way(reach), *notes)
    parts = dict.fromkeys(part.rstrip(".") for part in said if part)
    return f"{capital(' · '.join(parts) or NOT_READ_YET)}."


def _gap(reach: Reach, was: str, zone: tzinfo) -> str:
    """Say of a moment that no store's reading covers between which readings it lies, and what was read last."""
    words, last = not_read_words(reach, was, zone), _last_read(reach)
    before = f", {span(reach.moment - last)} before" if words and was and last and reach.moment else ""
    return f"{words}{before}"


def _last_read(reach: Reach) -> datetime | None:
    """Return the latest of the readings after which a number was not read: of the shop where that alone was not."""
    after = ((one.shop_read_at if one.but_shop else one.read_at) for one in reach.readings)
    return max((at for at in after if at), default=None)


def _behind(reach: Reach, zone: tzinfo) -> str:
    stores = [one for one in reach.behind if not one.but_shop]
    shops = [one for one in reach.behind if one.shop_read_at]
    return " · ".join(part for part in (_stores_behind(stores, reach, zone), _shops_behind(shops, reach, zone)) if part)


def _stores_behind(stores: Sequence[StoreReading], reach: Reach, zone: tzinfo) -> str:
    if not stores:
        return ""
    since = min(one.read_at for one in stores if one.read_at)
    partly = all(one.partly for one in stores)
    words = f"{'only partly read since' if partly else 'not read since'} {moment(since, zone)}"
    if len(stores) == len(reach.readings):
        return words
    return f"{len(stores)} of {len(reach.readings)} stores {words}: {names(stores)}"


def _shops_behind(shops: Sequence[StoreReading], reach: Reach, zone: tzinfo) -> str:
    if not shops:
        return ""
    since = min(one.shop_read_at for one in shops if one.shop_read_at)
    whose = "" if len(reach.readings) == 1 else f" of {names(shops)}"
    return f"{_shops(len(shops))}{whose} not read since {moment(since, zone)}"


def _shops(count: int) -> str:
    return "shop" if count == 1 else "shops"


def _first(stores: Sequence[StoreReading], zone: tzinfo) -> str:
    moments = {one.first_read_at for one in stores}
    return moment(moments.pop(), zone) if len(moments) == 1 else "later"


def part_words(reach: Reach, zone: tzinfo = UTC, *, listed: bool = False) -> str:
    """Say of which stores a known number is, and why not of the others; nothing where it is of all.

    `listed` is as in `claim_words`.
    """
    if not reach.missing or not reach.read:
        return ""
    later = [one for one in reach.missing if one.first_read_at]
    never = [one for one in reach.missing if one.read_at is None and not (one.partly or one.first_read_at)]
    partly = _only_partly(reach)
    shops = [one for one in reach.missing if one.but_shop]
    gap = [one for one in reach.missing if one.read_at is not None and not one.but_shop]
    words = [f"{names(never)}: {NOT_READ_YET}"] if never else []
    words += [f"{names(later)}: first read {_first(later, zone)}, nothing is known before"] if later else []
    words += [f"{names(partly)}: only partly read so far"] if partly else []
    words += [f"{names(gap)}: not read then"] if gap else []
    words += [f"{_shops(len(shops))} of {names(shops)}: not read then"] if shops else []
    where = f"in {len(reach.read)} of {len(reach.readings)} stores{_and_parts(reach) if listed else ''}"
    return f"{where} · {' · '.join(words)}"


def _and_parts(reach: Reach) -> str:
    """Say that a list has what was seen of stores that were only partly read; nothing where there are none."""
    parts = len(_only_partly(reach))
    return f" and in parts of {parts} more" if parts else ""


def _only_partly(reach: Reach) -> list[StoreReading]:
    return [one for one in reach.missing if one.read_at is None and one.partly]


def _unread(reach: Reach) -> str:
    return _of_window(reach.read)


def _of_window(stores: Sequence[StoreReading]) -> str:
    """Say how much of a window was read of some stores; which of them it is, where others were read throughout."""
    some = [one for one in stores if one.unread and one.window]
    if not some:
        return ""
    missed = max(_of_days(one.unread) for one in some)
    whole = max(_of_days(one.window[1] - one.window[0]) for one in stores if one.window)
    read = span(max(whole - missed, timedelta()))
    if missed >= whole:
        words = f"{span(whole)} not read"
    elif read == span(whole):
        words = f"all but {span(missed)} of {read} read"
    else:
        words = f"{read} of {span(whole)} read"
    return words if len(some) == len(stores) else f"{words} in {names(some)}"


def _of_days(length: timedelta) -> timedelta:
    """Return the length of whole days as if each had 24 hours: one on which clocks are changed is a day as well."""
    nearest = timedelta(days=round(length / DAY))
    return nearest if nearest >= 2 * DAY and abs(length - nearest) <= timedelta(hours=1) else length


def so_far_words(read_until: datetime | None, first: date, zone: tzinfo = UTC) -> str:
    """Say of an hour, day or week that was not read to its end how far it was: `so far, to 14:05`.

    The time is that of the clocks of `zone`. `first` is the day there on which it began; that of the reading is named
    where it is another.
    """
    if read_until is None:
        return "so far"
    named = "" if day_of(read_until, zone) == first else f"{day(read_until, zone)} "
    return f"so far, to {named}{read_until.astimezone(zone):%H:%M}"


def unread_words(reach: Reach) -> str:
    """Say how much of a window was read: `26 d of 30 d read`; nothing where all of it was."""
    return _of_window(reach.readings)


def as_last_read_words(reach: Reach, zone: tzinfo = UTC) -> str:
    """Say of a stock at a moment which stores it contains as last read, and when; nothing where it has none such."""
    gap = [one for one in reach.missing if one.read_at]
    if not gap or not reach.read:
        return ""
    return f", {names(gap)} as last read {moment(min(one.read_at for one in gap if one.read_at), zone)}"


def not_read_words(reach: Reach, was: str = "", zone: tzinfo = UTC) -> str:
    """Say of a moment that no reading covers where it lies: `not read between … and …`; else nothing.

    `was` is the number when the stores were last read, in words. Moments are written in `zone` and name it.
    """
    last = _last_read(reach)
    if reach.read:
        return ""
    if last is None:
        return "only partly read so far" if any(one.partly for one in reach.readings) else NOT_READ_YET
    again = min((one.read_again_at for one in reach.readings if one.read_again_at), default=None)
    from_then = moment(last, zone)
    words = f"not read between {from_then} and {moment(again, zone)}" if again else f"not read since {from_then}"
    words = f"{_shops(len(reach.readings))} {words}" if all(one.but_shop for one in reach.readings) else words
    return f"{words} · was {was} when last read" if was else words


def first_read_words(count: int, at: datetime, zone: tzinfo = UTC) -> str:
    """Say what was there at a first reading, which nobody saw come: `5 were there when first read, …`."""
    were = "nothing was held" if not count else f"{count:,} {'was' if count == 1 else 'were'} there"
    return f"{were} when first read, {moment(at, zone)}; nothing is known before"


def of_days_read(read: int, asked: int) -> str:
    """Say of how many days something is, where not all of those asked for were read: ` of the 26 days read`."""
    return "" if read >= asked else f" of the {plural(read, 'day')} read"


def when_opened(figure: str) -> str:
    """Say what a number was when an alert on it opened."""
    return f"was {figure} when it opened"


def names(stores: Sequence[StoreReading]) -> str:
    """Name some stores; of many, how many they are."""
    if len(stores) > MOST_NAMES:
        return f"{len(stores)} stores"
    return ", ".join(one.title or one.store for one in stores)


def when_words(reach: Reach, zone: tzinfo = UTC) -> str:
    """Return what follows a stock that is not of the moment asked for: ` when last read, 9 Mar …`; else nothing.

    Where some of several stores are behind, it is not the stock of one moment; after a partial reading neither. The
    moment is written in `zone` and names it.
    """
    if not reach.behind:
        return ""
    if any(one.partly for one in reach.behind):
        return ", not confirmed"
    several = len(reach.behind) < len(reach.readings)
    return " when last read" if several else f" when last read, {moment(reach.read_at, zone)}"


def moment_words(reach: Reach, zone: tzinfo = UTC) -> str:
    """Return the moment that a list is of, to follow how many are listed: `now`, `at 9 Mar …`, `when last read, …`.

    Unlike other numbers, a list of a past moment has the listings of stores that were not read then, as last read.
    """
    if not reach.read:
        last = _last_read(reach)
        return f"when last read, {moment(last, zone)}" if last else NOT_READ_YET
    if reach.behind:
        return when_words(reach, zone).lstrip(" ,")
    listed = sum(one.read_at is not None for one in reach.readings)
    where = f"in {listed} of {len(reach.readings)} stores" if listed < len(reach.readings) else ""
    where += _and_parts(reach)
    if reach.moment:
        return f"at {moment(reach.moment, zone)}{as_last_read_words(reach, zone)} {where}".rstrip()
    return where or "now"


def brief_words(reach: Reach, *, listed: bool = False) -> str:
    """Return what follows a number beside others of the same reach, which say the rest: ` when last read`, or nothing.

    At a past moment that was read nothing follows either. `listed` is as in `claim_words`.
    """
    if reach.behind:
        return ", not confirmed" if any(one.partly for one in reach.behind) else " when last read"
    parts = _and_parts(reach) if listed else ""
    return f" in {len(reach.read)} of {len(reach.readings)} stores{parts}" if reach.missing else ""


def slug(reach: Reach) -> str:
    """Return what a number may claim as a word for a file's name, `not-read-since`; empty where it is known."""
    if reach.claim is Claim.NOT_READ_SINCE and not reach.read:
        return "not-read-then"
    return "" if reach.is_whole else reach.claim.value.replace(" ", "-")


def row_claims(reach: Reach) -> dict[str, str]:
    """Return by store what a row of a list may claim: *known*, or that its store was not read since, or not then.

    A store that was never completely read has rows where a part of it was.
    """
    late = Claim.NOT_READ_SINCE.value if reach.moment is None else "not read then"
    begun = {one.store: late if one.read_at else "only partly read" for one in reach.readings}
    return begun | {one.store: Claim.KNOWN.value for one in reach.readings if one.current}


def current_line(reach: Reach, freshness: Freshness, now: datetime, zone: tzinfo = UTC) -> str:
    """Say in the top bar how current the page is; of several stores that are not all current, which are not."""
    if not _some_of_several(reach, freshness):
        return " · ".join(filter(None, (freshness_line(freshness, now, zone), copy_words(reach))))
    said = f"{_current(reach)} of {len(reach.readings)} stores current · {claim_words(reach, zone=zone)}"
    return " · ".join(filter(None, (said, _on_its_way(reach))))


def trouble_of(reach: Reach, freshness: Freshness, now: datetime, zone: tzinfo = UTC) -> tuple[str, str] | None:
    """Name what is wrong with how current the page is and what still holds; None when nothing is.

    Of several stores it names those that are silent or were never read: the numbers of the others stand.
    """
    if not _some_of_several(reach, freshness):
        return trouble(freshness, now, zone)
    said = f" {plain(freshness.message)}" if freshness.message else ""
    words = plain(claim_words(reach, zone=zone))
    title = f"{_current(reach)} of {len(reach.readings)} stores are current"
    return title, f"{capital(words)}.{said} See Health."


def _some_of_several(reach: Reach, freshness: Freshness) -> bool:
    behind = len(reach.readings) > 1 and bool(reach.read) and not reach.is_whole
    return behind and freshness.state not in ("ahead", "archived")


def _current(reach: Reach) -> int:
    return len(reach.read) - len(reach.behind)


def facts(reach: Reach) -> dict[str, Any]:
    """Return what a number may claim as plain values: for `--json`, webhooks, and exports."""
    return {
        "claim": reach.claim.value,
        "read_at": _text(reach.read_at),
        "stores": {
            "asked": len(reach.readings),
            "read": len(reach.read),
            "not_read": [one.store for one in reach.missing],
            "behind": {one.store: _text(one.is_of) for one in reach.behind},
        },
        "unread_seconds": round(reach.unread.total_seconds()),
        "was": reach.was,
        **_of_copy(reach),
    }


def _of_copy(reach: Reach) -> dict[str, Any]:
    """Return how far a copy is behind, in seconds, null where that cannot be told; nothing where it is no copy."""
    behind = reach.copy_behind
    if behind is None:
        return {}
    return {"replica_behind_seconds": None if behind == timedelta.max else round(behind.total_seconds())}


def _text(at: datetime | None) -> str | None:
    return to_text(at) if at else None
