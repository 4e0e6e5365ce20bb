"""Whatever is known of a listing, in whatever letters: the checks answer, the same each time."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from aexdash.checks import check_listing
from aexdash.model import Provenance
from aexdash.platform_data import (
    AttributeRule,
    CategoryRules,
    ListingAttribute,
    ObjectionableWord,
    PictureFacts,
    QualificationRule,
    Sku,
)
from aexdash.reasons.taxonomy import load_taxonomy
from tests.checks.facts import MAIN, SECOND, Facts, detail

TEXTS = st.one_of(st.sampled_from(["", "  ", "Cotton", "0", "-3", "1e400", "\ud800", "٣", "<b>", "x" * 300]), st.text())
NUMBERS = st.one_of(st.none(), st.integers(-(10**20), 10**20))
URLS = st.sampled_from([MAIN, SECOND, "", "javascript:alert(1)"])
DETAILS = st.builds(
    detail,
    titles=st.dictionaries(st.one_of(st.sampled_from(["en_US", "ru_RU", "zh"]), TEXTS), TEXTS, max_size=3),
    image_urls=st.lists(URLS, max_size=8).map(tuple),
    attributes=st.lists(st.builds(ListingAttribute, NUMBERS, TEXTS, NUMBERS, TEXTS), max_size=3).map(tuple),
    skus=st.lists(st.builds(Sku, TEXTS, TEXTS, st.one_of(st.none(), TEXTS), NUMBERS), max_size=3).map(tuple),
    weight=st.one_of(st.none(), TEXTS),
    sides=st.lists(TEXTS, max_size=3).map(tuple),
    eu_person=st.one_of(st.none(), TEXTS),
    qualifications=st.one_of(st.none(), st.lists(TEXTS, max_size=2).map(tuple)),
)
CATEGORIES = st.builds(
    CategoryRules,
    st.integers(0, 10**12),
    TEXTS,
    st.lists(
        st.builds(
            AttributeRule,
            st.integers(0, 20),
            TEXTS,
            required=st.booleans(),
            input_type=st.sampled_from(["", "list_box", "input"]),
            values=st.lists(TEXTS, max_size=3).map(tuple),
        ),
        max_size=4,
    ).map(tuple),
    leaf=st.sampled_from([None, True, False]),
    qualifications=st.one_of(
        st.none(), st.lists(st.builds(QualificationRule, TEXTS, TEXTS, required=st.booleans()), max_size=2).map(tuple)
    ),
    eu_person_needed=st.sampled_from([None, True, False]),
)
PICTURES = st.lists(
    st.builds(
        PictureFacts,
        URLS,
        st.sampled_from(["measured", "unreachable", "refused", "not_a_picture", "too_large"]),
        width=st.one_of(st.none(), st.integers(0, 10**6)),
        height=st.one_of(st.none(), st.integers(0, 10**6)),
        format=st.sampled_from([None, "JPEG", "WEBP"]),
        size_bytes=st.one_of(st.none(), st.integers(0, 10**9)),
    ),
    max_size=4,
).map(lambda all_of_them: {one.url: one for one in all_of_them})
ANY_FACTS = st.builds(
    Facts,
    model=st.sampled_from(["pop", "overseas", "choice", "overseas_managed"]),
    title=TEXTS,
    image_urls=st.lists(URLS, max_size=8).map(tuple),
    currency=st.sampled_from([None, "USD", "RUB"]),
    detail=st.one_of(st.none(), DETAILS),
    category=st.one_of(st.none(), CATEGORIES),
    pictures=PICTURES,
    words=st.one_of(
        st.none(),
        st.lists(st.builds(ObjectionableWord, TEXTS, st.just(("FORBIDEN_TYPE", "TORT_TYPE"))), max_size=3).map(tuple),
    ),
    same_title=st.lists(st.integers(), max_size=3).map(tuple),
    same_picture=st.lists(st.integers(), max_size=3).map(tuple),
)


@given(ANY_FACTS)
def test_whatever_is_known_the_checks_answer_the_same_again_and_in_json(facts: Facts) -> None:
    first, again = check_listing(facts), check_listing(facts)
    assert first == again
    assert len({reason.code for reason in first}) == len(first)
    assert all(json.loads(json.dumps(reason.measured)) == reason.measured for reason in first)
    assert {reason.provenance for reason in first} <= {Provenance.CHECK}


@given(ANY_FACTS)
def test_every_finding_is_in_the_taxonomy_and_has_its_figures_in_words(facts: Facts) -> None:
    taxonomy = load_taxonomy()
    for reason in check_listing(facts):
        assert reason.code in taxonomy.codes
        assert taxonomy.remedy(reason)
        taxonomy.figures(reason)
