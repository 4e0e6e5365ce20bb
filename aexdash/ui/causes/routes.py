"""HTTP routes of kept reports: the report as Markdown, as CSV of its listings, and as JSON with all that went in."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aexdash.causes.kept import Reports
from aexdash.causes.report import Report, to_json
from aexdash.causes.reread import numbered
from aexdash.config.in_force import in_force
from aexdash.config.settings import Settings
from aexdash.exports.causes import csv_report, markdown


class _Form(NamedTuple):
    media_type: str
    write: Callable[[Report, Settings], bytes]


FORMS = {
    "md": _Form(
        "text/markdown; charset=utf-8",
        lambda report, settings: markdown(report, settings.tzinfo, settings.taxonomy().label).encode(),
    ),
    "csv": _Form(
        "text/csv; charset=utf-8", lambda report, settings: b"".join(csv_report(report, settings.taxonomy().label))
    ),
    "json": _Form("application/json", lambda report, _: f"{to_json(report)}\n".encode()),
}


def report_file(request: Request) -> Response:
    """Send a kept report by its number; 404 where there is none that can be read."""
    settings, number = in_force().settings, request.query_params.get("report", "")
    known = number.isascii() and number.isdigit() and len(number) < 19
    kept = numbered(Reports(settings.desk_path), int(number)) if known else None
    if kept is None:
        raise HTTPException(404, f"There is no report {number!r}; name one by its number, as in report=12.")
    kind = request.url.path.rpartition(".")[2]
    form = FORMS[kind]
    name = f'attachment; filename="aexdash-report-{kept.number}.{kind}"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(form.write(kept.report, settings), media_type=form.media_type, headers=headers)
