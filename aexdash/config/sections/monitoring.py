"""The table [monitoring] of secrets.toml: who may ask how the installation is, and who is told that it is well."""

from __future__ import annotations

import os

from pydantic import Field, SecretStr, ValidationError, field_validator

from aexdash.config.file import ConfigFile, safe_address, variable_of
from aexdash.config.sections.section import Section, first_wrong

MONITORING = "monitoring"
HEARTBEAT_URL, TOKEN = "heartbeat_url", "token"

LEAST_TOKEN = 16


class MonitoringSettings(Section):
    """The settings under `[monitoring]`. Both are secrets: whoever knows them can speak in this installation's name."""

    heartbeat_url: SecretStr = Field(
        default=SecretStr(""),
        description="An address that is asked with GET once a minute while everything is ready, as that of a check at "
        "Healthchecks or of a push monitor at Uptime Kuma, which warn when it is not asked any more; `http` for this "
        "machine alone.",
    )
    token: SecretStr = Field(
        default=SecretStr(""),
        description="What a program of another machine sends as `Authorization: Bearer …` to be answered at `/readyz` "
        f"and `/metrics`; at least {LEAST_TOKEN} characters. Without one only programs of this machine are.",
    )

    @field_validator(HEARTBEAT_URL)
    @classmethod
    def _address_is_safe(cls, value: SecretStr) -> SecretStr:
        given = value.get_secret_value()
        if given:
            safe_address(given, "https://hc-ping.com/your-uuid")
        return value

    @field_validator(TOKEN)
    @classmethod
    def _token_is_long(cls, value: SecretStr) -> SecretStr:
        return long_enough(value)


def long_enough(token: SecretStr) -> SecretStr:
    """Return a token that nobody guesses, or none.

    Raises:
        ValueError: it is too short.
    """
    if 0 < len(token.get_secret_value()) < LEAST_TOKEN:
        raise ValueError(f"must have at least {LEAST_TOKEN} characters")
    return token


def read_monitoring(config: ConfigFile, secrets: ConfigFile) -> MonitoringSettings:
    """Read what is set of monitoring.

    Raises:
        ConfigError: something there cannot be used.
    """
    names = tuple(MonitoringSettings.model_fields)
    if MONITORING in config.content:
        raise config.error((MONITORING,), f"what is under [{MONITORING}] is secret: move it to {secrets.path}")
    table = secrets.table(MONITORING)
    secrets.refuse_unknown((MONITORING,), table, names)
    told = {name: os.environ.get(variable_of(MONITORING, name)) or table.get(name, "") for name in names}
    try:
        return MonitoringSettings.model_validate(told)
    except ValidationError as error:
        name, wrong = first_wrong(error)
        raise secrets.error((MONITORING, name), f"{name} of [{MONITORING}]: {wrong}") from None
