"""Probes: `/readyz` says whether everything is ready and what is not, `/metrics` is read by Prometheus.

Programs of this machine are answered, and others that know the token of `[monitoring]`.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from aexdash.clock import system_clock, to_text
from aexdash.config.in_force import in_force
from aexdash.config.settings import ConfigError, Settings
from aexdash.supervision.metrics import HomeCollector
from aexdash.supervision.page_time import OF_PAGES
from aexdash.supervision.readiness import NotReady, not_ready
from aexdash.ui.doors.addresses import is_asked_here, knows_token
from aexdash.words.common import without_home

READY, METRICS = "/readyz", "/metrics"

NOT_FOR_YOU = (
    "Only programs of this machine are answered here, and those that send the token of [monitoring] in secrets.toml "
    "as Authorization: Bearer.\n"
)

OF_HOME = CollectorRegistry()
ProcessCollector(registry=OF_HOME)


def routes() -> list[Route]:
    """The routes of the probes."""
    return [Route(READY, readyz), Route(METRICS, metrics)]


def readyz(request: Request) -> Response:
    """Answer 200 where everything is ready, else 503; what is not ready is named, with a sentence that says why."""
    settings, problems, now = _settings(), [], system_clock()
    if not _may_ask(request, settings):
        return PlainTextResponse(NOT_FOR_YOU, status_code=403)
    problems = _config_problem() if settings is None else not_ready(settings, now)
    told = [{"what": one.what, "why": without_home(one.why)} for one in problems]
    answer = {"ready": not told, "at": to_text(now), "not_ready": told}
    return JSONResponse(answer, status_code=503 if told else 200, headers={"Cache-Control": "no-store"})


def metrics(request: Request) -> Response:
    """Answer what is known in the text format of Prometheus."""
    if not _may_ask(request, _settings()):
        return PlainTextResponse(NOT_FOR_YOU, status_code=403)
    text = b"".join(generate_latest(registry) for registry in (OF_HOME, OF_PAGES))
    return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})


def _may_ask(request: Request, settings: Settings | None) -> bool:
    if is_asked_here(request.scope):
        return True
    return settings is not None and knows_token(request.scope, settings.monitoring.token.get_secret_value())


def _settings() -> Settings | None:
    try:
        return in_force().settings
    except ConfigError:
        return None


def _config_problem() -> list[NotReady]:
    try:
        in_force()
    except ConfigError as error:
        return [NotReady("settings", str(error))]
    return []


OF_HOME.register(HomeCollector(_settings, system_clock))
