"""HTTP routes beside the pages: health check, cached thumbnails, and downloads of a view as CSV or XLSX.

A failure is answered with one sentence in plain text.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO

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
from aexdash.clock import system_clock
from aexdash.config.in_force import in_force
from aexdash.config.settings import ConfigError
from aexdash.exports.apart import made_apart
from aexdash.exports.evidence import evidence_html, gather
from aexdash.exports.feed_rows import csv_of_rows
from aexdash.exports.fixsheets import fixsheet
from aexdash.exports.table import named_after
from aexdash.exports.worklist.moves import csv_moves
from aexdash.exports.worklist.plain import csv_plain
from aexdash.exports.worklist.worklist import ExportContext, write_view
from aexdash.exports.worklist.worklist_csv import csv_of_stored
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError
from aexdash.ui.alerts import routes as alerts_routes
from aexdash.ui.causes import routes as causes_routes
from aexdash.ui.connect import routes as connect_routes
from aexdash.ui.doors import early_head, reconcile_files
from aexdash.ui.doors.asked import (
    CSV,
    NOT_READ,
    PLAIN,
    attachment,
    in_words,
    resolve,
    snapshot_of,
    speaking,
    with_claims,
)
from aexdash.ui.frame import news, person, scripts
from aexdash.ui.frame.thumbnail_names import is_thumbnail_name
from aexdash.ui.history import moves as history_moves
from aexdash.ui.history.moves import CLOSING, OPENING, SHOWN
from aexdash.view import View
from aexdash.words.common import day

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK_BYTES = 65_536


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
        *reconcile_files.routes(),
        Route("/fix.xlsx", fix_xlsx),
        Route("/causes.md", in_words(causes_routes.report_file)),
        Route("/causes.csv", in_words(causes_routes.report_file)),
        Route("/causes.json", in_words(causes_routes.report_file)),
        Route(early_head.SCRIPT, early_head.script),
        Route(news.ADDRESS, news.answer),
        Route("/focus.js", scripts.focus_script),
        Route("/person.js", person.script),
        Route("/alerts.js", alerts_routes.script),
        Route(connect_routes.LEAVE, connect_routes.leave),
        Route(connect_routes.CALLBACK, connect_routes.authorized),
        Route("/alerts.json", in_words(alerts_routes.open_alerts)),
    ]


def front_page(request: Request) -> Response:
    """Redirect `/overview` to `/`: Streamlit serves the front page only under `/`."""
    return RedirectResponse(str(request.url.replace(path="/")))


def healthz(_request: Request) -> Response:
    """Answer 200 as long as this process answers: what it was told to read may be away, and no restart would help.

    `status` is `ok`, or `ahead` where a reading is stamped later than now, so that no age can be told. `reading` is how
    current the data is, of several stores the worst: where the worker is dead, it is `stale` while `status` stays `ok`,
    and `unknown` where the settings or the snapshot cannot be read. `/readyz` says whether all is ready, and why not.
    """
    try:
        settings = in_force().settings
        snapshot = snapshot_of(settings)
        current, version = snapshot.freshness(None, system_clock(), settings.stale_after), snapshot.version()
    except (ConfigError, StorageError):
        return JSONResponse({"status": "ok", "reading": "unknown", "snapshot_version": None})
    status = "ahead" if current.state == "ahead" else "ok"
    return JSONResponse({"status": status, "reading": current.state, "snapshot_version": version})


@in_words
def picture(request: Request) -> Response:
    """Send a thumbnail from the cache; 404 for a name that is not a cached picture."""
    name = request.path_params["name"]
    file = in_force().settings.pictures_dir / name
    if not is_thumbnail_name(name) or not file.is_file():
        return PlainTextResponse("There is no such picture.\n", status_code=404)
    return FileResponse(file, headers={"Cache-Control": "private, max-age=86400"})


@in_words
def export_csv(request: Request) -> Response:
    """Stream all rows of the view in the address as CSV; with `plain=1` in the form for scripts."""
    snapshot, view, context = resolve(request)
    wanted = _plain_wanted(request)
    chunks = csv_plain(snapshot.rows(view), context) if wanted else csv_of_stored(snapshot.stored_rows(view), context)
    if in_force().settings.replica.follows:
        chunks = _read_first(chunks)
    headers = attachment(view, context, ".csv", named_after(view, "plain" if wanted else ""))
    return StreamingResponse(chunks, media_type=CSV, headers=headers)


@in_words
def export_xlsx(request: Request) -> Response:
    """Send all rows of the view in the address as XLSX, written by another process to a temporary file first."""
    snapshot, view, context = resolve(request)
    if _plain_wanted(request):
        raise HTTPException(404, f"The plain form is a CSV: ask /export.csv with {PLAIN}=1.")
    headers = attachment(view, context, ".xlsx", named_after(view))
    return _workbook(headers, write_view, snapshot, view, context)


@in_words
def feed_csv(request: Request) -> Response:
    """Send the rows that the feed's validation rejected in the last seven days and today as CSV."""
    snapshot, view, context = resolve(request)
    until = view.as_of or system_clock()
    report, start = snapshot.feed(view.store_keys), bounds(Window.D7, until, snapshot.zone)[0]
    rows = list(report.rejected_rows(start, until))
    known = snapshot.known_skus({row.sku for row in rows})
    context = replace(context, claim="", slug="")  # the files come by themselves, whoever reads the lists
    if not any(file.rows for file in report.files(start, until)):
        context = speaking(context, NOT_READ, f"no validation file since {day(start, snapshot.zone)}")
    chunks = csv_of_rows(rows, known, snapshot.stores())
    return StreamingResponse(chunks, media_type=CSV, headers=attachment(view, context, ".csv", "feed-rejected"))


@in_words
def fix_csv(request: Request) -> Response:
    """Send the fix sheet of the one reason in the address as CSV."""
    snapshot, view, context = resolve(request)
    code = _one_reason(snapshot, view, context)
    sheet = fixsheet.fixsheet(code, snapshot.rows(view), context, fixsheet.cards_of(snapshot, view))
    headers = attachment(view, context, ".csv", f"fix-{code}")
    return StreamingResponse(fixsheet.csv_fixsheet(sheet), media_type=CSV, headers=headers)


@in_words
def moves_csv(request: Request) -> Response:
    """Send as CSV the listings of one bar of the bridge, or those held at only one of two moments."""
    snapshot, view, context = resolve(request)
    span = history_moves.read(request.query_params, (view.as_of or context.as_of,) * 2, system_clock())
    if span.notes or not span.shown or not {OPENING, CLOSING} <= request.query_params.keys():
        names = f"{OPENING}, {CLOSING} and {SHOWN}"
        raise HTTPException(404, " ".join(span.notes) or f"Such a list is about two moments: name {names}.")
    past = snapshot.past(view.store_keys)
    reach = past.reach(span.start, span.end)
    read_at = {one.store: one.read_at for one in reach.readings}
    if not reach.is_whole or span.end < context.as_of:  # else the reach of the present knows of a run that read a part
        context = with_claims(context, reach, snapshot.zone)
    headers = attachment(view, replace(context, as_of=span.end), ".csv", span.shown.value)
    moves = csv_moves(history_moves.every_listing(past, span), context, read_at)
    return StreamingResponse(moves, media_type=CSV, headers=headers)


@in_words
def evidence(request: Request) -> Response:
    """Send the evidence pack of the listing that the address names, as one HTML file to keep."""
    snapshot, view, context = resolve(request)
    store, _, digits = request.query_params.get("listing", "").rpartition("/")
    if not (store and digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise HTTPException(404, "A pack is about one listing: name it, as in listing=main/1005006123456789.")
    folder = in_force().settings.pictures_dir
    pack = gather(snapshot, (store, int(digits)), context.taxonomy, folder, now=system_clock(), as_of=view.as_of)
    if pack is None:
        raise HTTPException(404, "No reading has shown this listing, or none had at that moment.")
    headers = {"Content-Disposition": f'attachment; filename="{pack.name}"', "Cache-Control": "no-store"}
    return Response(evidence_html(pack), media_type="text/html; charset=utf-8", headers=headers)


@in_words
def fix_xlsx(request: Request) -> Response:
    """Send the fix sheet of the one reason in the address as a workbook."""
    snapshot, view, context = resolve(request)
    code = _one_reason(snapshot, view, context)
    headers = attachment(view, context, ".xlsx", f"fix-{code}")
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


def _read_first(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Read all before the first byte is sent: who reads a copy for long keeps it from being patched."""
    with tempfile.TemporaryFile() as file:
        file.writelines(chunks)
        file.seek(0)
        yield from _chunks(file)


def _plain_wanted(request: Request) -> bool:
    return request.query_params.get(PLAIN, "0") not in ("", "0")


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
