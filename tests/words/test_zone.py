"""A moment on a page or in a message is one of the workspace's zone: every call that writes one says which zone."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from itertools import chain
from pkgutil import walk_packages
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from aexdash.snapshot.store_rows import Freshness
from aexdash.words import cards, common, health, statements
from aexdash.words.common import freshness_line, period_range, trouble
from aexdash.words.listings import brought, listing, past, work
from aexdash.words.listings.work import clock_words, locked_words
from aexdash.words.reconcile import comparison

WRITERS = (common, statements, work, listing, past, health, brought, cards, comparison)
ROOMS = ("ui", "notify", "words")
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 3, 9, 20, tzinfo=UTC)
"""In Shanghai it is four in the morning of the tenth."""

OF_DAYS_DRAWN = {"aexdash.ui.history.series", "aexdash.ui.frame.charts"}
"""Their days have been turned into those of the zone before (`on_the_wall`, `_day`)."""


def writers() -> dict[Callable[..., object], int]:
    """Return the functions that write moments, with the place at which each takes its zone."""
    found = (inspect.getmembers(module, inspect.isfunction) for module in WRITERS)
    return {
        one: list(inspect.signature(one).parameters).index("zone")
        for name, one in chain.from_iterable(found)
        if "zone" in inspect.signature(one).parameters and name != "of_zone"
    }


def calls_without(module: ModuleType, at: Mapping[Callable[..., object], int]) -> list[str]:
    """Return the calls of these functions in a module that leave out the zone."""
    found = []
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        called = _called(node.func, module) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and inspect.isfunction(called) and called in at:
            told = len(node.args) > at[called] or any(word.arg == "zone" for word in node.keywords)
            found += [] if told else [f"line {node.lineno}: {ast.unparse(node)}"]
    return found


def _called(called: ast.expr, module: ModuleType) -> object:
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return getattr(getattr(module, called.value.id, None), called.attr, None)
    return getattr(module, called.id, None) if isinstance(called, ast.Name) else None


def modules(room: str) -> Iterator[ModuleType]:
    """Import every module of a room."""
    package = import_module(f"aexdash.{room}")
    for one in walk_packages(package.__path__, f"aexdash.{room}."):
        yield import_module(one.name)


@pytest.mark.parametrize("room", ROOMS)
def test_no_page_and_no_message_writes_a_moment_without_its_zone(room: str):
    at = writers()
    assert {common.moment, statements.claim_words, clock_words, period_range} <= set(at)
    left = {one.__name__: calls_without(one, at) for one in modules(room) if one.__name__ not in OF_DAYS_DRAWN}
    assert {name: calls for name, calls in left.items() if calls} == {}


def test_the_words_of_a_moment_are_those_of_the_zone_and_name_it():
    noon = EVENING.replace(hour=12)
    assert period_range(noon, EVENING, SHANGHAI, at_start=True) == "9 Mar 2026 20:00 – 10 Mar 2026 04:00 Shanghai"
    assert clock_words(EVENING, EVENING, SHANGHAI) == "04:00 Shanghai"
    assert clock_words(noon, EVENING, SHANGHAI) == "9 Mar 20:00 Shanghai"
    assert locked_words(EVENING, SHANGHAI).startswith("This is the worklist of 10 Mar 2026 04:00 Shanghai.")


def test_what_the_bar_and_the_banner_say_of_an_archived_store_is_of_the_zone():
    archived = Freshness("archived", EVENING, None, "complete")
    assert freshness_line(archived, EVENING, SHANGHAI).endswith("last read 10 Mar 2026 04:00 Shanghai")
    told = trouble(archived, EVENING, SHANGHAI)
    assert told is not None
    assert told[1].endswith("Last read 10 Mar 2026 04:00 Shanghai.")
