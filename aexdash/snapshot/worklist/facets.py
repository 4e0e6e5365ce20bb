"""Counts the listings of every choice of every filter in one query.

For each listing the query finds which filters it fails. A facet of a filter counts the listings that fail no other
filter.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from aexdash.snapshot.readmodels import Facet
from aexdash.snapshot.worklist.filters import CHOICES, FACES, Selection, provenances
from aexdash.view import NOBODY, WITH_CHOICES, View

FILTERS = {one.name: one for one in WITH_CHOICES}
NAMES = tuple(FILTERS)

CATEGORIES = "SELECT category_id, max(name) FROM category WHERE name <> '' GROUP BY category_id"

LABELS = {NOBODY: "nobody"}

Face = tuple[Any, ...]
Tally = Counter[object]
Choices = Callable[[object], Iterable[object]]


def count(
    connection: sqlite3.Connection, view: View, selection: Selection, names: Sequence[str] = NAMES
) -> dict[str, list[Facet]]:
    """Count the listings of each choice with all other filters applied; choices without listings are left out.

    `selection` is the view in SQL, `names` are the filters whose choices are counted. Who says so is counted of the
    view's reasons alone, because the list asks one reason to meet both filters.
    """
    faces = _faces(connection, selection, names)
    categories = dict(connection.execute(CATEGORIES).fetchall())
    choices: dict[str, Choices] = {**CHOICES, "provenance": partial(provenances, reasons=view.reasons)}
    return {
        name: list(_facets(name, _tally(name, place, faces, choices), categories))
        for place, name in enumerate(names, 1)
    }


def of_values(name: str, listings: Counter[object]) -> list[Facet]:
    """Return the choices of a filter whose values a listing has one of, from the listings by value; None is none."""
    tally: Tally = Counter({value: count for value, count in listings.items() if value is not None})
    return list(_facets(name, tally, {}))


def _faces(connection: sqlite3.Connection, selection: Selection, names: Sequence[str]) -> Counter[Face]:
    """Count the listings by their values for some filters; the first value has a bit for each filter that they fail."""
    failing = [
        f"(({selection.conditions[name]}) IS NOT TRUE) * {1 << index}"
        for index, name in enumerate(NAMES)
        if name in selection.conditions
    ]
    faces = FACES | {"status": selection.shown_as}
    sql = selection.query(", ".join((" + ".join(failing) or "0", *(faces[name] for name in names))), without=NAMES)
    return Counter(connection.execute(sql, selection.bound))


def _tally(name: str, place: int, faces: Counter[Face], choices: Mapping[str, Choices]) -> Tally:
    """Count the listings of each choice of a filter, whose value is at a place of the faces."""
    others = ~(1 << NAMES.index(name))
    seen: Tally = Counter()
    for face, listings in faces.items():
        if not face[0] & others:
            seen[face[place]] += listings
    tally: Tally = Counter()
    for value, listings in seen.items():
        for choice in choices.get(name, _one)(value):
            tally[choice] += listings
    return tally


def _one(value: object) -> Iterable[object]:
    return () if value is None else (value,)


def _facets(name: str, tally: Tally, categories: Mapping[object, str]) -> Iterable[Facet]:
    fixed = (
        FILTERS[name].known or FILTERS[name].offered
    )  # words of no order of their own are shown by how many listings they have
    values = [word for word in fixed if word in tally] if fixed else [value for value, _ in tally.most_common()]
    for value in values:
        label = (categories.get(value) or str(value)) if name == "category" else LABELS.get(str(value), str(value))
        yield Facet(str(value), label, tally[value])
