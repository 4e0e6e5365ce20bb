"""What a validation file says of its rows: rejected, passed with a warning, or a word that nobody explained."""

from __future__ import annotations

import pytest

from aexdash.sources.columns.cell_words import Meaning, meaning_of
from aexdash.sources.errors import SourceError
from aexdash.sources.feedonomics import FeedColumns, columns_of, guess, unknown_words, validate
from aexdash.sources.tables import read_tables
from tests.sources.test_files_people_bring import NOW, validated


def test_a_column_of_effects_tells_warnings_from_rejections() -> None:
    rows = "o-1,Chair,No code,unaffected\no-2,Chair,Blurred,demoted\no-3,Chair,No price,disapproved\n"
    read = validated(f"Item ID,Title,Issue title,Servability\n{rows}".encode())
    assert (read.rejected, read.rows) == (1, 3)


@pytest.mark.parametrize(
    "heading", ["Error type", "error-type", "Issue severity", "Effect", "Impact", "Тип ошибки", "级别"]
)
def test_columns_of_severity_have_many_headings(heading: str) -> None:
    assert guess(("SKU", heading, "Message")).severity == heading


def test_where_nothing_tells_warnings_from_rejections_a_person_is_asked() -> None:
    content = b"SKU,Issue title\nA,Blurred\nB,\n"
    tables = read_tables("report.csv", content)
    assert not guess(tables[0].headings).complete
    with pytest.raises(SourceError, match="does not say which SKUs were rejected"):
        validate("report.csv", tables, columns_of(tables, lambda _: None), NOW)
    answered = FeedColumns(sku="SKU", message="Issue title", every_message=True)
    read = validate("report.csv", tables, {tables[0].headings: answered}, NOW)
    assert (read.rejected, read.rows) == (1, 2)


def test_a_list_of_products_is_refused_and_not_counted_as_nothing_rejected() -> None:
    for content in (
        b"SKU,Title,Price,Stock\nA,Lamp,1,5\nB,Desk,2,5\n",
        b"SKU,Title,Price,Status\nA,Lamp,1,Active\nB,Desk,2,Active\n",
        b"SKU,Title,Status,Comment\nA,Lamp,Active,\nB,Desk,Draft,\n",
    ):
        with pytest.raises(SourceError, match="if this is no validation file, leave it out"):
            validated(content)


PASSED = """
Passed with notices|Accepted|No errors|Not rejected|0 errors|Failed: 0|No issues found, ok|Errors = 0|0 issues
Ошибок нет|Без ошибок|Принято|通过|审核通过|无错误|没有错误|合格|Sin errores|Aprobado|Sem erros|Aprovado
Accepté|Sans erreur|Keine Fehler|Bestanden|Genehmigt|Hata yok|Onaylandı|오류 없음|승인|합격|No warnings
Warning: not rejected|0 errors, 3 warnings|Предупреждение|警告|경고
"""
REJECTED = """
Rejected|Not passed|Not approved|3 errors|Не принят|Отклонено|未通过|审核不通过|不合格|驳回|Rechazado|No aprobado
Não aprovado|Refusé|Non approuvé|Nicht bestanden|Abgelehnt|Reddedildi|Onaylanmadı|거부|불합격|Failed: 2
"""
UNKNOWN = "Invalid rows ignored|Passed with errors|Pending|Kaput|7||Error-free|Unsuccessful|Issues"


@pytest.mark.parametrize(
    ("words", "meaning"), [(PASSED, Meaning.NOT_REJECTED), (REJECTED, Meaning.REJECTED), (UNKNOWN, Meaning.UNKNOWN)]
)
def test_words_that_say_passed_or_rejected_in_nine_languages(words: str, meaning: Meaning) -> None:
    told = words.strip().replace("\n", "|").split("|")
    assert {word: meaning_of(word) for word in told} == dict.fromkeys(told, meaning)


def test_a_status_that_is_not_known_is_asked_about_and_counts_neither_way() -> None:
    content = b"SKU,Status,Message\nA,Rejected,x\nB,Invalid rows ignored,y\nC,ok,\nB,kaput,z\nD,,\n"
    read = validated(content)
    assert (read.rejected, read.rows, read.unknown_skus) == (1, 3, 1)
    assert read.unknown_words == ("invalid rows ignored", "kaput")
    tables = read_tables("a.csv", content)
    assert unknown_words(tables[0], guess(tables[0].headings)) == {"invalid rows ignored": 1, "kaput": 1}
    answered = validated(content, rejected_words=("kaput",), other_words=("invalid rows ignored",))
    assert (answered.rejected, answered.rows, answered.unknown_skus) == (2, 4, 0)


def test_a_file_whose_every_status_is_unknown_is_no_zero() -> None:
    with pytest.raises(SourceError, match="says of no SKU whether it was rejected: nobody said what 'kaput' means"):
        validated(b"SKU,Status,Message\nA,kaput,x\nB,kaput,y\n")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("A,kaput,x\nB,passed,\n", "nobody said what 'kaput' means"),
        (
            "9.1E+15,error,x\nB,warning,y\n",
            "it may have rejected SKUs that cannot be told: row 2. Refused,",
        ),
        (
            "9.1E+15,kaput,x\nB,passed,\n",
            "it may have rejected SKUs that cannot be told: row 2. Refused,",
        ),
        (",error,x\nB,warning,y\n", "it may have rejected SKUs that cannot be told: row 2. Rows without a SKU"),
    ],
)
def test_rows_that_may_be_rejections_and_cannot_be_counted_leave_no_zero(rows: str, why: str) -> None:
    with pytest.raises(SourceError, match=f"would count as nothing rejected, (while|though) {why}"):
        validated(f"SKU,Status,Message\n{rows}".encode())
    read = validated(f"SKU,Status,Message\n{rows}C,error,z\n".encode())
    assert (read.rejected, read.remarks != ()) == (1, True)


def test_rows_that_name_no_sku_and_were_not_rejected_leave_the_zero() -> None:
    read = validated(b"SKU,Severity,Message\n,warning,x\n9.1E+15,warning,y\nB,passed,\nTotal,1,\n")
    assert (read.rejected, read.rows) == (0, 1)
