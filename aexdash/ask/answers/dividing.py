"""The rows of an answer: the parts of its number, or the listings behind it; and the points of its small chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aexdash.ask import saying
from aexdash.ask.answer import Point, Row
from aexdash.ask.answers import number
from aexdash.ask.answers.number import view_of
from aexdash.ask.answers.places import address, link_of
from aexdash.ask.question import GRAINS, PART_OF, By, Kind, Period, Question
from aexdash.ask.rules import HELD_STATUSES
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.clock import TICK, day_of, to_text
from aexdash.model import SILENT, Lane, Status
from aexdash.snapshot.history.facts import Moved
from aexdash.snapshot.history.series import Bucket, Grain, buckets
from aexdash.snapshot.readmodels import WorkRow
from aexdash.words.card_units import amount
from aexdash.words.cards import between
from aexdash.words.listings.listing import held_for, status_words

CHART_DAYS = 30
"""Days of the small chart where a question names no time: as on a tile."""

BACK = {Grain.HOUR: 1, Grain.WEEK: 83, Grain.MONTH: 330}
"""Days before the present one that steps other than days go back to: a day, twelve weeks, twelve months."""

MOST_PARTS = 366
"""Parts of parts that are told: as many as steps of one line."""

OVERLAPPING = (By.REASON, By.FAMILY, By.PROVENANCE, By.AGE)
"""Divisions of which one listing can have several parts, so that they can add up to more than the number."""

SEVERAL = "A listing can be in several of them, so they add up to more."


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows, how many were left out, and what is to be said of them."""

    rows: tuple[Row, ...] = ()
    more: int = 0
    note: str = ""


def rows_of(question: Question, workspace: Workspace, now: datetime, total: number.Number) -> Rows:
    """Return the parts of a number where it is divided, else the first listings behind it."""
    if question.part:
        return _part_and_whole(question, workspace, now, total)
    if question.then_by is not None:
        return _divided_again(question, workspace, now, total)
    if question.by in GRAINS:
        return Rows(tuple(_steps(question, workspace, now)))
    if question.by is By.STORE:
        return _by_store(question, workspace, now)
    if question.kind is Kind.CARD or total.number is None:
        return Rows()
    return _counted_rows(question, workspace, now, total)


def _counted_rows(question: Question, workspace: Workspace, now: datetime, total: number.Number) -> Rows:
    if question.kind is Kind.MOVES:
        return _of_moves(question, workspace, now, total)
    return _cut(_parts(question, workspace), question, total) if question.by else _listings(question, workspace, total)


def _cut(rows: Sequence[Row], question: Question, total: number.Number) -> Rows:
    """Cut rows, and say what the number would not be understood without.

    Listings of which nobody has said why stand last, though they are often the most.
    """
    shown, rest = tuple(rows[: question.limit]), rows[question.limit :]
    silent = [f"{row.text} {row.name}" for row in rest if row.key in SILENT]
    more = sum(row.number or 0 for row in shown) > (total.number or 0)
    notes = [f"Not among these: {', '.join(silent)}." if silent else "", SEVERAL if more else ""]
    return Rows(shown, len(rest), " ".join(filter(None, notes)) if question.by in OVERLAPPING else "")


def _divided_again(question: Question, workspace: Workspace, now: datetime, total: number.Number) -> Rows:
    """Divide each part of a number once more; a part that no filter chooses stands whole."""
    assert question.by is not None
    first = rows_of(replace(question, then_by=None), workspace, now, total)
    rows, left_out = list[Row](), first.more
    for row in first.rows:
        if not row.key:
            rows.append(row)
            continue
        of_stores = {"profile": ()} if question.by is By.STORE else {}
        part = replace(question, by=question.then_by, then_by=None, stores=() if of_stores else question.stores)
        part = part.with_where(**of_stores, **{PART_OF[question.by]: (row.key,)})
        told = rows_of(part, workspace, now, number.count(part, workspace, now))
        rows += [replace(one, key=f"{row.key}/{one.key}", group=row.name) for one in told.rows]
        left_out += told.more
    shown = tuple(rows[:MOST_PARTS])
    return Rows(shown, left_out + len(rows) - len(shown), first.note)


def _part_and_whole(question: Question, workspace: Workspace, now: datetime, total: number.Number) -> Rows:
    """Return the two numbers of a share, each with its listings."""
    named = {"part": replace(question, part=()), "whole": question.whole}
    counted = zip(named.items(), total.parts, strict=True)
    return Rows(tuple(_row(key, _name_of(one, workspace), told, link_of(one, now)) for (key, one), told in counted))


def _name_of(one: Question, workspace: Workspace) -> str:
    """Name one number of a share; the whole may be all listings that there are, which a card counts."""
    if one.kind is Kind.CARD:
        return " ".join(["all listings", *saying.where_words(one, workspace)])
    return saying.listings_words(one, workspace)


def _by_store(question: Question, workspace: Workspace, now: datetime) -> Rows:
    rows = []
    for store in number.stores_of(question, workspace):
        of_store = replace(question, by=None, stores=()).with_where(store=(store.key,))
        told = number.count(of_store, workspace, now)
        rows.append(_row(store.key, store.title or store.key, told, link_of(of_store, now)))
    rows.sort(key=lambda row: -(row.number if row.number is not None else -1))
    return Rows(tuple(rows))


def _row(key: str, name: str, told: number.Number, link: str) -> Row:
    return Row(key, name, told.number, told.text or "not read", link=link)


def _parts(question: Question, workspace: Workspace) -> list[Row]:
    """Divide the listings of a question; each part links to exactly its listings."""
    view, by = view_of(question, workspace), question.by
    assert by is not None
    wanted = question.filters.get(by.value, HELD_STATUSES if by is By.STATUS else ())
    if by in (By.REASON, By.FAMILY):
        tell = workspace.snapshot.reason_counts if by is By.REASON else workspace.snapshot.family_counts
        if Status.ACTIVE in view.statuses:
            tell = workspace.snapshot.risk_counts
        wanted = question.filters.get("reason", ())
        counted = {one.code: one.listings for one in tell(view) if not wanted or _in(one.code, wanted)}
        counted = {code: listings for code, listings in counted.items() if listings}
        name = "reason"
    elif by is By.LANE:
        tabs = workspace.snapshot.tabs(view)
        counted = {Lane.TODO: tabs.todo, Lane.WAITING: tabs.waiting, Lane.SNOOZED: tabs.snoozed}
        name = "lane"
    else:
        name = by.value
        counted = {one.value: one.listings for one in workspace.snapshot.facets(view)[name]}
    chosen = {str(key): listings for key, listings in counted.items()}
    if by not in (By.REASON, By.FAMILY) and wanted:
        chosen = {key: listings for key, listings in chosen.items() if key in wanted}
    if _is_counted_singly(question, by):
        parts = {key: view_of(question.with_where(**{name: (key,)}), workspace) for key in chosen}
        chosen = {key: found for key, part in parts.items() if (found := workspace.snapshot.count(part))}
    return [
        Row(
            key,
            saying.value_words(name, key, workspace),
            listings,
            f"{listings:,}",
            link=address("worklist", question.with_where(**{name: (key,)}).view.to_query()),
        )
        for key, listings in chosen.items()
    ]


def _is_counted_singly(question: Question, by: By) -> bool:
    """Whether each part is counted by itself: the counts of all parts at once would leave a filter out.

    Those of reasons are of listings at risk or of held ones, those of lanes leave out the mark of an open tab.
    """
    filters = question.filters
    if by in (By.REASON, By.FAMILY):
        return "active" in filters.get("status", ())
    return by is By.LANE and bool(filters.get("mark"))


def _in(code: str, wanted: Iterable[str]) -> bool:
    return any(code == word or code.startswith(f"{word}.") for word in wanted)


def _listings(question: Question, workspace: Workspace, total: number.Number) -> Rows:
    view = view_of(question, workspace)
    shown = workspace.snapshot.page(view, question.limit)
    rows = tuple(_listing(row, question, workspace) for row in shown)
    return Rows(rows, int(total.number or 0) - len(rows))


def _listing(row: WorkRow, question: Question, workspace: Workspace) -> Row:
    why = ", ".join(dict.fromkeys(saying.reason_words(reason.code, workspace) for reason in row.reasons))
    words = " · ".join(part for part in (status_words(row), f"held {held_for(row)}", why) if part)
    key = f"{row.store}/{row.product_id}"
    link = address("worklist", {**question.view.to_query(), "listing": key})
    return Row(key, str(row.product_id), None, words, row.title, link)


def _of_moves(question: Question, workspace: Workspace, now: datetime, total: number.Number) -> Rows:
    if question.by in (By.REASON, By.FAMILY):
        moves = number.moved(question, workspace, now, total.reach)
        counted = Counter(code for one in moves for code in _codes(one, question.by))
        rows = [
            Row(code, saying.reason_words(code, workspace), listings, f"{listings:,}")
            for code, listings in counted.most_common()
        ]
        return _cut(rows, question, total)
    if question.by is By.CATEGORY:
        moves = number.moved(question, workspace, now, total.reach)
        counted = Counter(str(one.category or "") for one in moves)
        rows = [Row(key, _category(key, workspace), found, f"{found:,}") for key, found in counted.most_common()]
        return _cut(rows, question, total)
    shown = number.latest(question, workspace, now, total.reach)
    rows = [
        Row(
            f"{one.store}/{one.product_id}",
            str(one.product_id),
            None,
            ", ".join(saying.reason_words(code, workspace) for code in one.codes),
            one.title,
            address("worklist", {"as_of": to_text(one.held_at), "listing": f"{one.store}/{one.product_id}"}),
        )
        for one in shown
    ]
    return Rows(tuple(rows), int(total.number or 0) - len(shown))


def _category(key: str, workspace: Workspace) -> str:
    return saying.value_words("category", key, workspace) if key else "category not known"


def _codes(move: Moved, by: By) -> set[str]:
    codes = number.codes_of(move)
    return {code.partition(".")[0] for code in codes} if by is By.FAMILY else set(codes)


def _grain(question: Question) -> Grain:
    return Grain(question.by.value) if question.by in GRAINS and question.by else Grain.DAY


def _cut_of(question: Question, workspace: Workspace, now: datetime) -> tuple[list[Bucket], datetime]:
    """Cut the time of a question into steps: that of its period, else the days up to its moment."""
    zone = workspace.zone
    until = question.at or now
    grain = _grain(question)
    if question.period is not None:
        until = min(question.period.end - TICK, now)
        first = day_of(question.period.start, zone)
    else:
        first = day_of(until, zone) - timedelta(days=BACK.get(grain, CHART_DAYS - 1))
    cut = [one for one in buckets(grain, first, until, zone) if one.start <= until]
    if question.period is not None:
        cut = [one for one in cut if one.end > question.period.start]
    return cut, until


def points_of(question: Question, workspace: Workspace, now: datetime) -> tuple[Point, ...]:
    """Return the points of the small chart: the number by the end of each step; none where it is not kept so."""
    if question.part or (question.by is not None and question.by not in GRAINS):
        return ()
    if question.kind is Kind.MOVES and (question.by in GRAINS or not number.is_told_apart(question)):
        steps = _of_each_step(question, workspace, now) if _has_steps(question) else ()
        return tuple(point for point, _ in steps)
    if question.kind is Kind.CARD:
        return _of_card(question, workspace, now)
    statuses = question.filters.get("status", ())
    whole = all(name in ("store", "profile", "status") for name, _ in question.where)
    if question.kind is Kind.LISTINGS and whole and set(statuses) <= {"rejected", "auditing"}:
        return _of_held(question, workspace, now, statuses)
    return ()


def _has_steps(question: Question) -> bool:
    period = question.period
    return question.by in GRAINS or (
        period is not None and timedelta(days=1) < period.end - period.start <= timedelta(92)
    )


def _of_card(question: Question, workspace: Workspace, now: datetime) -> tuple[Point, ...]:
    cut, until = _cut_of(question, workspace, now)
    card, view = CARDS[question.name], view_of(question, workspace)
    line = workspace.snapshot.card_series(view.store_keys, card.key, cut, until, combine=card.combine)
    return tuple(
        Point(bucket.end, point.value, is_open=bucket.end > until, limits=between(card, point.doubt))
        for bucket, point in zip(cut, line, strict=True)
    )


def _of_held(question: Question, workspace: Workspace, now: datetime, statuses: Sequence[str]) -> tuple[Point, ...]:
    cut, until = _cut_of(question, workspace, now)
    wanted = statuses or ("rejected", "auditing")
    points = []
    for one in workspace.snapshot.held_series(view_of(question, workspace).store_keys, cut, until):
        each: Mapping[str, int | None] = {"rejected": one.rejected, "auditing": one.auditing}
        counts = [count for word in wanted if (count := each[word]) is not None]
        whole = len(counts) == len(wanted) and not one.is_part
        points.append(Point(one.end, sum(counts) if whole else None, one.is_open))
    return tuple(points)


def _of_each_step(question: Question, workspace: Workspace, now: datetime) -> Iterable[tuple[Point, str]]:
    """Count the moves of each step, with what is said of it; one that was not wholly read is a gap, and *at least*."""
    cut, until = _cut_of(question, workspace, now)
    for bucket in cut:
        step = replace(question, by=None, period=_overlap(question.period, bucket))
        told = number.moves(step, workspace, now)
        is_open = bucket.end > until + TICK
        known = told.reach.is_whole or (is_open and told.number is not None)
        yield Point(bucket.end, told.number if known else None, is_open), told.text if not known else ""


def _overlap(period: Period | None, bucket: Bucket) -> Period:
    if period is None:
        return Period(bucket.start, bucket.end)
    return Period(max(period.start, bucket.start), min(period.end, bucket.end))


def _steps(question: Question, workspace: Workspace, now: datetime) -> Iterable[Row]:
    """Yield a row for each hour, day, week or month, named by its beginning."""
    is_moves = question.kind is Kind.MOVES
    told = _of_each_step(question, workspace, now) if is_moves else _silently(points_of(question, workspace, now))
    cut, _ = _cut_of(question, workspace, now)
    unit = CARDS[question.name].unit if question.kind is Kind.CARD else "listings"
    for bucket, (point, part) in zip(cut, told, strict=True):
        begin = bucket.start.astimezone(workspace.zone)
        name = f"{begin:%b %Y}" if question.by is By.MONTH else f"{begin:%a} {begin.day} {begin:%b}"
        name += f" {begin:%H:%M}" if question.by is By.HOUR else ""
        text = point.limits or (part or "not read" if point.number is None else amount(point.number, unit))
        yield Row(begin.isoformat(), name, point.number, f"{text}{', so far' if point.is_open else ''}")


def _silently(points: Iterable[Point]) -> Iterable[tuple[Point, str]]:
    return ((point, "") for point in points)
