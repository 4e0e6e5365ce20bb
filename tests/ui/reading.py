"""What a page says, as texts a test can compare."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from aexdash.ui.frame import nav


def said(app: AppTest) -> list[str]:
    """Every Markdown text of a page, in order."""
    return [element.value for element in app.markdown]


def read_aloud(text: str) -> str:
    """A text as people read it: without what keeps Markdown from making something of it."""
    return text.replace("\\", "").replace("\u2060", "")


def heading(app: AppTest) -> str:
    """The first heading of a page."""
    return next(text.lstrip("# ") for text in said(app) if text.startswith("#"))


def alerts(app: AppTest) -> list[tuple[str, str]]:
    """The banners of a page: their kind and what they say."""
    kinds = {"error": app.error, "warning": app.warning, "info": app.info, "success": app.success}
    return [(kind, element.value) for kind, elements in kinds.items() for element in elements]


def cards(app: AppTest) -> dict[str, str]:
    """The values of the cards by title, the hero's apart."""
    return {metric.label: metric.value for metric in app.metric}


def beside(app: AppTest) -> dict[str, str]:
    """What stands under the values of the cards, by title: the state with its sign, coverage and notes."""
    tiles = [text for text in said(app) if text.startswith(":") and "-badge[" in text]
    of_cards = tiles[-len(app.metric) :]  # those before are of the hero, and of the lines of the stores
    return {metric.label: tile.replace("\\", "") for metric, tile in zip(app.metric, of_cards, strict=True)}


def links(app: AppTest) -> list[str]:
    """The labels of the links to other pages, without those of the top bar and of each card."""
    ways = ("History ›", "Worklist ›", "Feed ›", "Reconcile ›", "Why? ›", "How to read this page ›")
    return [link.value for link in app.page_link if link.value not in ways][len(nav.IN_BAR) :]


def beside_reasons(app: AppTest) -> list[tuple[str, str, str]]:
    """What stands behind each reason of the overview: its listings, those it holds alone, and who says so."""
    rows = [block.proto.body for block in app.get("html") if block.proto.body.startswith('<div class="why-figures">')]
    parts = re.compile(r"<strong>(.*?)</strong><span>(.*?)</span><small.*?>(.*?)</small>")
    return [(found[1], found[2], unescape(found[3])) for row in rows if (found := parts.search(row))]


def captions(app: AppTest) -> list[str]:
    """The small print of a page, in order."""
    return [caption.value for caption in app.caption]


def chips(app: AppTest, key: str) -> list[str]:
    """The chips of a filter as they are written."""
    return [option.content for option in app.pills(key=key).proto.options]


def opened(app: AppTest, popover: str) -> AppTest:
    """The page once a popover, named by its key, was opened on it."""
    app.session_state[popover] = True
    return app.run()


def list_of(app: AppTest) -> dict[str, Any] | None:
    """All that the list of the worklist was given; None where the page has none."""
    found = app.get("bidi_component")
    return unpacked(*json.loads(found[0].proto.json)) if found else None


def unpacked(told: dict[str, Any], rows: str) -> dict[str, Any]:
    """What the list was given, with the texts in its rows that are sent once for all of them."""
    sent = json.loads(rows)
    return told | {"rows": [_unpacked(row, sent["texts"], told["stores"]) for row in sent["rows"]]}


def _unpacked(row: dict[str, Any], texts: list[str], stores: dict[str, dict[str, str]]) -> dict[str, Any]:
    store, _, pid = row["id"].rpartition("/")
    links = {name: stores[store].get(name, "").replace("{product_id}", pid) for name in ("edit", "public")}
    return row | {
        "pid": pid,
        "store": stores[store]["title"],
        **{name: texts[row[name]] for name in ("who", "do", "stage", "held", "status")},
        **{name: [texts[place] for place in row[name]] for name in ("why", "marks", "resubmit", "source")},
        "more": {name: texts[place] for name, place in row["more"].items()},
        **links,
    }


def rows_of(app: AppTest) -> list[dict[str, Any]]:
    """The rows of the worklist in their order, each by the heading of its cells; none where there is no list."""
    return cells_of(list_of(app) or {"rows": [], "columns": []})


def cells_of(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What the rows say that the list was given, by the heading of their cells."""
    more = {column["key"]: column["label"] for column in told["columns"]}
    return [
        {
            "Title": row["title"],
            "Product id": row["pid"],
            "Why": " · ".join(row["why"]),
            "Says who": row["who"],
            "What to do": row["do"],
            "Note": row["note"],
            "Owner": row["owner"],
            "Stage": row["stage"],
            "Held for": row["held"],
            "Status": row["status"],
            "Resubmit": row["resubmit"][:1],
            "Source": row["source"],
            "Marks": row["marks"],
            "State": row["state"],
            "Edit": row["edit"],
            "Public page": row["public"],
            **{label: row["more"][key] for key, label in more.items() if key in row["more"]},
        }
        for row in told["rows"]
    ]


def ids_of(app: AppTest) -> list[str]:
    """The product ids of the rows of the worklist, in their order."""
    return [row["Product id"] for row in rows_of(app)]


def tick(app: AppTest, *product_ids: int | str) -> AppTest:
    """Tick these listings of the list, and no others, as a browser does."""
    wanted = {str(product_id) for product_id in product_ids}
    told = list_of(app)
    assert told is not None
    ticked = [row["id"] for row in told["rows"] if row["pid"] in wanted]
    assert len(ticked) == len(wanted)
    return _send(app, WidgetState(id=_list(app).id, json_value=json.dumps({"ticked": ticked})))


def act(app: AppTest, acts: Sequence[dict[str, Any]], name: str = "browser") -> AppTest:
    """Send acts of the list, as a browser does: each `{"n": 1, "do": "fix", "rows": [[id, v]], "more": ""}`."""
    payload = [{"event": "acts", "value": {"list": name, "acts": list(acts)}}]
    trigger = f"$$STREAMLIT_INTERNAL_KEY_{_list(app).id}__events"
    return _send(app, WidgetState(id=trigger, json_trigger_value=json.dumps(payload)))


def _list(app: AppTest) -> Any:
    return app.get("bidi_component")[0].proto


def _send(app: AppTest, state: WidgetState) -> AppTest:
    """Run a page with what its widgets hold and one state more."""
    states = app._tree.get_widget_states()
    states.widgets.append(state)
    return app._run(states)


def led_on(app: AppTest) -> AppTest:
    """Follow the link by which the server leads on to another page, as the script of the page does."""
    (link,) = [link for link in app.get("page_link") if link.value == "Go on ›"]
    app.switch_page(f"../../../pages/{link.proto.page or 'overview'}.py")
    for name, value in parse_qsl(link.proto.query_string):
        app.query_params[name] = value
    return app.run()
