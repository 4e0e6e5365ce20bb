"""What stands under one heading of the configuration, as a model; and what pydantic says of it, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator


class Section(BaseModel):
    """The settings under one heading: nothing that is not known, and no value in what is said of a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _of_its_kind(cls, value: object, info: ValidationInfo) -> object:
        """Let a number be no yes or no, and a yes or no no number: pydantic takes `true` for 1, and 1 for `true`.

        Raises:
            ValueError: it is the other of the two.
        """
        annotation = cls.model_fields[info.field_name or ""].annotation
        kinds = set(get_args(annotation) or (annotation,))
        if isinstance(value, bool) and kinds & {int, float}:
            raise ValueError(f"must be a number, not {str(value).lower()}")
        if isinstance(value, int | float) and not isinstance(value, bool) and bool in kinds:
            raise ValueError(f"must be true or false, not {value}")
        return value


def first_wrong(error: ValidationError) -> tuple[str, str]:
    """The first setting that is refused, empty where it is all of them together, and what is wrong with it.

    Its value is never repeated: it may be a secret.
    """
    first = error.errors(include_url=False, include_input=False)[0]
    return str(first["loc"][0]) if first["loc"] else "", complaint(first)


def complaint(first: Mapping[str, Any]) -> str:
    """What pydantic says of a value, as a part of a sentence."""
    text = str(first["msg"]).removeprefix("Value error, ")
    return text[:1].lower() + text[1:]
