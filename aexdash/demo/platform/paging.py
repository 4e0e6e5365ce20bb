"""Cuts a list into the pages a call asks for, with the misbehaviour that is switched on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aexdash.demo.platform.calls import whole
from aexdash.demo.platform.envelope import Refused
from aexdash.demo.platform.faults import FaultKind


@dataclass(frozen=True, slots=True)
class Slice:
    """One page: its product ids (None: the list key is to be absent), and the totals as told."""

    ids: Sequence[int] | None
    number: int
    size: int
    total: int
    pages: int


def cut(ids: Sequence[int], query: Mapping[str, Any], largest: int, faults: Mapping[FaultKind, float]) -> Slice:
    """Return the page that `current_page` and `page_size` (default 20) name.

    Raises:
        Refused: a page size above the largest or below one, a page number below one.
    """
    size = whole(query.get("page_size") or 20, "page_size")
    number = whole(query.get("current_page") or 1, "current_page")
    if not 1 <= size <= largest:
        raise Refused.parameter("page_size")
    if number < 1:
        raise Refused.parameter("current_page")
    if FaultKind.NO_LISTINGS in faults:
        ids = ()
    total = len(ids)
    if FaultKind.LYING_TOTAL in faults:
        total = max(0, total + int(faults[FaultKind.LYING_TOTAL] or 1))
    asked = size
    if FaultKind.PAGE_CAP in faults:
        size = min(size, int(faults[FaultKind.PAGE_CAP]) or 20)
    start = (number - 1) * size
    if FaultKind.REPEAT in faults and number > 1:
        start -= size
    if FaultKind.SHIFT in faults and number > 1:
        start = max(0, start + int(faults[FaultKind.SHIFT] or 1))
    shown: Sequence[int] | None = ids[start : start + size]
    if FaultKind.EMPTY_PAGE in faults:
        shown = []
    past_end = start >= len(ids) and number > 1
    if FaultKind.MISSING_LIST in faults or (past_end and FaultKind.MISSING_PAST_END in faults):
        shown = None
    return Slice(shown, number, size, total, -(-total // asked))
