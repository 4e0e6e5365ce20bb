"""Which listings a searched text is part of: of their titles, product ids, SKU codes and notes, whatever its case.

The listed listings of now have an index of every three letters, `listing_text`, so a text of that length is looked up
and not compared with each of them. A shorter one, one of another moment, and one among listings that a report names are
compared one by one. Both find the same. The aliases are those of `aexdash.snapshot.worklist.filters`.
"""

from __future__ import annotations

import json

from aexdash.snapshot.worklist.desk_items import DeskState, is_sound, work_of
from aexdash.storage.text import fold

SHORTEST = 3
"""How many letters a text has at the least that the index can find."""

COMPARED = """(
    instr(fold(l.title), :text) OR instr(fold(l.sku_codes), :sku_text) OR instr(CAST(p.product_id AS TEXT), :text)
    OR instr(fold(w.note), :text)
)"""

FOUND = "SELECT rowid FROM listing_text WHERE listing_text MATCH :match"

NOTED = f"""
SELECT noted.id FROM {{work}} AS decided
CROSS JOIN store AS its ON its.key = decided.store_key
CROSS JOIN status_period AS noted INDEXED BY period_open
    ON noted.store_id = its.id AND noted.product_id = decided.product_id AND noted.ended_at IS NULL
WHERE decided.note <> '' AND CASE WHEN {is_sound("decided")} THEN instr(fold(decided.note), :text) END
"""  # noqa: S608
"""The open periods of the listings whose notes have the text, of the table `work` of what people decided."""


def looked_up(text: str) -> bool:
    """Return whether the index can find a text, among the listed listings of now."""
    return len(fold(text)) >= SHORTEST


def compared(text: str, bound: dict[str, object]) -> str:
    """Return the condition that a listing has a text, which is compared with each; its values go into `bound`."""
    bound["text"] = fold(text)
    bound["sku_text"] = _in_json(text)
    return COMPARED


def found(text: str, desk: DeskState, bound: dict[str, object]) -> str:
    """Return the same condition by the index; the query best begins with it."""
    bound["text"] = fold(text)
    bound["match"] = f"({{title product_id}} : {_quoted(fold(text))}) OR (sku_codes : {_quoted(_in_json(text))})"
    noted = "" if desk is DeskState.NONE else f" UNION ALL {NOTED.format(work=work_of(desk, then=False))}"
    return f"p.id IN ({FOUND}{noted})"


def _in_json(text: str) -> str:
    """Write a text as it stands, folded, inside a JSON array of texts."""
    return fold(json.dumps(text, ensure_ascii=False)[1:-1])


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
