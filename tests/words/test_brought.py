from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aexdash.desk.decisions.proposals import Proposal
from aexdash.desk.decisions.round_trip import ChangeSet, Edit
from aexdash.sources.seller_center import RowNote
from aexdash.words.listings.brought import conflict_words, edit_words, proposal_words, refused_words, summary

NOW = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)
AT = datetime(2026, 3, 9, 12, 3, tzinfo=UTC)
NOTE = Edit("main", 1005001234567891, "Lamp", "note", "mine", "theirs", 2, "All", "", "Bob", AT)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (NOTE, "Note: “theirs” → “mine”"),
        (replace(NOTE, brought=""), "Note: “theirs” → no note"),
        (replace(NOTE, field="owner", now="", brought="Bob"), "Owner: nobody → Bob"),
        (replace(NOTE, field="stage", now="new", brought="fixed"), "Stage: to do → fixed, waiting for AliExpress"),
        (
            replace(NOTE, field="stage", now="new", brought="taken", waits=True),
            "Stage: in audit: waiting for AliExpress → taken",
        ),
        (
            replace(NOTE, field="stage", now="snoozed", brought="new", waits=True),
            "Stage: snoozed → in audit: waiting for AliExpress",
        ),
        (replace(NOTE, brought="two\nlines " * 20), f"Note: “theirs” → “{('two lines ' * 20)[:79]}…”"),
    ],
)
def test_an_edit_says_what_stands_here_and_what_the_file_says(edit: Edit, said: str) -> None:
    assert edit_words(edit) == said


def test_a_conflict_says_all_three_values_and_who_was_faster() -> None:
    said = "Note: no note when it was exported · “mine” in the file · “theirs” here now, by Bob 12:03 UTC"
    assert conflict_words(NOTE, NOW) == said
    assert conflict_words(replace(NOTE, base=None), NOW).startswith("Note: not known when it was exported · ")
    assert conflict_words(replace(NOTE, by="", at=None), NOW).endswith("here now, by somebody")


def test_a_row_that_is_refused_is_named_by_its_sheet_and_number() -> None:
    assert refused_words(RowNote(4, "1005001234567891", "Title was changed", "All")) == (
        "Sheet 'All', row 4 (1005001234567891): Title was changed"
    )
    assert refused_words(RowNote(1204, "lamp", "'lamp' is no product id")) == "Row 1,204: 'lamp' is no product id"


def test_a_summary_counts_everything_and_names_only_what_there_is() -> None:
    proposal = Proposal("main", 5, "image.main_too_small", "New picture URL", "https://x.example/1.jpg")
    nothing = ChangeSet("list.csv", (), (), (), (), unchanged=1, recovered=0)
    assert summary(nothing) == "0 changes to 0 listings · 1 row unchanged"
    full = ChangeSet("list.csv", (NOTE,), (NOTE, NOTE), (proposal,), (RowNote(3, "", "x"),), unchanged=20, recovered=2)
    assert summary(full) == (
        "2 changes to 2 listings · 2 changed here meanwhile · 1 row refused · 2 ids in another form, known again · "
        "20 rows unchanged"
    )
    assert proposal_words(proposal) == "New picture URL: https://x.example/1.jpg, to be entered in Seller Center"
