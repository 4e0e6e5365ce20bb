"""What a row of the worklist says to do: each of its reasons once, from the source that has the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aexdash.model import Provenance, Reason, Resubmit, Status, unsaid
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.readmodels import ReasonRow, WorkRow

COMES_BACK: Mapping[str, str] = {
    "edit": "edit and submit again",
    "appeal": "appeal: editing does not bring it back",
    "wait": "wait for AliExpress",
}
"""How a listing comes back, by the word of data/reasons.toml."""

MENDED = "What we measured is mended: submit it again; if it is refused, open Seller Center."

_NOTHING_SAID = {status: (Reason(unsaid(status), Provenance.CHECK),) for status in Status}


def told_once(row: WorkRow) -> Sequence[Reason | ReasonRow]:
    """The reasons of a row, one a code, the strongest first; where none stands, the one that says so.

    Of several with the same code the finding is told, because it has the figures.
    """
    if len(row.reasons) < 2:
        return row.reasons or _NOTHING_SAID[row.status]
    told: dict[str, ReasonRow] = {}
    for reason in row.reasons:
        if reason.code not in told or reason.provenance is Provenance.CHECK:
            told[reason.code] = reason
    return tuple(told.values())


def what_to_do(row: WorkRow, taxonomy: Taxonomy) -> list[str]:
    """The remedies of a row, each once; where all that we measured is mended, that it may be submitted."""
    if row.resubmit is Resubmit.READY and not row.reasons:
        return [MENDED]
    return list(dict.fromkeys([taxonomy.remedy(reason) for reason in told_once(row)]))


def figures(row: WorkRow, taxonomy: Taxonomy) -> list[str]:
    """What was measured on a row; how a text was recognised is no measurement of the listing."""
    measured = [
        reason for reason in row.reasons if reason.measured and reason.provenance is not Provenance.SELLER_CENTER
    ]
    return [line for reason in measured if (line := taxonomy.figures(reason))]
