"""What backups the worker makes: how many of each file are kept, and whether the snapshot is among them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from aexdash.config.file import ConfigFile, complaint, of_its_kind

BACKUP = "backup"


class BackupSettings(BaseModel):
    """The settings of backups, those under `[backup]`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    _of_its_kind = field_validator("*", mode="before")(of_its_kind)

    keep: int = Field(
        default=14,
        ge=1,
        le=1000,
        description="How many daily backups are kept in the folder `backups` of the home, of each file; older ones "
        "are deleted. What a repair, a restore or an upgrade kept is left.",
    )
    snapshot: bool = Field(
        default=False,
        description="`true` backs up the snapshot each day as well as the desk: as much room again for each copy.",
    )


def read_backup(config: ConfigFile) -> BackupSettings:
    """Read what is set of backups.

    Raises:
        ConfigError: something there cannot be used.
    """
    table = config.content.get(BACKUP, {})
    if not isinstance(table, dict):
        raise config.error((BACKUP,), f"{BACKUP} must be a table: write a heading [{BACKUP}]")
    config.refuse_unknown((BACKUP,), table, tuple(BackupSettings.model_fields))
    try:
        return BackupSettings(**table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        raise config.error((BACKUP, name), f"{name} of {BACKUP}: {complaint(first)}") from None
