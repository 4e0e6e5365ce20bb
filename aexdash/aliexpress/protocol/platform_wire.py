"""The connection to AliExpress' gateway: what fails on it is a PlatformError that says what to do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aexdash.aliexpress.errors import InvalidRequest, PlatformError, Unreachable, UnreadableAnswer
from aexdash.http import errors as http
from aexdash.http.wire import Reply, Wire

AN_ADDRESS = 'Set gateway in aexdash.toml to an address like "https://api-sg.aliexpress.com".'
CHECK_TLS = "Check the gateway in aexdash.toml, and whether a proxy on the way opens TLS connections."
CHECK_NETWORK = "Check the network of this machine and the gateway in aexdash.toml; the next sync asks again."
ASKED_AGAIN = "Nothing to do: the next sync asks again."


class PlatformWire(Wire):
    """A `Wire` whose base address is the `gateway` of a store's settings.

    Pictures still raise PictureError, which is no PlatformError: a picture never fails a sync.

    Raises:
        InvalidRequest: `base_url` is no http(s) address, or would send secrets to another machine unencrypted.
    """

    ADDRESS = "gateway address"

    def __init__(self, base_url: str, **more: Any) -> None:
        with _as_platform_errors():
            super().__init__(base_url, **more)

    def post_form(self, path_and_query: str, fields: Mapping[str, str]) -> Reply:
        """Post a form below the gateway's address and return the answer, whatever its status (reference §1.5).

        Raises:
            Unreachable: no answer: name, connection, TLS or time.
            UnreadableAnswer: the answer broke off, is damaged or larger than 64 MB.
        """
        with _as_platform_errors():
            return super().post_form(path_and_query, fields)


@contextmanager
def _as_platform_errors() -> Iterator[None]:
    try:
        yield
    except http.HttpError as error:
        raise _platform_error(error) from error


def _platform_error(error: http.HttpError) -> PlatformError:
    if isinstance(error, http.InvalidAddress):
        return InvalidRequest(str(error), advice=AN_ADDRESS)
    if isinstance(error, http.HostUnreachable):
        wrong_place = any(isinstance(cause, ssl.SSLError | socket.gaierror) for cause in http.causes_of(error))
        return Unreachable(str(error), advice=CHECK_TLS if wrong_place else CHECK_NETWORK)
    return UnreadableAnswer(str(error), advice=ASKED_AGAIN)
