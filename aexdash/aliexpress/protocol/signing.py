"""The signature of a request (reference §1.3)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping


def sign(parameters: Mapping[str, str], secret: str, path: str = "") -> str:
    """Sign text parameters with HMAC-SHA256 and return upper-case hex.

    Parameters with a blank name or value and `sign` itself are left out; the rest is taken in byte order of the names,
    name and value joined as they are before url-encoding. `path` is put in front for `/rest` calls, without `/rest`
    (`/auth/token/create`), and is empty for `/sync`. Source: reference §1.3, steps 1 to 6.
    """
    signed = [
        (name.encode(), value.encode())
        for name, value in parameters.items()
        if name != "sign" and name.strip() and value.strip()
    ]
    message = path.encode() + b"".join(name + value for name, value in sorted(signed))
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().upper()
