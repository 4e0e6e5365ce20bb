"""Calls that an app may lack the permission for, and that a store can be read without."""

from __future__ import annotations

from typing import Any

from aexdash.aliexpress.errors import InvalidRequest, PermissionDenied, PlatformError
from aexdash.aliexpress.protocol.gateway import Gateway, Parameters

NO_SUCH_CALL = ("InvalidApiPath", "21", "22")
"""The gateway does not know the method: for this account it is not there (reference §6.2)."""


class OptionalCall:
    """A call for which the account may lack permission: once refused, it is not made again on this connection."""

    def __init__(self, gateway: Gateway, method: str) -> None:
        self._gateway = gateway
        self._method = method
        self._refusal: PlatformError | None = None

    def ask(self, params: Parameters) -> dict[str, Any]:
        """Make the call and return its content.

        Raises:
            PermissionDenied: this account may not make it, said by the platform now or earlier on this connection.
            PlatformError: any other failure; the next call is made again.
        """
        if self._refusal is not None:
            raise self._denied(self._refusal)
        try:
            return self._gateway.call(self._method, params)
        except (PermissionDenied, InvalidRequest) as error:
            if isinstance(error, InvalidRequest) and error.code not in NO_SUCH_CALL:
                raise
            self._refusal = error
            raise self._denied(error) from error

    def _denied(self, refusal: PlatformError) -> PermissionDenied:
        return PermissionDenied(str(refusal), code=refusal.code, request_id=refusal.request_id, advice=refusal.advice)
