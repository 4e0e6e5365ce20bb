"""The words for what left sale and what expires: a store that nobody read has neither *none* nor *all*."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.model import Status
from aexdash.reconcile.kept import Kept
from aexdash.reconcile.model import Outcome
from aexdash.snapshot.compared.expiring import ExpiringSoon
from aexdash.snapshot.compared.gone import Gone
from aexdash.snapshot.compared.standing import StatusRead
from aexdash.snapshot.compared.unsold import UnsoldOfStore
from aexdash.words.reconcile.comparison import kept_words
from aexdash.words.reconcile.gone import expiring_words, read_words, summary
from aexdash.words.reconcile.on_sale import changed_words, unsold_words
from tests.reaches import NOON

START = NOON - timedelta(days=1)
SPAN = "after 8 Mar 2026 12:00 UTC and up to 9 Mar 2026 12:00 UTC"
READ, NEVER = StatusRead(NOON, None), StatusRead(None, None)


def reads(*each: StatusRead) -> dict[tuple[str, Status], StatusRead]:
    return {(key, Status.ACTIVE): one for key, one in zip(("one", "two"), each, strict=False)}


GONE = Gone("one", 7, "Boots", None, NOON, Status.REJECTED, None, "", Status.REJECTED, None, None)


@pytest.mark.parametrize(
    ("gone", "each", "words"),
    [
        ([], (READ, READ), f"No listing was seen to leave sale {SPAN}."),
        ([], (READ, NEVER), f"No listing was seen to leave sale {SPAN}, in 1 of 2 stores."),
        ([], (NEVER, NEVER), f"Not known: what is on sale was not read {SPAN}."),
        ([GONE], (READ, READ), f"1 listing seen to leave sale {SPAN}: 1 rejected."),
        ([GONE], (READ, NEVER), f"At least 1 listing seen to leave sale {SPAN}: 1 rejected."),
        ([GONE], (NEVER, NEVER), f"At least 1 listing seen to leave sale {SPAN}: 1 rejected."),
    ],
)
def test_what_left_sale_is_said_of_the_stores_that_were_read(gone, each, words):
    assert summary(gone, START, NOON, reads(*each)) == words


def test_of_a_store_that_was_first_read_within_the_span_nothing_is_known_before():
    """One that was connected a minute ago had no listing that left sale in seven days, and none in thirty."""
    new = StatusRead(NOON, None, first_read_at=NOON - timedelta(hours=2))
    began = "First read 9 Mar 2026 10:00 UTC: nothing is known before."
    assert summary([], START, NOON, reads(new)) == f"No listing was seen to leave sale {SPAN}. {began}"
    assert (
        summary([GONE], START, NOON, reads(new)) == f"At least 1 listing seen to leave sale {SPAN}: 1 rejected. {began}"
    )
    assert changed_words([], START, NOON, reads(new)).endswith(f"was seen to change again. {began}")
    of_two = summary([], START, NOON, reads(READ, new), titles={"two": "Outlet"})
    assert of_two.endswith(" First read in Outlet 9 Mar 2026 10:00 UTC: nothing is known before.")
    old = StatusRead(NOON, None, first_read_at=START)
    assert summary([], START, NOON, reads(old)) == f"No listing was seen to leave sale {SPAN}."


@pytest.mark.parametrize(
    ("soon", "begins"),
    [
        (ExpiringSoon((), 3, 3, 0), "None expires within 7 days."),
        (ExpiringSoon((), 0, 0, 0), "No listing was on sale when last read, 9 Mar 2026 12:00 UTC."),
        (ExpiringSoon((), 3, 0, 0), "Not known: AliExpress tells no end date of the 3 listings on sale."),
    ],
)
def test_a_store_whose_listings_on_sale_nobody_read_is_named_beside_none(soon, begins):
    words = expiring_words(soon, 7, reads(READ, NEVER))
    assert words.startswith(begins)
    assert words.endswith(" What is on sale was never read in two.")
    assert "never read" not in expiring_words(soon, 7, reads(READ, READ))
    assert expiring_words(soon, 7, reads(NEVER, NEVER)) == "Not known: what is on sale was never read."


def test_stores_are_called_by_their_names_where_these_are_given():
    """A page once named them by their keys, beside their names everywhere else."""
    titles = {"one": "Madrid", "two": "Outlet"}
    soon = expiring_words(ExpiringSoon((), 3, 3, 0), 7, reads(READ, NEVER), titles=titles)
    assert soon.endswith(" What is on sale was never read in Outlet.")
    assert read_words(reads(READ, NEVER), START, titles=titles).endswith("Not read in this span: Outlet.")
    unread = [UnsoldOfStore("one", 7, 3, 0, None, None, "", ())]
    assert "Orders of Madrid were not read." in unsold_words(unread, 7, reads(READ), titles=titles)
    assert changed_words([], START, NOON, reads(READ, NEVER), titles=titles).endswith("in this span: Outlet.")
    kept = Kept(1, NOON, "", NOON, ("one", "two"), numbers=False, outcome=Outcome.AGREES, differs_by=0)
    assert " · Madrid, Outlet · " in kept_words(kept, titles=titles)
