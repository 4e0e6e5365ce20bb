"""The words for what goes with a movement: *goes with*, never *caused by*. Pure functions.

Scripts, pages, files and messages say it in these sentences, each with the size of the evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, timedelta, tzinfo

from aexdash.causes.chain import Link, Moved
from aexdash.causes.movement import Base, Movement
from aexdash.causes.properties import MEASURED
from aexdash.causes.report import Age, Counted, Finding, Outcome, Report, differences
from aexdash.causes.slices import ENOUGH, FEWEST_REJECTED, NotCompared, Part, Q, Slice
from aexdash.snapshot.compared.listings import What
from aexdash.words.common import capital, moment, plural, span

MOVED_WORDS = {
    What.HELD: "came to be held",
    What.REJECTED: "were rejected",
    What.STRAIGHT: "were rejected",
    What.AUDITING: "entered audit",
}

LARGEST_RATIO = 1_000
"""A risk ratio above this is said as *over*: it hangs on the half listing that is added to nothing."""

MOST_RIDERS = 3

NONE_KNOWN = "none known"
"""What is counted beside the codes of reasons: listings of which nobody knows why."""

Label = Callable[[str], str]
"""Names a reason by its code; scripts have the code itself."""


def parts_words(parts: Sequence[Part], label: Label = str) -> str:
    """Name a slice: `title ends gift set and store demo`."""
    return " and ".join(_part_words(part, label) for part in parts)


def _name_words(name: str, label: Label) -> str:
    """Name a property: of a finding of our checks the name of its reason, and not its code."""
    return f"{MEASURED}{label(name.removeprefix(MEASURED))}" if name.startswith(MEASURED) else name


def _part_words(part: Part, label: Label) -> str:
    name = _name_words(part.name, label)
    return name if part.name.startswith(MEASURED) and part.value == "yes" else f"{name} {part.value}"


BRIEF = 34
"""Characters of the property that a line of little room names."""


def brief(report: Report, label: Label = str) -> str:
    """Say in few words what an examination came to: `goes with picture address …: 38 of 44`."""
    match report.outcome:
        case Outcome.FOUND if report.top:
            one = report.top.found.slice
            first, more = _part_words(one.parts[0], label).removeprefix(MEASURED), " and more" * (len(one.parts) > 1)
            named = first if len(first) <= BRIEF else f"{first[: BRIEF - 1].rstrip()}…"
            return f"goes with {named}{more}: {one.k:,} of {one.n:,}"
        case Outcome.NO_SINGLE_CAUSE | Outcome.TOO_FEW:
            return report.outcome.value
        case _:
            return ""


def moved_words(movement: Movement) -> str:
    """Say what the listings of a movement did: `came to be held`; ticked ones are only *ticked*."""
    return "ticked" if movement.keys else MOVED_WORDS[movement.what]


def heading(report: Report, zone: tzinfo = UTC) -> str:
    """Say how many listings moved and when: `55 listings came to be held after … and up to …`."""
    bound = "at least " if report.at_least else ""
    counted = f"{bound}{plural(report.moved, 'listing')}"
    if report.movement.keys:
        return f"{counted} ticked"
    when = f"after {moment(report.movement.start, zone)} and up to {moment(report.movement.end, zone)}"
    if not report.moved and report.at_least:
        return f"not known how many listings {moved_words(report.movement)} {when}"
    return f"{counted} {moved_words(report.movement)} {when}"


def outcome_words(report: Report, label: Label = str) -> str:
    """Say what the examination came to, in one sentence."""
    match report.outcome:
        case Outcome.FOUND if report.top:
            return f"Goes with {finding_words(report.top, label)}."
        case Outcome.NO_SINGLE_CAUSE:
            return (
                f"No single cause: none of {plural(report.looked_at, 'slice')} goes with them more than chance would."
            )
        case Outcome.TOO_FEW:
            counted = plural(report.moved, "listing")
            if report.moved < FEWEST_REJECTED:
                return f"Too few to tell: {counted}, and nothing is said of fewer than {FEWEST_REJECTED}."
            return f"Too few to tell: {counted}, and of fewer than {ENOUGH} finding nothing means little."
        case Outcome.NOTHING_MOVED:
            return "Nothing moved in this span, and all of it was read."
        case _:
            return "Not read: nothing was seen to move, and not all of this span was read."


def finding_words(finding: Finding, label: Label = str) -> str:
    """Say what goes with a movement and how much of it: `picture … : 38 of 44, and of the others 17 of 4,302`."""
    one = finding.found.slice
    k, n = one.rest
    return f"{parts_words(one.parts, label)}: {one.k:,} of {one.n:,}, and of the others {k:,} of {n:,}"


def ratio_words(one: Slice) -> str:
    """Say how many times as often: `210 times as often (130 to 341)`."""
    if one.ratio > LARGEST_RATIO:
        return f"over {LARGEST_RATIO:,} times as often (at least {one.low:,.0f})"
    digits = 0 if one.ratio >= 10 else 1
    return f"{one.ratio:,.{digits}f} times as often ({one.low:,.{digits}f} to {one.high:,.{digits}f})"


def share_words(finding: Finding) -> str:
    """Say how much of the movement it is: `38 of 55, 69 % of it`."""
    one = finding.found.slice
    return f"{one.k:,} of {one.of_rejected:,}, {100 * one.share:.0f} % of it"


def age_words(finding: Finding) -> str:
    """Say whether it is new: `new: 0 of 13 in the span before`."""
    if finding.before is None or finding.age is Age.NOT_KNOWN:
        return "whether it is new is not known: the span before was not wholly read"
    k, of = finding.before
    return f"{finding.age.value}: {k:,} of {of:,} in the span before"


def on_sale_words(finding: Finding) -> str:
    """Say how many listings on sale share it: `6 more on sale share it: at risk`.

    Only of what somebody can mend: that they are young, or of the same store, puts them at no risk by itself.
    """
    if not finding.on_sale:
        return "none on sale shares it, as last read"
    said = f"{finding.on_sale:,} more on sale {'shares' if finding.on_sale == 1 else 'share'} it"
    return f"{said}: at risk" if finding.is_mendable else f"{said}; nothing in them can be mended for that"


def finding_lines(finding: Finding, label: Label = str) -> Iterator[str]:
    """Yield all that is known of a finding, a line each."""
    yield f"{ratio_words(finding.found.slice)}; {share_words(finding)}; {age_words(finding)}"
    yield on_sale_words(finding)
    if riders := riders_words(finding, label):
        yield f"goes along with it, and explains nothing more: {riders}"
    if finding.spared:
        yield f"has it and did not move: {_ids(finding.spared)}"
    if finding.others:
        yield f"moved without it: {_ids(finding.others)}"


def riders_words(finding: Finding, label: Label = str) -> str:
    """Name what only rides along with a finding; empty where nothing does."""
    riders = [
        f"{parts_words(one.slice.parts, label)} ({one.shared:,} of its {one.slice.k:,})" for one in finding.found.riders
    ]
    more = f", and {len(riders) - MOST_RIDERS} more" if len(riders) > MOST_RIDERS else ""
    return f"{'; '.join(riders[:MOST_RIDERS])}{more}"


def _ids(keys: Sequence[tuple[str, int]]) -> str:
    return ", ".join(str(product_id) for _, product_id in keys)


def counted_words(counted: Sequence[Counted], label: Label = str) -> Iterator[str]:
    """Yield the counts of each property: `image.main_too_small 4 of 5, attribute.brand_missing 1`."""
    reasons = [one for one in counted if one.name.startswith("reason: ")]
    if reasons:
        told = [f"{_reason_words(one, label)} {one.listings:,}" for one in reasons]
        yield f"reasons, of {reasons[0].of:,}: {', '.join(told)}"
    for name in dict.fromkeys(one.name for one in counted if one not in reasons):
        own = [one for one in counted if one.name == name]
        yield f"{name}, known of {own[0].of:,}: {', '.join(f'{one.value} {one.listings:,}' for one in own)}"


def _reason_words(one: Counted, label: Label) -> str:
    code = one.name.removeprefix("reason: ")
    return code if code == NONE_KNOWN else label(code)


def read_words(report: Report, zone: tzinfo = UTC) -> str:
    """Say what the numbers of a report may speak for: when it was read, of which stores, and how much of the span."""
    later = f", {report.stores_later:,} more first read later" if report.stores_later else ""
    of = f"{report.stores_read:,} of {plural(report.stores_asked, 'store')} read at its end{later}"
    unread = span(timedelta(seconds=report.unread_seconds))
    at_least = ": at least so many moved" if report.moved else ""
    covered = f"{unread} of the span not read{at_least}" if report.unread_seconds else "all of it read"
    if report.at_least and not report.unread_seconds:  # of stores that were not read at its end nobody knows how much
        covered = "not all of the span read"
    last = f", at {moment(report.read_at, zone)}" if report.read_at else ""
    return f"{of}{last}; {covered}; examined {moment(report.made_at, zone)}"


def base_words(report: Report) -> str:
    """Say which listings were compared."""
    if report.movement.keys:
        return f"compared with all {report.of:,} listings on sale or held, as last read"
    if report.base is Base.EDITED:
        return f"compared with the {report.of:,} listings that were submitted or edited in the span"
    return (
        f"compared with all {report.of:,} listings on sale or held since, as last read: which of them were submitted "
        "or edited in the span is not known well enough"
    )


def looked_words(report: Report) -> str:
    """Say how many slices were looked at, and how many may be chance."""
    if not report.looked_at:
        return "no slice of them is known well enough to be looked at"
    return f"{plural(report.looked_at, 'slice')} looked at; at most {100 * Q:.0f} % of what is named may be chance"


def not_compared_words(left_out: Sequence[NotCompared], label: Label = str) -> str:
    """Name the properties that are known of too few listings to be compared; nothing where there are none."""
    if not left_out:
        return ""
    told = [
        f"{_name_words(one.name, label)} (known of {f'{one.known:,}' if one.known else 'none'} of {one.of:,})"
        for one in left_out
    ]
    return f"not compared: {', '.join(told)}"


def link_words(link: Link, zone: tzinfo = UTC) -> str:
    """Say what is known of a number before the movement: a lag is no cause."""
    match link.moved:
        case Moved.BEFORE if link.at and link.lag is not None:
            return (
                f"{link.name}: moved before, from {link.value_from:g} to {link.value_to:g} by "
                f"{moment(link.at, zone)}, {span(link.lag)} before"
            )
        case Moved.NOT_BEFORE:
            return f"{link.name}: did not move before"
        case _:
            return f"{link.name}: not known, {link.note}"


def report_lines(report: Report, zone: tzinfo = UTC, label: Label = str) -> Iterator[str]:
    """Yield a whole report for a terminal or a file, a line each; lines of a finding are indented."""
    yield _sentence(heading(report, zone))
    yield outcome_words(report, label)
    for number, finding in enumerate(report.findings):
        if number:
            yield f"Also goes with {finding_words(finding, label)}."
        for line in finding_lines(finding, label):
            yield f"  {line}"
    if report.moved:
        if report.findings:
            yield f"Not explained: {report.unexplained:,} of {report.moved:,}."
        yield _sentence(f"{base_words(report)}; {looked_words(report)}")
    for line in counted_words(report.counted, label):
        yield f"  {line}"
    if report.weak:
        weak = [f"{parts_words(one.parts, label)} {one.k:,} of {one.n:,}" for one in report.weak]
        yield f"Too weak to be named: {'; '.join(weak)}."
    if left_out := not_compared_words(report.not_compared, label):
        yield _sentence(left_out)
    if not report.movement.keys:
        yield _sentence(read_words(report, zone))
    if report.first_seen:
        yield f"Left out: {report.first_seen:,} that were there when their store was first read."
    for link in report.chain:
        yield f"  {link_words(link, zone)}"


def _sentence(words: str) -> str:
    return f"{capital(words)}."


def changed_lines(before: Report, after: Report, zone: tzinfo = UTC, label: Label = str) -> Iterator[str]:
    """Say what a report names that an earlier one of the same movement does not, and the other way round."""
    yield f"Compared with the report of {moment(before.made_at, zone)}: {before.moved:,} then, {after.moved:,} now."
    for word, slices in differences(before, after).items():
        if slices:
            yield f"  {word}: {'; '.join(parts_words(parts, label) for parts in slices)}"
