"""What Streamlit needs for a sign-in by OpenID Connect, and what it says of who came back from the provider.

Streamlit speaks with the provider (Authlib below it) and puts the claims of the ID token into a cookie of its own,
which it signs. That cookie would let its copy in for 30 days, also after the log-out, so it is believed once alone: in
the very answer that sets it, to begin a session of ours.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

from streamlit import config
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from aexdash.config.in_force import in_force
from aexdash.config.sections.login import CALLBACK, LoginSettings
from aexdash.config.settings import ConfigError, Settings

KEY_FILE = "login.key"
"""The file of a home with which Streamlit signs its cookies; made when it is first needed, readable by its owner."""

CLAIMS_COOKIE = "_streamlit_user"


@dataclass(frozen=True)
class WayIn:
    """How people sign in to this server, as long as it stands."""

    login: LoginSettings = field(default_factory=LoginSettings)
    key: str = field(default="", repr=False)
    told_to_streamlit: dict[str, dict[str, Any]] | None = field(default=None, repr=False)


def way_in() -> WayIn:
    """Return how people sign in by the settings in force now; ends the process where the key cannot be read or made.

    Where the settings cannot be used nobody signs in, and no page shows more than why not.
    """
    try:
        settings = in_force().settings
    except ConfigError:
        return WayIn()
    if not settings.login.is_on:
        return WayIn()
    try:
        key = key_of(settings.home)
    except OSError as error:
        print(f"{KEY_FILE} cannot be read or made ({error.strerror}): check the home's owner.", file=sys.stderr)
        raise SystemExit(2) from None
    config.set_option("server.cookieSecret", key)  # signs what Streamlit remembers on the way to the provider and back
    return WayIn(settings.login, key, told_to_streamlit(settings, key))


def key_of(home: Path) -> str:
    """Return the key of a home, which is made where there is none.

    Raises:
        OSError: it can be neither read nor written.
    """
    path = home / KEY_FILE
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    key = path.read_text(encoding="ascii").strip()
    return key if len(key) >= 32 else _again(path)


def _again(path: Path) -> str:
    """Return the key of a file that somebody was about to write, or which is cut short."""
    path.unlink()
    return key_of(path.parent)


def told_to_streamlit(settings: Settings, key: str) -> dict[str, dict[str, Any]]:
    """Return the secrets by which Streamlit knows the provider."""
    login = settings.login
    return {
        "auth": {
            "redirect_uri": f"{settings.address}{CALLBACK}",
            "cookie_secret": key,
            "client_id": login.client_id,
            "client_secret": login.client_secret.get_secret_value(),
            "server_metadata_url": login.metadata_url,
            "client_kwargs": {"scope": login.scope, "prompt": login.prompt},
        }
    }


def claims_in(set_cookies: Iterable[str], key: str) -> dict[str, Any] | None:
    """Return the claims in the cookies that an answer of Streamlit sets; None where it sets none that hold."""
    values: dict[str, str] = {}
    for line in set_cookies:
        try:
            values |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        except CookieError:
            continue

    def decoded(name: str) -> bytes | None:
        return decode_signed_value(key, name, values[name].encode("latin-1")) if values.get(name) else None

    content = get_cookie_with_chunks(decoded, CLAIMS_COOKIE)
    claims = json.loads(content) if content else None
    return claims if isinstance(claims, dict) and claims.get("is_logged_in") is True else None
