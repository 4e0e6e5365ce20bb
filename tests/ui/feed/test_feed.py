import csv
import io
import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.clock import to_text
from aexdash.config.settings import load_settings
from aexdash.desk import file as desk_file
from aexdash.desk.feed_columns import REMEMBER, FeedDesk, folder_of
from aexdash.feed.fetched import Fetched, write_fetched
from aexdash.feed.watching import FeedWatch
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.stores import id_of
from aexdash.snapshot.trade import feed_files
from aexdash.sources.columns.headings import set_of
from aexdash.sources.feedonomics import FeedColumns
from aexdash.sources.validation import FeedRun
from aexdash.words.common import plain
from tests.ui.reading import alerts, captions, cards, said
from tests.ui.sample import FIRST, HOSTILE, NOW, REJECTED, set_clock, with_history

FILE = (
    b"SKU,Severity,Message,Error code,Date\n"
    b"SKU-1,Error,GTIN is missing,E7,2026-03-08\n"
    b"SKU-2,Error,GTIN is missing,E7,2026-03-08\n"
    b"X-9,Error,=1+1,E8,2026-03-08\n"
    b"SKU-4,Warning,Title is long,W1,2026-03-08\n" + b"".join(b"A-%d,,,,2026-03-08\n" % n for n in range(96))
)


def drop(page, content, name="validation.csv"):
    return page.file_uploader[0].set_value((name, content, "text/csv")).run()


def work(folder, now=NOW):
    """What the worker does within a minute or two."""
    settings = load_settings(folder)
    db = open_snapshot(settings.snapshot_path)
    FeedWatch(settings, db, clock=lambda: now, log=pytest.fail, writing=nullcontext).look(settle=False)
    db.close()


def lay(folder, name, content):
    there = folder_of(folder, "main")
    there.mkdir(parents=True, exist_ok=True)
    (there / name).write_bytes(content)


def frame(page, column):
    return next(table.value for table in page.dataframe if column in table.value.columns)


def test_without_a_file_the_page_says_not_connected_and_how_to_connect(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "feed")
    assert not page.exception
    assert any("Not connected" in text for text in said(page))
    assert any("feed/main/" in text.replace("\\", "") for text in said(page))
    assert "api_key" in page.code[0].value
    assert page.dataframe == []


def test_a_file_is_dropped_looked_at_kept_and_read_by_the_worker(open_page, tmp_path):
    page = drop(open_page(with_history(tmp_path), "feed"), FILE)
    assert not page.exception
    figures = cards(page)
    assert {name: figures[name] for name in ("SKUs", "Rejected", "Share", "Dated")} == {
        "SKUs": "100",
        "Rejected": "3",
        "Share": "3.0%",
        "Dated": "8 Mar 2026 (UTC)",
    }
    assert not (tmp_path / "feed").exists()
    page.button(key="keep-feed-file").click().run()
    [laid] = (tmp_path / "feed" / "main").iterdir()
    kind, sentence = alerts(page)[0]
    assert (kind, laid.name in sentence.replace("\\", "")) == ("success", True)
    assert FeedDesk(tmp_path / "desk.db").columns_for(("SKU", "Severity", "Message", "Error code", "Date")) == (
        FeedColumns("SKU", "Severity", "Message", "Error code", None, "Date")
    )
    work(tmp_path)
    page = open_page(tmp_path, "feed")
    assert not page.exception
    assert cards(page)["Failing feed validation"] == "3 %"
    assert frame(page, "Note")["File"].tolist() == [laid.name]


def test_the_figures_of_the_card_name_their_days_and_a_file_of_a_day_is_of_that_day(open_page, tmp_path):
    """The sentence stands above a list that has the files of today too, and so says other numbers."""
    folder = with_history(tmp_path)
    config = folder / "aexdash.toml"
    config.write_text('[workspace]\nzone = "Europe/Madrid"\n' + config.read_text())
    lay(folder, "validation-2026-03-08.csv", FILE)
    lay(folder, "validation-2026-03-09.csv", FILE.replace(b"2026-03-08", b"2026-03-09"))
    lay(folder, "at-ten.csv", FILE.replace(b"2026-03-08", b"2026-03-07T10:00:00Z"))
    work(folder)
    page = open_page(folder, "feed")
    assert "6 rejected of 200 SKUs in the files of 2 Mar to 8 Mar (Madrid), without today, 9 Mar." in captions(page)
    files = frame(page, "Note")
    assert dict(zip(files["File"], files["Dated"], strict=True)) == {
        "validation-2026-03-09.csv": "9 Mar 2026 (Madrid)",
        "validation-2026-03-08.csv": "8 Mar 2026 (Madrid)",
        "at-ten.csv": "7 Mar 2026 11:00 Madrid",
    }


def test_rejected_rows_are_joined_to_listings_and_counted_by_what_they_say(open_page, tmp_path):
    lay(with_history(tmp_path), "validation.csv", FILE)
    work(tmp_path)
    page = open_page(tmp_path, "feed")
    assert not page.exception
    groups = frame(page, "Rejected SKUs")
    assert groups[["Code", "Message", "Rejected SKUs", "SKUs named"]].to_numpy().tolist() == [
        ["E7", "GTIN is missing", 2, 2],
        ["E8", "=1+1", 1, 1],
        ["W1", "Title is long", 0, 1],
    ]
    rows = frame(page, "Listing")
    assert rows[["SKU", "Listing", "Status"]].to_numpy().tolist() == [
        ["SKU-1", HOSTILE, "rejected"],
        ["SKU-2", "Desk lamp 2", "rejected"],
        ["X-9", "no listing has it", ""],
    ]
    assert rows["Open"].tolist()[0] == f"/worklist?store=main&listing=main%2F{FIRST}"


def test_a_mapping_is_asked_once_and_remembered(open_page, tmp_path):
    content = b"SKU,Verdict,Hue\nA,bad,red\nB,,red\n"
    page = drop(open_page(with_history(tmp_path), "feed"), content)
    assert any("Choose the severity, or say that every message means rejected" in text for text in captions(page))
    next(box for box in page.selectbox if box.label == "Message").set_value("Verdict").run()
    assert not any(button.key == "keep-feed-file" for button in page.button)
    page.checkbox[0].check().run()
    assert (cards(page)["Rejected"], cards(page)["SKUs"]) == ("1", "2")
    page.button(key="keep-feed-file").click().run()
    again = drop(open_page(tmp_path, "feed"), b"hue,sku,verdict\nred,A,bad\n")
    assert any("as mapped before" in text for text in said(again))


def test_headings_in_another_case_are_mapped_as_before(open_page, tmp_path):
    desk = FeedDesk(with_history(tmp_path) / "desk.db")
    mapped = FeedColumns(sku="SKU", message="Verdict", every_message=True, rejected_words=("kaput",))
    desk.remember(("SKU", "Verdict"), mapped, by="me", now=NOW)
    assert desk.columns_for(("verdict", "sku")) == replace(mapped, sku="sku", message="verdict")


def test_columns_of_an_earlier_version_stand_unless_a_heading_tells_rejections_from_warnings(tmp_path):
    desk = FeedDesk(with_history(tmp_path) / "desk.db")
    for headings in (("SKU", "Verdict"), ("Item ID", "Issue title", "Servability")):
        stored = json.dumps(
            dict.fromkeys(("severity", "code", "attribute", "date")) | {"sku": headings[0], "message": headings[1]}
        )
        with desk_file.writing(desk.path) as connection:
            connection.execute(REMEMBER, (set_of(headings), stored, to_text(NOW), "me"))
    assert desk.columns_for(("SKU", "Verdict")).complete
    assert not desk.columns_for(("Item ID", "Issue title", "Servability")).complete


@pytest.mark.slow
def test_statuses_that_are_not_known_are_asked_about_and_not_counted(open_page, tmp_path):
    content = b"SKU,Status,Message\nA,Rejected,x\nB,kaput,y\nC,splendid,z\nD,passed,\n"
    page = drop(open_page(with_history(tmp_path), "feed"), content)
    assert (cards(page)["Rejected"], cards(page)["SKUs"]) == ("1", "2")
    next(box for box in page.selectbox if box.label == "kaput (1 row)").set_value("rejected").run()
    assert (cards(page)["Rejected"], cards(page)["SKUs"]) == ("2", "3")
    page.button(key="keep-feed-file").click().run()
    assert FeedDesk(tmp_path / "desk.db").columns_for(("SKU", "Status", "Message")).rejected_words == ("kaput",)
    again = drop(open_page(tmp_path, "feed"), content)
    assert (cards(again)["Rejected"], cards(again)["SKUs"]) == ("2", "3")


def test_a_list_of_products_is_no_validation_file_with_nothing_rejected(open_page, tmp_path):
    page = drop(open_page(with_history(tmp_path), "feed"), b"SKU,Title,Price,Status\nA,Lamp,1,Active\nB,Desk,2,Draft\n")
    assert "Rejected" not in cards(page)
    next(box for box in page.selectbox if box.label == "Severity").set_value("Status").run()
    assert "Rejected" not in cards(page)
    [error] = [sentence for kind, sentence in alerts(page) if kind == "error"]
    assert "says of no SKU whether it was rejected: nobody said what 'active', 'draft' means" in error.replace("\\", "")


def test_a_code_page_that_is_not_clear_is_chosen_by_a_line_that_reads(open_page, tmp_path):
    page = drop(open_page(with_history(tmp_path), "feed"), "SKU,Severity,Message\nA,error,Błąd ceny\n".encode("cp1250"))
    assert "Rejected" not in cards(page)
    page.radio[0].set_value("cp1250")
    page.button(key="read-code-page-feed").click().run()
    assert (cards(page)["Rejected"], cards(page)["SKUs"]) == ("1", "1")
    page.button(key="keep-feed-file").click().run()
    [laid] = (tmp_path / "feed" / "main").iterdir()
    assert "Błąd ceny" in laid.read_text(encoding="utf-8-sig")


def test_a_file_that_is_no_table_is_refused_in_a_sentence(open_page, tmp_path):
    page = drop(open_page(with_history(tmp_path), "feed"), b"name,price\nLamp,1\n")
    assert not page.exception
    [error] = [sentence for kind, sentence in alerts(page) if kind == "error"]
    assert "no heading row with product ids or SKU codes" in error


def test_a_file_that_cannot_be_read_is_named_on_health_and_on_the_feed_page(open_page, tmp_path):
    lay(with_history(tmp_path), "bad.csv", b"")
    settings = load_settings(tmp_path)
    db = open_snapshot(settings.snapshot_path)
    FeedWatch(settings, db, clock=lambda: NOW, log=list, writing=nullcontext).look(settle=False)
    db.close()
    for name in ("health", "feed"):
        page = open_page(tmp_path, name)
        assert not page.exception
        sentences = [sentence for kind, sentence in alerts(page) if kind == "warning" and "bad" in sentence]
        assert len(sentences) == 1
        assert "is empty: nothing was exported into it; export it again" in sentences[0].replace("\\", "")


def test_the_page_says_when_the_feed_last_ran(open_page, tmp_path):
    db = open_snapshot(with_history(tmp_path) / "snapshot.db")
    run = FeedRun(NOW - timedelta(hours=2), "Main: import <b>done</b>", "")
    feed_files.record_run(db, id_of(db.conn, "main"), run, NOW)
    db.close()
    page = open_page(tmp_path, "feed")
    assert any("last ran 9 Mar 2026 10:01 UTC" in text for text in said(page))
    assert not any("<b>" in text for text in said(page))


def test_the_csv_holds_the_rejected_rows_with_their_listings_and_runs_no_formula(ask, tmp_path):
    lay(with_history(tmp_path), "validation.csv", FILE)
    work(tmp_path)
    answer = ask("/feed.csv?store=main")
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["SKU"].strip(), row["Message"], row["Product id"].strip()) for row in rows] == [
        ("SKU-1", "GTIN is missing", str(REJECTED[0])),
        ("SKU-2", "GTIN is missing", str(REJECTED[1])),
        ("X-9", "'=1+1", ""),
    ]
    assert answer.headers["content-disposition"].startswith('attachment; filename="aexdash-feed-rejected-main-')


def test_page_and_csv_begin_with_the_same_midnight_that_of_the_workspace(open_page, ask, tmp_path):
    """The CSV began with that of UTC, and left out what the page showed of the first of its days."""
    home = with_history(tmp_path)
    config = home / "aexdash.toml"
    config.write_text(f'{config.read_text()}\n[workspace]\nzone = "Asia/Shanghai"\n')
    lay(home, "validation.csv", FILE.replace(b"2026-03-08", b"2026-03-02"))
    work(home)
    assert "3" in {str(cell) for cell in frame(open_page(home, "feed"), "Rejected")["Rejected"]}
    assert len(ask("/feed.csv").text.splitlines()) == 1 + 3


def test_files_of_another_week_are_not_shown(open_page, tmp_path):
    lay(with_history(tmp_path), "validation.csv", FILE)
    work(tmp_path)
    set_clock(tmp_path, NOW + timedelta(days=8))
    page = open_page(tmp_path, "feed")
    assert any(text.startswith("None since") and "put into the feed folder" in text for text in captions(page))


def test_what_the_worker_fetched_by_sftp_and_what_is_wrong_there_are_told(open_page, tmp_path):
    home = with_history(tmp_path)
    config = home / "aexdash.toml"
    config.write_text(config.read_text() + '\n[feed.main]\nsftp = "sftp://me@sftp.example.com/<b>out</b>"\n')
    [line] = [text for text in said(open_page(home, "feed")) if "SFTP folder" in text]
    assert "not looked into yet: a worker does that; nothing fetched yet" in line
    trouble = 'If its owner confirms SHA256:a+/, write sftp_host_key = "SHA256:a+/".'
    write_fetched(home, "main", Fetched(looked_at=NOW, trouble=trouble, latest="[a](b).csv", latest_at=NOW))
    page = open_page(home, "feed")
    assert not page.exception
    [line] = [text for text in said(page) if "SFTP folder" in text]
    assert plain("sftp.example.com, /<b>out</b>") in line
    assert f"last fetched {plain('[a](b).csv')}" in line
    assert [text.value for text in page.text if "owner" in text.value] == [trouble]
    assert not any("me@" in text for text in said(page))
