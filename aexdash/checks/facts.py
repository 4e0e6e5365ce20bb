"""What the checks are given of a listing, and how a finding is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from aexdash.model import Provenance, Reason
from aexdash.platform_data import CategoryRules, Detail, ObjectionableWord, PictureFacts


class CheckInput(Protocol):
    """What is known of a listing; None and absent pictures mean *not known yet*."""

    @property
    def model(self) -> str:
        """The business model of its store; limits differ among them."""

    @property
    def title(self) -> str:
        """The title that the list shows."""

    @property
    def image_urls(self) -> tuple[str, ...]:
        """Pictures of list and detail in their order, the main one first."""

    @property
    def currency(self) -> str | None:
        """Currency of its prices (ISO 4217) as the list tells it."""

    @property
    def detail(self) -> Detail | None:
        """What the detail call told."""

    @property
    def category(self) -> CategoryRules | None:
        """What its category asks for."""

    @property
    def pictures(self) -> Mapping[str, PictureFacts]:
        """What was measured, by URL."""

    @property
    def words(self) -> tuple[ObjectionableWord, ...] | None:
        """Words of its title that the platform objects to."""

    @property
    def same_title(self) -> tuple[int, ...]:
        """Other listings of the store under the same title."""

    @property
    def same_picture(self) -> tuple[int, ...]:
        """Other listings of the store with the same main picture."""


def finding(code: str, **measured: object) -> Reason:
    """A reason that we measured, with its figures. They must be equal again when the same is measured again."""
    return Reason(code, Provenance.CHECK, measured=measured)
