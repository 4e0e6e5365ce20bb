"""HTTP routes beside the pages: health check, cached thumbnails, and downloads of a view as CSV or XLSX.

A failure is answered with one sentence in plain text.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import tzinfo
from functools import wraps
from pathlib import Path
from typing import IO
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from aexdash.cards import Window
from aexdash.cards.window import bounds
from aexdash.causes.kept import Slices
from aexdash.clock import DAY, system_clock
from aexdash.config.in_force import in_force
from aexdash.config.settings import ConfigError, Settings
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.profiles import Profiles, resolve_view
from aexdash.exports import fixsheet
from aexdash.exports.apart import made_apart
from aexdash.exports.beside_shop import CARD as DRIFT_CARD
from aexdash.exports.beside_shop import DRIFTED, csv_drifted, csv_unmatched, words_of
from aexdash.exports.evidence import evidence_html, gather
from aexdash.exports.feed_rows import csv_of_rows
from aexdash.exports.funnel import ALL, OPEN, classes, csv_funnel
from aexdash.exports.gone import csv_expiring, csv_gone
from aexdash.exports.moves import csv_moves
from aexdash.exports.on_sale import csv_changed_again, csv_unsold
from aexdash.exports.plain import csv_plain
from aexdash.exports.reconcile import content_of
from aexdash.exports.table import ExportError, file_name, named_after
from aexdash.exports.worklist import ExportContext, csv_chunks, write_view
from aexdash.reasons.taxonomy import TaxonomyError
from aexdash.reconcile.funnel import of_stores
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.unmatched import unmatched
from aexdash.snapshot.query import Snapshot
from aexdash.statement import Reach
from aexdash.storage.errors import StorageError
from aexdash.ui.alerts import routes as alerts_routes
from aexdash.ui.ask import box as ask_box
from aexdash.ui.causes import routes as causes_routes
from aexdash.ui.connect import routes as connect_routes
from aexdash.ui.frame import address, again, names, nav, news, person, scripts
from aexdash.ui.frame.thumbnail_names import is_thumbnail_name
from aexdash.ui.history import moves as history_moves
from aexdash.ui.history.moves import CLOSING, OPENING, SHOWN
from aexdash.view import View
from aexdash.words.common import no_such_reason, without_home
from aexdash.words.gone import asked_of
from aexdash.words.reconcile import claim_words as comparison_claim
from aexdash.words.statements import claim_words, row_claims, slug

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
COMPARISON = {"csv": CSV, "md": "text/markdown; charset=utf-8", "json": "application/json"}
"""The forms of a comparison with Seller Center, by the ending of the address."""

CHUNK_BYTES = 65_536

NOTES = "X-Aexdash-Notes"
"""The header that says which parts of the address were ignored, percent-encoded; absent when none was."""

CLAIM = "X-Aexdash-Claim"
"""The header that says what a file does not speak for, as `not read since 9 Mar …`; absent where all was read."""

PLAIN = "plain"
"""The word of an address that asks for the form for scripts; no filter of a view."""

OTHER_WORDS = (*address.OF_ROWS, OPENING, CLOSING, SHOWN, PLAIN)
"""The words that addresses of downloads may hold beside filters: those of the page with the same rows, and of moves."""

Answer = Callable[[Request], Response]


def routes() -> list[Route]:
    """The routes of the app."""
    return [
        Route("/overview", front_page),
        Route("/healthz", healthz),
        Route("/pictures/{name}", picture),
        Route("/export.csv", export_csv),
        Route("/export.xlsx", export_xlsx),
        Route("/feed.csv", feed_csv),
        Route("/fix.csv", fix_csv),
        Route("/moves.csv", moves_csv),
        Route("/evidence.html", evidence),
        Route("/gone.csv", gone_csv),
        Route("/expiring.csv", expiring_csv),
        Route("/funnel.csv", funnel_csv),
        Route("/unmatched.csv", unmatched_csv),
        Route("/drifted.csv", drifted_csv),
        Route("/unsold.csv", unsold_csv),
        Route("/changed-again.csv", changed_again_csv),
        *(Route(f"/reconcile.{ending}", reconciliation) for ending in COMPARISON),
        Route("/fix.xlsx", fix_xlsx),
        Route("/causes.md", _in_words(causes_routes.report_file)),
        Route("/causes.csv", _in_words(causes_routes.report_file)),
        Route("/causes.json", _in_words(causes_routes.report_file)),
        Route("/press.js", again.press_script),
        Route("/news.js", news.script),
        Route(news.ADDRESS, news.answer),
        Route("/focus.js", scripts.focus_script),
        Route("/lead.js", nav.lead_script),
        Route("/ask.js", ask_box.script),
        Route("/names.js", names.script),
        Route("/person.js", person.script),
        Route("/alerts.js", alerts_routes.script),
        Route(connect_routes.LEAVE, connect_routes.leave),
        Route(connect_routes.CALLBACK, connect_routes.authorized),
        Route("/alerts.json", _in_words(alerts_routes.open_alerts)),
    ]


def _in_words(answer: Answer) -> Answer:
    """Make a route answer failures with status 503 and one sentence, without traceback or full home path."""

    @wraps(answer)
    def guarded(request: Request) -> Response:
        try:
            return answer(request)
        except (ConfigError, TaxonomyError, StorageError, ExportError) as error:
            return PlainTextResponse(f"{without_home(str(error))}\n", status_code=503)

    return guarded


def front_page(request: Request) -> Response:
    """Redirect `/overview` to `/`: Streamlit serves the front page only under `/`."""
    return RedirectResponse(str(request.url.replace(path="/")))


@_in_words
def healthz(_request: Request) -> Response:
    """Report health: 200 with the snapshot's version when it can be read, else 503.

    `status` is of the server and its file: `ok`, or `ahead` where a reading is stamped later than now, so that no age
    can be told. `reading` is how current the data is, of several stores the worst: where the worker is dead, it is
    `stale` while `status` stays `ok`.
    """
    settings = in_force().settings
    snapshot = _snapshot(settings)
    current = snapshot.freshness(None, system_clock(), settings.stale_after)
    status = "ahead" if current.state == "ahead" else "ok"
    return JSONResponse({"status": status, "reading": current.state, "snapshot_version": snapshot.version()})


@_in_words
def picture(request: Request) -> Response:
    """Send a thumbnail from the cache; 404 for a name that is not a cached picture."""
    name = request.path_params["name"]
    file = in_force().settings.pictures_dir / name
    if not is_thumbnail_name(name) or not file.is_file():
        return PlainTextResponse("There is no such picture.\n", status_code=404)
    return FileResponse(file, headers={"Cache-Control": "private, max-age=86400"})


@_in_words
def export_csv(request: Request) -> Response:
    """Stream all rows of the view in the address as CSV; with `plain=1` in the form for scripts."""
    snapshot, view, context = _resolve(request)
    wanted = _plain_wanted(request)
    chunks = (csv_plain if wanted else csv_chunks)(snapshot.rows(view), context)
    headers = _attachment(view, context, ".csv", named_after(view, "plain" if wanted else ""))
    return StreamingResponse(chunks, media_type=CSV, headers=headers)


@_in_words
def export_xlsx(request: Request) -> Response:
    """Send all rows of the view in the address as XLSX, written by another process to a temporary file first."""
    snapshot, view, context = _resolve(request)
    if _plain_wanted(request):
        raise HTTPException(404, f"The plain form is a CSV: ask /export.csv with {PLAIN}=1.")
    headers = _attachment(view, context, ".xlsx", named_after(view))
    return _workbook(headers, write_view, snapshot, view, context)


@_in_words
def feed_csv(request: Request) -> Response:
    """Send the rows that the feed's validation rejected in the last seven days and today as CSV."""
    snapshot, view, context = _resolve(request)
    until = view.as_of or system_clock()
    rows = list(snapshot.feed(view.store_keys).rejected_rows(bounds(Window.D7, until)[0], until))
    known = snapshot.known_skus({row.sku for row in rows})
    chunks = csv_of_rows(rows, known, snapshot.stores())
    return StreamingResponse(chunks, media_type=CSV, headers=_attachment(view, context, ".csv", "feed-rejected"))


@_in_words
def fix_csv(request: Request) -> Response:
    """Send the fix sheet of the one reason in the address as CSV."""
    snapshot, view, context = _resolve(request)
    code = _one_reason(snapshot, view, context)
    sheet = fixsheet.fixsheet(code, snapshot.rows(view), context, fixsheet.cards_of(snapshot, view))
    headers = _attachment(view, context, ".csv", f"fix-{code}")
    return StreamingResponse(fixsheet.csv_fixsheet(sheet), media_type=CSV, headers=headers)


@_in_words
def moves_csv(request: Request) -> Response:
    """Send as CSV the listings of one bar of the bridge, or those held at only one of two moments."""
    snapshot, view, context = _resolve(request)
    span = history_moves.read(request.query_params, (view.as_of or context.as_of,) * 2, system_clock())
    if span.notes or not span.shown or not {OPENING, CLOSING} <= request.query_params.keys():
        names = f"{OPENING}, {CLOSING} and {SHOWN}"
        raise HTTPException(404, " ".join(span.notes) or f"Such a list is about two moments: name {names}.")
    past = snapshot.past(view.store_keys)
    read_at = {one.store: one.read_at for one in past.reach(span.start, span.end).readings}
    headers = _attachment(view, replace(context, as_of=span.end), ".csv", span.shown.value)
    moves = csv_moves(history_moves.every_listing(past, span), context, read_at)
    return StreamingResponse(moves, media_type=CSV, headers=headers)


@_in_words
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


@_in_words
def gone_csv(request: Request) -> Response:
    """Send as CSV the listings that left sale in so many days up to now, or up to the moment in the address."""
    snapshot, view, context = _resolve(request)
    days = _days(request, "gone", 7, 3650)
    end = view.as_of or system_clock()
    found = snapshot.comparison(view.store_keys).left_sale(end - days * DAY, end)
    then = snapshot.beside_shops().stock_then([asked_of(one) for one in found])
    headers = _attachment(view, context, ".csv", f"gone-{days}d")
    return StreamingResponse(csv_gone(found, context.edit_urls, then), media_type=CSV, headers=headers)


@_in_words
def expiring_csv(request: Request) -> Response:
    """Send as CSV the listings on sale that expire in so many days from now, by the date that AliExpress tells."""
    snapshot, view, context = _resolve(request)
    days, now = _days(request, "expiring", 7, 365), system_clock()
    soon = snapshot.comparison(view.store_keys).expiring(now, now + days * DAY)
    headers = _attachment(view, context, ".csv", f"expiring-{days}d")
    return StreamingResponse(csv_expiring(soon.listings, context.edit_urls), media_type=CSV, headers=headers)


@_in_words
def funnel_csv(request: Request) -> Response:
    """Send as CSV how far each SKU of the shops gets and what AliExpress has, or the ids of one number of it."""
    snapshot, view, context = _resolve(request)
    found = of_stores(snapshot, view.store_keys)
    word = request.query_params.get(OPEN, ALL)
    if word not in (ALL, *classes(found)):
        raise HTTPException(404, "That is no number of this funnel, or none is lost there now.")
    headers = _attachment(view, context, ".csv", f"funnel-{word}" if word != ALL else "funnel")
    return StreamingResponse(csv_funnel(found, word), media_type=CSV, headers=headers)


@_in_words
def unmatched_csv(request: Request) -> Response:
    """Send as CSV the SKUs of the shops and the listings that could not be matched, each with why."""
    snapshot, view, context = _resolve(request)
    found = unmatched(of_stores(snapshot, view.store_keys))
    headers = _attachment(view, context, ".csv", "unmatched")
    return StreamingResponse(csv_unmatched(found, context.edit_urls), media_type=CSV, headers=headers)


@_in_words
def drifted_csv(request: Request) -> Response:
    """Send as CSV what is on sale and not so in its shop: what the card counts, every difference, or one of them."""
    snapshot, view, context = _resolve(request)
    word = request.query_params.get(DRIFTED, DRIFT_CARD)
    try:
        asked = words_of(word)
    except ValueError:
        raise HTTPException(404, f"Name a difference, as in {DRIFTED}=draft.") from None
    stores = snapshot.beside_shops().drifted(view.store_keys, asked)
    headers = _attachment(view, context, ".csv", "drifted" if word == DRIFT_CARD else f"drifted-{word}")
    return StreamingResponse(csv_drifted(stores, context.edit_urls, context.shops), media_type=CSV, headers=headers)


@_in_words
def unsold_csv(request: Request) -> Response:
    """Send as CSV the listings on sale that sold nothing in so many days up to now, as far as orders were read."""
    snapshot, view, context = _resolve(request)
    days = _days(request, "unsold", 30, 180)
    stores = snapshot.comparison(view.store_keys).unsold(system_clock(), days)
    headers = _attachment(view, context, ".csv", f"unsold-{days}d")
    return StreamingResponse(csv_unsold(stores, context.edit_urls), media_type=CSV, headers=headers)


@_in_words
def changed_again_csv(request: Request) -> Response:
    """Send as CSV the listings that were approved in so many days up to now, and changed again since."""
    snapshot, view, context = _resolve(request)
    days, end = _days(request, "changed", 30, 3650), system_clock()
    found = snapshot.comparison(view.store_keys).changed_again(end - days * DAY, end)
    headers = _attachment(view, context, ".csv", f"changed-again-{days}d")
    return StreamingResponse(csv_changed_again(found, context.edit_urls), media_type=CSV, headers=headers)


def _days(request: Request, word: str, usual: int, most: int) -> int:
    days = request.query_params.get(word, str(usual))
    if not (days.isascii() and days.isdigit() and len(days) < 6 and 0 < int(days) <= most):
        raise HTTPException(404, f"Name the days as a number up to {most}, as in {word}={usual}.")
    return int(days)


@_in_words
def evidence(request: Request) -> Response:
    """Send the evidence pack of the listing that the address names, as one HTML file to keep."""
    snapshot, view, context = _resolve(request)
    store, _, digits = request.query_params.get("listing", "").rpartition("/")
    if not (store and digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise HTTPException(404, "A pack is about one listing: name it, as in listing=main/1005006123456789.")
    folder = in_force().settings.pictures_dir
    pack = gather(snapshot, (store, int(digits)), context.taxonomy, folder, now=system_clock(), as_of=view.as_of)
    if pack is None:
        raise HTTPException(404, "No reading has shown this listing, or none had at that moment.")
    headers = {"Content-Disposition": f'attachment; filename="{pack.name}"', "Cache-Control": "no-store"}
    return Response(evidence_html(pack), media_type="text/html; charset=utf-8", headers=headers)


@_in_words
def fix_xlsx(request: Request) -> Response:
    """Send the fix sheet of the one reason in the address as a workbook."""
    snapshot, view, context = _resolve(request)
    code = _one_reason(snapshot, view, context)
    headers = _attachment(view, context, ".xlsx", f"fix-{code}")
    return _workbook(headers, fixsheet.write_view, code, snapshot, view, context)


def _workbook(headers: dict[str, str], write: Callable[..., object], *about: object) -> Response:
    """Send what `write` writes to the path that it is given before what it is `about`."""
    with ExitStack() as closed_on_failure:
        file = closed_on_failure.enter_context(tempfile.NamedTemporaryFile())
        made_apart(write, Path(file.name), *about)
        closed_on_failure.pop_all()
    return StreamingResponse(_chunks(file), media_type=XLSX, headers=headers, background=BackgroundTask(file.close))


def _one_reason(snapshot: Snapshot, view: View, context: ExportContext) -> str:
    code = fixsheet.code_for(view.reasons, lambda: snapshot.reason_counts(view), context.taxonomy)
    if code is None:
        raise HTTPException(404, "A fix sheet is about one reason: name it, as in reason=image.main_too_small.")
    return code


def _plain_wanted(request: Request) -> bool:
    return request.query_params.get(PLAIN, "0") not in ("", "0")


def _resolve(request: Request) -> tuple[Snapshot, View, ExportContext]:
    """Open the snapshot and resolve the view of the address; 404 for what it names that is none."""
    settings = in_force().settings
    snapshot = _snapshot(settings)
    requested = View.from_query({name: request.query_params.getlist(name) for name in request.query_params})
    taxonomy, desk = settings.taxonomy(), settings.desk_path
    resolved = resolve_view(
        requested,
        snapshot.stores(),
        Profiles(desk).all(),
        codes=taxonomy.codes,
        campaigns=Campaigns(desk).keys(),
        slices=Slices(desk),
    )
    if refused := resolved.refused or resolved.unmatched:
        raise HTTPException(404, refused)
    view = resolved.view
    reach = snapshot.hero(view).reach
    if unknown := taxonomy.unknown(view.reasons):
        view = view.replace(notes=(*view.notes, no_such_reason(unknown)))
    view = view.replace(notes=(*view.notes, *address.unknown(request.query_params, OTHER_WORDS)))
    as_of = view.as_of or reach.read_at or system_clock()
    exported_at = view.as_of or system_clock()
    shops = snapshot.beside_shops().titles()
    context = ExportContext.of(snapshot.stores(), taxonomy, as_of, exported_at, shops)
    return snapshot, view, with_claims(context, reach, snapshot.zone)


def with_claims(context: ExportContext, reach: Reach, zone: tzinfo) -> ExportContext:
    """Return the context of an export that says what its rows may claim."""
    return replace(context, claims=row_claims(reach), claim=claim_words(reach, zone=zone), slug=slug(reach))


def _snapshot(settings: Settings) -> Snapshot:
    return Snapshot(settings.snapshot_path, settings.desk_path, zone=settings.tzinfo)


def _attachment(view: View, context: ExportContext, suffix: str, what: str = "") -> dict[str, str]:
    name = file_name(view.store or view.profile, context.as_of, suffix, what, context.slug)
    said = {NOTES: " ".join(view.notes), CLAIM: context.claim}
    told = {header: quote(words, safe=" ,;.=") for header, words in said.items() if words}
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store", **told}


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
