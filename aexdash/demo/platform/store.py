"""A seller account on the simulated platform: its app, its secret, its model, its world."""

from __future__ import annotations

from dataclasses import dataclass, field

from aexdash.demo.world.world import StoreWorld


@dataclass(frozen=True)
class SimulatedStore:
    """One authorised app of one seller.

    `model` is overseas, pop, choice or overseas_managed. Token lifetimes are in seconds, by default those of an app in
    test mode (reference §2.1: 24 and 48 hours). Above `calls_per_second` the answer is `ApiCallLimit`; None: never.
    `forbidden` names methods the app has no permission for. `callback`, when set, is the one redirect address
    authorising takes.
    """

    app_key: str
    app_secret: str = field(repr=False)
    world: StoreWorld
    model: str = "overseas"
    seller_id: str = "2671514005"
    nick: str = "demo_store"
    country: str = "ES"
    currency: str = "USD"
    token_seconds: int = 86_400
    refresh_seconds: int = 172_800
    calls_per_second: int | None = None
    forbidden: frozenset[str] = frozenset()
    callback: str = ""
    listing_limit: int = 100_000
