"""Everything that a home says to people and scripts: its pages, exports, commands and messages, as statements.

A statement is what is read at one glance: a tile or the hero with all its lines, a banner, a line of a list, a row of a
file with the file's name, a line of a terminal, a message with its lines.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import streamlit as st
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from aexdash.__main__ import main
from aexdash.alerts.episodes.episodes import Episodes
from aexdash.clock import to_text
from aexdash.config.settings import load_settings
from aexdash.notify.digest import Digester
from aexdash.notify.evidence import SnapshotLookup
from aexdash.notify.messages import Message
from aexdash.notify.writing import Writer
from aexdash.snapshot.query import Snapshot
from aexdash.ui.doors import routes
from tests.support import ask_app
from tests.ui.conftest import SHELL
from tests.ui.reading import cells_of, read_aloud, unpacked

PAGES = ("overview", "ask", "worklist", "history", "reasons", "feed", "sensitivity", "reconcile", "health")
WITH_MOMENT = ("overview", "worklist", "history")
SPOKEN = ("markdown", "caption", "text", "error", "warning", "info", "success", "page_link")
EXPORTS = ("export.csv", "export.xlsx", "fix.csv", "fix.xlsx", "moves.csv", "feed.csv")
SMALL = "image.main_too_small"


@dataclass(frozen=True)
class Said:
    """One statement, where it was said, and whether it is about a moment of the past."""

    surface: str
    place: str
    text: str
    past: datetime | None = None


def page(home: Path, name: str, **query: str) -> AppTest:
    """A page of a home, opened by a link in a new tab."""
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_file(str(SHELL), default_timeout=30)
    if name != "overview":
        app.switch_page(f"../../../pages/{name}.py")
    for key, value in query.items():
        app.query_params[key] = value
    return _opened(app.run())


def _opened(app: AppTest) -> AppTest:
    """The page with all opened that is drawn only when somebody opens it."""
    keys = [block.proto.popover.id.split("-", 2)[2] for block in _popovers(app.main) if block.proto.popover.id]
    for key in keys:
        app.session_state[key] = True
    return app.run() if keys else app


def _popovers(block: Any) -> Iterator[Block]:
    for child in block.children.values():
        if isinstance(child, Block):
            if child.type == "popover":
                yield child
            yield from _popovers(child)


def of_page(app: AppTest, name: str, past: datetime | None = None) -> list[Said]:
    """What a page says; a container with a border is one statement."""
    texts = _texts(app.main)
    return [Said("pages", f"page {name}", read_aloud(text), past) for text in texts if text.strip()]


def _texts(block: Any) -> Iterator[str]:
    for child in block.children.values():
        if not isinstance(child, Block):
            yield from _words(child)
        elif getattr(getattr(child.proto, "flex_container", None), "border", False):
            yield " | ".join(_texts(child))
        else:
            yield from _texts(child)


def _words(element: Any) -> Iterator[str]:
    if element.type == "metric":
        yield " ".join(filter(None, (element.label, element.value, element.delta, element.proto.delta_description)))
    elif element.type == "arrow_data_frame":
        for row in element.value.to_dict("records"):
            yield " | ".join(f"{name}: {cell}" for name, cell in row.items() if cell is not None)
    elif element.type == "bidi_component":
        yield from _rows(unpacked(*json.loads(element.proto.json)))
    elif element.type == "imgs":
        yield " ".join(image.alt for image in element.proto.imgs if hasattr(image, "alt"))
    elif element.type == "button_group":
        yield from (option.content for option in element.proto.options)
    elif element.type in SPOKEN:
        yield " ".join(
            filter(
                None, (getattr(element, "title", ""), element.label if element.type == "page_link" else element.value)
            )
        )


def _rows(told: dict[str, Any]) -> Iterator[str]:
    """The rows of the list of the worklist, and its sentence that nothing can be done."""
    for row in cells_of(told):
        yield " | ".join(f"{name}: {cell}" for name, cell in row.items() if cell)
    if told["locked"]:
        yield told["locked"]


def pages(home: Path, now: datetime, past: datetime | None = None) -> Iterator[Said]:
    """What all pages say, of now or of a moment; that of causes, of the day up to it."""
    for name in PAGES if past is None else WITH_MOMENT:
        query = {} if past is None else {"as_of": f"{past:%Y-%m-%dT%H:%MZ}"}
        query |= {"q": "rejected listings compared with yesterday"} if name == "ask" else {}
        yield from of_page(page(home, name, **query), name, past)
    if past is None:
        span = {"after": to_text(now - timedelta(days=1)), "until": to_text(now)}
        yield from of_page(page(home, "causes", what="held", **span), "causes", past)


def exports(home: Path, now: datetime, past: datetime | None = None) -> Iterator[Said]:
    """What the downloads say: the name of each file and its header with each of its rows."""
    moment = "" if past is None else f"&as_of={past:%Y-%m-%dT%H:%MZ}"
    span = f"&opening={now - timedelta(days=1):%Y-%m-%dT%H:%MZ}&closing={now:%Y-%m-%dT%H:%MZ}&shown=entered"
    for name in EXPORTS:
        about = {"f": f"reason={SMALL}", "m": span}.get(name[0], "")
        answer = ask_app(f"/{name}?{about}{moment}")
        head = f"{answer.headers.get('content-disposition', '')} {unquote(answer.headers.get('x-aexdash-claim', ''))}"
        for text in _file(name, answer.content) if answer.status_code == 200 else [answer.text]:
            yield Said("exports", name, f"{head} | {text}", past)


def _file(name: str, content: bytes) -> list[str]:
    if name.endswith(".csv"):
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        return [_line(row) for row in rows] or ["0 rows"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = []
    for sheet in book.sheet_names:
        table = book.get_sheet_by_name(sheet).to_python()
        found += [f"{sheet}: {_line(dict(zip(map(str, table[0]), row, strict=False)))}" for row in table[1:]]
    return found or ["0 rows"]


def _line(row: dict[str, Any]) -> str:
    return " | ".join(f"{name}: {str(cell).strip()}" for name, cell in row.items() if cell not in (None, ""))


COMMANDS = (
    ("cards",),
    ("cards", "--json"),
    ("worklist",),
    ("worklist", "--json"),
    ("ask", "how many are held"),
    ("ask", "rejected listings compared with yesterday"),
    ("ask", "how many were rejected today"),
    ("ask", "how many came to be held in the last 24 hours"),
    ("ask", "active listings"),
    ("alerts", "open"),
    ("alerts", "open", "--json"),
    ("alerts", "backtest", "held"),
    ("doctor",),
    ("digest",),
    ("digest", "--format", "html"),
    ("digest", "--format", "md"),
)
FILES = (
    ("export", "list.csv"),
    ("export", "list.xlsx"),
    ("export", "--plain", "plain.csv"),
    ("fixsheet", SMALL, "-o", "fix.csv"),
)


def commands(home: Path, folder: Path, past: datetime | None = None) -> Iterator[Said]:
    """What the commands print, line by line, and the files that they write."""
    moment = () if past is None else ("--as-of", f"{past:%Y-%m-%dT%H:%MZ}")
    for words in COMMANDS:
        if past is None or words[0] in ("cards", "worklist"):
            yield from _printed(home, (*words, *moment), past)
    for number, words in enumerate(FILES):
        file = folder / f"{number}-{Path(words[-1]).name}"
        printed = list(_printed(home, (*words[:-1], str(file), *moment), past))
        yield from (replace(one, text=one.text.replace(str(folder), "")) for one in printed)


def _printed(home: Path, words: tuple[str, ...], past: datetime | None) -> Iterator[Said]:
    result = CliRunner().invoke(main, [*_group(words), "--home", str(home), *words[len(_group(words)) :]])
    place = " ".join(words[: len(_group(words))] + (("--json",) if "--json" in words else ()))
    for line in result.output.splitlines():
        for text in _objects(line) if line.startswith("{") else [line]:
            yield Said("commands", place, text.replace(str(home), ""), past)


def _group(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:2] if words[0] == "alerts" else words[:1]


def _objects(line: str) -> list[str]:
    """One text for each card or alert of a line of JSON."""
    told = json.loads(line)
    inner = told.get("open", [one for one in told.values() if isinstance(one, dict) and "sentiment" in one])
    return [json.dumps(one, ensure_ascii=False) for one in inner or [told]]


def messages(home: Path, now: datetime) -> Iterator[Said]:
    """What mails, chats and webhooks are sent: each open alert, all of them in one message, and the digest."""
    settings = load_settings(home)
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: now)
    lookup = SnapshotLookup(settings.snapshot_path, settings.desk_path)
    titles = {store.key: store.title for store in snapshot.stores()}
    writer = Writer(settings.taxonomy(), titles, "http://localhost:8501", lookup.titles, lookup.reach)
    episodes = Episodes(settings.desk_path)
    events = [told for one in episodes.open() if (told := episodes.events(one.id))]
    written = [writer.message(told, now) for told in events]
    written += [writer.summary(events, now)] if len(events) > 1 else []
    digest = Digester(settings.desk_path, lookup, writer)
    written.append(digest.write(settings.channels["team"], (now - timedelta(days=1), now), now))
    for message in written:
        yield from _message(message)


def _message(message: Message) -> Iterator[Said]:
    kind = message.kind.value
    place = "digest" if kind == "digest" else "alert"
    if place == "digest":  # each line stands for itself
        lines: Iterable[str] = message.text().splitlines()
    else:
        lines = [f"{message.title} | {' | '.join(message.text().splitlines())}"]
    yield from (Said("messages", f"{place} mail", line) for line in lines)
    payload = json.loads(message.json())
    payload.pop("text"), payload.pop("title")
    yield Said("messages", f"{place} webhook", json.dumps(payload, ensure_ascii=False))


def everything(home: Path, folder: Path, now: datetime, moments: Iterable[datetime | None]) -> list[Said]:
    """All that is said of now, and of some moments of the past.

    Workbooks are made in this process: that they are made in another one is looked at in tests/ui/doors.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routes, "made_apart", lambda make, *about: make(*about))
        patch.setenv("AEXDASH_HOME", str(home))
        patch.setenv("AEXDASH_CLOCK_FILE", str(home / "clock.txt"))
        found = [*messages(home, now)]
        for past in (None, *filter(None, moments)):
            found += [*pages(home, now, past), *exports(home, now, past), *commands(home, folder, past)]
    return found
