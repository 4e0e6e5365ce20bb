"""BigCommerce: pages of 250 products with their variants, and for each page the channels that these products are on.

Nothing is ever written. Field and rule of each fact: reference shops.md §3.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from aexdash.clock import Clock, system_clock
from aexdash.http.wire import Reply, Wire
from aexdash.shops.account import ShopAccount
from aexdash.shops.calling import Sleep, content_of, money, patiently, reply_of, said, text, web_address, when, whole
from aexdash.shops.errors import PartlyRead, ShopBusy, ShopError, ShopFault, ShopForbids, ShopRefused, ShopUnreadable
from aexdash.shops.records import (
    ChannelFeedback,
    FeedbackState,
    Part,
    ShopFacts,
    ShopProduct,
    ShopVariant,
    SourceState,
)
from aexdash.shops.shop import Stopped, going_on

PAGE = 250
FIELDS = "name,sku,price,is_visible,availability,inventory_tracking,inventory_level,date_modified"
SUB_RESOURCES = "variants,images,custom_fields"
A_FEW = 10
"""Products of a page that only shows whether they can be read."""

FEW_LEFT = 2
"""With so few requests left in a window, the next waits for its end."""

SCOPES = "Products, Channel listings, Channel settings and Information & settings, each read-only"
ADVICE = f"Give the API account the scopes {SCOPES}, and write its token into secrets.toml."

NO_CHANNELS = "On which channels a product is published is not known: the token may not read channels."
NO_STORE = "In which currency prices are is not known: the token may not read Information & settings."

STOREFRONT = "storefront"
LISTED = "active"
UNHAPPY = ("error", "partially_rejected", "rejected")
"""States of a channel's listing in which somebody has to do something; BigCommerce tells no reason."""


class BigCommerce:
    """A BigCommerce store; reads only. One thread at a time."""

    kind: ClassVar[str] = "bigcommerce"

    def __init__(
        self, account: ShopAccount, wire: Wire, *, clock: Clock = system_clock, sleep: Sleep = time.sleep
    ) -> None:
        del clock  # no token of it ends
        self._account, self._wire, self._sleep = account, wire, sleep
        self._owed = 0.0
        self._channels: dict[int, tuple[str, str]] | None = None

    def facts(self) -> ShopFacts:
        """Ask who answers, and whether products and channels may be read.

        Raises:
            ShopForbids: the token may not read products.
            ShopError: it cannot be told.
        """
        unread: list[str] = []
        self._get("/v3/catalog/products", {"limit": "1", "include_fields": "name"})
        store: Mapping[str, Any] = {}
        try:
            store = self._get("/v2/store", {})
        except ShopForbids:
            unread.append(NO_STORE)
        try:
            self._channels = self._known_channels()
        except ShopForbids:
            self._channels = None
            unread.append(NO_CHANNELS)
        return ShopFacts(
            name=said(store.get("name") or ""),
            identity=self._account.address.rstrip("/").rpartition("/")[2],
            currency=text(store.get("currency")),
            unread=tuple(unread),
        )

    def catalogue(self, stopped: Stopped = lambda: False) -> Iterator[Part]:
        """Read page after page; complete only where as many products came as the last page says there are.

        Raises:
            PartlyRead, ShopError: as `Shop.catalogue` says.
        """
        came: set[int] = set()
        page, pages, total = 1, 1, 0
        while page <= pages:
            going_on(stopped)
            products, told = self._page({"page": str(page)})
            new = {number for one in products if (number := whole(one.get("id"))) is not None}
            if products and new <= came:
                raise PartlyRead(f"BigCommerce's pages repeat: page {page} shows what came before.")
            came |= new
            pages, total = whole(told.get("total_pages")) or 1, whole(told.get("total")) or 0
            yield from self._parts(products)
            page += 1
        if len(came) < total:
            raise PartlyRead(f"BigCommerce counts {total:,} products and {len(came):,} came.")

    def some(self, skus: Collection[str]) -> Iterator[Part]:
        """Read the products of a few SKUs, each asked for alone: no filter of products takes SKUs of variants.

        Raises:
            ShopError: as `Shop.some` says.
        """
        found: set[int] = set()
        for sku in sorted(set(skus)):
            answer = self._get("/v3/catalog/variants", {"sku": sku, "limit": str(PAGE)})
            found |= {number for one in _list(answer) if (number := whole(one.get("product_id"))) is not None}
        numbers = sorted(found)
        for first in range(0, len(numbers), PAGE):
            products, _ = self._page({"id:in": ",".join(map(str, numbers[first : first + PAGE]))})
            yield from self._parts(products)

    def first(self) -> Iterator[Part]:
        """Read a page of a few products with their variants.

        Raises:
            ShopError: as `Shop.first` says.
        """
        products, _ = self._page({"page": "1", "limit": str(A_FEW)})
        yield from self._parts(products)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _page(self, more: Mapping[str, str]) -> tuple[list[dict[str, Any]], Mapping[str, Any]]:
        asked = {
            "limit": str(PAGE),
            "sort": "id",
            "direction": "asc",
            "include": SUB_RESOURCES,
            "include_fields": FIELDS,
            **more,
        }
        answer = self._get("/v3/catalog/products", asked)
        meta = answer.get("meta")
        pagination = meta.get("pagination") if isinstance(meta, dict) else None
        if not isinstance(answer.get("data"), list) or not isinstance(pagination, dict):
            raise ShopUnreadable("BigCommerce answered without a list of products.", advice="Check the address.")
        return _list(answer), pagination

    def _parts(self, products: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
        names, says = self._on_channels(products)
        for product in products:
            yield from parts_of(product, self._account.match_field, names, says)

    def _known_channels(self) -> dict[int, tuple[str, str]]:
        """Every channel: its name and its type, by its id."""
        found, page, pages = {}, 1, 1
        while page <= pages:
            answer = self._get("/v3/channels", {"limit": str(PAGE), "page": str(page)})
            for one in _list(answer):
                if (number := whole(one.get("id"))) is not None:
                    found[number] = (said(one.get("name") or number), str(one.get("type") or ""))
            pages = whole(_object(_object(answer.get("meta")).get("pagination")).get("total_pages")) or 1
            page += 1
        return found

    def _on_channels(
        self, products: Sequence[Mapping[str, Any]]
    ) -> tuple[dict[int, set[str]] | None, dict[int, list[ChannelFeedback]]]:
        """The names of the channels on which these products are, and what channels say; None: not known."""
        says: dict[int, list[ChannelFeedback]] = defaultdict(list)
        if self._channels is None or not products:
            return None, says
        wanted = ",".join(str(one["id"]) for one in products if whole(one.get("id")) is not None)
        visible = {one["id"] for one in products if one.get("is_visible")}
        names: dict[int, set[str]] = defaultdict(set)
        for one in self._assigned(wanted):
            name, kind = self._channels.get(one.get("channel_id", 0), ("", ""))
            if kind == STOREFRONT and one.get("product_id") in visible:
                names[one["product_id"]].add(name)
        for number, (name, kind) in self._channels.items():
            for one in self._listed(number, wanted) if kind != STOREFRONT else ():
                product, state = whole(one.get("product_id")), str(one.get("state"))
                if product is not None and state == LISTED:
                    names[product].add(name)
                if product is not None and state in UNHAPPY:
                    says[product].append(ChannelFeedback(name, FeedbackState.REQUIRES_ACTION, (state,)))
        return names, says

    def _assigned(self, wanted: str) -> Iterator[dict[str, Any]]:
        page, pages = 1, 1
        while page <= pages:
            asked = {"product_id:in": wanted, "limit": str(PAGE), "page": str(page)}
            answer = self._get("/v3/catalog/products/channel-assignments", asked)
            yield from _list(answer)
            pages = whole(_object(_object(answer.get("meta")).get("pagination")).get("total_pages")) or 1
            page += 1

    def _listed(self, channel: int, wanted: str) -> Iterator[dict[str, Any]]:
        """The listings of these products on a channel; the next page begins after the last listing of this one."""
        after = 0
        while True:
            asked = {"product_id:in": wanted, "limit": str(PAGE), **({"after": str(after)} if after else {})}
            found = _list(self._get(f"/v3/channels/{channel}/listings", asked))
            yield from found
            last = max((whole(one.get("listing_id")) or 0 for one in found), default=0)
            if len(found) < PAGE or last <= after:
                return
            after = last

    def _get(self, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
        query = f"?{urlencode(asked, safe=':,')}" if asked else ""
        return patiently(lambda: self._answered(path + query), self._sleep)

    def _answered(self, path_and_query: str) -> dict[str, Any]:
        if self._owed:
            owed, self._owed = self._owed, 0.0
            self._sleep(owed)
        if not self._account.token:
            raise ShopRefused(f"The shop {self._account.key} has no token.", advice=ADVICE)
        headers = {"X-Auth-Token": self._account.token}
        reply = reply_of(lambda: self._wire.get_json(path_and_query, headers))
        left, reset = (reply.headers.get(f"x-rate-limit-{name}", "") for name in ("requests-left", "time-reset-ms"))
        if left.isdigit() and int(left) < FEW_LEFT and reset.isdigit():
            self._owed = int(reset) / 1000
        self._refuse(reply)
        return content_of(reply, self._wire.host)

    def _refuse(self, reply: Reply) -> None:
        """Raise what an HTTP status means; 200 passes."""
        if reply.status == 200:
            return
        key, words = self._account.key, self._words(reply)
        if reply.status == 429:
            seconds, self._owed = self._owed or _reset(reply), 0.0
            raise ShopBusy("BigCommerce takes no more questions for now.", seconds=seconds)
        if reply.status == 401:
            raise ShopRefused(
                f"BigCommerce refused the token of the shop {key}: it was revoked, or is of another store.",
                advice=ADVICE,
            )
        if reply.status == 403:
            raise ShopForbids(f"The token of the shop {key} may not read this{words}.", advice=ADVICE)
        if reply.status == 404:
            raise ShopRefused(
                f"There is no BigCommerce store at {self._wire.host}{words}.",
                advice="Its address is like https://api.bigcommerce.com/stores/abc123.",
            )
        if reply.status >= 500:
            raise ShopFault(f"BigCommerce could not answer (status {reply.status}){words}.")
        raise ShopUnreadable(f"BigCommerce did not take our question (status {reply.status}){words}.")

    def _words(self, reply: Reply) -> str:
        try:
            title = content_of(reply, self._wire.host).get("title")
        except ShopError:
            return ""
        return f": {said(title, (self._account.token,))}" if title else ""


def parts_of(
    product: Mapping[str, Any],
    match_field: str,
    names: Mapping[int, set[str]] | None,
    says: Mapping[int, list[ChannelFeedback]],
) -> Iterator[Part]:
    """A product with its variants, as a page shows it. `names` None: its channels are not known."""
    number = product.get("id")
    if whole(number) is None:
        return
    pictures = [one for one in product.get("images") or [] if isinstance(one, dict)]
    first = next((one for one in pictures if one.get("is_thumbnail")), pictures[0] if pictures else {})
    yield ShopProduct(
        product_id=str(number),
        title=str(product.get("name") or ""),
        state=_state(product),
        platform_state=f"{product.get('availability')}{'' if product.get('is_visible') else ', not visible'}",
        picture_url=web_address(first.get("url_standard")),
        updated_at=when(product.get("date_modified")),
        match_key=_custom_field(product, match_field),
        channels=None if names is None else tuple(sorted(names.get(int(str(number)), ()))),
        feedback=None if names is None else tuple(says.get(int(str(number)), ())),
    )
    for one in product.get("variants") or []:
        if isinstance(one, dict) and whole(one.get("id")) is not None:
            yield _variant(one, product)


def _variant(one: Mapping[str, Any], product: Mapping[str, Any]) -> ShopVariant:
    tracking = product.get("inventory_tracking")
    of = {"product": product, "variant": one}.get(str(tracking), {})
    labels = [str(option["label"]) for option in one.get("option_values") or [] if _object(option).get("label")]
    price = one.get("price")
    return ShopVariant(
        variant_id=str(one["id"]),
        product_id=str(product["id"]),
        sku=text(one.get("sku")) or (text(product.get("sku")) if len(product.get("variants") or []) == 1 else None),
        title=", ".join(labels),
        price=money(product.get("price") if price is None else price),  # null inherits
        stock=whole(of.get("inventory_level")),
        tracked=tracking != "none" if tracking in ("none", "product", "variant") else None,
        picture_url=web_address(one.get("image_url")),
    )


def _state(product: Mapping[str, Any]) -> SourceState:
    if product.get("availability") == "disabled":
        return SourceState.DISABLED
    if product.get("is_visible") is not True:
        return SourceState.HIDDEN
    return SourceState.ACTIVE if product.get("availability") in ("available", "preorder") else SourceState.OTHER


def _custom_field(product: Mapping[str, Any], name: str) -> str | None:
    fields = [one for one in product.get("custom_fields") or [] if isinstance(one, dict)]
    return next((text(one.get("value")) for one in fields if name and one.get("name") == name), None)


def _reset(reply: Reply) -> float:
    """How long to wait: what the answer says; without that the platform itself is loaded, and a little is enough."""
    told = reply.headers.get("x-rate-limit-time-reset-ms", "")
    return int(told) / 1000 if told.isdigit() else 5.0


def _list(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    data = answer.get("data")
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
