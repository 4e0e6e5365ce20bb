"""What downloads share: the view that an address asks for, resolved, and the headers of the file that answers it.

A failure is answered with one sentence in plain text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from functools import wraps
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from aexdash.causes.kept import Slices
from aexdash.clock import system_clock
from aexdash.config.in_force import in_force
from aexdash.config.settings import ConfigError, Settings
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.profiles import Profiles, resolve_view
from aexdash.exports.table import ExportError, file_name
from aexdash.exports.worklist.worklist import ExportContext
from aexdash.reasons.taxonomy import TaxonomyError
from aexdash.snapshot.query import Snapshot
from aexdash.statement import Reach
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import address
from aexdash.ui.history.moves import CLOSING, OPENING, SHOWN
from aexdash.view import View
from aexdash.words.common import no_such_reason, without_home
from aexdash.words.statements import claim_words, row_claims, slug

CSV = "text/csv; charset=utf-8"

NOTES = "X-Aexdash-Notes"
"""The header that says which parts of the address were ignored, percent-encoded; absent when none was."""

CLAIM = "X-Aexdash-Claim"
"""The header that says what a file does not speak for, as `not read since 9 Mar …`; absent where all was read."""

PLAIN = "plain"
"""The word of an address that asks for the form for scripts; no filter of a view."""

OF_RECONCILE = ("report", "gone", "expiring", "funnel", "drift", "unsold", "changed")
"""The words of the page Reconcile and its downloads, each beside the filters of the stores that are looked at."""

OTHER_WORDS = (*address.OF_ROWS, OPENING, CLOSING, SHOWN, PLAIN, *OF_RECONCILE)
"""The words that addresses of downloads may hold beside filters: those of the page with the same rows, and of moves."""

Answer = Callable[[Request], Response]


def in_words(answer: Answer) -> Answer:
    """Make a route answer failures with status 503 and one sentence, without traceback or full home path."""

    @wraps(answer)
    def guarded(request: Request) -> Response:
        try:
            return answer(request)
        except (ConfigError, TaxonomyError, StorageError, ExportError) as error:
            return PlainTextResponse(f"{without_home(str(error))}\n", status_code=503)

    return guarded


def resolve(request: Request) -> tuple[Snapshot, View, ExportContext]:
    """Open the snapshot and resolve the view of the address; 404 for what it names that is none."""
    settings = in_force().settings
    snapshot = snapshot_of(settings)
    requested = View.from_query({name: request.query_params.getlist(name) for name in request.query_params})
    taxonomy, desk = settings.taxonomy(), settings.desk_path
    resolved = resolve_view(
        requested,
        snapshot.stores(),
        Profiles(desk).all(),
        codes=taxonomy.codes,
        campaigns=Campaigns(desk).keys(),
        slices=Slices(desk),
        now=snapshot.now(),
    )
    if refused := resolved.problem:
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


NOT_READ, NOT_KNOWN, PART = "not-read", "not-known", "part"
"""What stands in the name of a file whose rows nobody vouches for: of nothing that it is of, or of some of it only."""


def speaking(context: ExportContext, doubt: str, says: str) -> ExportContext:
    """Return the context of a file that is made of something else than what is held.

    `doubt` is NOT_READ, NOT_KNOWN, PART, or empty where all that it is of was read; `says` is what the page says. What
    is not known of the lists of AliExpress is not known of the file either.
    """
    if not doubt:
        return context
    return replace(context, slug=doubt, claim=" · ".join(filter(None, (context.claim, says.rstrip(".")))))


def of_now(view: View) -> None:
    """Refuse an address with a moment for a file that is of now alone: its name would say the moment.

    Raises:
        HTTPException: the view is of the past.
    """
    if view.as_of:
        raise HTTPException(404, "This file is of now alone, for what it is made of is not kept: leave as_of out.")


def snapshot_of(settings: Settings) -> Snapshot:
    """Open the snapshot of a home with its desk and its zone."""
    return Snapshot(settings.snapshot_path, settings.desk_path, zone=settings.tzinfo)


def attachment(view: View, context: ExportContext, suffix: str, what: str = "") -> dict[str, str]:
    """Return the headers of a file to keep: its name, and what of the address was ignored or is not spoken for."""
    name = file_name(view.store or view.profile, context.as_of, suffix, what, context.slug)
    said = {NOTES: " ".join(view.notes), CLAIM: context.claim}
    told = {header: quote(words, safe=" ,;.=") for header, words in said.items() if words}
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store", **told}
