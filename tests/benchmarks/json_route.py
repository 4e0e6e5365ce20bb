"""What stands against Datasette's JSON: one Starlette route that answers a view with its counts and a page of rows.

Served by `uvicorn tests.benchmarks.json_route:app`, so that both sides pay for HTTP and JSON. The snapshot is named by
`AEXDASH_BENCH_SNAPSHOT`.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.benchmarks.synthetic import NOW

SNAPSHOT_VARIABLE = "AEXDASH_BENCH_SNAPSHOT"


def held(request: Request) -> Response:
    """Answer a view: how many, why, the choices of seven filters, the first hundred rows."""
    snapshot, view = (
        Snapshot(Path(os.environ[SNAPSHOT_VARIABLE]), clock=lambda: NOW),
        View.from_query(request.query_params),
    )
    answer = {
        "count": snapshot.count(view),
        "reasons": [asdict(reason) for reason in snapshot.reason_counts(view)],
        "facets": {name: [asdict(facet) for facet in found] for name, found in snapshot.facets(view).items()},
        "rows": [asdict(row) for row in snapshot.page(view, 100)],
    }
    return Response(json.dumps(answer, default=str), media_type="application/json")


app = Starlette(routes=[Route("/held.json", held)])
