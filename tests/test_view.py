"""The view between an address and the fields of its filters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.address_words import bounds_of_age, read_age
from aexdash.clock import from_text
from aexdash.model import AuditKind, Provenance, Status
from aexdash.view import FILTERS, ORDERS, View, mistakes

OUTSIDE = "is not a moment of the years 1000 to 9998"


def test_every_filter_sets_a_field_of_the_view_and_every_field_has_one():
    within = {"stores", "notes"}
    assert {one.field for one in FILTERS} | within == set(View.__dataclass_fields__)
    assert len({one.name for one in FILTERS}) == len(FILTERS)


@pytest.mark.parametrize(
    ("word", "written", "bounds"),
    [
        ("14d", "14d", (timedelta(days=14), None)),
        ("36h", "36h", (timedelta(hours=36), None)),
        ("48h", "2d", (timedelta(days=2), None)),
        ("3d-7d", "3d-7d", (timedelta(days=3), timedelta(days=7))),
        ("-24h", "-1d", (None, timedelta(days=1))),
    ],
)
def test_an_age_is_any_number_of_days_or_hours_and_is_written_in_one_way(word, written, bounds):
    assert (read_age(word), bounds_of_age(written)) == (written, bounds)
    assert View.from_query({"age": word}).to_query() == {"age": written}


@pytest.mark.parametrize("word", ["", "-", "0d", "d", "14", "3d-", "7d-3d", "24h-1d", "14d ", "99999d", "٣d", "3w"])
def test_what_is_no_age_is_refused(word):
    with pytest.raises(ValueError):  # noqa: PT011 - the filter says what is wrong
        read_age(word)


@given(st.lists(st.text(min_size=1), unique=True))
def test_any_owner_comes_back_from_its_address(owners):
    view = View(owners=tuple(owners))
    assert View.from_query(view.to_query()) == view


@pytest.mark.parametrize(
    ("given_", "owners"),
    [
        ("Olga,Jane", ("Olga", "Jane")),
        (" Olga , Jane ,", ("Olga", "Jane")),
        ('"Smith, Jane",Olga', ("Smith, Jane", "Olga")),
        (['"Smith, Jane"', "Olga"], ("Smith, Jane", "Olga")),
        ('Olga, "Ann ""A, B"" Lee" ,Jane', ("Olga", 'Ann "A, B" Lee', "Jane")),
        ('"Smith, Jane', ('"Smith', "Jane")),
        ('Ann "A" Lee', ('Ann "A" Lee',)),
        ('"A" Lee,B', ('"A" Lee', "B")),
        (",,", ()),
        ('""', ('""',)),
    ],
)
def test_lists_are_read_with_commas_between_and_words_with_commas_in_quotes(given_, owners):
    assert View.from_query({"owner": given_}).owners == owners


def test_an_address_is_written_in_the_order_of_the_filters_without_what_is_usual():
    view = View(
        store="main",
        statuses=(Status.REJECTED, Status.AUDITING),
        audit_kinds=(AuditKind.RE_REVIEW,),
        reasons=("image",),
        provenance=(Provenance.CHECK,),
        categories=(380230, 200),
        owners=("Olga", "Smith, Jane"),
        age="3d",
        in_status="-9d",
        both=("image", "title.too_long"),
        text="a, b",
        as_of=from_text("2026-03-09T12:00:00Z"),
        order="money",
    )
    assert list(view.to_query().items()) == [
        ("store", "main"),
        ("status", "rejected,auditing"),
        ("audit", "re_review"),
        ("reason", "image"),
        ("provenance", "check"),
        ("category", "380230,200"),
        ("owner", 'Olga,"Smith, Jane"'),
        ("age", "3d"),
        ("in_status", "-9d"),
        ("both", "image,title.too_long"),
        ("q", "a, b"),
        ("as_of", "2026-03-09T12:00:00.000Z"),
        ("order", "money"),
    ]
    assert View.from_query(view.to_query()) == view
    assert View().to_query() == {}


def test_what_cannot_be_read_is_left_out_and_noted():
    view = View.from_query(
        {
            "status": "rejcted,rejected,deleted",
            "category": ["12", "x,3"],
            "age": "7d-3d",
            "as_of": "yesterday",
            "order": "colour",
            "unheard": "of",
        }
    )
    assert view == View(statuses=(Status.REJECTED,), categories=(12, 3))
    assert view.notes == (
        "status=rejcted,deleted is not known and was left out; status can be rejected, auditing, offline, active.",
        "category=x is not a number and was left out; write a category id such as 380230.",
        "age=7d-3d is no age and was left out; write 14d, 36h, 3d-7d or -1d.",
        f"as_of=yesterday {OUTSIDE} and was left out; write it like 2026-03-09T12:00:00Z.",
        f"order=colour is not known and was left out; order can be {', '.join(ORDERS)}.",
    )


def test_who_leaves_nothing_out_is_told_the_words_that_a_filter_does_not_know():
    query = {"status": "rejcted,rejected,deleted", "note": "maybe", "owner": "Olga", "unheard": "of"}
    assert [(one.name, wrong) for one, wrong in mistakes(query)] == [
        ("status", ["rejcted", "deleted"]),
        ("note", ["maybe"]),
    ]
    assert mistakes({"status": "rejected"}) == []


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "0001-01-02T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_moment_of_which_nothing_can_be_counted_back_or_on_is_noted(moment):
    view = View.from_query({"as_of": moment})
    assert (view.as_of, len(view.notes)) == (None, 1)


@given(st.dictionaries(st.sampled_from([one.name for one in FILTERS]), st.text() | st.lists(st.text())))
def test_any_address_is_read_and_written_so_that_it_is_read_the_same(query):
    view = View.from_query(query)
    assert View.from_query(view.to_query()) == view


@pytest.mark.parametrize("one", [one for one in FILTERS if one.known], ids=lambda one: one.name)
def test_the_help_of_a_filter_names_every_word_that_it_knows(one):
    assert [word for word in one.known if word not in one.help] == []
