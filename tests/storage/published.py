"""What must hold for the migrations of both files: published ones stay as they were and take nothing from live code."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import ModuleType

SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
"""Every table, index and trigger of a file, in the words it was made with."""


def assert_as_published(statements: Mapping[str, Sequence[str]], published: Mapping[str, str]) -> None:
    """Compare the statements of each migration with the SHA-256 that was noted when it was published."""
    now = {name: digest(texts) for name, texts in statements.items()}
    edited = [name for name, noted in published.items() if now.get(name) != noted]
    assert not edited, (
        f"{', '.join(edited)}: a published migration was edited, renamed or taken away. Files that people have were"
        " made by it as it was, so they would differ from new ones: put it back, and add a migration with the next"
        " number for what is to change."
    )
    new = {name: digest_now for name, digest_now in now.items() if name not in published}
    assert not new, f"New migrations: make their fixture, and add to PUBLISHED before the release: {new}"
    assert list(statements) == sorted(published), "Migrations are applied in the order of their numbers."


def digest(statements: Sequence[str]) -> str:
    """Return the SHA-256 of the statements, one after the other."""
    return sha256("\0".join(statements).encode()).hexdigest()


def imports_of(migrations: ModuleType) -> dict[str, list[str]]:
    """Return the lines of code by which each migration module `m0001_…` takes something from elsewhere."""
    return {
        module.stem: [
            ast.unparse(node) for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if _takes(node)
        ]
        for module in sorted(Path(str(migrations.__file__)).parent.glob("m[0-9]*.py"))
    }


def _takes(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)
