"""Migrations that are nothing but statements, so that what a published one does can be compared with what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlite_utils import Database, Migrations


def migrations_of(name: str, statements: Mapping[str, Sequence[str]]) -> Migrations:
    """Return the migrations of a file: each runs its statements, the earliest first.

    `name` and the keys are what the file keeps of the migrations that were applied to it.
    """
    migrations = Migrations(name)
    for migration, texts in statements.items():
        _add(migrations, migration, texts)
    return migrations


def _add(migrations: Migrations, name: str, statements: Sequence[str]) -> None:
    @migrations(name=name)
    def apply(db: Database) -> None:
        for statement in statements:
            db.execute(statement)
