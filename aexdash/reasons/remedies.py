"""What to do about a listing of the worklist: remedies and measurements without repetition, and reasons in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aexdash.model import Provenance, Reason, Resubmit, Status, unsaid
from aexdash.reasons.taxonomy import Spoken, Taxonomy
from aexdash.snapshot.readmodels import ReasonRow, WorkRow

COMES_BACK: Mapping[str, str] = {
    "edit": "edit and submit again",
    "appeal": "appeal: editing does not bring it back",
    "wait": "wait for AliExpress",
}
"""How a listing comes back, by the word of data/reasons.toml."""

MENDED = "What we measured is mended: submit it again; if it is refused, open Seller Center."

_NOTHING_SAID = {status: (Reason(unsaid(status), Provenance.CHECK),) for status in Status}


def distinct_reasons(row: WorkRow) -> Sequence[Reason | ReasonRow]:
    """Return the reasons of a row, one for each code, the strongest first; without any, *unknown* or *in review*.

    Of several with the same code the finding is taken, because it has the figures.
    """
    if len(row.reasons) < 2:
        return row.reasons or _NOTHING_SAID[row.status]
    by_code: dict[str, ReasonRow] = {}
    for reason in row.reasons:
        if reason.code not in by_code or reason.provenance is Provenance.CHECK:
            by_code[reason.code] = reason
    return tuple(by_code.values())


def what_to_do(row: WorkRow, taxonomy: Taxonomy) -> list[str]:
    """Return the remedies of a row, each once; when all findings are mended, that it can be resubmitted."""
    if row.resubmit is Resubmit.READY and not row.reasons:
        return [MENDED]
    return list(dict.fromkeys([taxonomy.remedy(reason) for reason in distinct_reasons(row)]))


def figures(row: WorkRow, taxonomy: Taxonomy) -> list[str]:
    """Return the measurements of a row, a line each; the score of a recognised text is none."""
    measured = [
        reason for reason in row.reasons if reason.measured and reason.provenance is not Provenance.SELLER_CENTER
    ]
    return [line for reason in measured if (line := taxonomy.figures(reason))]


def rival_names(reason: Spoken, taxonomy: Taxonomy) -> str:
    """Name the other reasons that the words of a recognised reason may mean just as well; empty for a sure reading."""
    rivals = reason.measured.get("rivals")
    return " or ".join(map(taxonomy.label, rivals)) if isinstance(rivals, list) else ""
