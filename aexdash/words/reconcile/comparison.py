"""The words for a comparison with Seller Center: what it came to, why something differs, what to do. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from aexdash.clock import day_of, from_text
from aexdash.model import HELD, Status
from aexdash.reconcile.kept import SPEAKS, Kept
from aexdash.reconcile.model import Bridge, Difference, Kind, Outcome, Reason, Reconciliation, Step, StoreRead, Why
from aexdash.words.common import STATUS_WORDS, capital, day, moment, of_zone, plural

KIND_WORDS: Mapping[Kind, str] = {
    Kind.ONLY_HERE: "only here",
    Kind.ONLY_THERE: "only there",
    Kind.STATUS: "status differs",
    Kind.REPEATED: "another row of a listing",
    Kind.UNREADABLE: "names no listing",
}

WHY_WORDS: Mapping[Why, str] = {
    Why.SCOPE: "different scope or filter",
    Why.MOVED: "deleted or moved since",
    Why.NEWER: "newer than our reading",
    Why.GROUPING: "rejected and in audit apart",
    Why.VARIANT: "a row a variant",
    Why.UNEXPLAINED: "unexplained",
}

TO_DO: Mapping[Why, str] = {
    Why.SCOPE: "Clear the filter there, or choose the same store and statuses here, and compare again.",
    Why.MOVED: "Nothing: their list is older than its moment, or Seller Center shows it late. Export it anew to see.",
    Why.NEWER: "Nothing where a reading shows it; else compare again after the next reading.",
    Why.GROUPING: "Nothing: add up both tabs there, or compare with one status here.",
    Why.VARIANT: "Nothing: count listings there, not rows.",
    Why.UNEXPLAINED: "Open it in Seller Center; if it is as they say, ask for a sync and keep this as proof.",
}
"""What to do about each explanation."""

MOST_NAMES = 3
"""The most stores that are named in one line."""

AGREE = (Outcome.AGREES, Outcome.PART)

WAITS = "Compare again after the next reading."

NUMBERS_ONLY = "Numbers alone were compared: what would explain them is said, and proves nothing. A list of ids tells."


def at_words(at: datetime, zone: tzinfo = UTC, *, beside: datetime | None = None) -> str:
    """Write the moment of a list: its time alone where it is of the day of `beside`, else with its day."""
    time = f"{at.astimezone(zone):%H:%M}{of_zone(zone)}"
    return time if beside is not None and day_of(at, zone) == day_of(beside, zone) else f"{day(at, zone)} {time}"


def listed_words(statuses: Sequence[Status]) -> str:
    """Name what a list shows: `held`, or its statuses."""
    if set(statuses) == set(HELD):
        return "held"
    return ", ".join(STATUS_WORDS[status] for status in statuses)


def outcome_words(outcome: Outcome, differs_by: int, *, numbers: bool = False) -> str:
    """Say in a few words what a comparison came to, to go before *Seller Center of …* or alone.

    `numbers`: no ids were compared, so that the counts alone agree.
    """
    agrees = "count agrees" if numbers else "agrees"
    unexplained = "count differs by {:,}" if numbers else "differs by {:,}, not all explained"
    return {
        Outcome.AGREES: agrees,
        Outcome.PART: f"{agrees} in part",
        Outcome.EXPLAINED: f"differs by {differs_by:,}, explained",
        Outcome.WAITING: f"differs by {differs_by:,}, the next reading tells",
        Outcome.POSSIBLE: f"differs by {differs_by:,}, perhaps explained",
        Outcome.UNEXPLAINED: unexplained.format(differs_by),
        Outcome.NOT_KNOWN: "not known: not read then",
    }[outcome]


def heading(result: Reconciliation, zone: tzinfo = UTC) -> str:
    """Say what a comparison came to, with what and of which moment it is."""
    with_whom = f"Seller Center of {moment(result.at, zone)}"
    words = capital(outcome_words(result.outcome, result.differs_by, numbers=result.numbers))
    waits = sum(not one.reason.sure for one in result.differences)
    if result.outcome is Outcome.WAITING and waits < len(result.differences):
        words += f" of {waits:,}"
    if result.outcome in AGREE:
        return f"{words} with {with_whom}"
    return f"{words} · {with_whom}"


def hero_words(kept: Kept, at: datetime, zone: tzinfo = UTC, *, present: bool = True) -> str:
    """Say in little room of which moment a comparison is, and what it came to: `12:00: agrees with Seller Center`.

    Where it does not speak for the present, or for `at` any more, in the past tense. The moment stands first, for what
    is last in a line is cut where there is no room.
    """
    words = outcome_words(kept.outcome, kept.differs_by, numbers=kept.numbers)
    if not (present and speaks_for(kept, at)):
        words = words.replace("agrees", "agreed").replace("differs", "differed")
    when = at_words(kept.at, zone, beside=at)
    return f"{when}: {words}{' with Seller Center' if kept.outcome in AGREE else ''}"


def speaks_for(kept: Kept, at: datetime) -> bool:
    """Whether the list of a comparison is young enough to speak for a moment."""
    return at - kept.at <= SPEAKS


def claim_words(result: Reconciliation, zone: tzinfo = UTC) -> str:
    """Say who read our side, when, and of how much of what was asked."""
    known = [one for one in result.stores if one.known]
    unknown = [one for one in result.stores if not one.known]
    parts = [f"Our side: {_read(known, zone)}"] if known else []
    if unknown:
        parts.append(f"not read at that moment: {_unread(unknown, zone)}")
    if result.not_known:
        parts.append(f"so nothing is said of {plural(result.not_known, 'row')}")
    if result.numbers and known:
        parts.append("no ids were compared")
    return capital(" · ".join(parts)) + "." if parts else "No store was read at that moment, so nothing is said."


def _read(known: Sequence[StoreRead], zone: tzinfo) -> str:
    read = min((one.read_at for one in known if one.read_at), default=None)
    again = [one.read_again_at for one in known]
    later = max((at for at in again if at), default=None) if all(again) else None
    next_words = f"next {moment(later, zone)}" if later else "not read again since"
    return f"read {moment(read, zone)}, {next_words}"


def _unread(stores: Sequence[StoreRead], zone: tzinfo) -> str:
    """Name the stores that nobody read at a moment, each with the readings before and after it."""
    told = []
    for one in stores[:MOST_NAMES]:
        before = f"last before {moment(one.read_at, zone)}" if one.read_at else "never before"
        after = f"next {moment(one.read_again_at, zone)}" if one.read_again_at else "not since"
        told.append(f"{one.title or one.store} ({before}, {after})")
    return ", ".join(told) + ("" if len(stores) <= MOST_NAMES else f" and {len(stores) - MOST_NAMES:,} more")


def step_words(step: Step, zone: tzinfo = UTC) -> str:
    """Name a term of a bridge: `deleted or moved since`, `may be newer than our reading`."""
    words = WHY_WORDS[step.why]
    if step.why is Why.UNEXPLAINED or step.sure:
        return words
    return f"perhaps {words}{_of_detail(step.detail, zone)}"


def bridge_words(bridge: Bridge, zone: tzinfo = UTC) -> str:
    """Write the sum from their number to ours: `6 there − 1 deleted or moved since = 5 here`."""
    if bridge.ours is None:
        return f"{capital(listed_words(bridge.statuses))}: {bridge.theirs:,} there, not known here"
    terms = [f"{_sign(step.delta)} {abs(step.delta):,} {step_words(step, zone)}" for step in bridge.steps if step.delta]
    equal = [
        f"{step.count:,} {step_words(step, zone)}, which changes no sum" for step in bridge.steps if not step.delta
    ]
    terms = [f"{capital(listed_words(bridge.statuses))}: {bridge.theirs:,} there", *terms]
    return " · ".join([f"{' '.join(terms)} = {bridge.ours:,} here", *equal])


def _sign(delta: int) -> str:
    return "+" if delta > 0 else "−"


def _of_detail(detail: str, zone: tzinfo = UTC) -> str:
    what, _, value = detail.partition(" ")
    if what == "since":
        return f" (it was so from {moment(from_text(value), zone)})"
    if what == "status":
        return f" ({STATUS_WORDS.get(value, value)})"
    return f" ({detail})" if detail else ""


def difference_words(one: Difference, zone: tzinfo = UTC) -> str:
    """Say of one difference why it is, in a sentence with the moments that it rests on."""
    reason = one.reason
    status = STATUS_WORDS.get(_value(reason), _value(reason))
    match reason.why:
        case Why.SCOPE:
            words = _scope_words(one)
        case Why.MOVED:
            words = f"{capital(status)} here {_since(reason, zone)}: their list shows what was before."
        case Why.NEWER:
            words = _newer_words(reason, status, zone)
        case Why.GROUPING:
            words = f"{capital(status)} here; Seller Center keeps the two apart."
        case Why.VARIANT:
            words = "Another row of the same listing: a row a variant, or the row twice."
        case _:
            words = f"{capital(reason.detail)}." if reason.detail else _unexplained_words(one)
    return words


def _unexplained_words(one: Difference) -> str:
    if one.kind is Kind.ONLY_THERE and not one.store:
        return "No reading ever showed it: another seller's, or gone before the first reading."
    return "Nothing that was read explains it."


def _newer_words(reason: Reason, status: str, zone: tzinfo) -> str:
    read = moment(reason.after, zone)
    if not reason.sure:
        return f"Their list is newer than our last reading, {read}: the next one tells."
    return f"Read at {read} and again at {moment(reason.by, zone)}: then {status}, as they say."


def _scope_words(one: Difference) -> str:
    what, _, value = one.reason.detail.partition(" ")
    if what == "status":
        value = STATUS_WORDS.get(value, value)
    if one.kind is Kind.ONLY_HERE:
        return f"Their list has nothing of {what} {value}: a filter, or another tab."
    if what == "store":
        return f"It is of store {value}, which is not compared."
    return f"Their list shows what is {value} too."


def _value(reason: Reason) -> str:
    return reason.detail.partition(" ")[2]


def _since(reason: Reason, zone: tzinfo) -> str:
    """Say since when it is so, with both ends of what is known of the move."""
    not_yet = f", not yet at {moment(reason.after, zone)}" if reason.after else ""
    return f"since {moment(reason.by, zone)}{not_yet}"


def to_do(one: Difference) -> str:
    """Say what to do about a difference."""
    return TO_DO[one.reason.why] if one.reason.sure else WAITS


def class_words(why: Why, differences: Sequence[Difference]) -> str:
    """Head the differences of one explanation: `Deleted or moved since · 3: 2 only here, 1 only there`."""
    kinds = {kind: sum(one.kind is kind for one in differences) for kind in Kind}
    told = ", ".join(f"{many:,} {KIND_WORDS[kind]}" for kind, many in kinds.items() if many)
    return f"{capital(WHY_WORDS[why])} · {len(differences):,}: {told}"


def by_class(result: Reconciliation) -> dict[Why, list[Difference]]:
    """Return the differences by explanation, those without any first: they need somebody."""
    order = [Why.UNEXPLAINED, *(why for why in Why if why is not Why.UNEXPLAINED)]
    found = {why: [one for one in result.differences if one.reason.why is why] for why in order}
    return {why: several for why, several in found.items() if several}


def counted_words(result: Reconciliation) -> str:
    """Say how many rows agree, and what was set aside."""
    parts = [f"{plural(result.agreed, 'listing')} {'agrees' if result.agreed == 1 else 'agree'} by id"]
    if result.aside:
        parts.append(f"{plural(result.aside, 'row')} of other statuses set aside")
    return " · ".join(parts)


def about_words(result: Reconciliation, zone: tzinfo = UTC) -> str:
    """Say what was compared and when: the list, its statuses, its stores."""
    what = "numbers typed in" if result.numbers else result.source
    names = ", ".join(one.title or one.store for one in result.stores)
    where = f"all stores ({names})" if result.scope is None and len(result.stores) > 1 else names or "all stores"
    return f"{what} · {listed_words(result.listed)} · {where} · compared {moment(result.made_at, zone)}"


def kept_words(kept: Kept, zone: tzinfo = UTC, titles: Mapping[str, str] | None = None) -> str:
    """Say in a line what a kept comparison came to; `titles` name the stores, by key."""
    who = f" by {kept.by}" if kept.by else ""
    words = capital(outcome_words(kept.outcome, kept.differs_by, numbers=kept.numbers))
    where = "all stores" if kept.scope is None else ", ".join((titles or {}).get(key, key) for key in kept.scope)
    return f"{words} · Seller Center of {moment(kept.at, zone)} · {where} · compared {moment(kept.made_at, zone)}{who}"


def lines(result: Reconciliation, zone: tzinfo = UTC) -> Iterator[str]:
    """Say a whole comparison line by line, for terminals and files; lines with two spaces before belong together."""
    yield f"{heading(result, zone)}."
    yield f"{about_words(result, zone)}."
    yield claim_words(result, zone)
    for bridge in result.bridges:
        yield f"  {bridge_words(bridge, zone)}"
    if result.numbers and any(bridge.steps for bridge in result.bridges):
        yield NUMBERS_ONLY
    if not result.numbers and result.outcome is not Outcome.NOT_KNOWN:
        yield f"{counted_words(result)}."
    yield from result.notes
    for why, several in by_class(result).items():
        yield f"{class_words(why, several)}."
        for one in several:
            yield f"  {name_of(one)}: {difference_words(one, zone)}"
        yield f"  What to do: {TO_DO[why] if any(one.reason.sure for one in several) else WAITS}"


def name_of(one: Difference) -> str:
    """Name a listing that differs, or the row that names none."""
    where = f" in {one.store}" if one.store else ""
    name = f"{one.product_id}{where}" if one.product_id is not None else one.written or "a row"
    title = f" {one.title}" if one.title else ""
    row = f" (row {one.row})" if one.row and one.kind in (Kind.REPEATED, Kind.UNREADABLE, Kind.ONLY_THERE) else ""
    return f"{name}{title}{row}"


def status_words(status: Status | None) -> str:
    """Name the status of one side; a dash where it has none."""
    return "–" if status is None else STATUS_WORDS[status]
