"""The shop that somebody connects herself: what its page gives is enough, and no settings of the demo name it."""

from __future__ import annotations

import re
import urllib.request
from html import unescape

from aexdash.clock import system_clock
from aexdash.config.settings import load_settings
from aexdash.connect import signing
from aexdash.connect.attempts import Wanted
from aexdash.demo.inbox import Inbox
from aexdash.demo.launch import _serve
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.shop import PATH, SHOP


def test_what_the_page_says_connects_the_shop_and_the_inbox_leads_to_the_page(tmp_path):
    platform = SimulatedAliExpress({SHOP.app_key: SHOP.simulated()})
    with _serve(platform, Inbox(tmp_path / "inbox.jsonl")) as served:
        with urllib.request.urlopen(f"{served.url}/_demo/inbox", timeout=20) as answer:
            assert f'href="{PATH}"' in answer.read().decode()
        with urllib.request.urlopen(f"{served.url}{PATH}", timeout=20) as answer:
            app_key, app_secret, gateway = map(unescape, re.findall("<td>(.*?)</td>", answer.read().decode()))
        assert gateway == served.url
        store = signing.store_of(
            "main", "", "overseas", app_key=app_key, app_secret=app_secret, gateway=gateway, redirect_uri="http://x/y"
        )
        signing.require_gateway(store, tmp_path)
        attempt = signing.begin(load_settings(tmp_path), Wanted(store), system_clock())
        signing.come_back(attempt, platform.issue_code(app_key))
    assert attempt.refusal is None
    assert (attempt.introduced.name, attempt.introduced.answering) == ("shop_store", ("overseas",))
