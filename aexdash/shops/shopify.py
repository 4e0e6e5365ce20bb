"""Shopify: the whole catalogue by one bulk job whose file is read line by line, a few SKUs by small pages.

Nothing is ever written. The lines of a bulk file come in any order, a variant also before its product, so they are read
by their ids alone (reference shops.md §2.5).
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from aexdash.clock import Clock, system_clock
from aexdash.http.errors import PictureError
from aexdash.http.wire import Wire
from aexdash.shops import shopify_queries as queries
from aexdash.shops.account import ShopAccount
from aexdash.shops.calling import Sleep, money, said, text, web_address, when, whole
from aexdash.shops.errors import PartlyRead, ShopBusy, ShopError, ShopFault, ShopForbids, ShopUnreadable
from aexdash.shops.records import (
    ChannelFeedback,
    FeedbackState,
    Part,
    ProductOnChannel,
    ShopFacts,
    ShopProduct,
    ShopVariant,
    SourceState,
)
from aexdash.shops.shop import Stopped, going_on
from aexdash.shops.shopify_call import ShopifyCall
from aexdash.shops.shopify_queries import CHANNELS, FEEDBACK, PICTURE, STOCK, Piece

PRODUCT, VARIANT = "gid://shopify/Product/", "gid://shopify/ProductVariant/"

POLL_SECONDS = 3.0
LONGEST_JOB = 4 * 3600.0
"""Seconds after which we no longer wait for a bulk job; Shopify itself gives it ten days."""

LONGEST_FILE = 3600.0
LONGEST_LINE = 4 * 1024 * 1024
MOST_MISSING = 0.01
"""A job that brought less than the count by more than this share is not whole; the count is of a search, and lags."""

RUNNING = ("CREATED", "RUNNING", "CANCELING")


class Shopify:
    """A Shopify shop; reads only. One thread at a time."""

    kind: ClassVar[str] = "shopify"

    def __init__(
        self, account: ShopAccount, wire: Wire, *, clock: Clock = system_clock, sleep: Sleep = time.sleep
    ) -> None:
        self._account, self._wire, self._sleep = account, wire, sleep
        self._call = ShopifyCall(account, wire, clock=clock, sleep=sleep)
        self._pieces: list[Piece] | None = None

    def facts(self) -> ShopFacts:
        """Ask who answers, and which pieces of a product this token may read; each that it may not has its sentence.

        Raises:
            ShopForbids: it may not read products.
            ShopError: it cannot be told.
        """
        told = self._call.ask(queries.SHOP)
        shop, scopes = _object(told.get("shop")), _scopes(told)
        if not _may(scopes, ("read_products",)):
            raise ShopForbids(
                f"The token of the shop {self._account.key} may not read products.",
                advice="Give the app the scopes read_products, read_inventory and read_publications.",
            )
        self._pieces, unread = self._readable(scopes)
        return ShopFacts(
            name=said(shop.get("name") or ""),
            identity=text(shop.get("myshopifyDomain")),
            currency=text(shop.get("currencyCode")),
            scopes=scopes,
            unread=tuple(unread),
        )

    def _readable(self, scopes: tuple[str, ...]) -> tuple[list[Piece], list[str]]:
        """Return the pieces that can be read, and a sentence on each that cannot."""
        field = self._account.match_field
        wanted = [PICTURE, CHANNELS, STOCK, FEEDBACK, *([queries.match_piece(field)] if field else [])]
        unread = [
            f"{piece.unread}: {' or '.join(piece.scopes)} is missing."
            for piece in wanted
            if not _may(scopes, piece.scopes)
        ]
        pieces = [piece for piece in wanted if _may(scopes, piece.scopes)]
        try:
            self._call.ask(queries.probe(pieces))
            return pieces, unread
        except (ShopForbids, ShopUnreadable):
            pass  # one of them; each is asked for alone
        kept = []
        for piece in pieces:
            try:
                self._call.ask(queries.probe([piece]))
                kept.append(piece)
            except (ShopForbids, ShopUnreadable) as error:
                unread.append(f"{piece.unread}: {error}")
        return kept, unread

    def _asked(self) -> list[Piece]:
        if self._pieces is None:
            self.facts()
        return self._pieces or []

    def catalogue(self, stopped: Stopped = lambda: False) -> Iterator[Part]:
        """Read the whole catalogue by one bulk job; complete only where as much came as the job and a count say.

        Raises:
            PartlyRead, ShopError: as `Shop.catalogue` says.
        """
        pieces = self._asked()
        before = self._count()
        job = self._job(queries.catalogue(pieces), stopped)
        url, partly = job.get("url"), job.get("partialDataUrl")
        lines, products = 0, 0
        if address := text(url) or text(partly):
            for line in self._lines(address, stopped):
                lines += 1
                part = part_of(line, channels=CHANNELS in pieces, feedback=FEEDBACK in pieces)
                products += isinstance(part, ShopProduct)
                if part is not None:
                    yield part
        self._refuse_less(job, lines, products, before)

    def some(self, skus: Collection[str]) -> Iterator[Part]:
        """Read the products of a few SKUs, ten SKUs a page.

        Raises:
            ShopError: as `Shop.some` says.
        """
        pieces = self._asked()
        query = queries.by_sku(pieces)
        wanted = sorted(set(skus))
        for first in range(0, len(wanted), queries.SKUS_A_PAGE):
            page = wanted[first : first + queries.SKUS_A_PAGE]
            for node in self._found(query, queries.search_of(page)):
                if (node.get("sku") or "").strip() in page:  # a search finds more than it was asked for
                    yield from _variant_with_product(node, CHANNELS in pieces, FEEDBACK in pieces)

    def first(self) -> Iterator[Part]:
        """Read one page of variants with their products.

        Raises:
            ShopError: as `Shop.first` says.
        """
        pieces = self._asked()
        found = _object(self._call.ask(queries.by_sku(pieces), {"search": "", "after": None}).get("productVariants"))
        for node in found.get("nodes") or []:
            if isinstance(node, dict):
                yield from _variant_with_product(node, CHANNELS in pieces, FEEDBACK in pieces)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _found(self, query: str, search: str) -> Iterator[dict[str, Any]]:
        after, seen = None, set()
        while True:
            found = _object(self._call.ask(query, {"search": search, "after": after}).get("productVariants"))
            yield from (node for node in found.get("nodes") or [] if isinstance(node, dict))
            page = _object(found.get("pageInfo"))
            after = page.get("endCursor")
            if not page.get("hasNextPage"):
                return
            if after is None or after in seen:
                raise PartlyRead("Shopify's pages repeat: the same page came twice.", advice="It is read again later.")
            seen.add(after)

    def _count(self) -> int | None:
        """How many products there are at least; None where Shopify does not tell."""
        count = self._call.ask(queries.COUNT).get("productsCount")
        return whole(count.get("count")) if isinstance(count, dict) else None

    def _job(self, query: str, stopped: Stopped) -> dict[str, Any]:
        """Run a bulk job and return it as it ended."""
        number = self._begun(query, stopped)
        waited = 0.0
        while True:
            job = _object(self._call.ask(queries.POLL, {"id": number}).get("bulkOperation"))
            if job.get("status") not in RUNNING:
                break
            try:
                going_on(stopped)
                if waited >= LONGEST_JOB:
                    raise ShopFault(f"Shopify's bulk job is not ready after {LONGEST_JOB / 3600:.0f} hours.")
            except ShopError:
                self._call.ask(queries.CANCEL, {"id": number})
                raise
            self._sleep(POLL_SECONDS)
            waited += POLL_SECONDS
        if job.get("status") == "COMPLETED" or text(job.get("partialDataUrl")):
            return job
        raise _failure(job)

    def _begun(self, query: str, stopped: Stopped) -> str:
        """Begin a bulk job, waiting for those of the same app that run already."""
        waited = 0.0
        while True:
            going_on(stopped)
            answer = _object(self._call.ask(queries.RUN, {"query": query}).get("bulkOperationRunQuery"))
            errors = [error for error in answer.get("userErrors") or [] if isinstance(error, dict)]
            number = text(_object(answer.get("bulkOperation")).get("id"))
            if number and not errors:
                return number
            code = errors[0].get("code") if errors else None
            words = said(errors[0].get("message", "") if errors else "no job began")
            if code not in ("OPERATION_IN_PROGRESS", "LIMIT_REACHED"):
                raise ShopUnreadable(
                    f"Shopify did not begin the bulk job: {words}", advice="Nothing was changed by it."
                )
            if waited >= LONGEST_JOB:
                raise ShopBusy(f"Other bulk jobs of this app run for hours: {words}", seconds=POLL_SECONDS)
            self._sleep(POLL_SECONDS * 10)
            waited += POLL_SECONDS * 10

    def _lines(self, address: str, stopped: Stopped) -> Iterator[dict[str, Any]]:
        damaged = 0
        try:
            for line in self._wire.get_lines(address, longest_bytes=LONGEST_LINE, seconds=LONGEST_FILE):
                going_on(stopped)
                try:
                    told = json.loads(line) if line.strip() else None
                except ValueError:
                    told = None
                    damaged += 1
                if isinstance(told, dict):
                    yield told
        except PictureError as error:
            raise PartlyRead(f"The file of Shopify's bulk job did not come whole: {error}") from error
        if damaged:
            raise PartlyRead(f"The file of Shopify's bulk job has {damaged} lines that cannot be read.")

    def _refuse_less(self, job: Mapping[str, Any], lines: int, products: int, before: int | None) -> None:
        """Raise where less came than there is."""
        if job.get("status") != "COMPLETED":
            why = job.get("errorCode") or job.get("status")
            raise PartlyRead(f"Shopify's bulk job ended early ({said(why)}): {lines:,} lines came of it.")
        told = _counted(job.get("objectCount"))
        if told is not None and lines < told:
            raise PartlyRead(f"Shopify's bulk job counted {told:,} objects and {lines:,} came.")
        counts = [count for count in (before, self._count()) if count is not None]
        if counts and products < min(counts) * (1 - MOST_MISSING):
            raise PartlyRead(f"Shopify counts at least {min(counts):,} products and {products:,} came.")


def part_of(line: Mapping[str, Any], *, channels: bool, feedback: bool) -> Part | None:
    """What a line of a bulk file tells, by the ids in it; None of a line that tells nothing we ask.

    `channels` and `feedback`: whether they were asked for, so that none means none.
    """
    number, parent = str(line.get("id", "")), str(line.get("__parentId", ""))
    if number.startswith(VARIANT):
        return _variant(line, parent)
    if number.startswith(PRODUCT):
        return _product(line, (), channels, feedback)
    if "isPublished" in line and parent.startswith(PRODUCT):
        name = _channel(line)
        return ProductOnChannel(parent.removeprefix(PRODUCT), name) if name else None
    return None


def _variant_with_product(node: Mapping[str, Any], channels: bool, feedback: bool) -> Iterator[Part]:
    product = _object(node.get("product"))
    published = [
        one for one in _object(product.get("resourcePublicationsV2")).get("nodes") or [] if isinstance(one, dict)
    ]
    # A page of channels that is full may not be all of them, so which there are is not known.
    known = channels and len(published) < queries.CHANNELS_A_PRODUCT
    names = tuple(sorted({name for one in published if (name := _channel(one))}))
    yield _product(product, names, known, feedback)
    yield _variant(node, str(product.get("id", "")))


def _product(node: Mapping[str, Any], names: tuple[str, ...], channels: bool, feedback: bool) -> ShopProduct:
    status = str(node.get("status", ""))
    picture = _object(_object(_object(node.get("featuredMedia")).get("preview")).get("image"))
    return ShopProduct(
        product_id=str(node.get("id", "")).removeprefix(PRODUCT),
        title=str(node.get("title") or ""),
        state=_STATES.get(status, SourceState.OTHER),
        platform_state=status,
        picture_url=web_address(picture.get("url")),
        updated_at=when(node.get("updatedAt")),
        match_key=text(_object(node.get("metafield")).get("value")),
        channels=names if channels else None,
        feedback=_feedback(_object(node.get("feedback"))) if feedback else None,
    )


def _variant(node: Mapping[str, Any], parent: str) -> ShopVariant:
    tracked = _object(node.get("inventoryItem")).get("tracked")
    stock = whole(node.get("inventoryQuantity"))
    return ShopVariant(
        variant_id=str(node.get("id", "")).removeprefix(VARIANT),
        product_id=parent.removeprefix(PRODUCT),
        sku=text(node.get("sku")),
        title=str(node.get("title") or ""),
        price=money(node.get("price")),
        stock=stock if tracked else None,
        tracked=tracked if isinstance(tracked, bool) else None,
        updated_at=when(node.get("updatedAt")),
        match_key=text(_object(node.get("metafield")).get("value")),
    )


def _channel(node: Mapping[str, Any]) -> str | None:
    """The name of the channel that a product is on now; None where it is only going to be."""
    if node.get("isPublished") is not True:
        return None
    return text(_object(_object(node.get("publication")).get("catalog")).get("title"))


def _feedback(told: Mapping[str, Any]) -> tuple[ChannelFeedback, ...]:
    return tuple(
        ChannelFeedback(
            channel=said(_object(one.get("app")).get("title") or ""),
            state=_FEEDBACK.get(str(one.get("state")), FeedbackState.OTHER),
            messages=tuple(
                said(message["message"]) for message in one.get("messages") or [] if _object(message).get("message")
            ),
            at=when(one.get("feedbackGeneratedAt")),
        )
        for one in told.get("details") or []
        if isinstance(one, dict)
    )


def _failure(job: Mapping[str, Any]) -> ShopError:
    code = str(job.get("errorCode") or job.get("status") or "no such job")
    if code == "ACCESS_DENIED":
        return ShopForbids(
            "Shopify's bulk job was refused: the token may not read all that was asked for.",
            advice="Give the app the scopes read_products, read_inventory and read_publications.",
        )
    return ShopFault(f"Shopify's bulk job ended without a file ({said(code)}).", advice="It is read again later.")


def _scopes(told: Mapping[str, Any]) -> tuple[str, ...]:
    listed = _object(told.get("currentAppInstallation")).get("accessScopes") or []
    return tuple(sorted(str(_object(one).get("handle")) for one in listed))


def _may(scopes: Collection[str], wanted: Collection[str]) -> bool:
    """Whether a token has one of the scopes; who may write may read. Nothing wanted is had by all."""
    has = {*scopes, *(scope.replace("write_", "read_", 1) for scope in scopes)}
    return not wanted or any(scope in has for scope in wanted)


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _counted(value: object) -> int | None:
    """Read a count, which comes as a text, because it may be larger than a JSON number."""
    return int(str(value)) if str(value).isdecimal() else None


_STATES = {
    "ACTIVE": SourceState.ACTIVE,
    "DRAFT": SourceState.DRAFT,
    "ARCHIVED": SourceState.ARCHIVED,
    "UNLISTED": SourceState.UNLISTED,
}

_FEEDBACK = {"ACCEPTED": FeedbackState.ACCEPTED, "REQUIRES_ACTION": FeedbackState.REQUIRES_ACTION}
