"""The page of the demo that gives what connecting a simulated shop takes: its gateway, its App Key and its App Secret.

The shop stands on the simulated AliExpress of the demo and in no settings, so that somebody can connect it herself.
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from aexdash.demo.inbox import HTML, Answer
from aexdash.demo.past import DemoStore
from aexdash.demo.platform.server import Respond
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.world import World

PATH = "/_demo/shop"

SHOP = DemoStore("shop", "Shop to connect", "50000005", "overseas", World(23, 120, worked_example=False))
"""A small shop that is read within seconds."""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A shop to connect</title>
<meta name="viewport" content="width=device-width">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 15px/1.45 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
th {{ text-align: left; padding-right: 1.5rem }}
td {{ font-family: ui-monospace, monospace; overflow-wrap: anywhere }}
</style></head><body><main>
<h1>A shop to connect</h1>
<p>It is simulated, like everything here. Start <code>aexdash serve --home data/try --port 8502</code> in another
terminal, open <a href="http://localhost:8502">http://localhost:8502</a>, and give it this:</p>
<table>
<tr><th scope="row">App Key</th><td>{app_key}</td></tr>
<tr><th scope="row">App Secret</th><td>{app_secret}</td></tr>
<tr><th scope="row">Gateway (<i>Another gateway</i>)</th><td>{gateway}</td></tr>
</table>
<p>The shop answers as long as the demo runs, and takes any callback address. It is a <i>Seller outside China</i>.</p>
</main></body></html>
"""


def before(respond: Respond, store: SimulatedStore) -> Respond:
    """Return what answers for the page, and leaves everything else to `respond`."""

    def answer(verb: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        parts = urlsplit(url)
        if parts.path != PATH:
            return respond(verb, url, headers, body)
        told = {
            "app_key": store.app_key,
            "app_secret": store.app_secret,
            "gateway": f"{parts.scheme}://{parts.netloc}",
        }
        return 200, HTML, PAGE.format_map({name: escape(value) for name, value in told.items()}).encode()

    return answer
