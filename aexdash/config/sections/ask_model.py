"""The table [ask] of aexdash.toml: a model that may read questions which our own grammar does not. Off without it."""

from __future__ import annotations

import os
from typing import ClassVar

from pydantic import Field, SecretStr, ValidationError, field_validator

from aexdash.config.file import ConfigFile, safe_address, variable_of
from aexdash.config.sections.section import Section, first_wrong

ASK, KEY = "ask", "key"


class AskModel(Section):
    """A model behind an address that speaks the protocol of OpenAI."""

    address: str = Field(
        description="Where the model answers, as `https://models.example/v1`; `http` for this machine alone. The words "
        "of a question that the grammar does not understand are sent there; no number, no listing and no text of one."
    )
    model: str = Field(min_length=1, description="The name of the model.")
    timeout_seconds: float = Field(
        default=5.0, gt=0, le=60, description="Seconds of silence after which the question is refused without it."
    )
    send_names: bool = Field(
        default=False,
        description="`true` sends the names of stores, people and categories along, so that the model can use them; "
        "without it they leave this machine only where somebody writes one into a question.",
    )
    key: SecretStr = Field(
        default=SecretStr(""), description="The key of the model's service; `key` under `[ask]` of secrets.toml."
    )

    written_keys: ClassVar[tuple[str, ...]] = ("address", "model", "timeout_seconds", "send_names")

    @field_validator("address")
    @classmethod
    def _address_is_safe(cls, value: str) -> str:
        return safe_address(value, "https://models.example/v1")


def read_ask_model(config: ConfigFile, secrets: ConfigFile) -> AskModel | None:
    """Read the table; None where there is none.

    Raises:
        ConfigError: it cannot be used.
    """
    table, secret = (file.table(ASK) for file in (config, secrets))
    secrets.refuse_unknown((ASK,), secret, (KEY,))
    if ASK not in config.content:
        if secret:
            raise secrets.error((ASK,), f"[{ASK}] has a key and {config.path.name} no [{ASK}]: add it there")
        return None
    if KEY in table:
        raise config.error((ASK, KEY), f"{KEY} is a secret: move it to {secrets.path} under [{ASK}]")
    config.refuse_unknown((ASK,), table, AskModel.written_keys)
    given = os.environ.get(variable_of(ASK, KEY)) or secret.get(KEY, "")
    try:
        return AskModel(**{**table, KEY: given})
    except ValidationError as error:
        name, wrong = first_wrong(error)
        file: ConfigFile = secrets if name == KEY else config
        raise file.error((ASK, name), f"{name} of [{ASK}]: {wrong}") from None
