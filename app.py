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
from starlette.routing import Route

from aexdash.config.settings import home_directory
from aexdash.storage.private import keep_private
from aexdash.ui.doors import assistants, binding, failed, parent, probes, provider, sign_in
from aexdash.ui.doors.addresses import KnownAddresses
from aexdash.ui.doors.early_head import EarlyHead
from aexdash.ui.doors.gate import Gate
from aexdash.ui.doors.headers import SecurityHeaders
from aexdash.ui.doors.no_agent import NoAgentEndpoint
from aexdash.ui.doors.origin import OwnOrigin, ask_nobody_outside
from aexdash.ui.doors.routes import routes
from aexdash.ui.frame import garbage

keep_private(home_directory())
ask_nobody_outside()
binding.refuse_open_door()
way_in = provider.way_in()

for_assistants = assistants.AssistantsDoor()


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Collect garbage between the runs of the pages as long as the server stands; end it with whoever started it."""
    parent.watch()
    with garbage.collecting():
        async with for_assistants.open():
            yield


our_routes = [*routes(), *probes.routes(), *sign_in.routes(), Route(assistants.PATH, for_assistants)]

app = st.App(
    Path(__file__).resolve().parent / "aexdash" / "ui" / "frame" / "shell.py",
    secrets=way_in.told_to_streamlit,
    lifespan=lifespan,
    on_script_error=failed.say,
    routes=our_routes,
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(binding.NearOnly),
        Middleware(NoAgentEndpoint),
        Middleware(EarlyHead),
        Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"]),
        Middleware(OwnOrigin),
        Middleware(KnownAddresses, routes=our_routes),
        Middleware(Gate, way_in=way_in),
    ],
)
