"""The fields that a condition asks for in the form of a rule, as values that say nothing of how they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of several values, by their words. `name` is the field of the condition, `label` what stands above it."""

    name: str
    label: str
    words: Mapping[Any, str]


@dataclass(frozen=True, slots=True)
class CountField:
    """A whole number from `least` to `most`. `mark` tells fields of one name apart that mean different things."""

    name: str
    label: str
    least: int
    most: int
    mark: str = ""


@dataclass(frozen=True, slots=True)
class NumberField:
    """Any number."""

    name: str
    label: str


Field = ChoiceField | CountField | NumberField
