"""The floors and rooms of the package, as import-linter and the docstrings of the rooms have them."""

from __future__ import annotations

import ast
import re
import tomllib

from tests.docs.writing import PACKAGE, ROOT, table


def floors() -> str:
    """The floors of the package, the highest first, as import-linter holds them."""
    lines = [" | ".join(floor) for floor in _floors()]
    return "\n".join(["```text", *lines, "```", ""])


def rooms() -> str:
    """The rooms of the package, as the docstring of each says: what for, what it may know, where to begin reading."""
    rows = ((f"`{room}/`", said["for"], said["May know"], said["Begin at"]) for room, said in map(_room, room_names()))
    return table(("Room", "What for", "May know", "Begin at"), rows)


def room_names() -> list[str]:
    """Every package below aexdash: the highest floor first as the layers say, else by name, inner rooms after outer."""
    found = [str(file.parent.relative_to(PACKAGE)) for file in PACKAGE.rglob("__init__.py") if file.parent != PACKAGE]
    floors = {room: number for number, floor in enumerate(_floors()) for room in floor}
    return sorted(found, key=lambda room: (floors.get(room.partition("/")[0], len(floors)), room))


def _floors() -> list[list[str]]:
    """The layers of the package, the highest first, out of the first contract of pyproject.toml that names any."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = next((one["layers"] for one in tools["importlinter"]["contracts"] if one["type"] == "layers"), [])
    return [[room.strip("() ").removeprefix("aexdash.") for room in re.split("[|:]", layer)] for layer in layers]


def _room(room: str) -> tuple[str, dict[str, str]]:
    """What the docstring of a room says.

    Raises:
        ValueError: it lacks one of its three sentences.
    """
    file = PACKAGE / room / "__init__.py"
    first, _, last = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").partition("\n\n")
    said = {"for": first.strip()}
    for name in ("May know", "Begin at"):
        found = re.search(rf"^{name}: (.*?)\.$(?=\n[A-Z]|\Z)", last.strip(), re.MULTILINE | re.DOTALL)
        if not found:
            raise ValueError(f"aexdash/{room}/__init__.py lacks a line {name!r}")
        said[name] = " ".join(found[1].split())
    return room, said
