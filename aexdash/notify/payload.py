"""A message about one episode as JSON, as docs/reference/webhook.md describes it for whoever receives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aexdash.alerts.episodes.event_words import reasons_told
from aexdash.alerts.model import RecordedEvent
from aexdash.alerts.reading import Reading
from aexdash.alerts.rules.sentences import sentence
from aexdash.notify.links import report_link
from aexdash.notify.messages import VERSION, Message
from aexdash.reasons.taxonomy import Taxonomy

if TYPE_CHECKING:
    from aexdash.causes.reread import Reread


def payload_of_message(message: Message, now: datetime, *, again: bool = False) -> dict[str, Any]:
    """Return the fields that every JSON message has; `again`: it may have arrived before."""
    return {
        "version": VERSION,
        "id": message.id,
        "kind": message.kind.value,
        "trace": message.trace,
        "again": again,
        "sent_at": now,
        "link": message.link,
        "title": message.title,
        "text": message.text(),
    }


def payload_of(
    last: RecordedEvent,
    listings: Sequence[tuple[int, str]],
    taxonomy: Taxonomy,
    stores: Mapping[str, str],
    *,
    events: Sequence[int],
    now: datetime,
) -> dict[str, Any]:
    """Return the JSON fields of an event, the last of `events`; listing ids are texts, as JSON readers round them."""
    facts = {
        "event": events[-1],
        "events": list(events),
        "severity": last.event.severity.value,
        "rule": _rule(last),
        "store": {"key": last.episode.store, "title": stores.get(last.episode.store, last.episode.store)},
        "opened_at": last.episode.opened_at,
        "since": last.event.since,
        "at": last.event.at,
        "closed_at": last.episode.closed_at,
        "owner": last.episode.owner,
        "reasons": _reasons(last, taxonomy),
        "listings": [{"id": str(number), "title": title} for number, title in listings],
        "listings_total": len(last.event.reading.listings),
        "data_at": last.data_at,
        "data_age_seconds": None if last.data_at is None else max(0, int((now - last.data_at).total_seconds())),
    }
    return facts | _figures(last.event.reading)


def goes_with(kept: Reread | None, address: str, taxonomy: Taxonomy) -> dict[str, Any] | None:
    """Return what goes with the movement of an alert, with its evidence; None where nothing is named."""
    top = kept.report.top if kept else None
    if kept is None or top is None:
        return None
    from aexdash.words.causes import finding_words  # noqa: PLC0415 - heavy, and few alerts have such a report

    one = top.found.slice
    return {
        "says": finding_words(top, taxonomy.label),
        "moved": one.k,
        "of": one.n,
        "others_moved": one.rest[0],
        "others": one.rest[1],
        "ratio": round(one.ratio, 2),
        "ratio_low": round(one.low, 2),
        "ratio_high": round(one.high, 2),
        "share": round(one.share, 4),
        "age": top.age.value,
        "on_sale": top.on_sale,
        "looked_at": kept.report.looked_at,
        "made_at": kept.report.made_at,
        "link": report_link(kept.number, address),
    }


def _rule(recorded: RecordedEvent) -> dict[str, str]:
    rule = recorded.rule
    return {"key": rule.key, "title": rule.title, "condition": rule.condition.kind, "sentence": sentence(rule)}


def _figures(reading: Reading) -> dict[str, Any]:
    delta = None if reading.value is None or reading.baseline is None else reading.value - reading.baseline
    return {
        "level": reading.level,
        "value": reading.value,
        "baseline": reading.baseline,
        "delta": delta,
        "delta_percent": round(100 * delta / abs(reading.baseline), 2)
        if delta is not None and reading.baseline
        else None,
        "because": reading.because,
    }


def _reasons(recorded: RecordedEvent, taxonomy: Taxonomy) -> list[dict[str, Any]]:
    return [
        {"code": code, "label": taxonomy.label(code), "listings": count, "before": count - delta, "delta": delta}
        for code, count, delta in reasons_told(recorded)
    ]
