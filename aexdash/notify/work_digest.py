"""The work on what is held, for a digest: what came and went, what waits for whom, what nobody took, who has what.

The lanes are those of the worklist when this is written; what came and went is of the span. Every line leads to the
page that shows what it counts. A number says what it does not speak for, as everywhere (`aexdash.words.statements`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from aexdash.clock import day_of, to_text
from aexdash.desk.campaigns import Campaign, Campaigns
from aexdash.desk.decisions.stage_marks import StageMark, stage_marks, stand_or_answered
from aexdash.model import SILENT, Lane, Mark, SourceWord, Stage
from aexdash.notify.messages import MessageLine, harmless
from aexdash.snapshot.history.facts import Books, Regression
from aexdash.snapshot.history.span import ALL
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import Tabs, WorkRow
from aexdash.snapshot.tallies import CampaignProgress, ReasonCount
from aexdash.statement import Reach
from aexdash.view import NOBODY, View
from aexdash.words import statements
from aexdash.words.common import age, moment, plural
from aexdash.words.listings.work import MARK_WORDS, progress_words
from aexdash.words.reasons import commonest, says_words

MOST_NAMED = 10
"""Listings, owners and campaigns that are named in one list; of more, how many there are is said."""

MOST_REASONS = 5
"""Reasons of what is held that a digest says; of more, how many there are is said."""


TOLD = (Mark.REGRESSED, Mark.TOO_LONG, Mark.STUCK, Mark.UNTOUCHED)


@dataclass(frozen=True, slots=True)
class OwnerWork:
    """What one person has to do, the oldest of it, and how many listings she has marked fixed in the span.

    `fixed` is of the listings of the view, each counted once: those that nobody has set back before AliExpress answered
    (`aexdash.desk.decisions.stage_marks`). `owner` empty: what is nobody's.
    """

    owner: str
    todo: int
    oldest: WorkRow | None
    fixed: int


@dataclass(frozen=True, slots=True)
class WorkDigest:
    """The work on the listings of a view. `books` is None where it is of some owners: what came was nobody's yet.

    `reach` is what the counts of the present may speak for, of the lanes and of the `reasons` of what is held.
    `rejected_again` are those rejected again in the span that are still to do, `campaigns` the open ones. Days and
    moments are those of `zone`, that of the workspace.
    """

    view: View
    start: datetime
    end: datetime
    reach: Reach
    tabs: Tabs
    reasons: tuple[ReasonCount, ...]
    books: Books | None
    rejected_again: tuple[WorkRow, ...]
    owners: tuple[OwnerWork, ...]
    campaigns: tuple[tuple[Campaign, CampaignProgress], ...]
    zone: tzinfo = UTC


def work_of(
    snapshot: Snapshot, desk_path: Path, view: View, span: tuple[datetime, datetime], owners: Sequence[str] = ()
) -> WorkDigest:
    """Gather the work on the listings of the stores of a view, of some owners or of all.

    Campaigns are those with a listing of these stores; their progress is of all their listings.

    Raises:
        StorageError: the snapshot or the desk cannot be read.
    """
    start, end = span
    of_stores = view.unfiltered()
    shown = of_stores.replace(owners=tuple(owners))
    past = snapshot.past(view.store_keys)
    todo = snapshot.targets(shown.replace(lanes=(Lane.TODO,), order="urgent"), ALL)
    rejections = past.regressions(start, end, ALL)
    again = {(one.store, one.product_id) for one in rejections if one.still}
    return WorkDigest(
        view=shown,
        start=start,
        end=end,
        reach=snapshot.hero(of_stores).reach,
        tabs=snapshot.tabs(shown),
        reasons=tuple(snapshot.reason_counts(shown)),
        books=None if owners else past.books(start, end),
        rejected_again=tuple(row for row in todo if (row.store, row.product_id) in again),
        owners=_owners(todo, _fixed(stage_marks(desk_path, Stage.FIXED, start, end), rejections, view), owners),
        campaigns=() if owners else tuple(_campaigns(snapshot, desk_path, view)),
        zone=snapshot.zone,
    )


def _campaigns(snapshot: Snapshot, desk_path: Path, view: View) -> Iterable[tuple[Campaign, CampaignProgress]]:
    campaigns = Campaigns(desk_path)
    for one in campaigns.open():
        members = campaigns.members(one.key)
        if view.store_keys is None or any(store in view.store_keys for store, _ in members):
            yield one, snapshot.campaign(one.key, members, one.made_at)


def _fixed(marks: Iterable[StageMark], rejections: Iterable[Regression], view: View) -> Counter[str]:
    """Count the listings of a view that each person has marked fixed, so that AliExpress answered, or it stands.

    One that somebody set back, or marked once more, after AliExpress had rejected it again was marked fixed all the
    same.
    """
    counted = {
        (mark.by, mark.store, mark.product_id)
        for mark in stand_or_answered(marks, rejections)
        if view.store_keys is None or mark.store in view.store_keys
    }
    return Counter(by for by, _, _ in counted)


def _owners(todo: Sequence[WorkRow], fixed: Mapping[str, int], wanted: Sequence[str]) -> tuple[OwnerWork, ...]:
    """Return who has what, the most to do first; what is nobody's comes last."""
    of_owner: dict[str, list[WorkRow]] = {}
    for row in todo:
        of_owner.setdefault(row.owner, []).append(row)
    names = {*of_owner, *(name for name in fixed if not wanted or name in wanted)}
    told = [
        OwnerWork(
            name,
            len(rows := of_owner.get(name, [])),
            min(rows, key=lambda row: row.held_since, default=None),
            fixed.get(name, 0) if name else 0,
        )
        for name in names
    ]
    return tuple(sorted(told, key=lambda one: (not one.owner, -one.todo, -one.fixed, one.owner)))


def lines(work: WorkDigest, address: str, title: str = "", label: Callable[[str], str] = str) -> list[MessageLine]:
    """Write the work for a message; nothing where no store was ever read.

    `title` names the store that it is of, `label` a reason.
    """
    if not work.reach.read:
        return []
    of = f" · {harmless(title)}" if title else ""
    again = [_listing(row, work, address) for row in work.rejected_again]
    told = (
        MessageLine(f"Since {moment(work.start, work.zone)}{of}", items=tuple(_moves(work, address))),
        MessageLine(f"Work{of}", items=tuple(_lanes(work, address))),
        MessageLine(f"Why{of}", items=tuple(_reasons(work, address, label))),
        MessageLine(f"Rejected again{of}", items=_some(again)),
        MessageLine(f"By owner{of}", items=_some([_owner(one, work, address) for one in work.owners])),
        MessageLine(f"Campaigns{of}", items=_some([_campaign(*one, work, address) for one in work.campaigns])),
    )
    return [line for line in told if line.items]


def facts(work: WorkDigest) -> dict[str, Any]:
    """Return the work as plain values, for a webhook; numbers are null where no store was ever read.

    What came and went is null too where nothing of the span was read.
    """
    known = bool(work.reach.read)
    tabs, moves = work.tabs, work.books if known and _was_read(work) else None
    return {
        "statement": statements.facts(work.reach),
        "todo": tabs.todo if known else None,
        "waiting": tabs.waiting if known else None,
        "snoozed": tabs.snoozed if known else None,
        "marks": {mark.value: tabs.marks.get(mark, 0) for mark in TOLD} if known else {},
        "entered": moves.entered if moves else None,
        "left": moves.left if moves else None,
        "moves_statement": statements.facts(work.books.closing_reach) if work.books else None,
        "reasons": [
            {"code": one.code, "listings": one.listings, "provenance": list(one.provenance)} for one in work.reasons
        ]
        if known
        else [],
        "rejected_again": [{"store": row.store, "id": str(row.product_id)} for row in work.rejected_again],
        "owners": [
            {"owner": one.owner, "todo": one.todo, "fixed": one.fixed, "oldest_held_since": _since(one.oldest)}
            for one in work.owners
        ],
        "campaigns": [
            {"key": one.key, "name": one.name, "due_on": one.due_on and one.due_on.isoformat(), "total": told.total}
            | _progress(told)
            for one, told in work.campaigns
        ],
    }


def _progress(told: CampaignProgress) -> dict[str, Any]:
    """Return how far a campaign is; `read` of its listings are in stores that were read, which the counts are of.

    The counts add up to `read`; but for that, `cleared` alone would let a listing that was never held look undone.
    """
    names = ("cleared", "todo", "waiting", "snoozed", "never_held", "offline", "deleted", "other")
    counts = {name: getattr(told, name) for name in names}
    known = {name: count if told.read else None for name, count in counts.items()}
    return {"read": told.read, **known, "statement": statements.facts(told.reach)}


def _since(row: WorkRow | None) -> str | None:
    return to_text(row.held_since) if row else None


def _moves(work: WorkDigest, address: str) -> Iterable[str]:
    """Say what came and went in the span, as far as it was read."""
    if work.books is None:
        return
    reach = work.books.closing_reach
    # The end of the span may be now, and only the reach of the present knows of a run that has read a part since.
    claim = statements.claim_words(reach, zone=work.zone) or statements.claim_words(work.reach, zone=work.zone)
    said = "".join(f"; {words}" for words in (claim, _first_read(work.books, work.zone)) if words)
    span = {"opening": to_text(work.start), "closing": to_text(work.end)}
    if not _was_read(work):
        link = _page(address, "history", work.view.unfiltered().to_query() | span)
        yield f"What entered and left is not known{said} {link}"
        return
    told = statements.entered_and_left(work.books.entered, work.books.left, reach)
    for words, shown in zip(told, ("entered", "left"), strict=True):
        link = _page(address, "history", work.view.unfiltered().to_query() | span | {"moves": shown})
        yield f"{words}{said} {link}"


def _was_read(work: WorkDigest) -> bool:
    """Whether any store was read for a moment of the span; else that nothing came is no news, and 0 no number."""
    return work.books is not None and not work.books.closing_reach.is_window_unread


def _first_read(books: Books, zone: tzinfo) -> str:
    """Say of stores that were first read within the span that nothing is known of them before; else nothing."""
    titles = {one.store: one.title or one.store for one in books.closing_reach.readings}
    known = books.connected
    if len(known) > statements.MOST_NAMES:
        return f"of {len(known):,} stores nothing is known before they were first read"
    first = (f"{harmless(titles.get(key, key))}, first read {moment(at, zone)}" for key, at in known.items())
    return f"nothing is known before of {' and '.join(first)}" if known else ""


def _lanes(work: WorkDigest, address: str) -> Iterable[str]:
    tabs, said = work.tabs, _said(work)
    yield f"To do: {tabs.todo:,}{said} {_worklist(work, address, lanes=(Lane.TODO,))}"
    for mark in TOLD:
        if count := tabs.marks.get(mark, 0):
            link = _worklist(work, address, lanes=(Lane.TODO,), marks=(mark,))
            yield f"of these {MARK_WORDS[mark]}: {count:,}{said} {link}"
    for lane, words, count in (
        (Lane.WAITING, "Waiting for AliExpress", tabs.waiting),
        (Lane.SNOOZED, "Snoozed", tabs.snoozed),
    ):
        if count:
            yield f"{words}: {count:,}{said} {_worklist(work, address, lanes=(lane,))}"
    if tabs.fixed_there:
        link = _worklist(work, address, sources=(SourceWord.FIXED,))
        yield f"Fixed in the shop, to be pushed again: {tabs.fixed_there:,}{said} {link}"


def _reasons(work: WorkDigest, address: str, label: Callable[[str], str]) -> Iterable[str]:
    """Say the commonest reasons of what is held with who states them, as the overview does; none where nobody has."""
    if all(one.code in SILENT for one in work.reasons):
        return
    shown = commonest(work.reasons, MOST_REASONS)
    for one in shown:
        link = _worklist(work, address, reasons=(one.code,))
        yield f"{one.listings:,} {label(one.code)} ({says_words(one)}){_said(work)} {link}"
    if more := len(work.reasons) - len(shown):
        yield f"and {plural(more, 'more reason')} {_worklist(work, address)}"


def _said(work: WorkDigest) -> str:
    """Say of a count of the present what it does not speak for; nothing where everything was read."""
    if work.reach.is_whole:
        return ""
    claim = statements.claim_words(work.reach, zone=work.zone, listed=True)
    return f"{statements.when_words(work.reach, work.zone)}; {claim}"


def _listing(row: WorkRow, work: WorkDigest, address: str) -> str:
    owner = f", {harmless(row.owner)}" if row.owner else ""
    link = _page(address, "worklist", {"listing": f"{row.store}/{row.product_id}"})
    return f"{row.product_id} {harmless(row.title)} (attempt {row.attempt}{owner}){_said(work)} {link}"


def _owner(one: OwnerWork, work: WorkDigest, address: str) -> str:
    name = harmless(one.owner) if one.owner else "Nobody"
    parts = [f"{one.todo:,} to do{_said(work)}"]
    if one.oldest is not None:
        parts.append(f"the oldest held for {age(one.oldest.age, at_least=one.oldest.at_least)}")
    if one.fixed:
        parts.append(f"{one.fixed:,} marked fixed since {moment(work.start, work.zone)}")
    link = _worklist(work, address, lanes=(Lane.TODO,), owners=(one.owner or NOBODY,))
    return f"{name}: {', '.join(parts)} {link}"


def _campaign(one: Campaign, progress: CampaignProgress, work: WorkDigest, address: str) -> str:
    said = progress_words(progress, one.due_on, one.responsible, day_of(work.end, work.zone), work.zone)
    view = View().of_campaign(one.key, one.query)
    link = _page(address, "worklist", view.to_query())
    return f"{harmless(one.name)}: {harmless(said)} {link}"


def _some(told: Sequence[str]) -> tuple[str, ...]:
    more = len(told) - MOST_NAMED
    return (*told[:MOST_NAMED], f"and {more:,} more") if more > 0 else tuple(told)


def _worklist(work: WorkDigest, address: str, **filters: object) -> str:
    return _page(address, "worklist", work.view.replace(order="urgent", **filters).to_query())


def _page(address: str, path: str, query: Mapping[str, str]) -> str:
    return f"{address}/{path}?{urlencode(query, quote_via=quote)}"
