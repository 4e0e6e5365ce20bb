"""The rooms of the house: no circle of files, a description in each, and few enough modules to find one's way."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

PACKAGE = Path(__file__).parents[1] / "aexdash"
ROOMS = sorted(path.parent for path in PACKAGE.rglob("__init__.py"))

MOST_MODULES = 20
"""Modules of a folder. More than these are two ideas, or one cut too small."""


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """Each module with those it imports, local imports and those for type checkers included."""
    graph = grimp.build_graph("aexdash", cache_dir=None)
    return {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}


def circle_in(imports: dict[str, set[str]]) -> list[str] | None:
    """Name the modules of a circle; None where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return None


def test_a_circle_would_be_found():
    assert set(circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) or ()) == {"a", "b", "c"}


def test_no_files_import_each_other_in_a_circle(imports):
    """Every strongly connected component of the import graph is one file."""
    assert circle_in(imports) is None


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(PACKAGE.parent)))
def test_each_room_says_what_lives_in_it(room):
    """A package begins with a few lines: what lives here, what it may know, where to begin reading."""
    told = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert len(told.split()) >= 12, f"{room.name}/__init__.py says {told!r}"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(PACKAGE.parent)))
def test_no_room_is_crowded(room):
    modules = [file for file in room.glob("*.py") if file.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES, f"{room.name} has {len(modules)} modules: which ideas are they?"
