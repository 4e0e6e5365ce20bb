"""What rules may ask of a store: one module and one class a condition.

To add a condition, write a class below `Condition` in a module of its own and name it in `AnyCondition`. Rules, the
form of a rule, sentences, messages, links and the back-test read what they need from the class.

May know: alerts.facts, alerts.limits, words, cards, reasons and what they know; no file and no channel.
Begin at: base.py (what a condition answers), threshold.py (the simplest).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import Field

from aexdash.alerts.conditions.anomaly import Anomaly
from aexdash.alerts.conditions.base import Condition, PageLink
from aexdash.alerts.conditions.concentration import Concentration, SharedTrait
from aexdash.alerts.conditions.new_reason import NewReason
from aexdash.alerts.conditions.no_data import NoData, Silence
from aexdash.alerts.conditions.one_listing import OneListing, Subject
from aexdash.alerts.conditions.rise import Rise
from aexdash.alerts.conditions.threshold import Threshold

__all__ = [
    "KINDS",
    "Anomaly",
    "AnyCondition",
    "Concentration",
    "Condition",
    "NewReason",
    "NoData",
    "OneListing",
    "PageLink",
    "Rise",
    "SharedTrait",
    "Silence",
    "Subject",
    "Threshold",
]

AnyCondition = Annotated[
    Threshold | Rise | Anomaly | NewReason | Concentration | OneListing | NoData, Field(discriminator="kind")
]
"""A condition as rules store it, told apart by its `kind`."""

KINDS: Mapping[str, type[Condition]] = {
    condition.model_fields["kind"].default: condition for condition in get_args(get_args(AnyCondition)[0])
}
"""The classes by their kind, in the order in which the form offers them."""
