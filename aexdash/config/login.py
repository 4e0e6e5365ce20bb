"""The table [login] of aexdash.toml: who lets people in. Without it the pages stay on this machine."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aexdash.config.file import ConfigFile, complaint

LOGIN = "login"


class LoginSettings(BaseModel):
    """The settings under `[login]`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    by_proxy: bool = Field(
        default=False,
        description="`true` says that a proxy with a login of its own stands in front and that nothing else reaches "
        "the port: then the pages may listen beyond this machine, as in a container.",
    )


def read_login(config: ConfigFile) -> LoginSettings:
    """Read what is set of signing in.

    Raises:
        ConfigError: something there cannot be used.
    """
    table = config.content.get(LOGIN, {})
    if not isinstance(table, dict):
        raise config.error((LOGIN,), f"{LOGIN} must be a table: write a heading [{LOGIN}]")
    config.refuse_unknown((LOGIN,), table, tuple(LoginSettings.model_fields))
    try:
        return LoginSettings(**table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        raise config.error((LOGIN, name), f"{name} of {LOGIN}: {complaint(first)}") from None
