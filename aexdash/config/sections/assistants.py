"""What assistants may do: whether they are answered on the port of the pages, and which stores they may ask about."""

from __future__ import annotations

import os
from collections.abc import Collection

from pydantic import Field, SecretStr, ValidationError, field_validator

from aexdash.config.file import ConfigFile, variable_of
from aexdash.config.sections.monitoring import LEAST_TOKEN, TOKEN, long_enough
from aexdash.config.sections.section import Section, first_wrong
from aexdash.people.rights import Grant, Rights, Role

ASSISTANTS = "assistants"


class AssistantSettings(Section):
    """The settings of assistants, those under `[assistants]`."""

    http: bool = Field(
        default=False,
        strict=True,
        description="`true` answers assistants at `/mcp` on the port of the pages, to whoever reaches that port, or "
        "knows the `token` where there is one or people sign in; `aexdash mcp` needs no setting.",
    )
    profile: str = Field(
        default="",
        strict=True,
        description="The name of a profile, as in an address: assistants are told of its stores alone, at `/mcp` and "
        "by `aexdash mcp`. Without one they are told of every store.",
    )
    token: SecretStr = Field(
        default=SecretStr(""),
        description="What an assistant's program sends as `Authorization: Bearer …` to be answered at `/mcp`; at least "
        f"{LEAST_TOKEN} characters. It may read as a viewer may, and where people sign in, only programs that know it "
        "are answered.",
    )
    stores: tuple[str, ...] = Field(
        default=(), description="Keys of the stores that whoever knows the token may see; empty: every store."
    )

    @field_validator(TOKEN)
    @classmethod
    def _token_is_long(cls, value: SecretStr) -> SecretStr:
        return long_enough(value)

    @property
    def rights(self) -> Rights:
        """What a program that knows the token may do."""
        return Rights((Grant(Role.VIEWER, frozenset(self.stores) or None),))


def read_assistants(config: ConfigFile, secrets: ConfigFile, stores: Collection[str]) -> AssistantSettings:
    """Read what is set of assistants; `stores` are the keys that there are.

    Raises:
        ConfigError: something there cannot be used.
    """
    table, secret = (file.table(ASSISTANTS) for file in (config, secrets))
    if TOKEN in table:
        raise config.error((ASSISTANTS, TOKEN), f"{TOKEN} is a secret: move it to {secrets.path} under [{ASSISTANTS}]")
    written = tuple(name for name in AssistantSettings.model_fields if name != TOKEN)
    config.refuse_unknown((ASSISTANTS,), table, written)
    secrets.refuse_unknown((ASSISTANTS,), secret, (TOKEN,))
    given = os.environ.get(variable_of(ASSISTANTS, TOKEN)) or secret.get(TOKEN, "")
    try:
        told = AssistantSettings.model_validate({**table, TOKEN: given})
    except ValidationError as error:
        name, wrong = first_wrong(error)
        file = secrets if name == TOKEN else config
        raise file.error((ASSISTANTS, name), f"{name} of {ASSISTANTS}: {wrong}") from None
    if unknown := sorted({*told.stores} - {*stores}):
        raise config.error((ASSISTANTS, "stores"), f"there is no store {unknown[0]}; there is {', '.join(stores)}")
    return told
