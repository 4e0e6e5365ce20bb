"""An evidence pack: all that was read of one listing and when, as one HTML file that needs nothing else.

For an appeal, or for whoever asks what stood when. It holds what the platform said and what we measured, with both
clocks; nothing that people wrote, no secret, no path, and nothing that a browser would fetch or run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import escape
from itertools import pairwise
from pathlib import Path

from aexdash.clock import to_text
from aexdash.exports.table import file_name
from aexdash.model import HELD
from aexdash.platform_data import PictureFacts
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import Attempt, ListingCard, PeriodRow, ReasonRow
from aexdash.snapshot.store_rows import StoreRow
from aexdash.snapshot.worklist.attempts import SamePicture, changes, not_known
from aexdash.statement import Reach
from aexdash.storage.text import visible
from aexdash.view import View
from aexdash.words.common import AUDIT_WORDS, PROVENANCE_WORDS, STATUS_WORDS, capital, moment, period_range
from aexdash.words.listings.listing import price, status_words
from aexdash.words.listings.past import attempt_words, changed_words, not_known_words
from aexdash.words.statements import claim_words

STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; color: #0f1416; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem }
th, td { border: 1px solid #b9bfc1; padding: .25rem .5rem; text-align: left; vertical-align: top }
td { overflow-wrap: anywhere }
th { background: #eef1f1 } h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 1.6rem }
figure { display: inline-block; margin: 0 1rem 1rem 0; width: 15rem; vertical-align: top } img { max-width: 100% }
small, figcaption { color: #4a5357; overflow-wrap: anywhere }
"""

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

LIMITS = (
    (
        "Every time of a change is a range: after the last reading that did not show it, and by the first one that "
        "did. AliExpress does not tell when it decided."
    ),
    (
        "Pictures, attributes, SKUs and titles are as they were when last read, also where the pack is about an "
        "earlier moment; what was kept of each rejection stands under what was changed."
    ),
    "A reason marked “measured” is ours: AliExpress may be silent about it. “AliExpress says” is its own word.",
    "What people wrote in aexdash (owners, notes) is left out.",
)

NAME = re.compile(r"[0-9a-f]{16,64}\.(jpg|jpeg|png|webp)")
"""The names of pictures in the cache: no folder, no leading dot."""

Thumbnail = Callable[[str], bytes | None]
"""Returns the content of a picture of the cache by its name; None where it is not there."""


@dataclass(frozen=True, slots=True)
class EvidencePack:
    """All that an evidence pack is made of. `reach` is that of the store at `at`, the moment the pack is about."""

    card: ListingCard
    store: StoreRow
    attempts: Sequence[Attempt]
    same_picture: SamePicture
    taxonomy: Taxonomy
    reach: Reach
    at: datetime
    made_at: datetime
    thumbnail: Thumbnail
    zone: tzinfo = UTC

    @property
    def name(self) -> str:
        """The name of its file."""
        return file_name(self.store.key, self.at, ".html", f"evidence-{self.card.row.product_id}")


def gather(
    snapshot: Snapshot,
    key: tuple[str, int],
    taxonomy: Taxonomy,
    pictures: Path,
    *,
    now: datetime,
    as_of: datetime | None = None,
) -> EvidencePack | None:
    """Read what a pack on a listing, as (store key, product id), is made of; None where no reading showed it by then.

    `pictures` is the folder of cached pictures, `as_of` the moment the pack is about (None: now).

    Raises:
        StorageError: the snapshot cannot be read.
    """
    card = snapshot.listing(*key, as_of)
    store = next((one for one in snapshot.stores() if one.key == key[0]), None)
    if card is None or store is None:
        return None
    attempts = snapshot.attempts(*key, as_of)
    return EvidencePack(
        card=card,
        store=store,
        attempts=attempts,
        same_picture=snapshot.same_picture(attempts),
        taxonomy=taxonomy,
        reach=snapshot.hero(View(store=key[0], as_of=as_of)).reach,
        at=as_of or now,
        made_at=now,
        thumbnail=lambda name: _cached(pictures, name),
        zone=snapshot.zone,
    )


def _cached(pictures: Path, name: str) -> bytes | None:
    """Return a picture of the cache by its name, which is a digest and its ending; None where there is none."""
    file = pictures / name
    return file.read_bytes() if NAME.fullmatch(name) and file.is_file() else None


def evidence_html(pack: EvidencePack) -> bytes:
    """Write the pack as one HTML file in UTF-8; its last line is the SHA-256 of all that stands before it."""
    body = "\n".join(_body(pack))
    row = pack.card.row
    head = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>Evidence on listing {row.product_id}</title><style>{STYLE}</style></head><body>\n"
    )
    content = f"{head}{body}\n</body></html>\n".encode("utf-8", "replace")
    return content + f"<!-- SHA-256 of what stands before: {hashlib.sha256(content).hexdigest()} -->\n".encode()


def _body(pack: EvidencePack) -> Iterator[str]:
    row, card = pack.card.row, pack.card
    yield f"<h1>Evidence on listing {row.product_id}</h1>"
    yield _p(f"{row.title or '(no title)'} · {pack.store.title} · {capital(status_words(row))}")
    yield _p(
        f"As of {moment(pack.at, pack.zone)}; compiled {to_text(pack.made_at)} from readings of AliExpress' seller "
        f"interface. {_read_words(pack)}".rstrip()
    )
    if claim := claim_words(pack.reach, zone=pack.zone):
        yield _p(f"{capital(claim)}.")
    yield "<h2>What it cannot show</h2>"
    yield "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in LIMITS) + "</ul>"
    yield from _section("Facts", ("", "Value"), _facts(pack))
    yield from _section("Where it stood, and when", PERIOD_HEAD, [_period(one) for one in card.periods])
    yield from _section("What was said and measured", REASON_HEAD, _reasons(pack))
    yield from _attempts(pack)
    yield from _pictures(pack)
    detail = f"as read {moment(card.detail_read_at, pack.zone)}" if card.detail_read_at else "not read yet"
    yield from _section(f"Titles by language, {detail}", ("Language", "Title"), card.titles.items())
    attributes = [(one.name or str(one.name_id or ""), one.value) for one in card.attributes]
    yield from _section(f"Attributes, {detail}", ("Attribute", "Value"), attributes)
    skus = [(one.code or one.sku_id, price(one.price, None, one.currency), _stock(one.stock)) for one in card.skus]
    yield from _section(f"SKUs, {detail}", ("SKU", "Price", "Stock (pieces)"), skus)


def _read_words(pack: EvidencePack) -> str:
    """Say which readings the pack rests on. A past moment that they speak for is seldom the moment of one of them."""
    if not pack.reach.read:
        return ""  # the claim says between which readings the moment lies, or that there is none
    if pack.reach.moment:
        return "Complete readings of the store speak for that moment."
    return f"The store was last completely read {moment(pack.reach.read_at, pack.zone)}."


def _stock(pieces: int | None) -> str:
    return "not told" if pieces is None else str(pieces)


PERIOD_HEAD = ("Status", "Began", "Ended (UTC)", "AliExpress calls it", "Rejected so far")

REASON_HEAD = ("While", "Reason", "Whose word", "As it was written or measured", "First seen", "No longer since")


def _facts(pack: EvidencePack) -> list[tuple[str, str]]:
    row, card = pack.card.row, pack.card
    facts = {
        "Product id": str(row.product_id),
        "Store": pack.store.title,
        "AliExpress calls its status": " ".join(filter(None, (row.platform_status, row.cause))),
        "Held since": period_range(row.held_after, row.held_since, at_start=True) if row.status in HELD else "",
        "In this status since": period_range(row.started_after, row.started_at, at_start=True),
        "Last shown by a reading": moment(row.seen_at),
        "First seen by us": moment(card.first_seen_at),
        "Created, by AliExpress' clock": _both(card.created_raw, card.created_at),
        "Changed, by AliExpress' clock": _both(row.modified_raw, row.modified_at),
        "Category": row.category or str(row.category_id or ""),
        "Price": price(row.price_min, row.price_max, row.currency),
        "SKU codes": ", ".join(row.sku_codes),
    }
    return [(label, value) for label, value in facts.items() if value]


def _both(raw: str | None, at: datetime | None) -> str:
    """Write a moment as AliExpress wrote it, and what that is in UTC."""
    return f"{raw} (as written) = {moment(at)}" if raw else ""


def _period(one: PeriodRow) -> tuple[str, ...]:
    status = STATUS_WORDS.get(one.status, one.status)
    kind = AUDIT_WORDS.get(one.audit_kind or "", "")
    return (
        f"{status} ({kind})" if kind else status,
        period_range(one.started_after, one.started_at, at_start=True),
        period_range(one.ended_after, one.ended_at, at_start=False),
        " ".join(filter(None, (one.platform_status, one.cause, one.note))),
        str(one.attempt),
    )


def _reasons(pack: EvidencePack) -> list[tuple[str, ...]]:
    return [
        (
            f"{STATUS_WORDS.get(period.status, period.status)} from {moment(period.started_at)}",
            f"{pack.taxonomy.label(reason.code)} ({reason.code})",
            PROVENANCE_WORDS[reason.provenance],
            _told(reason),
            moment(reason.first_seen_at),
            moment(reason.vanished_at) if reason.vanished_at else "stands",
        )
        for period in pack.card.periods
        for reason in period.reasons
    ]


def _told(reason: ReasonRow) -> str:
    measured = "; ".join(f"{name}: {_figure(value)}" for name, value in sorted(reason.measured.items()))
    return " · ".join(filter(None, (reason.text, measured)))


def _figure(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _attempts(pack: EvidencePack) -> Iterator[str]:
    """Write what was changed between each two rejections, the first two first."""
    for before, after in pairwise(pack.attempts):
        rows = [
            (changed_words(one), one.before, one.after)
            for one in changes(before, after, pack.same_picture)
            if one.field != "reason"
        ]
        title = f"What was changed from attempt {before.number} to {after.number}"
        yield from _section(title, ("Field", "Before", "Then"), rows)
        yield _p(attempt_words(after, pack.taxonomy))
        for missing in not_known(before, after):
            yield _p(not_known_words(missing))


def _pictures(pack: EvidencePack) -> Iterator[str]:
    if not pack.card.pictures:
        return
    yield "<h2>Pictures, as last measured</h2>"
    for number, picture in enumerate(pack.card.pictures, start=1):
        name = "Main picture" if number == 1 else f"Picture {number}"
        yield f"<figure>{_image(pack, picture, name)}<figcaption>{_text(_size(picture, name))}</figcaption></figure>"


def _image(pack: EvidencePack, picture: PictureFacts, name: str) -> str:
    content = pack.thumbnail(picture.thumbnail) if picture.thumbnail else None
    if content is None or not picture.thumbnail:
        return ""
    kind = picture.thumbnail.rpartition(".")[2].replace("jpg", "jpeg")
    return f'<img alt="{escape(name)}" src="data:image/{kind};base64,{base64.b64encode(content).decode()}">'


def _size(picture: PictureFacts, name: str) -> str:
    size = f"{picture.width} × {picture.height} px" if picture.width else picture.state.replace("_", " ")
    weight = f"{picture.size_bytes:,} bytes" if picture.size_bytes else ""
    return ": ".join([name, ", ".join(filter(None, (size, picture.format, weight, picture.url)))])


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table under a heading; nothing where it has no row."""
    lines = [f"<tr>{''.join(f'<td>{_text(str(cell))}</td>' for cell in row)}</tr>" for row in rows]
    if not lines:
        return
    yield f"<h2>{escape(title)}</h2>"
    yield f"<table><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in head)}</tr>{''.join(lines)}</table>"


def _p(words: str) -> str:
    return f"<p>{_text(words)}</p>"


def _text(words: str) -> str:
    """Escape a text for HTML; what would turn the words around it is written as what it is."""
    return escape(visible(words))
