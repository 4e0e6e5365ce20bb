"""The front door. `streamlit run app.py` finds the app here; the pages are in pages/, what they share in aexdash/ui/.

The shell, not this file, is Streamlit's script: beside a pages/ folder a cold deep link would run a page without it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from aexdash.ui.doors import parent
from aexdash.ui.doors.early_style import EarlyStyle
from aexdash.ui.doors.headers import SecurityHeaders
from aexdash.ui.doors.routes import routes
from aexdash.ui.frame import garbage


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Collect garbage between the runs of the pages as long as the server stands; end it with whoever started it."""
    parent.watch()
    with garbage.collecting():
        yield


app = st.App(
    Path(__file__).resolve().parent / "aexdash" / "ui" / "frame" / "shell.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(EarlyStyle),
        Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"]),
    ],
)
