import csv
import io
import zipfile
from urllib.parse import unquote

import openpyxl
import pytest

from tests.ui.sample import FIRST, IN_AUDIT, REJECTED, with_history


def product_ids(answer):
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    column = rows[0].index("Product id")
    return {row[column].strip() for row in rows[1:]}


def test_healthz_is_of_the_process_and_never_claims_a_reading_that_nobody_made(ask, tmp_path):
    """A probe that fails without a snapshot would have the pages killed on which the first store is connected."""
    unknown = {"status": "ok", "reading": "unknown", "snapshot_version": None}
    answer = ask("/healthz")
    assert (answer.status_code, answer.json()) == (200, unknown)
    with_history(tmp_path)
    assert ask("/healthz").json() | {"snapshot_version": 0} == {
        "status": "ok",
        "reading": "fresh",
        "snapshot_version": 0,
    }
    (tmp_path / "snapshot.db").write_bytes(b"no database" * 999)
    answer = ask("/healthz")
    assert (answer.status_code, answer.json()) == (200, unknown)
    (tmp_path / "aexdash.toml").write_text("[store.main\n")
    assert ask("/healthz").json() == unknown


def test_healthz_says_ahead_where_a_reading_is_stamped_later_than_now(ask, tmp_path, monkeypatch):
    with_history(tmp_path)
    (tmp_path / "clock").write_text("2026-03-09T10:00:00Z")
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock"))
    answer = ask("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ahead")


def test_the_csv_of_an_address_holds_the_listings_of_that_view_and_no_others(ask, tmp_path):
    with_history(tmp_path)
    everything = {str(product_id) for product_id in (*REJECTED, IN_AUDIT)}
    assert product_ids(ask("/export.csv")) == everything
    assert product_ids(ask("/export.csv?reason=image.main_too_small")) == {str(i) for i in REJECTED}
    assert product_ids(ask("/export.csv?reason=attribute.brand_missing")) == {str(IN_AUDIT)}
    assert product_ids(ask("/export.csv?as_of=2026-03-08T12:00:00Z")) == set()
    ahead = ask("/export.csv?as_of=2030-01-01T00:00:00Z")
    assert (ahead.status_code, ahead.text) == (
        404,
        "The moment 1 Jan 2030 00:00 UTC lies ahead: nobody has read it yet.",
    )


def test_the_file_name_of_an_export_says_the_moment_of_the_snapshot(ask, tmp_path):
    with_history(tmp_path)
    answer = ask("/export.csv?store=main")
    assert answer.headers["content-disposition"] == 'attachment; filename="aexdash-main-20260309T120000Z.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.slow
def test_the_workbook_is_a_workbook(ask, tmp_path):
    with_history(tmp_path)
    answer = ask("/export.xlsx")
    assert answer.headers["content-disposition"].endswith('Z.xlsx"')
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


@pytest.mark.slow
def test_the_fix_sheet_of_an_address_holds_the_listings_of_that_view(ask, tmp_path):
    with_history(tmp_path)
    answer = ask("/fix.csv?reason=image.main_too_small")
    assert product_ids(answer) == {str(i) for i in REJECTED}
    name = 'filename="aexdash-fix-image-main_too_small-all-stores-20260309T120000Z.csv"'
    assert answer.headers["content-disposition"] == f"attachment; {name}"
    book = openpyxl.load_workbook(io.BytesIO(ask("/fix.xlsx?reason=attribute.brand_missing").content))
    assert book.sheetnames[:2] == ["Brand missing", "How to fix"]
    assert [cell.value for cell in book.worksheets[0]["A"][1:]] == [str(IN_AUDIT)]


def test_the_fix_sheet_of_a_family_is_of_the_one_code_that_the_listings_have(ask, tmp_path):
    with_history(tmp_path)
    answer = ask("/fix.csv?reason=image")
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert {row["Product id"].strip() for row in rows} == {str(i) for i in REJECTED}
    assert "aexdash-fix-image-main_too_small-" in answer.headers["content-disposition"]


@pytest.mark.slow
def test_the_name_of_a_file_says_which_reasons_it_is_of(ask, tmp_path):
    with_history(tmp_path)
    name = ask("/export.csv?reason=image.main_too_small,title&store=main").headers["content-disposition"]
    assert name == 'attachment; filename="aexdash-image-main_too_small-title-main-20260309T120000Z.csv"'
    many = ask("/export.xlsx?reason=image,title,price").headers["content-disposition"]
    assert many == 'attachment; filename="aexdash-3-reasons-all-stores-20260309T120000Z.xlsx"'


def test_the_plain_form_holds_the_same_listings_under_keys(ask, tmp_path):
    with_history(tmp_path)
    answer = ask("/export.csv?plain=1&reason=image")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["product_id"] for row in rows] == [one.strip() for one in in_order(ask("/export.csv?reason=image"))]
    assert answer.headers["content-disposition"].endswith('aexdash-image-plain-all-stores-20260309T120000Z.csv"')
    refused = ask("/export.xlsx?plain=1")
    assert (refused.status_code, refused.text) == (404, "The plain form is a CSV: ask /export.csv with plain=1.")


def in_order(answer):
    return [row["Product id"] for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))]


@pytest.mark.parametrize("query", ["", "?reason=title", "?reason=image.none,title.empty", "?reason=no.such"])
def test_a_fix_sheet_of_anything_but_one_reason_is_refused(ask, tmp_path, query):
    with_history(tmp_path)
    for kind in ("csv", "xlsx"):
        answer = ask(f"/fix.{kind}{query}")
        assert (answer.status_code, answer.text[:34]) == (404, "A fix sheet is about one reason: n")


def test_an_export_without_a_snapshot_is_one_sentence(ask):
    answer = ask("/export.csv")
    assert answer.status_code == 503
    assert answer.text.startswith("There is no snapshot at snapshot.db yet")


def test_pictures_come_from_the_cache_and_from_nowhere_else(ask, tmp_path):
    name = "a" * 64 + ".jpg"
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / name).write_bytes(b"\xff\xd8picture")
    (tmp_path / "pictures" / "secrets.toml").write_text("no")
    assert ask(f"/pictures/{name}").content == b"\xff\xd8picture"
    wrong = ("secrets.toml", "..%2Faexdash.toml", "%2e%2e/aexdash.toml", "b" * 64 + ".jpg", f"..%2Fpictures%2F{name}")
    assert [ask(f"/pictures/{other}").status_code for other in wrong] == [404] * len(wrong)


def test_every_answer_carries_the_security_headers(ask, tmp_path):
    with_history(tmp_path)
    for path in ("/healthz", "/export.csv", "/pictures/x", "/nothing"):
        headers = ask(path).headers
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY"), path


def test_an_export_of_a_store_that_does_not_exist_is_refused_rather_than_empty(ask, tmp_path):
    with_history(tmp_path)
    answer = ask(f"/export.csv?store=nobody&q={FIRST}")
    assert (answer.status_code, answer.text) == (404, "There is no store nobody; leave store out for every store.")


def test_a_download_says_in_a_header_what_of_its_address_was_left_out(ask, tmp_path):
    with_history(tmp_path)
    answer = ask("/export.csv?status=rejcted%0D%0AX-Evil:%201&age=7d")
    left_out = "status=rejcted\r\nX-Evil: 1 is not known and was left out; status can be"
    assert unquote(answer.headers["x-aexdash-notes"]).startswith(left_out)
    assert "x-evil" not in answer.headers
    assert "x-aexdash-notes" not in ask("/export.csv?age=7d").headers


def test_the_evidence_pack_of_a_listing_is_one_file_to_keep(ask, tmp_path):
    with_history(tmp_path)
    answer = ask(f"/evidence.html?listing=main/{FIRST}")
    assert answer.status_code == 200
    assert f'filename="aexdash-evidence-{FIRST}-main-' in answer.headers["content-disposition"]
    assert f"<h1>Evidence on listing {FIRST}</h1>" in answer.text
    for words in ("", "?listing=lamp", f"?listing=main/{FIRST}9", f"?listing=other/{FIRST}"):
        assert ask(f"/evidence.html{words}").status_code == 404
