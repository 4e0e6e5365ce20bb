"""The keys, the gateway and the limits with which one store is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    """A store's keys and limits; its repr shows no secret.

    `key` is the store's heading in aexdash.toml, `gateway` a base address such as `https://api-sg.aliexpress.com`.
    The tokens given here are what a person configured; `token_file` keeps what they were renewed to. `timeout` is in
    seconds; the two limits are calls per second and per trailing hour, None for no limit.
    """

    key: str
    model: str
    gateway: str
    app_key: str
    app_secret: str = field(repr=False)
    token_file: Path
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    calls_per_second: float | None = 10.0
    calls_per_hour: int | None = None
    timeout: float = 30.0
