"""Why one listing is held: a box for each reason, with provenance, measurements, steps and requirements."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.model import HELD, Provenance, Resubmit, SourceWord, unsaid
from aexdash.reasons.remedies import COMES_BACK, rival_names
from aexdash.reasons.taxonomy import Code, Taxonomy
from aexdash.snapshot.readmodels import ListingCard, ReasonRow, WorkRow
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import RESUBMIT_WORDS, SOURCE_WORDS, moment, of_source, plain
from aexdash.words.listings.listing import ADVICE, LIKELY, REBUILT, doubt_of, is_at_risk, is_on_sale, who_words
from aexdash.words.reasons import appeal_clock

RESUBMIT_SENTENCES = {
    Resubmit.NOT_YET: (
        "orange",
        "✕",
        "What we measured at the rejection has not changed since: it is likely to be refused again.",
    ),
    Resubmit.READY: ("green", "✓", "What we measured at the rejection is mended."),
}

DOUBT_SENTENCES = {
    LIKELY: "AliExpress is silent about this listing. What we measured is the likely cause, not the verdict.",
    ADVICE: "AliExpress gave quality advice here; that is not the verdict of the audit.",
}


def draw(visit: Visit, card: ListingCard) -> None:
    """Draw all present reasons, the strongest first, and say whether they are the platform's verdict or our guess."""
    row = card.row
    st.markdown(f"## {_title(row)}", anchors=False)
    _standing(row)
    if not row.reasons and row.status not in HELD:
        st.markdown("It is not held, and nothing is said or measured against it.")
    elif not row.reasons:
        said = unsaid(row.status)
        st.markdown(f"**{visit.label(said)}.** {visit.taxonomy.codes[said].sentence}")
    for words in mended_words(visit, card):
        st.text(words)
    for code in dict.fromkeys(reason.code for reason in row.reasons):
        _box(visit, row, [reason for reason in row.reasons if reason.code == code])


def _title(row: WorkRow) -> str:
    if is_at_risk(row):
        return "What AliExpress may refuse"
    return "Why it is held" if row.status in HELD else "What is said of it"


PUSH = (
    "What we measured is gone in the shop, and still stands at AliExpress: push it again from the shop, and nothing "
    "has to be mended here. The shop stands below."
)


def _standing(row: WorkRow) -> None:
    if row.resubmit:
        colour, sign, sentence = RESUBMIT_SENTENCES[row.resubmit]
        st.markdown(f":{colour}-badge[{sign} {RESUBMIT_WORDS[row.resubmit]}] {sentence}")
    if SourceWord.FIXED in row.source_words:
        st.markdown(f":green-badge[{SOURCE_WORDS[SourceWord.FIXED]}] {PUSH}")
    if is_at_risk(row):
        st.markdown("It is not held: our checks find what AliExpress refuses at audits, before one has happened.")
    elif doubt := doubt_of([reason.provenance for reason in row.reasons]):
        st.markdown(f":gray-badge[{doubt.partition(',')[0]}] {DOUBT_SENTENCES[doubt]}")


def mended_words(visit: Visit, card: ListingCard) -> list[str]:
    """List the findings of this status period that our checks do not find any more, with the moment of the check."""
    standing = {reason.code for reason in card.row.reasons}
    gone = {
        reason.code: reason.vanished_at
        for reason in card.periods[-1].reasons
        if reason.provenance is Provenance.CHECK and reason.vanished_at and reason.code not in standing
    }
    return [f"Mended: {visit.label(code)}, seen {moment(at, visit.zone)}" for code, at in gone.items()]


def _box(visit: Visit, row: WorkRow, reasons: Sequence[ReasonRow]) -> None:
    code = visit.taxonomy.codes.get(reasons[0].code)
    measured = next((reason for reason in reasons if reason.provenance is Provenance.CHECK), reasons[0])
    with st.container(border=True, gap="xsmall"):
        family = visit.taxonomy.label(visit.taxonomy.family(reasons[0].code))
        st.markdown(f"**{plain(visit.label(reasons[0].code))}** :gray[:small[{plain(family)}]]")
        for reason in reasons:
            _said(visit, row, reason)
        st.text(f"What to do: {visit.taxonomy.remedy(measured)}")
        if code:
            _meaning(code, row, visit)


def _said(visit: Visit, row: WorkRow, reason: ReasonRow) -> None:
    """Draw who states the reason, since when, and on what evidence; texts from outside are shown as they came."""
    who = who_words(reason.provenance, row, visit.store_of(row.store))
    st.markdown(f":gray-badge[{who}] :gray[:small[first seen {moment(reason.first_seen_at, visit.zone)}]]")
    if who.endswith(REBUILT):
        st.caption("AliExpress filters this store's listings by the reason and does not show it: found by the filter.")
    if reason.text:
        st.text(f"“{reason.text}”{f' ({reason.language})' if reason.language else ''}")
    evidence = (
        recognised_by(reason, visit.taxonomy)
        if reason.provenance is Provenance.SELLER_CENTER
        else visit.taxonomy.figures(reason)
    )
    if evidence:
        st.text(evidence)


def recognised_by(reason: ReasonRow, taxonomy: Taxonomy) -> str:
    """Say by which phrase a text was recognised, its score of 100, and what else the same words may mean.

    Empty when the text was not recognised.
    """
    matched = reason.measured.get("matched")
    if not matched:
        return ""
    rivals = rival_names(reason, taxonomy)
    two = f"; the same words may mean: {rivals}" if rivals else ""
    return f"recognised by “{matched}”, fit {reason.measured.get('score', '?')} of 100{two}"


def _meaning(code: Code, row: WorkRow, visit: Visit) -> None:
    st.markdown("\n".join(f"{number}. {plain(step)}" for number, step in enumerate(code.steps, start=1)))
    if not is_on_sale(row):
        clock = appeal_clock(row, code.appeal_days, visit.moment, visit.zone) if code.appeal_days else ""
        st.markdown(f"How it comes back: {COMES_BACK[code.resubmit]}. {clock}")
    for ask in code.asks:
        st.caption(f"Asked: {plain(ask.limit)} ({plain(of_source(ask.source))})")
