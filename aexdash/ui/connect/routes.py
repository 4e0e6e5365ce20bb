"""The way to AliExpress and back: one address leads there, the other is the one registered in the app console."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aexdash.clock import system_clock
from aexdash.connect.attempts import ATTEMPTS, LIFETIME, SignInLost

COOKIE = "aexdash-sign-in"
"""Which browser began a sign-in: a random value that no script can read."""

LEAVE, LINK, PAGE, TROUBLE = "/sign-in", "attempt", "/connect", "trouble"

CALLBACK = "/authorized"
"""Where AliExpress sends the browser back to, behind the address of the pages."""


def leave(request: Request) -> Response:
    """Send the browser to AliExpress' sign-in, and give it the cookie by which it is known when it comes back."""
    from aexdash.connect.signing import address_of  # noqa: PLC0415 - the server starts without HTTP

    now = system_clock()
    try:
        attempt = ATTEMPTS.leave(request.query_params.get(LINK, ""), request.cookies.get(COOKIE, ""), now)
    except SignInLost as lost:
        return _to_page(lost)
    answer = RedirectResponse(address_of(attempt), headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE,
        attempt.browser,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",  # it has to come along from AliExpress' page
        secure=request.url.scheme == "https",
    )
    return answer


def authorized(request: Request) -> Response:
    """Take what AliExpress sends back, and go on on the page; what went wrong is said there."""
    from aexdash.connect.signing import come_back  # noqa: PLC0415 - as above

    asked = request.query_params
    try:
        attempt = ATTEMPTS.arrive(asked.get("state", ""), request.cookies.get(COOKIE, ""), system_clock())
    except SignInLost as lost:
        return _to_page(lost)
    come_back(attempt, asked.get("code", "").strip())
    return RedirectResponse(PAGE, 303, headers={"Cache-Control": "no-store"})


def _to_page(lost: SignInLost) -> Response:
    return RedirectResponse(f"{PAGE}?{urlencode({TROUBLE: lost.trouble})}", 303)
