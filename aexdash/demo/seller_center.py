"""The simulated Seller Center of the demo: one page a listing, on which somebody mends it and sends it in again.

It stands on the port of the simulated AliExpress, at `/_demo/seller-center/STORE/ID`; the stores of the demo have it as
their `edit_url`, so that *Edit* leads here as it leads to the real one elsewhere. What was mended is kept in a file of
the demo's home, so that a restart loses none of it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from hmac import compare_digest
from html import escape
from pathlib import Path
from secrets import token_urlsafe
from typing import Final
from urllib.parse import urlsplit

from aexdash.clock import Clock, from_text, system_clock, to_text
from aexdash.demo.inbox import HTML, PLAIN, Answer
from aexdash.demo.past import DemoStore
from aexdash.demo.platform.incoming import Incoming, read_request
from aexdash.demo.platform.server import Respond
from aexdash.demo.world.listing import Cause, Listing, ListingFacts, Picture
from aexdash.demo.world.mending import REVIEW, MendedWorld
from aexdash.demo.world.moments import CENSUS
from aexdash.model import Status
from aexdash.words.common import moment, span

PATH = "/_demo/seller-center"
FORM = "form"
"""The field that only the page's own form has right, so that no page of another site can send it."""

_LONGEST_ID = 19

STATUS_WORDS: Final = {
    Status.ACTIVE: "On sale",
    Status.OFFLINE: "Offline",
    Status.AUDITING: "In audit",
    Status.REJECTED: "Rejected, editing required",
}

OBJECTIONS: Final = {
    Cause.PICTURE_SMALL: "The main picture is too small.",
    Cause.PICTURE_RATIO: "The main picture is too wide or too tall.",
    Cause.ATTRIBUTE_MISSING: "A required attribute is missing.",
    Cause.PROHIBITED_WORD: "The title has a prohibited word.",
    Cause.BRAND_WORD: "The title names a brand that the seller may not use.",
    Cause.RESTRICTED_GOODS: "The title offers restricted goods.",
    Cause.TITLE_ABUSE: "The title repeats the same words.",
    Cause.WRONG_CATEGORY: "The listing is in the wrong category.",
    Cause.PRICE: "The price is not plausible.",
    Cause.QUALIFICATION: "A qualification or the responsible person in the EU is missing.",
    Cause.UNEXPLAINED: "They give no reason.",
}

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} · Simulated Seller Center</title>
<meta name="viewport" content="width=device-width">{refresh}
<style>
:root {{ color-scheme: light dark }}
body {{ font: 15px/1.45 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
h1, h2, td, li {{ overflow-wrap: anywhere }}
h1 {{ font-size: 1.4rem }}
h2 {{ font-size: 1.05rem }}
th {{ text-align: left; padding-right: 1.5rem; vertical-align: top }}
button {{ font: inherit; padding: .4rem 1rem }}
aside {{ border: 1px solid #8886; border-radius: .5rem; padding: .5rem 1rem }}
</style></head><body><main>
<aside>This Seller Center is simulated, like everything in the demo of aexdash. For a store of yours, <i>Edit</i> leads
to the real one.</aside>
<h1>{title}</h1>
<table>
<tr><th scope="row">Store</th><td>{store}</td></tr>
<tr><th scope="row">Product id</th><td>{product_id}</td></tr>
<tr><th scope="row">Status</th><td>{status}</td></tr>
<tr><th scope="row">Last modified</th><td>{modified}</td></tr>
</table>
{rest}
</main></body></html>
"""

FIX = """<h2>What fixing it changes</h2>
<ul>{changes}</ul>
<form method="post"><input type="hidden" name="form" value="{form}"><button>Fix and resubmit</button></form>
<p>It goes into audit at once, and on sale {review} later; a real review takes hours or days. The demo reads what is
held every 15 seconds, so its pages follow shortly after.</p>"""

NOTHING = "Nothing: it is sent in again as it is."
AGAIN = "The main picture is uploaded again."

_HEADERS = HTML | {
    "Content-Security-Policy": f"{HTML['Content-Security-Policy']}; form-action 'self'; frame-ancestors 'none'"
}
_REFRESH = '<meta http-equiv="refresh" content="5">'
_FOREIGN = b"This was not sent by the page of the listing itself: open that page again, and press its button there."
NOT_HERE = "The simulated Seller Center has no such listing: open it with Edit in the worklist of the demo."


class SellerCenter:
    """Shows and mends the listings of stores with a `MendedWorld`; of the others it shows what stands.

    `file` keeps what was mended; `zone` is that of the moments on the page. May be asked from several threads.
    """

    def __init__(
        self, stores: Sequence[DemoStore], file: Path, clock: Clock = system_clock, zone: tzinfo = UTC
    ) -> None:
        self._stores = {store.key: store for store in stores}
        self._file, self._clock, self._zone = file, clock, zone
        self._form = token_urlsafe()
        self._lock = threading.Lock()
        self._mend_again()

    def before(self, respond: Respond) -> Respond:
        """Return what answers for the Seller Center, and leaves everything else to `respond`."""

        def answer(verb: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
            if not urlsplit(url).path.startswith(f"{PATH}/"):
                return respond(verb, url, headers, body)
            incoming = read_request(verb, url, headers, body)
            named = {name.lower(): value for name, value in headers.items()}
            return self._answer(incoming, named.get("origin", incoming.origin))

        return answer

    def _answer(self, incoming: Incoming, sent_from: str) -> Answer:
        key, _, number = incoming.path.removeprefix(f"{PATH}/").partition("/")
        store = self._stores.get(key)
        if store is None or not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_ID):
            return 404, PLAIN, NOT_HERE.encode()
        now = self._clock() if isinstance(store.world, MendedWorld) else CENSUS
        listing = store.world.listing(int(number), now)
        if listing is None or listing.status not in STATUS_WORDS:
            return 404, PLAIN, NOT_HERE.encode()
        if incoming.verb != "POST":
            return 200, _HEADERS, self._page(store, listing, now).encode()
        known = compare_digest(incoming.parameters.get(FORM, "").encode(), self._form.encode())
        if not known or sent_from != incoming.origin:
            return 403, PLAIN, _FOREIGN
        if isinstance(store.world, MendedWorld):
            self._mend(key, store.world, listing.product_id, now)
        return 303, {"Location": incoming.path}, b""  # a second press of the button finds nothing left to mend

    def _mend(self, key: str, world: MendedWorld, product_id: int, now: datetime) -> None:
        with self._lock:
            if world.mend(product_id, now):
                line = json.dumps({"store": key, "product_id": product_id, "at": to_text(now)})
                with suppress(OSError), self._file.open("a", encoding="utf-8") as file:
                    file.write(f"{line}\n")  # where it cannot be written, it stays mended until the demo ends

    def _mend_again(self) -> None:
        """Mend what was mended before the demo was started again; a line that cannot be read is left out."""
        try:
            lines = self._file.read_text("utf-8", "replace").splitlines()
        except OSError:
            return  # nothing was mended so far, or it cannot be read
        for line in lines:
            try:
                kept = json.loads(line)
                store, product_id, at = self._stores.get(kept["store"]), int(kept["product_id"]), from_text(kept["at"])
            except (ValueError, TypeError, KeyError):
                continue  # the demo was killed while it wrote
            if store is not None and isinstance(store.world, MendedWorld):
                store.world.mend(product_id, at)

    def _page(self, store: DemoStore, listing: Listing, now: datetime) -> str:
        mend = store.world.mending(listing.product_id, now) if isinstance(store.world, MendedWorld) else None
        waits = mend is not None and now < mend.passes_at
        return PAGE.format(
            title=escape(listing.title),
            refresh=_REFRESH if waits else "",
            store=escape(store.title),
            product_id=listing.product_id,
            status=STATUS_WORDS[listing.status],
            modified=escape(moment(listing.modified, self._zone)),
            rest="\n".join(self._rest(store, listing, now)),
        )

    def _rest(self, store: DemoStore, listing: Listing, now: datetime) -> Iterator[str]:
        """Yield what the page says below the facts: what is objected to, and what can be done."""
        if not isinstance(store.world, MendedWorld):
            yield "<p>This store is an example: it stands here as it was last read, and nothing of it can be changed."
            yield "Fix a listing of another store of the demo.</p>"
            return
        mend, facts = store.world.mending(listing.product_id, now), store.world.repaired(listing.product_id, now)
        if mend is not None and facts is None:
            yield f"<p>It was fixed and sent in again at {mend.at.astimezone(self._zone):%H:%M:%S}."
            passes = f"{mend.passes_at.astimezone(self._zone):%H:%M:%S}"
            if now < mend.passes_at:
                yield f"The simulated reviewers pass it at {passes}, {span(REVIEW)} later; this page looks"
                yield "for it every five seconds.</p>"
            else:
                yield f"The simulated reviewers passed it at {passes}. The life of the store goes on: the simulated"
                yield "seller may send it in again later.</p>"
            return
        yield "<h2>What the simulated reviewers object to</h2>"
        yield f"<p>{escape(_objection(listing, mendable=facts is not None))}</p>"
        if facts is not None:
            changes = list(_changes(listing.facts, facts)) or [NOTHING]
            items = "".join(f"<li>{escape(change)}</li>" for change in changes)
            yield FIX.format(changes=items, form=escape(self._form), review=span(REVIEW))


def pattern(store: str) -> str:
    """Return the path of the pages of a store, `{product_id}` where the id stands."""
    return f"{PATH}/{store}/{{product_id}}"


def _objection(listing: Listing, *, mendable: bool) -> str:
    match listing.status:
        case Status.REJECTED:
            return OBJECTIONS[Cause(listing.rejected_for or Cause.UNEXPLAINED)]
        case Status.AUDITING:
            return "They are still looking at it; there is nothing to do but wait."
        case Status.OFFLINE:
            return "Nothing: it is offline, and nobody reviews it."
        case _:
            return "Nothing so far, but it has a flaw that they may find." if mendable else "Nothing."


def _changes(before: ListingFacts, after: ListingFacts) -> Iterator[str]:
    """Yield a line for each thing that fixing changes."""
    old, new = before.pictures[0], after.pictures[0]
    if old.of is not None and new.of is None:
        yield "Main picture: another listing has the same one; this listing gets its own"
    elif _sides(old) != _sides(new):
        yield f"Main picture: {_sides(old)} becomes {_sides(new)}"
    elif old != new:
        yield AGAIN
    if before.title != after.title:
        yield f"Title becomes: {after.title}"
    had = {one.name: one.value for one in before.attributes}
    for one in after.attributes:
        if had.get(one.name) != one.value:
            yield f"{one.name}: {had.get(one.name, 'missing')} becomes {one.value}"
    if before.category_id != after.category_id:
        yield f"Category: {before.category_id} becomes {after.category_id}"
    if before.price_range() != after.price_range():
        yield f"Price: {' to '.join(before.price_range())} becomes {' to '.join(after.price_range())} {after.currency}"
    if before.weight != after.weight:
        yield f"Weight: {before.weight} kg becomes {after.weight} kg"
    if before.eu_person != after.eu_person:
        yield "The responsible person in the EU is named"
    for key in after.qualifications:
        if key not in before.qualifications:
            yield f"The qualification {key} is added"


def _sides(picture: Picture) -> str:
    return f"{picture.width} × {picture.height} px"
