"""What a description names outside of AliExpress is found by kind, and what only looks like it is not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.aliexpress.descriptions import description, measured
from aexdash.aliexpress.outside import MOST
from aexdash.platform_data import Outside


def outside(html: str) -> Outside:
    found = measured(html).outside
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("html", "hosts"),
    [
        ('<a href="https://www.Shop.example/p?x=1">more</a>', ("shop.example",)),
        ('<map><area href="//cdn.shop.example/a"></map>', ("cdn.shop.example",)),
        ("See www.shop.example/boots for sizes", ("shop.example",)),
        ("http://one.example and https://two.example/x", ("one.example", "two.example")),
        ('<a href="https://alicdn.com.shop.example">', ("alicdn.com.shop.example",)),
    ],
)
def test_a_link_that_leads_away_is_found_by_its_host_alone(html: str, hosts: tuple[str, ...]) -> None:
    assert outside(html) == Outside(links=hosts)


@pytest.mark.parametrize(
    ("html", "kinds"),
    [
        ("Write to sales@boots.example today", ("e-mail",)),
        ('<a href="mailto:sales@boots.example">write</a>', ("e-mail",)),
        ('<a href="tel:+8613800138000">call</a>', ("phone",)),
        ("Tel: +86 138-0013-8000", ("phone",)),
        ("WhatsApp: +86 138 0013 8000", ("WhatsApp",)),
        ('<a href="https://wa.me/8613800138000">ask</a>', ("WhatsApp",)),
        ("微信：boots4711", ("WeChat",)),
        ("WeChat ID: boots_4711, Telegram: @boots", ("Telegram", "WeChat")),
        ("QQ: 123456789", ("QQ",)),
    ],
)
def test_a_contact_is_found_by_its_kind_alone(html: str, kinds: tuple[str, ...]) -> None:
    assert outside(html) == Outside(contacts=kinds)


@pytest.mark.parametrize(
    ("html", "shops"),
    [
        ("Our store on Amazon has more colours", ("Amazon",)),
        ("Find us on eBay and buy it on Walmart", ("Walmart", "eBay")),
        ("amazon.de, ebay.co.uk", ("Amazon", "eBay")),
        ("Наш магазин на Ozon", ("Ozon",)),
    ],
)
def test_another_shop_is_found_where_it_is_a_place_to_buy(html: str, shops: tuple[str, ...]) -> None:
    assert outside(html) == Outside(shops=shops)


@pytest.mark.parametrize(
    "html",
    [
        "Works with Amazon Echo and Amazon Alexa, and with eBay stickers",
        "The watch shows WhatsApp, WeChat and Telegram messages",
        "Supported apps: WhatsApp, Skype. Messages: 20",
        "Size: 3@5 cm, model A@B, 100% cotton, EN 14683:2019, tel-aviv blue, phone: iPhone 15",
        '<a href="https://www.aliexpress.com/store/1">our store</a> <a href="#top">up</a> <a href="/item/1.html">x</a>',
        '<a href="https://ru.aliexpress.com/x"> <a href="https://ae01.alicdn.com/kf/a.jpg"> https://www.aliexpress.us/y',
        '<img src="https://pictures.example/a.jpg"> Node.js, U.S. size 8, Ver.2.0',
        '<a href="https://[broken"> <a href="javascript:alert(1)">',
        "<script>fetch('https://evil.example')</script><!-- mail@boots.example -->",
        "Amazonite bracelet, shipped in 3 days",
    ],
)
def test_what_only_looks_like_it_accuses_nobody(html: str) -> None:
    assert outside(html) == Outside()


def test_every_language_is_looked_at_and_what_was_not_told_is_not_known() -> None:
    several = [
        {"locale": "en_US", "web_detail": "<b>hi</b> www.one.example"},
        {"locale": "ru_RU", "web_detail": "Tel: +86 138-0013-8000 www.two.example"},
    ]
    assert description(several).outside == Outside(("one.example", "two.example"), ("phone",))
    assert description(None).outside is None
    assert description([{"locale": "en_US", "web_detail": "", "mobile_detail": "{}"}]).outside is None
    assert description([{"locale": "en_US", "web_detail": ""}]).outside == Outside()


WORDS = st.lists(st.text(string.ascii_letters + string.digits + " -,/%()", min_size=1, max_size=12), max_size=60)


@given(WORDS.map(" ".join))
def test_plain_words_without_colons_dots_and_ats_name_nothing_but_a_shop_in_a_phrase(text: str) -> None:
    found = outside(f"<p>{text}</p>")
    assert (found.links, found.contacts) == ((), ())


@given(st.text(max_size=200))
def test_any_text_is_looked_through_and_little_of_it_is_kept(text: str) -> None:
    found = outside(text)
    for kind in (found.links, found.contacts, found.shops):
        assert len(kind) <= MOST
        assert list(kind) == sorted(set(kind))
    assert all(set(host) <= set(string.ascii_lowercase + string.digits + ".-") for host in found.links)
