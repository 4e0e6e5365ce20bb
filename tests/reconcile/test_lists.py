"""Their list from files of several layouts and from what somebody copied."""

from __future__ import annotations

import pytest

from aexdash.model import Status
from aexdash.reconcile.lists import of_tables, of_text, status_of
from aexdash.sources.errors import SourceError
from aexdash.sources.tables import read_tables

ONE, TWO = 1005006000000001, 1005006000000002


def of_file(*lines: str):
    return of_tables("list.csv", read_tables("list.csv", "\n".join(lines).encode()))


def ids(theirs):
    return [row.product_id for row in theirs.rows]


def test_a_file_is_read_by_its_id_column_and_statuses_by_theirs():
    theirs = of_file("商品ID,*商品标题,状态", f"{ONE},灯,审核不通过", f"{TWO},灯,审核中", f"{TWO + 1},灯,冻结")
    assert ids(theirs) == [ONE, TWO, TWO + 1]
    assert [row.status for row in theirs.rows] == [Status.REJECTED, Status.AUDITING, None]
    assert theirs.notes == ("The file: nobody knows which status is meant by '冻结'; those rows count as listed.",)


def test_a_column_of_other_statuses_is_none_of_ours():
    theirs = of_file("Product ID,Status", f"{ONE},yes", f"{TWO},no")
    assert ([row.status for row in theirs.rows], theirs.notes) == ([None, None], ())


def test_a_file_with_sku_codes_alone_is_read_by_them():
    theirs = of_file("SKU,Price", "LAMP-1,3", "LAMP-2,4")
    assert [(row.product_id, row.sku) for row in theirs.rows] == [(None, "LAMP-1"), (None, "LAMP-2")]


@pytest.mark.parametrize(("head", "first"), [("SKU", "LAMP-1"), ("Product ID", str(ONE))])
def test_rows_without_an_id_as_below_a_merged_one_are_no_listings_and_are_named(head, first):
    theirs = of_file(f"{head},Severity,Message", f"{first},error,Missing brand", ",error,Missing price")
    assert [row.row for row in theirs.rows] == [2]
    assert theirs.notes == ("The file: passed over, because they name no listing: row 3.",)


def test_an_id_that_lost_digits_stays_a_row_and_says_so():
    theirs = of_file("Product ID,Title", "1.00501E+15,Lamp", f"{TWO},Lamp")
    assert [row.product_id for row in theirs.rows] == [None, TWO]
    assert "does not show all digits" in theirs.rows[0].note


def test_a_file_without_ids_is_refused_in_a_sentence():
    with pytest.raises(SourceError, match=r"list\.csv"):
        of_file("Title,Price", "Lamp,3")


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{TWO}",
        f"{ONE}, {TWO}",
        f"{ONE};{TWO}",
        f"ID: {ONE}, {TWO}",
        f"ID:{ONE}、{TWO}",
        f"{ONE}，{TWO}、",
        f"\u2067{ONE}\u2069،\u202b{TWO}\u202c",
        f"Product\n\n  Desk lamp ID: {ONE} $12.50  \n  Desk lamp ID: {TWO}",
        f"https://www.aliexpress.com/item/{ONE}.html\nhttps://www.aliexpress.com/item/{TWO}.html",
        f"{ONE}\tDesk lamp\t4006381333931\n{TWO}\tDesk lamp\t4006381333931",
    ],
)
def test_ids_are_found_in_what_somebody_copied(text):
    assert ids(of_text(text)) == [ONE, TWO]


def test_a_single_word_with_digits_that_is_no_id_is_a_row_and_words_are_none():
    theirs = of_text(f"Product id\nRejected\n{ONE}\n10050")
    assert [(row.row, row.product_id) for row in theirs.rows] == [(3, ONE), (4, None)]
    assert theirs.rows[1].note


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("onSelling", Status.ACTIVE),
        (" Under  review ", Status.AUDITING),
        ("EditingRequired", Status.REJECTED),
        ("下架", Status.OFFLINE),
        ("客服删除", Status.DELETED),
        ("Отклонён", Status.REJECTED),
        ("something else", None),
    ],
)
def test_words_of_seller_center_are_our_statuses(word, status):
    assert status_of(word) is status


@pytest.mark.parametrize("head", ["SKU,Severity,Message", "Product ID,Severity,Message"])
def test_totals_below_a_list_are_no_listings_and_are_named(head):
    first = "d1" if head.startswith("SKU") else str(ONE)
    theirs = of_file(head, f"{first},error,Missing brand", "Total,1,", "Grand total: 1 rows,,see above")
    assert len(theirs.rows) == 1
    assert theirs.notes == ("The file: left out as totals: rows 3 and 4.",)
