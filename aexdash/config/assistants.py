"""What assistants may do: whether they are answered on the port of the pages, and which stores they may ask about."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aexdash.config.file import ConfigFile, complaint

ASSISTANTS = "assistants"


class AssistantSettings(BaseModel):
    """The settings of assistants, those under `[assistants]`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    http: bool = Field(
        default=False,
        description="`true` answers assistants at `/mcp` on the port of the pages, to whoever reaches that port; "
        "`aexdash mcp` needs no setting.",
    )
    profile: str = Field(
        default="",
        description="The name of a profile, as in an address: assistants are told of its stores alone, at `/mcp` and "
        "by `aexdash mcp`. Without one they are told of every store.",
    )


def read_assistants(config: ConfigFile) -> AssistantSettings:
    """Read what is set of assistants.

    Raises:
        ConfigError: something there cannot be used.
    """
    table = config.content.get(ASSISTANTS, {})
    if not isinstance(table, dict):
        raise config.error((ASSISTANTS,), f"{ASSISTANTS} must be a table: write a heading [{ASSISTANTS}]")
    config.refuse_unknown((ASSISTANTS,), table, tuple(AssistantSettings.model_fields))
    try:
        return AssistantSettings(**table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        raise config.error((ASSISTANTS, name), f"{name} of {ASSISTANTS}: {complaint(first)}") from None
