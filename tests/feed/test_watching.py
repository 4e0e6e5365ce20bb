"""The feed folder: what anybody lays there is read once, kept, and named where it cannot be read."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path

import pytest

from aexdash.cards import Window
from aexdash.cards.window import Ending
from aexdash.clock import start_of_day, zone_named
from aexdash.config.settings import Settings, load_settings
from aexdash.desk.feed_columns import FeedDesk, folder_of, lay_down
from aexdash.feed.watching import FeedWatch, watching
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.history.counts import KnownFrom
from aexdash.snapshot.measures import trade
from aexdash.snapshot.measures.facts import FeedShare
from aexdash.snapshot.measures.scope import MeasuredStore, Scope
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.snapshot.trade import feed_files
from aexdash.snapshot.trade.feed_report import FeedFile, FeedGroup, RejectedRow
from aexdash.sources.errors import SourceError
from aexdash.sources.feedonomics import FeedColumns
from aexdash.statement import StoreReading
from aexdash.sync import lease
from tests.sources.test_bad_files import bomb  # noqa: F401
from tests.sources.written import workbook
from tests.support import NOON, MovedClock, keep

LONG_AGO = NOON - timedelta(days=1000)
GOOD = b"sku,error,code,date\nA,GTIN is missing,E7,2026-03-08\nB,,,2026-03-08\nC,=1+1,E7,2026-03-07\nD,,,\n"
DATED = datetime(2026, 3, 8, tzinfo=NOON.tzinfo)


class Home:
    """A home with one store, its snapshot, and a watch that a test steps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "aexdash.toml").write_text('[store.main]\nmodel = "overseas"\n', encoding="utf-8")
        self.settings: Settings = load_settings(folder)
        self.clock = MovedClock(NOON)
        self.db = open_snapshot(self.settings.snapshot_path)
        self.store = ensure_store(self.db, key="main", title="main", model="overseas", now=NOON)
        self.said: list[str] = []
        self.watch = self.new_watch()

    def new_watch(self) -> FeedWatch:
        return FeedWatch(self.settings, self.db, clock=self.clock, log=self.said.append, writing=nullcontext)

    def lay(self, name: str, content: bytes) -> Path:
        folder = folder_of(self.folder, "main")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        return folder / name

    def look(self) -> int:
        self.clock.move(minutes=1)
        return self.watch.look()

    def settle(self) -> int:
        self.look()
        return self.look()

    @property
    def report(self):
        return Snapshot(self.settings.snapshot_path).feed(None)

    @property
    def files(self) -> list[FeedFile]:
        return self.report.files(LONG_AGO, self.clock())

    def names(self) -> list[tuple[str, int, int]]:
        return [(file.name, file.rejected, file.rows) for file in self.files]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    made.db.close()


def test_a_file_laid_in_the_folder_is_read_once_it_rests_and_its_rows_are_kept(home: Home) -> None:
    home.lay("report.csv", GOOD)
    assert (home.look(), home.files) == (0, [])
    assert home.look() == 1
    assert home.files == [FeedFile("main", "report.csv", home.clock(), DATED, 4, 2, "", False)]
    assert list(home.report.rejected_rows(LONG_AGO, home.clock())) == [
        RejectedRow("main", "report.csv", 2, "A", "GTIN is missing", "E7", "", "", DATED),
        RejectedRow("main", "report.csv", 4, "C", "=1+1", "E7", "", "", DATED - timedelta(days=1)),
    ]
    assert home.report.groups(LONG_AGO, home.clock(), 10) == [
        FeedGroup("E7", "=1+1", "", 1, 1),
        FeedGroup("E7", "GTIN is missing", "", 1, 1),
    ]
    before = Snapshot(home.settings.snapshot_path).version()
    assert (home.look(), home.look()) == (0, 0)
    assert Snapshot(home.settings.snapshot_path).version() == before


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "is empty: nothing was exported into it; export it again."),
        ("report.xlsx", b"%PDF-1.7", "is a PDF, not a table: save the table as .xlsx or .csv and choose that file."),
        (
            "names.csv",
            b"name,message\nLamp,x\n",
            "has no heading row with product ids or SKU codes",
        ),
        ("cut.xlsx", workbook({"A": [["sku", "message"], ["A", "x"]]})[:400], "is damaged: it ends early"),
        (
            "no-why.csv",
            b"sku,price\nA,1\n",
            "does not say which SKUs were rejected: it needs a column with the SKU, and one",
        ),
    ],
)
def test_a_bad_file_is_one_sentence_and_holds_up_no_other(home: Home, name: str, content: bytes, sentence: str) -> None:
    home.lay(name, content)
    home.lay("report.csv", GOOD)
    home.settle()
    [(store, said)] = home.report.unreadable()
    assert (store, said.startswith(f"{name} {sentence}")) == ("main", True)
    assert ("report.csv", 2, 4) in home.names()


def test_a_zip_bomb_in_the_folder_is_refused(home: Home, bomb: bytes) -> None:  # noqa: F811
    home.lay("report.xlsx", bomb)
    home.settle()
    assert home.report.unreadable() == [
        ("main", "report.xlsx unpacks to more than 300 MB and was not opened: export fewer listings at a time.")
    ]


def test_a_name_of_any_letters_is_kept_as_it_can_be_written(home: Home) -> None:
    home.lay(os.fsdecode(b"r\xff<b>.csv"), GOOD)
    home.settle()
    assert home.names() == [("r\ufffd<b>.csv", 2, 4)]
    home.look()
    assert home.names() == [("r\ufffd<b>.csv", 2, 4)]


def test_the_card_counts_what_was_read_and_takes_no_unreadable_file_for_a_zero(home: Home) -> None:
    home.lay("prices.csv", b"sku,price\nA,1\n")
    home.settle()
    with closing(sqlite3.connect(home.settings.snapshot_path)) as connection:
        assert share(connection, home) is None
        home.lay("report.csv", GOOD)
        home.settle()
        assert share(connection, home) == FeedShare(2, 4, 1, DATED)


def test_files_with_dates_alone_count_in_the_whole_days_that_they_name(home: Home) -> None:
    for day in range(1, 10):
        home.lay(f"{day}.csv", f"sku,error,date\nS-{day},{'x' * (day == 2)},2026-03-{day:02}\n".encode())
    home.settle()
    today = NOON.replace(hour=0)
    with closing(sqlite3.connect(home.settings.snapshot_path)) as connection:
        seven_days = share(connection, home, today - timedelta(days=7), today)
    assert seven_days is not None
    assert (seven_days.files, seven_days.rejected) == (7, 1)  # 2 to 8 March; that of the 9th counts tomorrow
    assert len(home.report.files(today - timedelta(days=7), home.clock())) == 8


def share(
    connection: sqlite3.Connection, home: Home, start: datetime = NOON - timedelta(days=7), end: datetime = NOON
) -> FeedShare | None:
    known = KnownFrom(*[None] * len(fields(KnownFrom)))
    scope = Scope(
        connection,
        (MeasuredStore(home.store, "main", "USD", known, NOON, NOON),),
        {home.store: StoreReading("main", "Main", NOON, current=True)},
        NOON,
        NOON,
        past=False,
    )
    return trade.feed(scope, lambda _: (start, end))


def test_a_file_on_its_way_is_left_until_it_stops_growing(home: Home) -> None:
    home.lay("report.csv", GOOD[:40])
    home.look()
    home.lay("report.csv", GOOD)
    assert home.look() == 0
    assert home.look() == 1
    assert home.names() == [("report.csv", 2, 4)]


def test_a_file_that_this_app_laid_down_is_read_at_once(home: Home) -> None:
    laid = lay_down(home.folder, "main", "../../Märch report.CSV", GOOD)
    assert laid.parent == home.folder / "feed" / "main"
    assert laid.name.startswith("dropped-m-rch-report-")
    assert laid.suffix == ".csv"
    assert home.look() == 1
    assert home.names() == [(laid.name, 2, 4)]


def test_the_same_content_is_read_once_whatever_its_name_and_whoever_watches(home: Home) -> None:
    home.lay("one.csv", GOOD)
    home.settle()
    home.lay("two.csv", GOOD)
    home.watch = home.new_watch()
    home.settle()
    assert home.names() == [("one.csv", 2, 4)]


def test_a_file_written_anew_is_another_file(home: Home) -> None:
    home.lay("daily.csv", GOOD)
    home.settle()
    home.lay("daily.csv", b"sku,error\nA,\nB,bad\n")
    home.settle()
    assert sorted(home.names()) == [("daily.csv", 1, 2), ("daily.csv", 2, 4)]


def test_a_file_that_cannot_be_read_is_named_once_and_not_read_again_until_it_changes(home: Home) -> None:
    home.lay("prices.csv", b"sku,price\nA,1\n")
    home.settle()
    home.settle()
    [(store, sentence)] = home.report.unreadable()
    assert (store, sentence.startswith("prices.csv does not say which SKUs were rejected")) == ("main", True)
    assert home.said == [f"main: {sentence}"]
    home.lay("prices.csv", GOOD)
    home.settle()
    assert (home.report.unreadable(), home.names()) == ([], [("prices.csv", 2, 4)])


def test_a_file_that_is_gone_is_no_longer_complained_of(home: Home) -> None:
    laid = home.lay("empty.csv", b"")
    home.settle()
    assert [sentence for _, sentence in home.report.unreadable()] == [
        "empty.csv is empty: nothing was exported into it; export it again."
    ]
    laid.unlink()
    home.look()
    assert home.report.unreadable() == []


def test_columns_said_later_let_a_waiting_file_be_read(home: Home) -> None:
    home.lay("odd.csv", b"sku,what\nA,bad\nB,\n")
    home.settle()
    assert home.names() == [("odd.csv", 0, 0)]
    columns = FeedColumns(sku="sku", message="what", every_message=True)
    FeedDesk(home.settings.desk_path).remember(("what", "SKU"), columns, by="me", now=home.clock.move(seconds=1))
    home.look()
    assert (home.names(), home.report.unreadable()) == ([("odd.csv", 1, 2)], [])


def test_columns_said_anew_let_a_file_be_read_anew_in_place(home: Home) -> None:
    desk = FeedDesk(home.settings.desk_path)
    one, two = (FeedColumns(sku="sku", message=heading, every_message=True) for heading in ("one", "two"))
    desk.remember(("sku", "one", "two"), one, by="me", now=home.clock())
    home.lay("odd.csv", b"sku,one,two\nA,x,\nB,y,z\n")
    home.settle()
    desk.remember(("sku", "one", "two"), two, by="me", now=home.clock.move(seconds=1))
    home.look()
    assert home.names() == [("odd.csv", 1, 2)]
    assert [row.sku for row in home.report.rejected_rows(LONG_AGO, home.clock())] == ["B"]


def test_links_folders_hidden_and_unfinished_files_are_left_alone(home: Home, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(GOOD)
    folder = home.lay(".hidden.csv", GOOD).parent
    (folder / "link.csv").symlink_to(secret)
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    home.lay("coming.csv.filepart", GOOD)
    home.settle()
    assert home.files == []


def test_a_file_too_large_is_named_and_never_opened(home: Home) -> None:
    huge = home.lay("huge.csv", b"")
    with huge.open("r+b") as file:
        file.truncate(31_000_000)
    home.settle()
    assert [sentence for _, sentence in home.report.unreadable()] == [
        "huge.csv has 31 MB and at most 30 MB are read: export fewer columns or fewer listings at a time."
    ]


def test_rows_are_forgotten_after_90_days_and_the_totals_stay(home: Home) -> None:
    home.lay("report.csv", GOOD)
    home.settle()
    assert feed_files.prune_rows(home.db, DATED + timedelta(days=90)) == 0
    assert feed_files.prune_rows(home.db, DATED + timedelta(days=90, seconds=1)) == 2
    assert home.names() == [("report.csv", 2, 4)]


def test_many_files_are_read_some_at_a_look(home: Home) -> None:
    for number in range(25):
        home.lay(f"{number:02}.csv", f"sku,error\nA{number},x\n".encode())
    assert [home.look() for _ in range(4)] == [0, 20, 5, 0]
    assert len(home.files) == 25


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "feed").write_text("in the way")
    with pytest.raises(SourceError, match=r"report\.csv cannot be laid in .*feed/main"):
        lay_down(tmp_path, "main", "report.csv", GOOD)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<html>"])
def test_what_is_no_table_is_not_laid_down(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError):
        lay_down(tmp_path, "main", "report.csv", content)
    assert list((tmp_path / "feed").rglob("*.*")) == []


def test_the_thread_of_the_worker_looks_and_ends_when_told(home: Home) -> None:
    stop, taken = threading.Event(), []

    @contextmanager
    def writing() -> Iterator[None]:
        taken.append(True)
        yield
        if len(taken) == 2:  # the first to prune, or to record; the second the other
            stop.set()

    lay_down(home.folder, "main", "report.csv", GOOD)
    keep(partial(watching, home.settings, writing, home.clock, home.said.append), stop, home.clock, pytest.fail)
    assert [(file.rejected, file.rows) for file in home.files] == [(2, 4)]


def test_a_thread_told_to_stop_while_it_waits_for_the_lease_ends(home: Home) -> None:
    stop = threading.Event()

    @contextmanager
    def held() -> Iterator[None]:
        stop.set()
        raise lease.LeaseHeld(home.settings.lease_path, None)
        yield

    lay_down(home.folder, "main", "report.csv", GOOD)
    keep(partial(watching, home.settings, held, home.clock, home.said.append), stop, home.clock, pytest.fail)
    assert home.files == []


def test_a_date_without_a_time_is_that_day_of_the_workspace_and_read_anew_where_its_zone_changes(home):
    """A file of 1 June counts from 2 to 8 June of the zone, to the second."""
    home.clock.at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    home.lay("june.csv", b"sku,error,date\nA,GTIN is missing,2026-06-01\n")
    home.lay("undated.csv", b"sku,error\nB,\n")
    home.settle()
    read = {file.name: (file.dated_at, file.read_at) for file in home.files}
    for name in ("Asia/Shanghai", "America/New_York", "UTC"):
        zone = zone_named(name)
        home.settings = home.settings.model_copy(update={"zone": name})
        home.clock.move(days=1)
        home.watch = home.new_watch()
        assert (home.settle(), home.settle()) == (2, 0)
        begin = start_of_day(date(2026, 6, 1), zone)
        assert {file.name: (file.dated_at, file.read_at) for file in home.files} == {
            **read,
            "june.csv": (begin, read["june.csv"][1]),
        }
        counted = {
            at: rows_of(home.settings, zone, at)
            for day in (date(2026, 6, 2), date(2026, 6, 9))
            for at in (start_of_day(day, zone) - SECOND, start_of_day(day, zone), start_of_day(day, zone) + SECOND)
        }
        assert list(counted.values()) == [0, 1, 1, 1, 0, 0]


SECOND = timedelta(seconds=1)


def rows_of(settings: Settings, zone: tzinfo, at: datetime) -> int:
    """How many dated rows the card counts at a moment."""
    snapshot = Snapshot(settings.snapshot_path, clock=lambda: at, zone=zone)
    share = snapshot.measures(None, at).feed(Ending(Window.D7, zone))
    assert share is not None
    return share.rejected
