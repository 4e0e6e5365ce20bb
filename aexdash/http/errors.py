"""What can go wrong between this machine and another, each with one clear sentence.

HttpError
├── InvalidAddress        the base address cannot be used
├── HostUnreachable       no answer: name, connection, TLS or time
├── BrokenAnswer          an answer that broke off, is damaged or too large
└── PictureError          a picture that was not fetched
    ├── PictureRefused
    ├── PictureTooLarge
    └── PictureUnreachable
        └── PictureNotServed
"""

from __future__ import annotations

from collections.abc import Iterator


class HttpError(Exception):
    """A request without a usable answer. `str(error)` is one sentence for a person and holds no password."""


class InvalidAddress(HttpError):
    """The base address is no http(s) address, or would send secrets to another machine unencrypted."""


class HostUnreachable(HttpError):
    """The host was not reached: name, connection, TLS or time."""


class BrokenAnswer(HttpError):
    """The answer broke off, is damaged or too large."""


class PictureError(HttpError):
    """A picture that was not fetched."""


class PictureRefused(PictureError):
    """We do not fetch from such an address."""


class PictureTooLarge(PictureError):
    """The picture has more bytes than the limit."""


class PictureUnreachable(PictureError):
    """The picture's host did not deliver it."""


class PictureNotServed(PictureUnreachable):
    """The host answered, with something else than the picture: the fault is not our network's."""


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that led to it, the error itself first."""
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
