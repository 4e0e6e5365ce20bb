"""What each reason code means: what AliExpress asks, what to do, how a listing comes back, how it is recognised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from aexdash.reasons.phrasing import WordsError
from aexdash.reasons.recognise import Recogniser
from aexdash.reasons.remedies import COMES_BACK
from aexdash.reasons.taxonomy import OWN, Code, Taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.ui.frame import address, nav
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import of_source, plain, plural, without_home

_FAMILY = "family-picked"
_CODE = "code"

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "zh": "Chinese",
    "ru": "Russian",
    "es": "Spanish",
    "pt": "Portuguese",
    "fr": "French",
    "de": "German",
    "tr": "Turkish",
    "ko": "Korean",
    OWN: "Your own",
}


def recogniser(visit: Visit) -> Recogniser:
    """Return the recogniser for texts of Seller Center, with the phrases of aexdash.toml; cached by these phrases.

    When its word lists cannot be read, the page stops here with a sentence.
    """
    try:
        return _recogniser(repr(visit.taxonomy.own_phrases), visit.taxonomy)
    except WordsError as error:
        st.warning(plain(without_home(str(error))), title="Texts cannot be recognised")
        st.stop()


@st.cache_resource(max_entries=2, show_spinner=False)
def _recogniser(own_phrases: str, _taxonomy: Taxonomy) -> Recogniser:
    return Recogniser(_taxonomy)


def meanings(visit: Visit) -> None:
    """Draw the families as chips and every code of the picked one, with the number of listings held for it.

    The address may name a family, or a code (`?code=image.none`), which is then open.
    """
    st.markdown("## What each reason means", anchors=False)
    every = visit.view.unfiltered()
    held = {reason.code: reason.listings for reason in visit.ask(Snapshot.reason_counts, every)}
    asked = st.query_params.get(_CODE, "")
    of_families = {reason.code: reason.listings for reason in visit.ask(Snapshot.family_counts, every)}
    family = _pick_family(visit, of_families, asked)
    st.caption(plain(visit.taxonomy.families[family].sentence))
    with st.container(gap="xsmall", key="codes"):
        for code in codes_of(visit, family):
            _code(visit, code, held.get(code, 0), expanded=code == asked)


def codes_of(visit: Visit, family: str) -> list[str]:
    """Return the codes of a family in the order of the taxonomy; codes of no family belong to *other*."""
    return [code for code in visit.taxonomy.codes if visit.taxonomy.family(code) == family]


def _pick_family(visit: Visit, held: Mapping[str, int], asked: str) -> str:
    families = [family for family in visit.taxonomy.families if codes_of(visit, family)]
    wanted = st.query_params.get("family") or (visit.taxonomy.family(asked) if asked else "")
    family = wanted if wanted in families else max(families, key=lambda key: held.get(key, 0))

    def say(key: str) -> str:
        count = f"  **{held[key]:,}**" if held.get(key) else ""
        return f"{plain(visit.taxonomy.label(key))}{count}"

    st.session_state[_FAMILY] = family
    st.pills(
        "Family",
        families,
        format_func=say,
        key=_FAMILY,
        required=True,
        on_change=_picked_family,
        label_visibility="collapsed",
        wrap=True,
    )
    return family


def _picked_family() -> None:
    address.change(_CODE, "")
    address.change("family", st.session_state[_FAMILY])


def _code(visit: Visit, key: str, held: int, *, expanded: bool) -> None:
    code = visit.taxonomy.codes[key]
    count = f" · **{held:,} held**" if held else ""
    with st.expander(f"{plain(code.name)} :gray[{plain(key)}]{count}", expanded=expanded):
        st.markdown(plain(code.sentence))
        st.markdown(f":gray-badge[How it comes back] {_way_back(code)}")
        _list(
            "AliExpress asks",
            [f"{plain(ask.limit)} :gray[:small[{plain(of_source(ask.source))}]]" for ask in code.asks],
        )
        _list("What to do", map(plain, code.steps), numbered=True)
        _list("Recognised in a text by these words near each other", _phrases(visit, key))
        _list("AliExpress's own words for it", _platform_words(code))
        if held:
            query = visit.kept() | {"reason": key}
            nav.link("worklist", f"Open the {plural(held, 'listing')} held for it ›", query)


def _way_back(code: Code) -> str:
    clock = f"; an appeal is open for {code.appeal_days} days" if code.appeal_days else ""
    return f"{COMES_BACK[code.resubmit]}{clock}"


def _list(title: str, lines: Iterable[str], *, numbered: bool = False) -> None:
    items = [f"{number}. {line}" if numbered else f"- {line}" for number, line in enumerate(lines, start=1)]
    if items:
        st.markdown("\n".join([f"**{title}**", "", *items]))


def _phrases(visit: Visit, key: str) -> list[str]:
    phrases = visit.taxonomy.phrases.get(key, {})
    return [
        f"{LANGUAGES.get(language, plain(language))}: {' · '.join(map(plain, known))}"
        for language, known in phrases.items()
        if known
    ]


def _platform_words(code: Code) -> list[str]:
    return [f"{plain(field)}: {' · '.join(map(plain, values))}" for field, values in code.platform.items()]
