"""The page of the simulated platform on which a seller allows an app to read her store (reference §2.1).

How the real one looks, and what it sends where a seller refuses, is documented nowhere; OAuth's own words stand in.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import urlencode

from aexdash.demo.platform.store import SimulatedStore

ANSWER, ALLOWED, REFUSED = "answer", "allowed", "refused"
"""The parameter that the two links of the page add, and its values."""

REFUSAL: Final = {"error": "access_denied"}

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Simulated AliExpress: sign in</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 32em; margin: 4em auto }} a {{ margin-right: 2em }}</style></head>
<body><h1>Simulated AliExpress</h1>
<p>You are signed in as seller <b>{nick}</b> ({seller_id}). App {app_key} asks to read this store.</p>
<p><a href="{allow}">Allow</a> <a href="{refuse}">Refuse</a></p></body></html>"""


def page(store: SimulatedStore, asked: Mapping[str, str]) -> bytes:
    """Return the page for a request; its links repeat the request with an answer."""
    links = (f"?{urlencode({**asked, ANSWER: answer})}" for answer in (ALLOWED, REFUSED))
    allow, refuse = (escape(link, quote=True) for link in links)
    told = {name: escape(str(getattr(store, name))) for name in ("nick", "seller_id", "app_key")}
    return _PAGE.format(allow=allow, refuse=refuse, **told).encode()
