"""Kinds of failure of colleague.txt, in other words than there."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from tests.ask import blind

SHARES = [
    ("what share of the rejected is missing a brand", "rejected", "reason:attribute.brand_missing"),
    ("what percentage of rejected listings is owned by Ana", "rejected", "owner:Ana"),
]


@pytest.mark.parametrize(("text", "status", "part"), SHARES, ids=[text for text, *_ in SHARES])
def test_a_share_that_is_not_told_leads_to_the_part_and_what_it_may_be_a_part_of(text, status, part, home, lexicon):
    refusal = blind.told(text, home.workspace, lexicon).refusal
    assert refusal is not None
    assert refusal.why is Why.NOT_TOGETHER
    whole = f"listings status:{status}"
    assert [one.words for one in refusal.choices] == [f"{whole} {part}", whole, f"listings {part}"]
