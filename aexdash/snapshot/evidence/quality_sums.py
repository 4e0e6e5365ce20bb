"""Sums of quality over all listings of a store, kept by triggers: adding up a million rows takes a second a sync.

Scores are summed in tenths, as whole numbers, so that a sum that has been added to and taken from a million times is
still what adding up gives.
"""

from __future__ import annotations

PARTS = ("pictures", "attributes", "title", "description", "skus")
"""The columns of the parts; `aexdash.checks.quality` has parts of the same keys."""

_COUNTED = "({row}.required IS NOT NULL AND {row}.filled IS NOT NULL)"
_TENTHS = "coalesce(CAST(round({{row}}.{part} * 10) AS INTEGER), 0)"

_SUMS = {
    "complete": f"({_COUNTED} AND {{row}}.filled >= {{row}}.required)",
    "counted": _COUNTED,
    "filled": f"CASE WHEN {_COUNTED} THEN {{row}}.filled ELSE 0 END",
    "required": f"CASE WHEN {_COUNTED} THEN {{row}}.required ELSE 0 END",
    **{
        column: sql
        for part in ("score", *PARTS)
        for column, sql in (
            (f"{part}_tenths", _TENTHS.format(part=part)),
            (f"{part}_known", f"({{row}}.{part} IS NOT NULL)"),
        )
    },
}
"""What one row adds to each sum: numerator and denominator, one pair after the other."""


def _moved(sign: str, row: str) -> str:
    return ", ".join(f"{name} = {name} {sign} {sql.format(row=row)}" for name, sql in _SUMS.items())


STATEMENTS = (
    f"""
    CREATE TABLE quality_sum (                  -- of `listing_quality`, kept by its triggers; scores in tenths
        store_id INTEGER PRIMARY KEY,
        {", ".join(f"{name} INTEGER NOT NULL DEFAULT 0" for name in _SUMS)}
    ) STRICT
    """,
    f"""
    CREATE TRIGGER quality_added AFTER INSERT ON listing_quality BEGIN
        INSERT INTO quality_sum (store_id) SELECT new.store_id
        WHERE NOT EXISTS (SELECT 1 FROM quality_sum WHERE store_id = new.store_id);
        UPDATE quality_sum SET {_moved("+", "new")} WHERE store_id = new.store_id;
    END
    """,  # noqa: S608
    f"""
    CREATE TRIGGER quality_changed AFTER UPDATE ON listing_quality BEGIN
        UPDATE quality_sum SET {_moved("-", "old")} WHERE store_id = old.store_id;
        UPDATE quality_sum SET {_moved("+", "new")} WHERE store_id = new.store_id;
    END
    """,  # noqa: S608
    f"""
    CREATE TRIGGER quality_removed AFTER DELETE ON listing_quality BEGIN
        UPDATE quality_sum SET {_moved("-", "old")} WHERE store_id = old.store_id;
    END
    """,  # noqa: S608
    # Details were read when descriptions were not measured: they are read once more, and then the listings are scored.
    "UPDATE listing_detail SET modified_raw = ''",
    "UPDATE status_period SET checked = 0 WHERE ended_at IS NULL AND listed = 1 AND checked = 1",
)
"""What migration 0003 does for it, once its tables are there."""

TOTALS = f"""
SELECT {
    ", ".join(f"sum({name}) / 10.0" if name.endswith("_tenths") else f"sum({name})" for name in _SUMS)
} FROM quality_sum WHERE store_id = :store
"""  # noqa: S608
"""Numerator and denominator of completeness, of the filled attributes, of the score and of each part; null: nothing."""
