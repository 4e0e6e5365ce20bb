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
from aexdash.reconcile.funnel import of_stores
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.unmatched import unmatched
from aexdash.ui.doors.asked import CLAIM, CSV, attachment, in_words, resolve
from aexdash.words.gone import asked_of
from aexdash.words.reconcile import claim_words as comparison_claim

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
    found = snapshot.comparison(view.store_keys).left_sale(end - days * DAY, end)
    then = snapshot.beside_shops().stock_then([asked_of(one) for one in found])
    headers = attachment(view, context, ".csv", f"gone-{days}d")
    return StreamingResponse(csv_gone(found, context.edit_urls, then), media_type=CSV, headers=headers)


@in_words
def expiring_csv(request: Request) -> Response:
    """Send as CSV the listings on sale that expire in so many days from now, by the date that AliExpress tells."""
    snapshot, view, context = resolve(request)
    days, now = _days(request, "expiring", 7, 365), system_clock()
    soon = snapshot.comparison(view.store_keys).expiring(now, now + days * DAY)
    headers = attachment(view, context, ".csv", f"expiring-{days}d")
    return StreamingResponse(csv_expiring(soon.listings, context.edit_urls), media_type=CSV, headers=headers)


@in_words
def funnel_csv(request: Request) -> Response:
    """Send as CSV how far each SKU of the shops gets and what AliExpress has, or the ids of one number of it."""
    snapshot, view, context = resolve(request)
    found = of_stores(snapshot, view.store_keys)
    word = request.query_params.get(OPEN, ALL)
    if word not in (ALL, *classes(found)):
        raise HTTPException(404, "That is no number of this funnel, or none is lost there now.")
    headers = attachment(view, context, ".csv", f"funnel-{word}" if word != ALL else "funnel")
    return StreamingResponse(csv_funnel(found, word), media_type=CSV, headers=headers)


@in_words
def unmatched_csv(request: Request) -> Response:
    """Send as CSV the SKUs of the shops and the listings that could not be matched, each with why."""
    snapshot, view, context = resolve(request)
    found = unmatched(of_stores(snapshot, view.store_keys))
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
    stores = snapshot.beside_shops().drifted(view.store_keys, asked)
    headers = attachment(view, context, ".csv", "drifted" if word == DRIFT_CARD else f"drifted-{word}")
    return StreamingResponse(csv_drifted(stores, context.edit_urls, context.shops), media_type=CSV, headers=headers)


@in_words
def unsold_csv(request: Request) -> Response:
    """Send as CSV the listings on sale that sold nothing in so many days up to now, as far as orders were read."""
    snapshot, view, context = resolve(request)
    days = _days(request, "unsold", 30, 180)
    stores = snapshot.comparison(view.store_keys).unsold(system_clock(), days)
    headers = attachment(view, context, ".csv", f"unsold-{days}d")
    return StreamingResponse(csv_unsold(stores, context.edit_urls), media_type=CSV, headers=headers)


@in_words
def changed_again_csv(request: Request) -> Response:
    """Send as CSV the listings that were approved in so many days up to now, and changed again since."""
    snapshot, view, context = resolve(request)
    days, end = _days(request, "changed", 30, 3650), system_clock()
    found = snapshot.comparison(view.store_keys).changed_again(end - days * DAY, end)
    headers = attachment(view, context, ".csv", f"changed-again-{days}d")
    return StreamingResponse(csv_changed_again(found, context.edit_urls), media_type=CSV, headers=headers)


def _days(request: Request, word: str, usual: int, most: int) -> int:
    days = request.query_params.get(word, str(usual))
    if not (days.isascii() and days.isdigit() and len(days) < 6 and 0 < int(days) <= most):
        raise HTTPException(404, f"Name the days as a number up to {most}, as in {word}={usual}.")
    return int(days)
