"""Texts of Seller Center that were not recognised, the commonest first, and the lines of aexdash.toml to add one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import streamlit as st

from aexdash.desk.annotations import Annotations, TextCount
from aexdash.model import IN_REVIEW, NOTHING_FOUND, UNKNOWN_REASON
from aexdash.reasons.recognise import Recogniser
from aexdash.reasons.taxonomy import UNRECOGNISED
from aexdash.storage.errors import StorageError
from aexdash.ui.frame.charts import in_sight
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import full_day, plain, plural

SHOWN = 200
"""Texts of the table at most."""

LOOKED_AT = 2_000
"""Different texts that are checked, those on most listings first; each takes about 2 ms."""

LONGEST_PHRASE = 120
"""Characters of a phrase at most; a phrase is the recurring part of texts, not a whole text."""


def draw(visit: Visit, recogniser: Recogniser) -> None:
    """Draw the texts not recognised with their counts; for a ticked one, the lines to add to aexdash.toml."""
    st.markdown("## Texts not recognised", anchors=False)
    try:
        texts = Annotations(visit.settings.desk_path).texts()
    except StorageError as error:
        st.warning(plain(str(error)))
        return
    looked_at = texts[:LOOKED_AT]
    with st.spinner("Reading the texts …"):
        unknown = not_recognised(looked_at, recogniser)
    if len(texts) > LOOKED_AT:
        st.caption(
            f"The {LOOKED_AT:,} texts on most listings are looked at; {len(texts) - LOOKED_AT:,} rarer ones are not."
        )
    if not unknown:
        st.caption(_none_left(looked_at))
        return
    st.caption(
        f"{plural(len(unknown), 'text')} of {len(looked_at):,}: their listings read "
        f"*{plain(visit.label(UNRECOGNISED))}* with the raw text. Tick one to see the lines that teach it to aexdash."
    )
    picked = _table(visit, unknown)
    if picked is not None:
        _teach(visit, picked)


def not_recognised(texts: Sequence[TextCount], recogniser: Recogniser) -> list[TextCount]:
    """Return the texts with a part that no phrase matches, those on most listings first."""
    unknown = [text for text in texts if any(reason.code == UNRECOGNISED for reason in recogniser.reasons(text.text))]
    return sorted(unknown, key=lambda text: (-text.listings, text.first_seen, text.text))


def phrase_lines(code: str, phrases: Sequence[str]) -> str:
    """Return the lines of aexdash.toml that map phrases to a reason code; quotes and control characters are escaped."""
    written = ", ".join(json.dumps(phrase, ensure_ascii=False).replace("\x7f", "\\u007F") for phrase in phrases)
    return f'[phrases]\n"{code}" = [{written}]'


def _none_left(texts: Sequence[TextCount]) -> str:
    if not texts:
        return "No text from Seller Center has been saved so far."
    return f"None: all {plural(len(texts), 'text')} of the listings were recognised."


def _table(visit: Visit, unknown: Sequence[TextCount]) -> TextCount | None:
    shown = unknown[:SHOWN]
    rows = [
        {"Text": text.text, "Listings": text.listings, "First seen": full_day(text.first_seen, visit.zone)}
        for text in shown
    ]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    event = st.dataframe(
        in_sight(pd.DataFrame(rows)),
        key="unrecognised-texts",
        hide_index=True,
        row_height=30,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Text": st.column_config.TextColumn(width=220),
            "Listings": st.column_config.NumberColumn(width=80, help="Listings whose latest text this is"),
            "First seen": st.column_config.TextColumn(width=110),
        },
        alt="Texts not recognised, those on most listings first",
    )
    if len(unknown) > SHOWN:
        st.caption(f"{plural(len(unknown) - SHOWN, 'more text')}, each on no more listings than the last one shown.")
    ticked = [index for index in event["selection"]["rows"] if index < len(shown)]
    return shown[ticked[0]] if ticked else None


def _teach(visit: Visit, text: TextCount) -> None:
    names = teachable(visit)
    with st.container(border=True, key="teach"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            phrase = st.text_input(
                "The words that come back from text to text",
                value=" ".join(text.text.split())[:LONGEST_PHRASE],
                max_chars=LONGEST_PHRASE,
                key=f"phrase-of-{hash(text.text)}",
                width=480,
            )
            code = st.selectbox(
                "What they mean",
                list(names),
                index=None,
                format_func=names.__getitem__,
                placeholder="Choose a reason",
                key="taught-code",
                width=400,
            )
        if code and phrase.strip():
            known = visit.taxonomy.own_phrases.get(code, ())
            st.code(phrase_lines(code, [*known, phrase.strip()]), language="toml", wrap_lines=True)
            st.caption(
                "Put this into `aexdash.toml`. Where the heading `[phrases]` stands there already, add the second line "
                "alone, in place of an earlier one for this reason. Then start the worker again: its next sync puts "
                "the reason on the listings."
            )


def teachable(visit: Visit) -> Mapping[str, str]:
    """Return the codes that a phrase can mean, each with its family and name for the choice."""
    silent = (UNKNOWN_REASON, IN_REVIEW, NOTHING_FOUND, UNRECOGNISED)
    taxonomy = visit.taxonomy
    return {
        code: f"{taxonomy.label(taxonomy.family(code))}: {taxonomy.label(code)}"
        for code in taxonomy.codes
        if code not in silent
    }
