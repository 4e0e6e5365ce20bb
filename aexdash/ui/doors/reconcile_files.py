"""The downloads of the page Reconcile: a comparison, what left sale or soon will, the shop, what sells nothing."""

from __future__ import annotations

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from aexdash.clock import DAY, system_clock
from aexdash.config.in_force import in_force
from aexdash.exports.beside_shop import CARD as DRIFT_CARD
from aexdash.exports.beside_shop import DRIFTED, csv_drifted, csv_unmatched, words_of
from aexdash.exports.funnel import ALL, OPEN, classes, csv_funnel
from aexdash.exports.gone import csv_expiring, csv_gone
from aexdash.exports.on_sale import csv_changed_again, csv_unsold
from aexdash.exports.reconcile import content_of
from aexdash.exports.table import file_name
from aexdash.exports.worklist.worklist import ExportContext
from aexdash.model import Status
from aexdash.reconcile.funnel import Bound, Funnel, of_stores
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.unmatched import unmatched
from aexdash.ui.doors.asked import CLAIM, CSV, NOT_KNOWN, PART, attachment, in_words, of_now, resolve, speaking
from aexdash.words.reconcile import gone, on_sale
from aexdash.words.reconcile.comparison import claim_words as comparison_claim
from aexdash.words.reconcile.funnel import scope_words
from aexdash.words.reconcile.gone import asked_of
from aexdash.words.reconcile.source import drifted_words, is_drift_known

COMPARISON = {"csv": CSV, "md": "text/markdown; charset=utf-8", "json": "application/json"}
"""The forms of a comparison with Seller Center, by the ending of the address."""


def routes() -> list[Route]:
    """The addresses of these downloads."""
    return [
        Route("/gone.csv", gone_csv),
        Route("/expiring.csv", expiring_csv),
        Route("/funnel.csv", funnel_csv),
        Route("/unmatched.csv", unmatched_csv),
        Route("/drifted.csv", drifted_csv),
        Route("/unsold.csv", unsold_csv),
        Route("/changed-again.csv", changed_again_csv),
        *(Route(f"/reconcile.{ending}", reconciliation) for ending in COMPARISON),
    ]


@in_words
def reconciliation(request: Request) -> Response:
    """Send the comparison with Seller Center that the address numbers, as CSV, Markdown or JSON."""
    number, ending = request.query_params.get("report", ""), request.url.path.rpartition(".")[2]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise HTTPException(404, "A comparison is asked for by its number, as in /reconcile.csv?report=3.")
    settings = in_force().settings
    result = Reconciliations(settings.desk_path).get(int(number))
    if result is None:
        raise HTTPException(404, f"There is no comparison {number} that this version can read.")
    scope = result.scope[0] if result.scope and len(result.scope) == 1 else None
    name = file_name(scope, result.at, f".{ending}", "seller-center", "" if result.read_at else "not-known")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    headers[CLAIM] = quote(comparison_claim(result, settings.tzinfo), safe=" ,;.=")
    return Response(content_of(f".{ending}", result, settings.tzinfo), media_type=COMPARISON[ending], headers=headers)


@in_words
def gone_csv(request: Request) -> Response:
    """Send as CSV the listings that left sale in so many days up to now, or up to the moment in the address."""
    snapshot, view, context = resolve(request)
    days = _days(request, "gone", 7, 3650)
    end = view.as_of or system_clock()
    start, asked = end - days * DAY, snapshot.comparison(view.store_keys)
    found, reads = asked.left_sale(start, end), asked.standings().reads(end, [Status.ACTIVE])
    says = gone.summary(found, start, end, reads, snapshot.zone)
    context = speaking(context, _doubt(gone.is_known(reads, start)), says)
    then = snapshot.beside_shops().stock_then([asked_of(one) for one in found])
    headers = attachment(view, context, ".csv", f"gone-{days}d")
    return StreamingResponse(csv_gone(found, context.edit_urls, then), media_type=CSV, headers=headers)


@in_words
def expiring_csv(request: Request) -> Response:
    """Send as CSV the listings on sale that expire in so many days from now, by the date that AliExpress tells."""
    snapshot, view, context = resolve(request)
    of_now(view)
    days, now = _days(request, "expiring", 7, 365), system_clock()
    asked = snapshot.comparison(view.store_keys)
    soon, reads = asked.expiring(now, now + days * DAY), asked.standings().reads(now, [Status.ACTIVE])
    says = gone.expiring_words(soon, days, reads, snapshot.zone)
    context = speaking(context, _doubt(gone.is_expiring_known(soon, reads)), says)
    headers = attachment(view, context, ".csv", f"expiring-{days}d")
    return StreamingResponse(csv_expiring(soon.listings, context.edit_urls), media_type=CSV, headers=headers)


@in_words
def funnel_csv(request: Request) -> Response:
    """Send as CSV how far each SKU of the shops gets and what AliExpress has, or the ids of one number of it."""
    snapshot, view, context = resolve(request)
    of_now(view)
    found = of_stores(snapshot, view.store_keys)
    context = _beside_shops(context, found)
    word = request.query_params.get(OPEN, ALL)
    if word not in (ALL, *classes(found)):
        raise HTTPException(404, "That is no number of this funnel, or none is lost there now.")
    headers = attachment(view, context, ".csv", f"funnel-{word}" if word != ALL else "funnel")
    return StreamingResponse(csv_funnel(found, word), media_type=CSV, headers=headers)


@in_words
def unmatched_csv(request: Request) -> Response:
    """Send as CSV the SKUs of the shops and the listings that could not be matched, each with why."""
    snapshot, view, context = resolve(request)
    of_now(view)
    whole = of_stores(snapshot, view.store_keys)
    found, context = unmatched(whole), _beside_shops(context, whole)
    headers = attachment(view, context, ".csv", "unmatched")
    return StreamingResponse(csv_unmatched(found, context.edit_urls), media_type=CSV, headers=headers)


@in_words
def drifted_csv(request: Request) -> Response:
    """Send as CSV what is on sale and not so in its shop: what the card counts, every difference, or one of them."""
    snapshot, view, context = resolve(request)
    word = request.query_params.get(DRIFTED, DRIFT_CARD)
    try:
        asked = words_of(word)
    except ValueError:
        raise HTTPException(404, f"Name a difference, as in {DRIFTED}=draft.") from None
    of_now(view)
    stores = snapshot.beside_shops().drifted(view.store_keys, asked)
    context = speaking(context, _doubt(is_drift_known(stores)), drifted_words(stores, snapshot.zone))
    headers = attachment(view, context, ".csv", "drifted" if word == DRIFT_CARD else f"drifted-{word}")
    return StreamingResponse(csv_drifted(stores, context.edit_urls, context.shops), media_type=CSV, headers=headers)


@in_words
def unsold_csv(request: Request) -> Response:
    """Send as CSV the listings on sale that sold nothing in so many days up to now, as far as orders were read."""
    snapshot, view, context = resolve(request)
    of_now(view)
    days, now = _days(request, "unsold", 30, 180), system_clock()
    asked = snapshot.comparison(view.store_keys)
    stores, reads = asked.unsold(now, days), asked.standings().reads(now, [Status.ACTIVE])
    says = on_sale.unsold_words(stores, days, reads, snapshot.zone)
    context = speaking(context, _doubt(on_sale.is_unsold_known(stores, reads)), says)
    headers = attachment(view, context, ".csv", f"unsold-{days}d")
    return StreamingResponse(csv_unsold(stores, context.edit_urls), media_type=CSV, headers=headers)


@in_words
def changed_again_csv(request: Request) -> Response:
    """Send as CSV the listings that were approved in so many days up to now, and changed again since."""
    snapshot, view, context = resolve(request)
    of_now(view)
    days, end = _days(request, "changed", 30, 3650), system_clock()
    start, asked = end - days * DAY, snapshot.comparison(view.store_keys)
    found, reads = asked.changed_again(start, end), asked.standings().reads(end, [Status.ACTIVE])
    says = on_sale.changed_words(found, start, end, reads, snapshot.zone)
    context = speaking(context, _doubt(gone.is_known(reads, start)), says)
    headers = attachment(view, context, ".csv", f"changed-again-{days}d")
    return StreamingResponse(csv_changed_again(found, context.edit_urls), media_type=CSV, headers=headers)


def _doubt(known: bool | None) -> str:
    return NOT_KNOWN if known is None else "" if known else PART


def _beside_shops(context: ExportContext, found: Funnel) -> ExportContext:
    """Return the context of a file on some stores beside their shops: none of them may have one that was read."""
    if not found.stores:
        return speaking(context, NOT_KNOWN, "No store that is looked at has a shop that was read.")
    known = not found.without_shop and found.reverse.bound is Bound.EXACT
    return speaking(context, _doubt(known), scope_words(found))


def _days(request: Request, word: str, usual: int, most: int) -> int:
    days = request.query_params.get(word, str(usual))
    if not (days.isascii() and days.isdigit() and len(days) < 6 and 0 < int(days) <= most):
        raise HTTPException(404, f"Name the days as a number up to {most}, as in {word}={usual}.")
    return int(days)
