"""Reads a store over its gateway, in the dialect of its business model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from aexdash.aliexpress.category_rules import Categories
from aexdash.aliexpress.diagnosis import Diagnosis
from aexdash.aliexpress.dialects.dialect import Dialect
from aexdash.aliexpress.dialects.walks import RawPage, walk_pages
from aexdash.aliexpress.errors import FilterIgnored, InvalidRequest, TokenFileUnreadable, UnreadableAnswer
from aexdash.aliexpress.orders import Orders
from aexdash.aliexpress.platform_counts import PlatformCounts, read_counts
from aexdash.aliexpress.protocol.gateway import Clocks, Gateway
from aexdash.aliexpress.protocol.limiter import Limiter
from aexdash.aliexpress.protocol.tokens import TokenKeeper
from aexdash.aliexpress.reading import whole
from aexdash.aliexpress.title_words import TitleWords
from aexdash.model import Status
from aexdash.platform_data import CategoryRules, Detail, ObjectionableWord, Observation, OrderLine, Page, Problem


class GatewaySeller:
    """The `Seller` of `aexdash.aliexpress.listings`. Safe among threads."""

    def __init__(self, dialect: Dialect, gateway: Gateway, keeper: TokenKeeper) -> None:
        self.model = dialect.model
        self.statuses: tuple[Status, ...] = tuple(dialect.words)
        self._dialect = dialect
        self._gateway = gateway
        self._keeper = keeper
        self._categories = Categories(gateway)
        self._wording = TitleWords(gateway)
        self._diagnosis = Diagnosis(gateway)
        self._orders = Orders(gateway)

    @property
    def calls(self) -> int:
        """Calls made so far, attempts included."""
        return self._gateway.calls

    @property
    def clocks(self) -> Clocks | None:
        """Our clock and the platform's as its last dated answer came, None while none was dated."""
        return self._gateway.clocks

    @property
    def limiter(self) -> Limiter:
        """What paces this store's calls."""
        return self._gateway.limiter

    def walk(self, status: Status) -> Iterator[Page]:
        """Yield the pages of one status, one pass, each as soon as it is read.

        Raises:
            PlatformError: a page gave no usable answer; the walk ends there.
        """
        pages = walk_pages(
            self._dialect.words[status],
            lambda word, number: self._dialect.ask(self._gateway, word, number),
            self._dialect.observe,
            page_size=self._dialect.page_size,
            clock=self._gateway.clock,
        )
        return self._dialect.explained(self._gateway, status, pages)

    def look_up(self, product_id: int) -> Observation:
        """Find out where one listing went: by its detail, else by asking for its id under every status.

        It is deleted only when the detail call says that there is no such product, and every list says plainly that it
        does not show it. Any other refusal may be a fault of the platform, and says nothing of the listing.

        Raises:
            FilterIgnored: the detail call knows no such product, but a list answers with other listings.
            PlatformError: the platform gave no clear answer.
        """
        seen, refused = None, None
        try:
            seen = self._dialect.detail(self._gateway, product_id).observation
        except InvalidRequest as error:
            refused = error  # also where this call does not serve such a listing: a list may still show it
        if seen is not None and seen.platform_status and not self._lacks_cause(seen):
            return seen
        try:
            listed = self._look_up_in_lists(product_id, self._words_to_ask(seen))
        except FilterIgnored:
            if refused is not None and not says_no_such_product(refused):
                raise refused from None
            raise
        if listed is not None:
            return listed
        if refused is not None:
            if says_no_such_product(refused):
                return self._gone(product_id)
            raise refused
        assert seen is not None  # the detail call either answered or refused
        if seen.platform_status:
            return seen
        raise UnreadableAnswer(
            f"AliExpress shows listing {product_id} but does not say in which status.",
            advice="Nothing to do: the next sync asks again.",
        )

    def detail(self, product_id: int) -> Detail:
        """Read everything about one listing.

        Raises:
            BusinessFailure: there is no such listing, or the call is refused for it.
            PlatformError: any other failure.
        """
        return self._dialect.detail(self._gateway, product_id)

    def attribute_rules(self, category_id: int) -> CategoryRules:
        """Read what a category requires.

        Raises:
            PlatformError: the call gave no answer.
        """
        return self._categories.rules(category_id)

    def words(self, category_id: int, title: str) -> tuple[ObjectionableWord, ...] | None:
        """Return the words of a title that the platform objects to, None when this account may not ask.

        Raises:
            PlatformError: the call failed for another reason.
        """
        return self._wording.objections(category_id, title)

    def problems(self) -> Iterator[list[Problem]]:
        """Yield what the platform's quality diagnosis says of the listings, page by page; read whole when it ends.

        Raises:
            PermissionDenied: this account may not ask.
            PlatformError: a page gave no usable answer, or the pages show less than the diagnosis reports.
        """
        return self._diagnosis.pages()

    def orders(self, start: datetime, end: datetime) -> Iterator[list[OrderLine]]:
        """Yield the lines of orders made from `start` up to before `end`, page by page; read whole when it ends.

        Raises:
            PermissionDenied: this account may not read its orders.
            PlatformError: a page gave no usable answer, or the pages show fewer orders than reported.
        """
        return self._orders.lines(start, end)

    def counts(self) -> PlatformCounts | None:
        """Return the platform's own counts, None when this account may not ask.

        Raises:
            PlatformError: the call failed for another reason.
        """
        return read_counts(self._gateway)

    def reported(self, status: Status) -> int | None:
        """Return how many listings the lists of a status report on their first pages, None where one does not tell.

        Raises:
            PlatformError: a list is refused, or gives no usable answer.
        """
        totals = [self._dialect.ask(self._gateway, word, 1).reported for word in self._dialect.words[status]]
        return sum(total or 0 for total in totals) if None not in totals else None

    def fetch_picture(self, url: str, limit_bytes: int) -> bytes:
        """Fetch a picture of a listing, at most `limit_bytes` of it.

        Raises:
            PictureError: the address is refused, the picture too large or not to be had.
        """
        return self._gateway.wire.get_bytes(url, limit_bytes=limit_bytes)

    def fetch_picture_head(self, url: str, first_bytes: int) -> tuple[bytes, int | None]:
        """Fetch the first bytes of a picture, and its whole size in bytes where the host tells it.

        Raises:
            PictureError: the address is refused or the picture not to be had.
        """
        return self._gateway.wire.get_head(url, first_bytes=first_bytes)

    def seller_id(self) -> str | None:
        """Return the id of the token's seller as the sign-in told it; None where it did not. No call is made."""
        try:
            token = self._keeper.token
        except TokenFileUnreadable:
            return None
        return (token.seller_id or None) if token else None

    def signed_in(self) -> bool:
        """Tell whether there is a token, good or not.

        Raises:
            TokenFileUnreadable: the file that keeps it is damaged.
        """
        return self._keeper.token is not None

    def token_expires_at(self) -> datetime | None:
        """Return when the access token ends (UTC), None where nobody told; a damaged token file fails the next call."""
        try:
            token = self._keeper.token
        except TokenFileUnreadable:
            return None
        return token.expires_at if token else None

    def sign_in_ends_at(self) -> datetime | None:
        """Return when the refresh token ends (UTC), None where nobody told; a damaged file fails the next call."""
        try:
            token = self._keeper.token
        except TokenFileUnreadable:
            return None
        return token.refresh_expires_at if token else None

    def close(self) -> None:
        """Close the connections."""
        self._gateway.wire.close()

    def _lacks_cause(self, seen: Observation) -> bool:
        """The overseas detail call does not say why a listing is offline, the list does (reference §4.1)."""
        return seen.status is Status.OFFLINE and seen.cause is None and self.model == "overseas"

    def _words_to_ask(self, seen: Observation | None) -> tuple[str, ...]:
        if seen is not None and seen.platform_status:
            return self._dialect.words[seen.status]
        return tuple(word for words in self._dialect.words.values() for word in words)

    def _look_up_in_lists(self, product_id: int, words: tuple[str, ...]) -> Observation | None:
        for word in words:
            raw = self._dialect.ask(self._gateway, word, 1, product_id)
            for item in raw.items:
                if whole(item.get("product_id")) == product_id:
                    return self._dialect.observe(item, word)
            _refuse_unclear(raw, product_id, word)
        return None

    def _gone(self, product_id: int) -> Observation:
        """A deleted listing, with the platform's word for it where a list of the deleted shows it (reference §3.2)."""
        for word in self._dialect.deleted_words:
            try:
                raw = self._dialect.ask(self._gateway, word, 1, product_id)
            except InvalidRequest:
                continue  # the older documents know four status words only
            for item in raw.items:
                if whole(item.get("product_id")) == product_id:
                    return self._dialect.observe(item, word)
        return Observation(product_id=product_id, status=Status.DELETED, platform_status="")


NO_SUCH_PRODUCT = re.compile(
    r"(?:product|item|listing|goods|offer)\b[^.:;]{0,40}?"
    r"\b(?:(?:does|do|did) not exist|doesn't exist|not exist|(?:is|was|were|been|be) not found|not found|not exists?|"
    r"no longer exists?|(?:has|have) been deleted|(?:is|was) deleted)"
    r"|\b(?:no such|unknown|non-?existent|(?:cannot|can't) find (?:the )?)\s*(?:product|item|listing|goods|offer)\b"
    r"|(?:product|item|goods|offer)[_-](?:is[_-])?not[_-](?:exists?|found)"
    r"|(?:商品|产品)[^。:;]{0,10}(?:不存在|已删除|已被删除)"
    r"|товар[^.:;]{0,20}(?:не существует|не найден|удал[её]н)",
    re.IGNORECASE,
)
"""Words of a refusal that mean: there is no such product. The codes are not known, so the words decide (reference
§6.2); a refusal in other words, such as a system error, leaves a listing where it was."""


def says_no_such_product(refused: InvalidRequest) -> bool:
    """Whether the platform refused a call because the listing does not exist, in the platform's words alone."""
    _, _, said = str(refused).partition(": ")  # before it stand our words and the name of the method
    return bool(NO_SUCH_PRODUCT.search(said))


def _refuse_unclear(raw: RawPage, product_id: int, word: str) -> None:
    """Take an empty answer for a *no* only when it is one: no other listings in it, and no total that says otherwise.

    Raises:
        FilterIgnored: the list shows other listings.
        UnreadableAnswer: the list claims some that it does not show.
    """
    says_none = raw.reported == 0 or (raw.reported is None and raw.listed)
    if raw.items or not says_none:
        kind = FilterIgnored if raw.items else UnreadableAnswer
        raise kind(
            f"AliExpress does not say clearly whether listing {product_id} is {word}.",
            advice="Nothing to do: the next sync asks again.",
        )
