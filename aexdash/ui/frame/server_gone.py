"""A page whose server is gone must not look fresh: the browser greys the numbers and says since when nobody answers."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from aexdash.ui.frame import scripts

SCRIPT_FILE = Path(__file__).with_name("gone.js")

GREY = """
html[data-server-gone] [data-testid="stMain"] { opacity: 0.45 }
html[data-server-gone] .st-key-freshness > * { display: none }
html[data-server-gone] .st-key-freshness::after { content: var(--server-gone) }
"""


def watch() -> None:
    """Add the script that asks for the server every five seconds."""
    scripts.load("/gone.js", style=GREY)


def script(_request: Request) -> Response:
    """Send the script that `watch` loads."""
    return scripts.send(SCRIPT_FILE)
