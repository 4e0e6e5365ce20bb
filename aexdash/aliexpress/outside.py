"""What a description names outside of AliExpress: links, ways of contact, other shops. The text itself is not kept.

Only what can hardly be anything else is found: a charger *for Amazon Echo* and a watch that *shows WhatsApp messages*
name no shop and no contact. Of a link its host is kept, of a contact its kind, of a shop its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from aexdash.platform_data import Outside

MOST = 5
"""Of each kind, so many are kept."""

LONGEST_HOST = 100

OWN = ("aliexpress", "alicdn", "aliexpress-media", "alibaba", "alipay", "aliyuncs")
"""Names under which AliExpress and its group keep their own pages and pictures, before the last part of a host."""

SHORT_DOMAINS = frozenset({"com", "co", "org", "net"})
"""What stands between a name and a country: `ozon.com.tr`."""

MESSENGERS = {
    "WhatsApp": r"whats\s?app",
    "WeChat": r"we\s?chat|weixin|微信",
    "Telegram": r"telegram|телеграм",
    "Viber": r"viber|вайбер",
    "Skype": r"skype",
    "QQ": r"qq",
}

MESSENGER_HOSTS = {
    "wa.me": "WhatsApp",
    "api.whatsapp.com": "WhatsApp",
    "chat.whatsapp.com": "WhatsApp",
    "t.me": "Telegram",
    "telegram.me": "Telegram",
}

# A name, a colon, then a number or a handle: `WhatsApp: +86 138 0013 8000`, `WeChat ID: shop_4711`, `微信：shop4711`.
_HANDLE = r"\s*(?:id|no\.?|number|号)?\s*[:：]\s*(?=[^\s]*[\d@]|\+?\s*\d)(?:@\w{3,}|\+?[\w.\-]*\d[\w.\-]*)"
_MESSENGERS = {kind: re.compile(rf"(?<!\w)(?:{name}){_HANDLE}", re.IGNORECASE) for kind, name in MESSENGERS.items()}
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,24}(?![\w-])", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<!\w)(?:tel|phone|mobile|call us|call|телефон|тел|电话|手机|teléfono)\.?\s*[:：]\s*"
    r"\+?\d(?:[\s().\-]{0,2}\d){6,14}(?!\d)",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"(?<![\w@.])(?:https?://|www\.)([a-z0-9](?:[a-z0-9-]{0,62}\.){1,8}[a-z]{2,24})(?![\w-])", re.IGNORECASE
)

SHOPS = {
    "Amazon": "amazon",
    "eBay": "ebay",
    "Walmart": "walmart",
    "Temu": "temu",
    "SHEIN": "shein",
    "Etsy": "etsy",
    "Ozon": "ozon",
    "Wildberries": "wildberries",
    "Allegro": "allegro",
    "Lazada": "lazada",
    "Shopee": "shopee",
    "Taobao": "taobao",
    "Tmall": "tmall",
    "DHgate": "dhgate",
    "Banggood": "banggood",
}

# A shop's name alone accuses nobody: it names goods too. Named as a place to buy, or with its domain, it is a shop.
_PLACE = (
    r"(?:(?:our|my|official)\s+(?:store|shop)\s+(?:on|at|in)|(?:find|visit|follow)\s+us\s+(?:on|at)|"
    r"(?:buy|order|sold|available|cheaper|purchase)\s+(?:it\s+|also\s+|now\s+)?(?:on|at|from)|наш\s+магазин\s+на|"
    r"nuestra\s+tienda\s+en)"
)
_SHOPS = {
    shop: re.compile(
        rf"(?<![\w-]){_PLACE}\s+{name}(?![\w-])|(?<![\w.-]){name}\.(?:com?|[a-z]{{2}})(?:\.[a-z]{{2}})?(?![\w-])",
        re.IGNORECASE,
    )
    for shop, name in SHOPS.items()
}


def named_in(text: str, addresses: Iterable[str]) -> Outside:
    """Return what a description's text, and the addresses that its links lead to, name outside of AliExpress."""
    hosts, contacts = set[str](), set[str]()
    for address in addresses:
        _follow(address.strip(), hosts, contacts)
    for host in _WRITTEN.findall(text):
        _visit(host, hosts, contacts)
    contacts |= {kind for kind, pattern in _MESSENGERS.items() if pattern.search(text)}
    contacts |= {"e-mail"} if _MAIL.search(text) else set()
    contacts |= {"phone"} if _PHONE.search(text) else set()
    folded = text.casefold()  # to look for a name alone takes a hundredth of the time, and most texts have none
    shops = {shop for shop, pattern in _SHOPS.items() if SHOPS[shop] in folded and pattern.search(text)}
    return Outside(*(tuple(sorted(found))[:MOST] for found in (hosts, contacts, shops)))


def _follow(address: str, hosts: set[str], contacts: set[str]) -> None:
    """Tell a link's host, or the contact that it is; what leads nowhere else is nothing."""
    scheme, colon, _ = address.partition(":")
    if colon and scheme.lower() in ("mailto", "tel"):
        contacts.add({"mailto": "e-mail", "tel": "phone"}[scheme.lower()])
        return
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.scheme.lower() in ("http", "https", "") else None
    except ValueError:  # no address at all, such as one with half a bracket
        return
    if host:
        _visit(host, hosts, contacts)


def _visit(host: str, hosts: set[str], contacts: set[str]) -> None:
    host = host.lower().rstrip(".")
    if kind := MESSENGER_HOSTS.get(host.removeprefix("www.")):
        contacts.add(kind)
    elif _is_host(host) and not _is_own(host):
        hosts.add(host.removeprefix("www."))


def _is_host(host: str) -> bool:
    plain = all(character.isascii() and (character.isalnum() or character in ".-") for character in host)
    return plain and "." in host and len(host) <= LONGEST_HOST and host.rpartition(".")[2].isalpha()


def _is_own(host: str) -> bool:
    """Whether a host is the group's own: `ae01.alicdn.com`, and not `alicdn.com.shop.example`."""
    parts = host.split(".")
    name = parts[-3] if len(parts) > 2 and parts[-2] in SHORT_DOMAINS else parts[-2]
    return name in OWN
