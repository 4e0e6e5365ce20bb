"""What the commands print: rows and cards as JSON or as lines of text, and the progress of long work."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from aexdash.clock import DAY, to_text
from aexdash.model import HELD, Certainty, Outcome, Reason, certainty, unsaid
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.readmodels import WorkRow
from aexdash.storage.text import visible
from aexdash.words.common import SOURCE_WORDS, day

if TYPE_CHECKING:
    from aexdash.sources.seller_center import Preview, RowNote
    from aexdash.sync.run import SyncResult

SUMMED = ("held", "rejected", "auditing", "active", "total", "calls", "changes")
WORST_FIRST = (Outcome.FAILED, Outcome.PARTIAL, Outcome.COMPLETE)
TITLE_WIDTH = 40


def as_json(value: dict[str, Any]) -> str:
    """One line of JSON in ASCII, so that no terminal and no locale can spoil it."""
    return json.dumps(value, ensure_ascii=True, default=_plain_value)


def plain(text: str) -> str:
    """Return a platform text without control and direction characters, safe for a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in visible(text))


def run_facts(results: dict[str, SyncResult]) -> dict[str, Any]:
    """Return the last line of `sync --json`: worst outcome, sums, oldest moment; for several stores each one too.

    A sum is null when one of its parts is not known.
    """
    ended = list(results.values())
    facts = _facts(ended)
    if len(ended) > 1:
        facts["stores"] = {key: _facts([result]) for key, result in results.items()}
    return facts


def _facts(ended: Sequence[SyncResult]) -> dict[str, Any]:
    facts: dict[str, Any] = {"outcome": worst(ended).value}
    for name in SUMMED:
        parts = [getattr(result, name) for result in ended]
        facts[name] = None if None in parts else sum(parts)
    moments = [result.as_of for result in ended]
    facts["as_of"] = None if None in moments else min(moment for moment in moments if moment)
    facts["message"] = " ".join(result.message for result in ended if result.message)
    return facts


def worst(ended: Iterable[SyncResult]) -> Outcome:
    """The worst of several outcomes."""
    return min((result.outcome for result in ended), key=WORST_FIRST.index)


def run_line(key: str, result: SyncResult) -> str:
    """How a run ended, for a person; a count that is not known is a dash, never a zero."""
    if result.outcome is Outcome.FAILED:
        return f"{key}: failed after {result.calls:,} calls. What was read before still stands, and shows its age."
    counts = f"{_count(result.held)} held ({_count(result.rejected)} rejected, {_count(result.auditing)} in audit)"
    rest = (
        f"{_count(result.active)} active of {_count(result.total)}; {result.changes:,} changes, {result.calls:,} calls."
    )
    return f"{key}: {result.outcome}. {counts}, {rest}"


def row_facts(row: WorkRow, taxonomy: Taxonomy, claim: str | None = None) -> dict[str, Any]:
    """A listing of the worklist as `worklist --json` prints it; the id is text, because JSON readers round it.

    `claim` says whether its store was read: *known*, or *not read since*.
    """
    return {
        "store": row.store,
        "product_id": str(row.product_id),
        "title": row.title,
        "status": row.status.value,
        "platform_status": row.platform_status,
        "cause": row.cause,
        "audit_kind": row.audit_kind,
        "attempts": row.attempt,
        "held_since": row.held_since,
        "held_not_before": row.held_after,
        "held_since_or_earlier": row.at_least,
        "age_days": round(row.age / DAY, 3),
        "in_status_since": row.started_at,
        "in_status_not_before": row.started_after,
        "seen_at": row.seen_at,
        "claim": claim,
        "reasons": [
            {
                "code": reason.code,
                "label": taxonomy.label(reason.code),
                "provenance": reason.provenance.value,
                "text": reason.text,
                "language": reason.language,
                "measured": reason.measured,
                "what_to_do": taxonomy.remedy(reason),
                "first_seen": reason.first_seen_at,
            }
            for reason in row.reasons
        ],
        "certainty": _certainty(row).value,
        "resubmit": row.resubmit.value if row.resubmit else None,
        "sku_codes": row.sku_codes,
        "category_id": row.category_id,
        "category": row.category,
        "price_min": row.price_min,
        "price_max": row.price_max,
        "currency": row.currency,
        "picture": row.image_url,
        "modified": row.modified_at,
        "modified_raw": row.modified_raw,
        "stage": row.stage.value,
        "owner": row.owner,
        "note": row.note,
        "snoozed_until": row.snoozed_until,
        "snooze_event": row.snooze_event.value if row.snooze_event else None,
        "stage_at": row.stage_at,
        "lane": row.lane.value if row.status in HELD else None,
        "marks": [mark.value for mark in row.marks],
        "source": [word.value for word in row.source_words],
        "source_differs": [
            {"word": one.word.value, "shop": one.shop, "there": one.there, "here": one.here, "since": one.since}
            for one in row.source
        ],
        "changed_at": row.changed_at,
        "changed_by": row.changed_by,
    }


def row_line(row: WorkRow, taxonomy: Taxonomy) -> str:
    """A listing of the worklist in one line of a terminal."""
    labels = [taxonomy.label(reason.code) for reason in row.reasons] or [taxonomy.label(unsaid(row.status))]
    title = plain(row.title)
    short = title if len(title) <= TITLE_WIDTH else title[: TITLE_WIDTH - 1] + "…"
    age = f"{'≥ ' if row.at_least else ''}{row.age / DAY:.1f}"
    why = ", ".join(labels) + _marks(row) + _source(row)
    return f"{row.product_id:<20} {row.status.value:<9} {age:>7} d  {short:<{TITLE_WIDTH}}  {why}"


def _certainty(row: WorkRow) -> Certainty:
    return certainty(reason.provenance for reason in row.reasons)


def _marks(row: WorkRow) -> str:
    """What to know of the reasons before acting on them."""
    sure = _certainty(row)
    marks = [sure.value] if sure in (Certainty.LIKELY, Certainty.ADVICE) else []
    marks += [f"resubmit: {row.resubmit.value.replace('_', ' ')}"] if row.resubmit else []
    return f" ({'; '.join(marks)})" if marks else ""


def _source(row: WorkRow) -> str:
    """What differs from the shop, with the day since when it does; nothing where nothing does."""
    told = (f"{SOURCE_WORDS[one.word]}{f' since {day(one.since, UTC)}' if one.since else ''}" for one in row.source)
    said = ", ".join(dict.fromkeys(told))
    return f" [shop: {said}]" if said else ""


def preview_lines(found: Preview, reasons_of: Callable[[str], list[Reason]], taxonomy: Taxonomy) -> Iterator[str]:
    """What an import would do, for a person: the sums, what the texts are recognised as, and every row in doubt."""
    held = sum(match.status in HELD for match in found.matched)
    listings = "1 listing" if len(found.matched) == 1 else f"{len(found.matched):,} listings"
    yield f"{listings} matched, {held:,} of them held; {_in_doubt(found)}."
    codes = Counter(code for match in found.matched for code in {reason.code for reason in reasons_of(match.text)})
    for code, count in codes.most_common():
        yield f"{count:>7,}  {taxonomy.label(code)} ({code})"
    if two := sum(any(reason.measured.get("rivals") for reason in reasons_of(match.text)) for match in found.matched):
        yield f"{two:>7,}  of these texts: the same words have two readings, and both are counted"
    for note in (*found.rounded, *found.unmatched, *found.ambiguous, *found.refused):
        yield _note_line(note)
    yield from map(plain, found.notes)
    if found.rounded:
        yield f"Rows whose id was rounded: {len(found.rounded):,}. Take the one listing that fits with --take-rounded."


def _in_doubt(found: Preview) -> str:
    counts = {
        "unmatched": len(found.unmatched),
        "ambiguous": len(found.ambiguous),
        "refused": len(found.refused),
        **({"rounded": len(found.rounded)} if found.rounded else {}),
        "repeated": found.repeated,
        "without text": found.silent,
    }
    return ", ".join(f"{count:,} {what}" for what, count in counts.items())


def _note_line(note: RowNote) -> str:
    sheet = f"Sheet {note.sheet}, row" if note.sheet else "Row"
    said = note.note if note.id in note.note else f"{note.id}: {note.note}"
    return plain(f"{sheet} {note.row}: {said}")


class Bar:
    """A progress bar of a run: listings read, evidence gathered, calls made, time left."""

    def __init__(self, bar: tqdm[Any]) -> None:
        self._bar = bar
        self._doing = ""

    def walk(self, status: str, seen: int, reported: int | None) -> None:
        """A page of a walk was read."""
        self._show(f"reading {status}", seen, reported)

    def evidence(self, done: int, total: int) -> None:
        """Evidence was gathered."""
        self._show("checking", done, total)

    def calls(self, count: int) -> None:
        """`count` calls were made."""
        self._bar.set_postfix_str(f"{count} calls", refresh=False)

    def _show(self, doing: str, done: int, total: int | None) -> None:
        if doing != self._doing or done < self._bar.n:
            self._doing = doing
            self._bar.reset(total=total)
            self._bar.set_description_str(doing, refresh=False)
        self._bar.total = total
        self._bar.update(done - self._bar.n)


@contextmanager
def progress_bar(shown: bool) -> Iterator[Bar]:
    """A bar on standard error for the length of a block; invisible unless `shown`."""
    with tqdm(unit=" listings", disable=not shown, leave=False, dynamic_ncols=True) as bar:
        yield Bar(bar)


def _count(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def _plain_value(value: object) -> str:
    if isinstance(value, datetime):
        return to_text(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
