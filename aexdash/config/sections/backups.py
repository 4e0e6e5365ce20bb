"""What backups the worker makes: how many of each file are kept, and whether the snapshot is among them."""

from __future__ import annotations

from pydantic import ConfigDict, Field, ValidationError

from aexdash.config.file import ConfigFile
from aexdash.config.sections.section import Section, first_wrong

BACKUP = "backup"


class BackupSettings(Section):
    """The settings of backups, those under `[backup]`."""

    model_config = ConfigDict(strict=True)

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
    table = config.table(BACKUP)
    config.refuse_unknown((BACKUP,), table, tuple(BackupSettings.model_fields))
    try:
        return BackupSettings(**table)
    except ValidationError as error:
        name, wrong = first_wrong(error)
        raise config.error((BACKUP, name), f"{name} of {BACKUP}: {wrong}") from None
