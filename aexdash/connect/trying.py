"""Trying a shop: who answers, what its token may read, and what its first products look like. Nothing is recorded."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from aexdash.clock import Clock
from aexdash.config.sections.shops import ShopSettings
from aexdash.config.settings import ConfigError
from aexdash.http.wire import Respond
from aexdash.shops.errors import ShopError, ShopFault
from aexdash.shops.kinds import open_shop
from aexdash.shops.records import Part, ShopFacts
from aexdash.shops.shop import Shop
from aexdash.sync.shop_reading import mapping_of
from aexdash.words.shops import sample_words

PATIENCE = 20.0
"""Seconds of pauses that somebody at a page is made to wait; a reading by the worker waits longer."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a shop says of itself: whether all that is asked for can be read and no more, in words, and what to do."""

    is_fine: bool
    says: str
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a shop. `works`: products could be read; `seen` says which, `judged` who it is."""

    works: bool
    judged: Judged
    seen: str = ""


def judge(shop: ShopSettings, facts: ShopFacts) -> Judged:
    """Say whether a shop that answered is the one of the settings, and what its token may read."""
    who = f"{facts.name or facts.identity or 'it'} answers"
    if shop.currency and facts.currency and facts.currency != shop.currency:
        says = f"{who}; its prices are in {facts.currency}, and its settings say {shop.currency}."
        return Judged(False, says, f"Correct currency under [shop.{shop.key}].")
    if facts.unread:
        return Judged(False, f"{who}. {' '.join(facts.unread)}", "Give its token these scopes, read-only.")
    if writes := [scope for scope in facts.scopes or () if scope.startswith("write_")]:
        says = f"{who}; its token may also write ({', '.join(writes)}), and nothing here ever does."
        return Judged(False, says, "Give the app read-only scopes.")
    return Judged(True, f"{who}; its prices are in {facts.currency or 'a currency that it does not tell'}.")


def facts_of(
    shop: ShopSettings,
    home: Path,
    clock: Clock,
    *,
    sleep: Callable[[float], None] = time.sleep,
    respond: Respond | None = None,
) -> ShopFacts:
    """Ask a shop who it is and what may be read, as each reading does first; its mapping file is looked at too.

    Raises:
        ConfigError: it has no key yet.
        ShopError: it cannot be told.
    """
    mapping_of(shop, home)
    with closing(open_shop(shop.account(home), clock=clock, sleep=sleep, respond=respond)) as opened:
        return opened.facts()


def try_shop(
    shop: ShopSettings,
    home: Path,
    clock: Clock,
    *,
    respond: Respond | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Tried:
    """Ask a shop who it is and for one page of products; what goes wrong is said, and never raised."""
    try:
        mapping_of(shop, home)
        opened = open_shop(shop.account(home), clock=clock, sleep=_up_to(PATIENCE, sleep), respond=respond)
        with closing(opened):
            judged = judge(shop, opened.facts())
            return Tried(True, judged, sample_words(_first(opened)))
    except ConfigError as error:
        return Tried(False, Judged(False, str(error)))
    except ShopError as error:
        return Tried(False, Judged(False, str(error), error.advice))


def _first(opened: Shop) -> list[Part]:
    return list(opened.first())


def _up_to(seconds: float, sleep: Callable[[float], None]) -> Callable[[float], None]:
    """Return a pause that gives up once so many seconds have been waited for altogether."""
    waited = 0.0

    def pause(wanted: float) -> None:
        nonlocal waited
        waited += wanted
        if waited > seconds:
            raise ShopFault(f"It asks to be left alone for longer than {seconds:.0f} seconds.", advice="Try it later.")
        sleep(wanted)

    return pause
