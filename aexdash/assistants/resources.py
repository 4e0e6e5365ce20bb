"""The resources: what each card and each reason means, so that an assistant need not guess it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from aexdash.cards import CARDS, Card
from aexdash.config.settings import Settings
from aexdash.reasons.remedies import COMES_BACK
from aexdash.reasons.taxonomy import Code


def cards(_settings: Settings) -> str:
    """Write what each card means as JSON, by its key."""
    return _json({key: _card(card) for key, card in CARDS.items()})


def reasons(settings: Settings) -> str:
    """Write what each reason means and what to do about it as JSON, by its code, with the families beside.

    Raises:
        TaxonomyError: the reasons cannot be read.
    """
    taxonomy = settings.taxonomy()
    families = {key: {"name": one.name, "means": one.sentence} for key, one in taxonomy.families.items()}
    return _json({"families": families, "codes": {key: _code(code) for key, code in taxonomy.codes.items()}})


RESOURCES: Mapping[str, tuple[str, str, Callable[[Settings], str]]] = {
    "aexdash://cards": ("cards", "What each card means: formula, window, source, lag.", cards),
    "aexdash://reasons": ("reasons", "What each reason code means, and what to do about it.", reasons),
}
"""Name, description and content of each resource, by its address; the content is JSON."""


def _card(card: Card) -> dict[str, Any]:
    return {
        "title": card.title,
        "formula": card.formula,
        "unit": card.unit,
        "window": card.window.value,
        "source": card.source,
        "lag": card.lag,
        "worklist": card.view.to_query() if card.view else None,
    }


def _code(code: Code) -> dict[str, Any]:
    return {
        "name": code.name,
        "means": code.sentence,
        "steps": code.steps,
        "comes_back_by": COMES_BACK[code.resubmit],
        "appeal_days": code.appeal_days,
    }


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
