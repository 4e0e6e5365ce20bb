"""The listings that share what a kept report names: those that moved and those on sale, whatever our checks found.

A report is one of `desk.cause_report`; `:report` is its number, `:moved` and `:at_risk` are the places of the two lists
in it. The aliases are those of `filters`.
"""

from __future__ import annotations

_LISTED = """
SELECT one.value ->> 0 AS store_key, one.value ->> 1 AS product_id
FROM desk.cause_report AS report, json_each(report.report, {place}) AS one
WHERE report.id = :report
"""

MEMBERS = " UNION ".join(_LISTED.format(place=place) for place in (":moved", ":at_risk"))
"""The listings, as store key and product id."""

IS_AT_RISK = f"""EXISTS (
    SELECT 1 FROM ({_LISTED.format(place=":at_risk")}) AS shared
    WHERE shared.store_key = st.key AND shared.product_id = p.product_id
)"""  # noqa: S608

NOW = "status_period AS p INDEXED BY period_open"

STANDING_NOW = f"""p.ended_at IS NULL AND p.product_id IN (
    SELECT shared.product_id FROM ({MEMBERS}) AS shared WHERE shared.store_key = st.key
)"""  # noqa: S608

AT_THE_MOMENT = f"""status_period
WHERE (store_id, product_id) IN (
    SELECT known.id, shared.product_id FROM ({MEMBERS}) AS shared JOIN store AS known ON known.key = shared.store_key
) AND started_at <= :as_of AND (ended_at IS NULL OR ended_at > :as_of)"""  # noqa: S608
"""Their periods that contained `:as_of`."""


def bound(word: str) -> dict[str, object]:
    """Return the parameters for a word of a view, such as `12.1`: the first finding of report 12."""
    report, _, number = word.partition(".")
    finding = f"$.findings[{int(number) - 1}]"
    return {"report": int(report), "moved": f"{finding}.moved", "at_risk": f"{finding}.at_risk"}
