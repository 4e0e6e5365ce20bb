"""What a page says, as texts a test can compare."""

from __future__ import annotations

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
    return {metric.label: tile.replace("\\", "") for metric, tile in zip(app.metric, tiles[1:], strict=True)}


def links(app: AppTest) -> list[str]:
    """The labels of the links to other pages, without those of the top bar and of each card."""
    ways = ("History ›", "Worklist ›", "Feed ›")
    return [link.value for link in app.page_link if link.value not in ways][len(nav.HELP) :]


def captions(app: AppTest) -> list[str]:
    """The small print of a page, in order."""
    return [caption.value for caption in app.caption]


def chips(app: AppTest, key: str) -> list[str]:
    """The chips of a filter as they are written."""
    return [option.content for option in app.pills(key=key).proto.options]
