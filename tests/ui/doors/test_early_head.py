"""Our style and our scripts are in a page before the browser draws anything of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route

from aexdash.ui.doors.early_head import HEAD_ENDS, LOOK_FILES, SCRIPT, SCRIPT_FILES, EarlyHead
from aexdash.ui.frame.theme import LOOK_FILE
from tests.support import ask_app

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def get():
    """What a server with our middleware before Streamlit's own page answers."""
    routes = [
        Route("/", lambda _: FileResponse(INDEX, media_type="text/html")),
        Route("/plain", lambda _: PlainTextResponse("</head>")),
    ]
    app = httpx.ASGITransport(Starlette(routes=routes, middleware=[Middleware(EarlyHead), Middleware(GZipMiddleware)]))

    async def ask(path: str, headers: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(transport=app, base_url="http://localhost") as client:
            return await client.get(path, headers=headers)

    return lambda path="/", **headers: asyncio.run(ask(path, headers))


def test_every_page_brings_our_scripts_before_those_of_streamlit_and_our_style_at_the_end_of_its_head(get):
    page = get(**BROWSER)
    style = "".join(f"<style>{file.read_text('utf-8')}</style>" for file in LOOK_FILES)
    script = f'<head><script src="{SCRIPT}" defer></script>'
    asked = INDEX.read_bytes().replace(b"<head>", script.encode(), 1)
    assert page.content == asked.replace(HEAD_ENDS, style.encode() + HEAD_ENDS, 1)
    assert style.encode() in page.content
    assert "content-encoding" not in page.headers  # Streamlit would send a page below the front page packed
    assert int(page.headers["content-length"]) == len(page.content)


def test_a_page_that_the_browser_knows_is_sent_again_whole_because_the_style_may_be_another(get):
    file = get(accept="*/*", **{"accept-encoding": "identity"})
    assert "etag" in file.headers
    known = {"if-none-match": file.headers["etag"], "if-modified-since": file.headers["last-modified"]}
    page = get(**BROWSER, **known)
    assert (page.status_code, "etag" in page.headers) == (200, False)
    assert LOOK_FILE.read_bytes() in page.content
    assert get(**BROWSER, range="bytes=0-9").status_code == 200


def test_what_is_no_page_stays_as_it_is(get):
    assert get("/plain", **BROWSER).text == "</head>"
    assert get(accept="*/*").content == INDEX.read_bytes()
    assert get("/nowhere", **BROWSER).status_code == 404


def test_the_scripts_of_all_pages_come_as_one_from_our_own_port_and_ask_it_alone():
    answer = ask_app(SCRIPT)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert answer.text == "\n".join(file.read_text("utf-8") for file in SCRIPT_FILES)
    assert "://" not in answer.text
    assert answer.text.count("fetch(") == 2  # for news, and for alerts


def test_our_style_outweighs_that_of_streamlit_which_comes_later():
    for file in LOOK_FILES:
        text = file.read_text("utf-8")
        assert ":root:root {\n" in text
        assert text.count("{") == text.count("}")
        assert "</style" not in text
