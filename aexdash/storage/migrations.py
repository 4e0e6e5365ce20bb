"""Migrations made of SQL statements alone, so that a test can tell whether a published one was edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlite_utils import Database, Migrations


def migrations_of(name: str, statements: Mapping[str, Sequence[str]]) -> Migrations:
    """Return the migrations of a file, the earliest first.

    `statements` are the SQL statements by the name of their migration. The file records `name` and the names of the
    migrations that were applied to it.
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
