"""The panel of a listing says its score, what it is made of, and what would raise it most."""

from __future__ import annotations

from contextlib import closing

from aexdash.model import ListingQuality
from aexdash.snapshot.evidence.api import record_quality
from aexdash.snapshot.file import open_snapshot
from aexdash.ui.worklist.listing_detail import NOT_SCORED
from tests.ui.reading import captions, said
from tests.ui.sample import FIRST, NOW, main_store, with_history

QUALITY = ListingQuality(
    81.4,
    {"pictures": 62.0, "attributes": 90.4, "title": 100.0, "description": None, "skus": 79.6},
    required=5,
    filled=4,
    worst="Pictures: show at least 5 pictures (2 now), which adds 6.0 points.",
)


def test_the_panel_shows_the_score_with_its_parts_and_what_would_raise_it_most(open_page, tmp_path):
    folder = with_history(tmp_path)
    with closing(open_snapshot(folder / "snapshot.db")) as db:
        record_quality(db, main_store(db), FIRST, QUALITY, NOW)
    page = open_page(folder, "worklist", listing=f"main/{FIRST}")
    assert "## Quality 81 of 100" in said(page)
    assert f"What would raise it most. {QUALITY.worst}" in [element.value for element in page.text]
    (parts,) = [frame.value for frame in page.dataframe if "Full marks" in frame.value]
    assert list(parts[["Part", "Score", "Weight"]].itertuples(index=False, name=None)) == [
        ("Pictures", "62", "30 %"),
        ("Attributes", "90", "25 %"),
        ("Title", "100", "15 %"),
        ("Description", "not known", "15 %"),
        ("SKU data", "80", "15 %"),
    ]
    assert parts["Full marks"][3] == "it has at least 300 characters of text; it has at least 3 pictures."


def test_a_listing_that_was_not_scored_yet_says_when_it_will_be(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", listing=f"main/{FIRST}")
    assert "## Quality" in said(page)
    assert NOT_SCORED in captions(page)
