"""The pages without Streamlit by which people sign in and out: `/login`, the way to the provider, `/logout`."""

from __future__ import annotations

from html import escape
from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.user_info import generate_login_redirect_url

from aexdash.clock import system_clock
from aexdash.config.in_force import in_force
from aexdash.config.settings import ConfigError
from aexdash.desk.sessions import Sessions
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import nav
from aexdash.ui.signed_in import COOKIE, session_of
from aexdash.words.common import without_home

LOGIN, START, LOGOUT = "/login", "/login/start", "/logout"

TO_STREAMLIT = "/auth/logout"
"""Where Streamlit takes its cookies back and leads on to the log-out of the provider, where that has one."""

NEXT = "next"
NEXT_COOKIE = "aexdash-next"
"""The cookie with the page that somebody wanted before she signed in; it lives as long as a sign-in may take."""

NEXT_SECONDS = 900

PROVIDER = "default"
"""What Streamlit calls the one provider of its settings."""

STYLE = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
main { max-width: 26rem; margin: 18vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.4rem } p { margin: .8rem 0 }
a.go { display: inline-block; padding: .5rem 1.2rem; border-radius: 4px; background: #1F5FA8; color: #fff;
  text-decoration: none }
a.go:focus-visible { outline: 3px solid #8FC0EC; outline-offset: 2px }
"""


def routes() -> list[Route]:
    """The routes of signing in and out."""
    return [Route(LOGIN, login_page), Route(START, leave), Route(LOGOUT, log_out)]


def login_page(request: Request) -> Response:
    """Say where people sign in; who is in already goes on to the pages."""
    try:
        settings = in_force().settings
        if not settings.login.is_on:
            return PlainTextResponse("Nobody signs in here.\n", status_code=404)
        if session_of(request.cookies, settings):
            return RedirectResponse(page_of(request.query_params.get(NEXT, "")), status_code=303)
    except (ConfigError, StorageError) as error:
        return PlainTextResponse(f"{without_home(str(error))}\n", status_code=503)
    onward = f"{START}?{NEXT}={quote(page_of(request.query_params.get(NEXT, '')), safe='')}"
    return said(
        "Sign in to aexdash",
        f"<p>Your session begins at {escape(settings.login.provider)} and ends after "
        f"{settings.login.max_age_hours:g} hours.</p>"
        f'<p><a class="go" href="{escape(onward)}">Sign in</a></p>',
    )


def leave(request: Request) -> Response:
    """Lead to the provider by way of Streamlit, and remember the page that was wanted."""
    if not in_force().settings.login.is_on:
        return PlainTextResponse("Nobody signs in here.\n", status_code=404)
    answer = RedirectResponse(generate_login_redirect_url(PROVIDER), status_code=303)
    wanted = quote(page_of(request.query_params.get(NEXT, "")), safe="")
    answer.set_cookie(NEXT_COOKIE, wanted, max_age=NEXT_SECONDS, httponly=True, samesite="lax")
    return answer


def log_out(request: Request) -> Response:
    """End the session, then take the cookies back; the order matters, for a copy of the cookie is dead at once."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        return PlainTextResponse("Pages of other sites may not log you out here.\n", status_code=403)
    try:
        settings = in_force().settings
        session = session_of(request.cookies, settings)
        if session:
            by = session.identity.name
            Sessions(settings.sessions_path).end(request.cookies.get(COOKIE, ""), by=by, now=system_clock())
    except (ConfigError, StorageError) as error:
        sentence = f"You are not logged out, because the desk cannot be written: {without_home(str(error))}\n"
        return PlainTextResponse(sentence, status_code=503)
    answer = RedirectResponse(TO_STREAMLIT, status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


def page_of(wanted: str) -> str:
    """Return the address of the page that somebody wanted, as it may be led to: a page of ours, else the front page."""
    wanted = unquote(wanted) if wanted.startswith("%2F") else wanted
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    is_ours = parts.path == "/" or parts.path[1:] in nav.NAMES
    safe = wanted.startswith("/") and not parts.netloc and not parts.scheme and wanted.isprintable()
    return f"{parts.path}{'?' + parts.query if parts.query else ''}" if safe and is_ours and "\\" not in wanted else "/"


def said(title: str, content: str, status: int = 200) -> HTMLResponse:
    """Return a small page without Streamlit; `content` is HTML."""
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )
    return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})
