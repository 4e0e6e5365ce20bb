"""The interface of the dialects; `aexdash.aliexpress.seller` does what is the same for all business models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from aexdash.aliexpress.dialects.walks import RawPage
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.model import Status
from aexdash.platform_data import Detail, Observation, Page

STATUS_OF_WORD = {
    "onselling": Status.ACTIVE,
    "approved": Status.ACTIVE,
    "online": Status.ACTIVE,
    "offline": Status.OFFLINE,
    "pending_launch": Status.OFFLINE,
    "auditing": Status.AUDITING,
    "pending_approval": Status.AUDITING,
    "editingrequired": Status.REJECTED,
    "refuse": Status.REJECTED,
    "violation_qc_failed": Status.REJECTED,
    "service_delete": Status.DELETED,
    "deleted": Status.DELETED,
}
"""Every status word of reference §3.1 to §3.4 and §4.3, in lower case."""


def status_of(word: str) -> Status:
    """Return our word for the platform's; a word that the reference does not know is `other`."""
    return STATUS_OF_WORD.get(word.strip().lower().replace("-", "_"), Status.OTHER)


class Dialect(Protocol):
    """How one business model asks for listings and what its answers mean."""

    model: str
    page_size: int
    words: Mapping[Status, tuple[str, ...]]
    """The platform's status words that together make one of ours, in the order they are walked."""
    deleted_words: tuple[str, ...]
    """Further words under which a deleted listing may still be listed."""

    def ask(self, gateway: Gateway, word: str, number: int, product_id: int | None = None) -> RawPage:
        """Read one page of the listings under a status word, or the one listing with that id."""

    def explained(self, gateway: Gateway, status: Status, pages: Iterator[Page]) -> Iterator[Page]:
        """Yield the pages of a status with what further calls tell about why its listings are held."""

    def observe(self, item: dict[str, Any], word: str) -> Observation:
        """Read a listed item; its status is that of the word it was asked under."""

    def detail(self, gateway: Gateway, product_id: int) -> Detail:
        """Read everything about one listing, its status included."""
