"""One reading of one of the seller's own shops, from its first call to what is recorded of it.

It is complete only where the shop said everything to its end. All else is partial or failed, keeps its sentence, and
takes nothing away from what is known.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from aexdash.clock import Clock
from aexdash.config.sections.shops import ShopSettings
from aexdash.config.settings import ConfigError, Settings
from aexdash.http.wire import Respond
from aexdash.shops.calling import Sleep
from aexdash.shops.errors import ShopError, ShopMisset
from aexdash.shops.kinds import open_shop
from aexdash.shops.records import ShopFacts
from aexdash.shops.shop import Shop, Stopped, ToldToStop
from aexdash.snapshot.shops import recording
from aexdash.snapshot.shops.readmodels import Matching, ReadingOutcome
from aexdash.snapshot.shops.recording import Lost, ReadingEnd
from aexdash.snapshot.shops.staging import ShopStaging
from aexdash.sources.cells import code_of
from aexdash.sources.errors import SourceError
from aexdash.sources.tables import read_tables
from aexdash.sync import lease


@dataclass(frozen=True, slots=True)
class ShopResult:
    """How a reading ended: how many products and variants came, why it is not complete, and what to do.

    `of_skus`: it was asked for a few SKUs alone.
    """

    shop: str
    outcome: ReadingOutcome
    products: int
    variants: int
    message: str = ""
    advice: str = ""
    unread: tuple[str, ...] = ()
    of_skus: bool = False


class ShopReader:
    """Reads one shop. Made in the thread that uses it, because a SQLite connection belongs to its thread."""

    def __init__(
        self,
        settings: Settings,
        shop: ShopSettings,
        db: Database,
        *,
        clock: Clock,
        writing: lease.Writing,
        sleep: Sleep = time.sleep,
        respond: Respond | None = None,
    ) -> None:
        self._settings, self._shop, self._db = settings, shop, db
        self._clock, self._writing, self._sleep, self._respond = clock, writing, sleep, respond
        self._opened: Shop | None = None

    def read(self, stopped: Stopped = lambda: False, skus: Collection[str] = ()) -> ShopResult:
        """Read the whole catalogue, or what belongs to a few SKUs, and record it.

        Raises:
            ToldToStop: `stopped` said so; nothing is recorded.
            StorageError: the snapshot cannot be written; it is as it was.
            LeaseError: the home cannot be written, or the stop came while another process held the snapshot.
        """
        began = self._clock()
        with self._writing():
            number = self._enrolled(began)
        staging, advice, facts = ShopStaging(self._db), "", ShopFacts()
        outcome, message, kind = ReadingOutcome.COMPLETE, "", None
        try:
            keys = mapping_of(self._shop, self._settings.home)
            shop = self._connected()
            facts = shop.facts()
            self._require_the_same(number, facts)
            staging.add(shop.some(skus) if skus else shop.catalogue(stopped))
            message, kind = self._doubt(number, staging, whole=not skus)
            outcome = ReadingOutcome.PARTIAL if message else ReadingOutcome.COMPLETE
        except ToldToStop:
            raise
        except ShopError as error:
            keys = keys_or_none(self._shop, self._settings.home)
            message, kind, advice = str(error), error.kind, error.advice
            outcome = ReadingOutcome.PARTIAL if staging.variants else ReadingOutcome.FAILED
        end = ReadingEnd(
            began,
            self._clock(),
            outcome,
            scope="some" if skus else "catalogue",
            message=" ".join(filter(None, (message, advice))),
            error_kind=kind,
            unread=facts.unread,
            currency=facts.currency or self._shop.currency or None,
        )
        return replace(self._recorded(number, staging, end, keys), message=message, advice=advice)

    def close(self) -> None:
        """Close the connections to the shop."""
        if self._opened:
            self._opened.close()

    def _connected(self) -> Shop:
        if self._opened is None:
            try:
                account = self._shop.account(self._settings.home)
            except ConfigError as error:
                raise ShopMisset(str(error)) from error
            self._opened = open_shop(account, clock=self._clock, sleep=self._sleep, respond=self._respond)
        return self._opened

    def _enrolled(self, now: datetime) -> int:
        return recording.ensure_shop(
            self._db,
            key=self._shop.key,
            kind=self._shop.kind.value,
            title=self._shop.title or self._shop.key,
            matching=Matching(self._shop.match),
            stores=self._shop.stores or tuple(self._settings.stores),
            now=now,
        )

    def _require_the_same(self, number: int, facts: ShopFacts) -> None:
        """Refuse another shop under the same key, and prices in another currency than the settings say."""
        key, expected = self._shop.key, self._shop.currency
        known = recording.identity_of(self._db.conn, number)
        if known and facts.identity and known != facts.identity:
            raise ShopMisset(
                f"The shop {key} was {known} and is {facts.identity} now: what was read of it would all look deleted.",
                advice=f"Give the new shop a heading of its own, or set watched = false under [shop.{key}].",
            )
        if expected and facts.currency and facts.currency != expected:
            raise ShopMisset(
                f"The prices of the shop {key} are in {facts.currency}, and its settings say {expected}.",
                advice=f"Correct currency under [shop.{key}], or name the right shop.",
            )
        if facts.identity and not known:
            with self._writing():
                recording.name_identity(self._db, number, facts.identity)

    def _doubt(self, number: int, staging: ShopStaging, *, whole: bool) -> tuple[str, str | None]:
        """Say why what came to its end may still not be all; empty where nothing speaks against it."""
        if orphans := staging.orphans:
            return f"Variants that came without their product: {orphans:,}.", "partial"
        if childless := staging.childless:
            return f"Products that came without any variant: {childless:,}.", "partial"
        return _too_many_gone(recording.lost(self._db.conn, number)) if whole else ("", None)

    def _recorded(self, number: int, staging: ShopStaging, end: ReadingEnd, keys: dict[str, str] | None) -> ShopResult:
        failed = end.outcome is ReadingOutcome.FAILED
        staging.settle(keys)
        with self._writing():
            recording.record_reading(self._db, number, None if failed else staging, end, keyed=keys is not None)
        counts = (0, 0) if failed else (staging.products, staging.variants)
        of_skus = end.scope == "some"
        return ShopResult(self._shop.key, end.outcome, *counts, unread=end.unread, of_skus=of_skus)


def _too_many_gone(lost: Lost) -> tuple[str, str | None]:
    """Say that too many variants are gone at once to be believed from one reading; empty where that is not so."""
    if not lost.is_doubtful:
        return "", None
    if lost.gone == lost.known:
        said = f"The shop shows nothing, and {lost.known:,} variants were known: a second reading must confirm it."
    else:
        said = (
            f"{lost.gone:,} of {lost.known:,} variants are gone at once: a second reading must confirm it, so they "
            "stay as they were."
        )
    return said, recording.VANISHED


def mapping_of(shop: ShopSettings, home: Path) -> dict[str, str] | None:
    """Read the mapping file of a shop: what its SKUs are at AliExpress. None where it has none.

    Raises:
        ShopMisset: the file cannot be used.
    """
    path = shop.mapping_path(home)
    if path is None:
        return None
    try:
        table = read_tables(path.name, path)[0]
    except SourceError as error:
        raise ShopMisset(f"The mapping file cannot be used: {error}") from error
    except OSError as error:
        advice = f"Check mapping under [shop.{shop.key}]."
        raise ShopMisset(f"The mapping file {path} cannot be read ({error.strerror}).", advice=advice) from error
    headings = [heading.strip().lower() for heading in table.headings]
    if "sku" not in headings or "listing" not in headings:
        raise ShopMisset(f"The mapping file {path.name} has no columns sku and listing.", advice="Name them so.")
    sku, listing = headings.index("sku"), headings.index("listing")
    told = ((code_of(row.cells[sku]), code_of(row.cells[listing])) for row in table.rows)
    return {one: other for one, other in told if one and other}


def keys_or_none(shop: ShopSettings, home: Path) -> dict[str, str] | None:
    """Read the mapping file where it can be; else none, as what came before it was asked for."""
    try:
        return mapping_of(shop, home)
    except ShopMisset:
        return None
