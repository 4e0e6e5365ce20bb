"""*How to read this*: a guide for each page, a click away at its foot, and the same in the docs."""

from __future__ import annotations

import pytest

from aexdash.ui.frame import nav
from aexdash.words.guides import ACTING, GUIDES, UNKNOWN
from tests.ui.reading import said
from tests.ui.sample import with_history


@pytest.mark.parametrize("name", nav.HELP)
def test_every_page_leads_to_its_guide(open_page, tmp_path, name) -> None:
    page = open_page(with_history(tmp_path), name, store="main")
    [way] = [link for link in page.page_link if link.value == "How to read this page ›"]
    assert (way.proto.page, way.proto.query_string) == ("help", f"store=main&about={name}")
    guide = open_page(tmp_path, "help", about=name)
    assert not guide.exception
    [text] = [text for text in said(guide) if text.startswith("###")]
    assert text.startswith(f"### {name.title()}\n\n{GUIDES[name].answers}")
    assert all(f"- {line}" in text.splitlines() for line in (*GUIDES[name].acting, *GUIDES[name].unknown))
    assert text.index(ACTING) < text.index(UNKNOWN)


def test_another_guide_is_a_click_away_and_then_in_the_address(open_page, tmp_path) -> None:
    page = open_page(with_history(tmp_path), "help", about="nothing")
    assert any(text.startswith("### Overview") for text in said(page))
    [choice] = page.segmented_control
    choice.set_value("health").run()
    assert page.query_params["about"] == "health"
    assert any(text.startswith("### Health") for text in said(page))
    [back] = [link for link in page.page_link if link.value == "Open Health ›"]
    assert back.proto.page == "health"
