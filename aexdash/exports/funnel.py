"""The funnel as CSV, a line for each SKU and each listing, and as facts for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import Cell, Column
from aexdash.reconcile.funnel import AT, Funnel, Step, lost_by
from aexdash.snapshot.matched.matching import Fate
from aexdash.snapshot.matched.units import TheirUnit, Unit
from aexdash.words.common import STATUS_WORDS
from aexdash.words.reconcile.funnel import FATE_WORDS, LOST_WORDS, step_words

COLUMNS = (
    Column("store", "Store", "word"),
    Column("shop", "Shop", "word"),
    Column("sku", "SKU", "identifier", 20),
    Column("variant_id", "Id in the shop", "identifier", 30),
    Column("title", "Title", "text", 40),
    Column("state", "State in the shop", "word"),
    Column("product_id", "Product id", "identifier", 20),
    Column("status", "Status at AliExpress", "word"),
    Column("got_to", "Got as far as", "word", 24),
    Column("lost", "Why no further", "word", 30),
    Column("matched", "Matched", "word", 30),
)

MATCHED = (Fate.MATCHED, Fate.PROBABLE)

OPEN = "funnel"
"""The word of an address for the number whose ids are asked for."""

ALL = "all"
"""The word of an address for every line."""

MOST_IDS = 1_000
"""Ids of one number that are told to scripts; the CSV has all."""


def classes(funnel: Funnel) -> dict[str, tuple[Unit, ...] | tuple[TheirUnit, ...]]:
    """Return what each number of the funnel is of, by the word that opens it."""
    found: dict[str, tuple[Unit, ...] | tuple[TheirUnit, ...]] = {}
    for one in funnel.steps:
        found[one.step.value] = one.passed.units
        found |= {why.value: counted.units for why, counted in one.lost.items()}
    return found | {f"there-{fate.value}": units for fate, units in funnel.reverse.of.items()}


def csv_funnel(funnel: Funnel, word: str = ALL) -> Iterator[bytes]:
    """Write the SKUs and listings of one number, or of both directions; a listing of no SKU stands behind them."""
    told = classes(funnel)
    if word != ALL:
        return csv_of(COLUMNS, (_cells(one, funnel.days) for one in told[word]))
    units = told[Step.SHOP.value]
    theirs = [one for name, several in told.items() if name.startswith("there-") for one in several]
    return csv_of(COLUMNS, (_cells(one, funnel.days) for one in (*units, *theirs)))


def _cells(one: Unit | TheirUnit, days: int) -> tuple[Cell, ...]:
    if isinstance(one, TheirUnit):
        status = STATUS_WORDS[one.status]
        return (one.store, "", "", "", one.title, "", str(one.product_id), status, "", "", FATE_WORDS[one.fate])
    why = lost_by(one)
    steps = list(Step)
    last = steps[-1] if why is None else steps[steps.index(AT[why]) - 1]
    status = STATUS_WORDS[one.status] if one.status else ""
    return (
        *(one.store, one.shop, one.sku, one.variant_id, one.title, one.state.value),
        *(str(one.listing) if one.listing else "", status, step_words(last, days)),
        LOST_WORDS[why] if why else "",
        one.fate.value,
    )


def facts(funnel: Funnel) -> dict[str, Any]:
    """Return the funnel for scripts: numbers with what they may claim, clocks, and the ids of losses."""
    return {
        "stores": list(funnel.stores),
        "without_shop": list(funnel.without_shop),
        "days": funnel.days,
        "unit": "sku",
        "steps": [
            {
                "step": one.step.value,
                "passed": one.passed.number,
                "bound": one.passed.bound.value,
                "read_at": one.read.at,
                "read_whole": one.read.whole,
                "not_read_in": list(one.unread),
                "of": one.read.about,
                "lost": [
                    {
                        "why": why.value,
                        "number": counted.number,
                        "bound": counted.bound.value,
                        "skus": [unit.sku or unit.variant_id for unit in counted.units[:MOST_IDS]],
                    }
                    for why, counted in one.lost.items()
                ],
            }
            for one in funnel.steps
        ],
        "aliexpress": {
            "unit": "listing",
            "total": None if funnel.reverse.read.at is None else funnel.reverse.total,
            "bound": funnel.reverse.bound.value,
            "read_at": funnel.reverse.read.at,
            "by_match": {
                fate.value: {
                    "number": None if funnel.reverse.read.at is None else len(units),
                    "bound": funnel.reverse.bounds[fate].value,
                    "product_ids": [str(one.product_id) for one in units[:MOST_IDS]] if fate not in MATCHED else None,
                }
                for fate, units in funnel.reverse.of.items()
            },
        },
    }
