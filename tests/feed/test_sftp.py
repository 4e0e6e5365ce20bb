"""Files of an SFTP folder come to the feed once each, from the server that is meant, and whatever it does."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

import asyncssh
import pytest

from aexdash.config.settings import load_settings
from aexdash.desk.feed_columns import folder_of
from aexdash.doctor.examining import examine
from aexdash.doctor.finding import Finding
from aexdash.feed.fetched import NOTES, Fetched, read_fetched
from aexdash.feed.fetching import FeedFetch, fetching
from aexdash.feed.remote import VisitLimits
from aexdash.feed.sftp import BLOCK
from aexdash.feed.watching import FeedWatch
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store
from tests.feed.sftp_server import AN_HOUR_AGO, HOST_KEY, PASSWORD, USER_KEY, Server
from tests.support import NOON, MovedClock, keep

GOOD = b"sku,error\nA,GTIN is missing\nB,\n"
SECRET = f'sftp_password = "{PASSWORD}"'
FINGERPRINT = HOST_KEY.get_fingerprint()
OTHER_KEY = asyncssh.generate_private_key("ssh-ed25519")
PATIENT = VisitLimits(answer=30, whole=60)
HASTY = VisitLimits(answer=1, whole=60)


class Home:
    """A home whose store has an SFTP folder, and what a worker fetches into it."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server = folder, server
        self.clock, self.stop, self.said = MovedClock(NOON), threading.Event(), []
        self.known_hosts = folder / "known_hosts"
        self.write()

    def write(
        self, *, port: int = 0, host_key: str = FINGERPRINT, secret: str = f'sftp_password = "{PASSWORD}"'
    ) -> None:
        named = f'sftp_host_key = "{host_key}"\n' if host_key else ""
        address = f"sftp://feed@127.0.0.1:{port or self.server.port}/outgoing"
        (self.folder / "aexdash.toml").write_text(
            f'[store.main]\nmodel = "overseas"\n[feed.main]\nsftp = "{address}"\n{named}'
        )
        (self.folder / "secrets.toml").write_text(f"[feed.main]\n{secret}\n")
        (self.folder / "secrets.toml").chmod(0o600)
        self.begin()

    def begin(self, limits: VisitLimits = PATIENT) -> None:
        """Start the worker anew."""
        self.fetching = FeedFetch(
            load_settings(self.folder),
            clock=self.clock,
            log=self.said.append,
            stop=self.stop,
            limits=limits,
            known_hosts=self.known_hosts,
        )

    def look(self) -> str:
        """Let 15 minutes pass, and return what is wrong then."""
        self.clock.move(minutes=15)
        self.fetching.step()
        return self.kept.trouble

    @property
    def kept(self) -> Fetched:
        return read_fetched(self.folder, "main")

    @property
    def laid(self) -> list[bytes]:
        """The files of the feed folder, those of our own hidden notes apart; nothing half may lie there."""
        files = sorted(folder_of(self.folder, "main").iterdir())
        assert [file.name for file in files if file.name.startswith(".")] == [NOTES]
        return [file.read_bytes() for file in files if not file.name.startswith(".")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "server")
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path, server: Server) -> Home:
    (tmp_path / "home").mkdir()
    return Home(tmp_path / "home", server)


def test_a_file_is_fetched_once_and_the_watch_reads_it_at_once(home: Home, server: Server) -> None:
    server.put("Daily report.csv", GOOD)
    assert home.look() == ""
    [laid] = folder_of(home.folder, "main").glob("fetched-daily-report-*.csv")
    assert laid.read_bytes() == GOOD
    settings = load_settings(home.folder)
    with closing(open_snapshot(settings.snapshot_path)) as db:
        ensure_store(db, key="main", title="main", model="overseas", now=NOON)
        watch = FeedWatch(settings, db, clock=home.clock, log=pytest.fail, writing=nullcontext)
        assert watch.look() == 1
    [file] = Snapshot(settings.snapshot_path).feed(None).files(NOON - timedelta(days=1), home.clock())
    assert (file.name, file.rejected, file.rows) == (laid.name, 1, 2)
    home.look()
    home.begin()
    home.look()
    assert (server.mood.opened, server.mood.visits, home.said) == (["/outgoing/Daily report.csv"], 3, [])
    assert (home.kept.latest, home.kept.latest_at) == ("Daily report.csv", NOON + timedelta(minutes=15))


def test_a_file_changed_on_the_server_is_another_file(home: Home, server: Server) -> None:
    server.put("report.csv", GOOD)
    home.look()
    server.put("report.csv", GOOD.replace(b"GTIN", b"GTAN"), AN_HOUR_AGO + 60)
    home.look()
    assert sorted(home.laid) == sorted([GOOD, GOOD.replace(b"GTIN", b"GTAN")])


def test_the_server_is_asked_every_15_minutes_at_most_also_by_a_new_worker(home: Home, server: Server) -> None:
    home.fetching.step()
    for minutes in (1, 13):
        home.clock.move(minutes=minutes)
        home.begin()
        home.fetching.step()
    assert server.mood.visits == 1
    home.clock.move(minutes=1)
    home.fetching.step()
    assert server.mood.visits == 2


def test_a_file_changed_a_moment_ago_is_fetched_once_two_looks_found_it_the_same(home: Home, server: Server) -> None:
    server.put("report.csv", GOOD, int(NOON.timestamp()) + 15 * 60 - 119)
    assert (home.look(), home.laid) == ("", [])
    server.put("report.csv", GOOD + b"C,\n", int(NOON.timestamp()) + 30 * 60 + 3600)  # a clock that is ahead
    assert (home.look(), home.laid) == ("", [])
    assert (home.look(), home.laid) == ("", [GOOD + b"C,\n"])


def test_a_file_that_grows_while_it_comes_is_left_for_the_next_look(home: Home, server: Server) -> None:
    file = server.put("report.csv", GOOD)

    def grow(size: int) -> None:
        server.mood.on_read = lambda size: None
        server.put("report.csv", file.read_bytes() + b"C,bad\n")

    server.mood.on_read = grow
    assert (home.look(), home.laid) == ("", [])
    assert (home.look(), home.laid) == ("", [GOOD + b"C,bad\n"])


def test_a_file_that_is_longer_than_the_server_says_is_not_read_to_its_end(home: Home, server: Server) -> None:
    server.put("report.csv", b"sku,error\n" + b"A,x\n" * 1_000_000)
    server.mood.sizes = {b"report.csv": 10}
    asked: list[int] = []
    server.mood.on_read = asked.append
    assert (home.look(), home.laid, sum(asked)) == ("", [], BLOCK)


HOSTILE = [
    b"../x.csv",
    b"/etc/passwd.csv",
    b"..\\x.csv",
    b"a\nb.csv",
    b"a\x1b[2Jb.csv",
    b"a\x00b.csv",
    b"a" * 300 + b".csv",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_aims_elsewhere_is_passed_over_and_named(home: Home, server: Server, name: bytes) -> None:
    server.mood.entries = [(name, len(GOOD))]
    server.put("report.csv", GOOD)
    sentence = home.look()
    assert sentence.endswith("is no plain name of a file: rename it on the server.")
    assert (sentence.isprintable(), len(sentence) < 400) == (True, True)
    assert (server.mood.opened, home.laid) == (["/outgoing/report.csv"], [GOOD])
    assert home.said == [f"main: {sentence}"]
    assert sorted(path.name for path in home.folder.iterdir()) == ["aexdash.toml", "feed", "secrets.toml"]


def test_links_folders_hidden_and_unfinished_files_are_left_alone(home: Home, server: Server) -> None:
    (server.root / "elsewhere.csv").write_bytes(GOOD)
    (server.outgoing / "link.csv").symlink_to("../elsewhere.csv")
    (server.outgoing / "folder.csv").mkdir()
    for name in (".hidden.csv", "report.csv.filepart", "report.csv.PART"):
        server.put(name, GOOD)
    server.mood.entries = [(b"..", 9), (b".", 9)]
    assert (home.look(), server.mood.opened, home.laid) == ("", [], [])


def test_a_name_in_no_encoding_is_fetched_under_a_name_of_our_own(home: Home, server: Server) -> None:
    server.put(os.fsdecode(b"r\xff.csv"), GOOD)
    assert (home.look(), home.laid, home.kept.latest) == ("", [GOOD], "r\ufffd.csv")


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        (31_000_000, "big.csv has 31 MB and at most 30 MB are read: export fewer columns or fewer listings at a time."),
        (0, "big.csv is empty: nothing was exported into it; export it again."),
    ],
)
def test_a_file_of_the_wrong_size_is_named_and_never_opened(
    home: Home, server: Server, size: int, sentence: str
) -> None:
    with server.put("big.csv", b"").open("r+b") as file:
        file.truncate(size)
    server.put("report.csv", GOOD)
    assert (home.look(), home.look()) == (sentence, sentence)
    assert (server.mood.opened, home.laid, home.said) == (["/outgoing/report.csv"], [GOOD], [f"main: {sentence}"])


def test_what_is_no_table_is_fetched_once_and_named_for_as_long_as_it_lies_there(home: Home, server: Server) -> None:
    picture = server.put("report.csv", b"%PDF-1.7 and so on")
    sentence = "report.csv is a PDF, not a table: save the table as .xlsx or .csv and choose that file."
    assert (home.look(), home.look(), home.laid) == (sentence, sentence, [])
    assert server.mood.opened == ["/outgoing/report.csv"]
    picture.unlink()
    assert home.look() == ""


def test_a_file_that_must_not_be_read_holds_up_no_other(home: Home, server: Server) -> None:
    server.put("theirs.csv", GOOD + b"C,\n", AN_HOUR_AGO + 60)
    server.put("ours.csv", GOOD)
    server.mood.forbidden = "theirs.csv"
    assert home.look() == f"127.0.0.1:{server.port} does not let feed read theirs.csv."
    assert home.laid == [GOOD]


def test_many_files_come_some_at_a_look_the_newest_first(home: Home, server: Server) -> None:
    for number in range(5):
        server.put(f"{number}.csv", GOOD + b"%d,\n" % number, AN_HOUR_AGO + number)
    home.begin(VisitLimits(answer=30, whole=60, files=2))
    assert [(home.look(), len(home.laid)) for _ in range(4)] == [("", 2), ("", 4), ("", 5), ("", 5)]
    assert [name[-5:] for name in server.mood.opened] == ["4.csv", "3.csv", "2.csv", "1.csv", "0.csv"]


def test_more_bytes_than_a_look_may_bring_wait_for_the_next(home: Home, server: Server) -> None:
    for number in range(3):
        server.put(f"{number}.csv", GOOD + b"%d,\n" % number, AN_HOUR_AGO + number)
    home.begin(VisitLimits(answer=30, whole=60, bytes=len(GOOD) * 2))
    assert [(home.look(), len(home.laid)) for _ in range(3)] == [("", 1), ("", 2), ("", 3)]


def test_a_folder_with_too_many_entries_is_not_a_folder_for_the_feed(home: Home, server: Server) -> None:
    server.mood.entries = [(b"%d.csv" % number, 9) for number in range(500)]
    home.begin(VisitLimits(answer=30, whole=60, entries=300))
    assert home.look() == (
        f"127.0.0.1:{server.port} lists 300 entries or more in /outgoing: "
        "name a folder for the feed alone as sftp under [feed.main]."
    )


def test_of_many_refused_files_three_are_named_and_the_others_counted(home: Home, server: Server) -> None:
    server.mood.entries = [(b"%d.csv" % number, 31_000_000) for number in range(5)]
    sentence = home.look()
    assert (sentence.count("has 31 MB"), sentence.endswith(" Files that are not taken besides: 2.")) == (3, True)


def test_a_wrong_password_is_one_sentence_once_and_tells_no_secret(home: Home, server: Server) -> None:
    home.write(secret='sftp_password = "another-secret-2"')
    sentence = f"127.0.0.1:{server.port} does not let feed in: check sftp_password under [feed.main] of secrets.toml."
    assert (home.look(), home.look(), home.said) == (sentence, sentence, [f"main: {sentence}"])
    assert b"another-secret-2" not in b"".join(file.read_bytes() for file in (home.folder / "feed").rglob("*.*"))
    assert "another-secret-2" not in repr(load_settings(home.folder))


def test_a_key_file_lets_in_without_a_password(home: Home, server: Server) -> None:
    USER_KEY.write_private_key(home.folder / "id")
    home.write(secret='sftp_key_file = "id"')
    server.put("report.csv", GOOD)
    assert (home.look(), home.laid) == ("", [GOOD])


UNUSABLE = "The sftp_key_file under [feed.main] cannot be used"


@pytest.mark.parametrize(
    ("secret", "sentence"),
    [
        ("", "secrets.toml has neither sftp_password nor sftp_key_file under [feed.main]: write one of them."),
        ('sftp_key_file = "none"', f"{UNUSABLE} (No such file or directory): name another."),
        ('sftp_key_file = "secrets.toml"', f"{UNUSABLE} (no private key, or one with a passphrase): name another."),
    ],
)
def test_without_a_secret_that_can_be_used_nobody_is_called(
    home: Home, server: Server, secret: str, sentence: str
) -> None:
    home.write(secret=secret)
    assert (home.look(), server.mood.visits) == (sentence, 0)


def test_an_unknown_host_key_is_refused_and_shown_before_any_secret_travels(home: Home, server: Server) -> None:
    home.write(host_key="")
    server.put("report.csv", GOOD)
    assert home.look() == (
        f"The host key of 127.0.0.1:{server.port} is not known: if its owner confirms {FINGERPRINT}, write "
        f'sftp_host_key = "{FINGERPRINT}" under [feed.main] of aexdash.toml.'
    )
    assert (server.mood.opened, home.laid) == ([], [])
    home.write(host_key=FINGERPRINT)
    home.fetching.step()
    assert home.laid == [GOOD]


def test_a_host_key_that_known_hosts_lists_is_trusted(home: Home, server: Server) -> None:
    home.write(host_key="")
    home.known_hosts.write_bytes(b"[127.0.0.1]:%d " % server.port + HOST_KEY.export_public_key())
    server.put("report.csv", GOOD)
    assert (home.look(), home.laid) == ("", [GOOD])


@pytest.mark.parametrize("named_by", ["sftp_host_key under [feed.main]", "known_hosts"])
def test_a_changed_host_key_is_refused_whoever_named_the_one_before(home: Home, server: Server, named_by: str) -> None:
    home.known_hosts.write_bytes(b"[127.0.0.1]:%d " % server.port + OTHER_KEY.export_public_key())
    home.write(host_key="" if named_by == "known_hosts" else OTHER_KEY.get_fingerprint())
    assert home.look() == (
        f"The host key of 127.0.0.1:{server.port} is {FINGERPRINT} and not the one in {named_by}: "
        "somebody may listen in; ask its owner before you change it."
    )
    assert server.mood.opened == []


def test_the_fingerprint_of_the_settings_counts_alone(home: Home, server: Server) -> None:
    home.known_hosts.write_bytes(b"[127.0.0.1]:%d " % server.port + HOST_KEY.export_public_key())
    home.write(host_key=OTHER_KEY.get_fingerprint())
    assert "and not the one in sftp_host_key" in home.look()


def test_a_server_that_falls_silent_in_a_file_is_left_and_that_file_comes_last(home: Home, server: Server) -> None:
    server.put("silent.csv", GOOD + b"C,\n", AN_HOUR_AGO + 60)
    server.put("report.csv", GOOD)
    server.mood.silent_on = "silent.csv"
    home.begin(HASTY)
    sentence = f"127.0.0.1:{server.port} did not answer within 1 seconds."
    assert (home.look(), home.laid) == (sentence, [])
    assert (home.look(), home.laid, home.said) == (sentence, [GOOD], [f"main: {sentence}"])
    server.mood.silent_on = ""
    assert (home.look(), len(home.laid)) == ("", 2)


def test_a_server_that_lists_nothing_is_left(home: Home, server: Server) -> None:
    server.mood.silent_on = "listing"
    home.begin(HASTY)
    assert home.look() == f"127.0.0.1:{server.port} did not answer within 1 seconds."


def test_a_server_that_never_greets_is_left(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        home.write(port=port)
        home.begin(HASTY)
        assert home.look() == f"127.0.0.1:{port} did not answer within 1 seconds."


def test_a_visit_ends_when_its_time_is_up_whatever_still_comes(home: Home, server: Server) -> None:
    server.mood.silent_on = "listing"
    home.begin(VisitLimits(answer=60, whole=1))
    assert home.look() == f"127.0.0.1:{server.port} is slow: after 1 seconds it was left."


@pytest.mark.parametrize("silent_on", ["listing", "report.csv"])
def test_a_stop_ends_a_visit_to_a_silent_server_and_accuses_nobody(home: Home, server: Server, silent_on: str) -> None:
    server.put("report.csv", GOOD)
    server.mood.silent_on, server.mood.on_silence = silent_on, home.stop.set
    home.begin(VisitLimits(answer=600, whole=600))
    visiting = threading.Thread(target=home.fetching.step, daemon=True)
    visiting.start()
    visiting.join(timeout=10)
    assert not visiting.is_alive()
    assert (home.said, home.kept) == ([], Fetched())
    assert list(folder_of(home.folder, "main").iterdir()) == []


def test_where_nothing_is_to_be_fetched_the_worker_does_nothing(tmp_path: Path) -> None:
    (tmp_path / "aexdash.toml").write_text('[store.main]\nmodel = "overseas"\n[feed.main]\naccount = "7"\n')
    with fetching(load_settings(tmp_path), threading.Event(), MovedClock(), pytest.fail) as step:
        step()
    assert not (tmp_path / "feed").exists()


def test_the_thread_of_the_worker_ends_when_told(home: Home, server: Server) -> None:
    server.mood.silent_on, server.mood.on_silence = "listing", home.stop.set
    loop = partial(fetching, load_settings(home.folder), home.stop, home.clock, pytest.fail)
    keep(loop, home.stop, home.clock, pytest.fail)
    assert server.mood.visits == 1


def test_a_server_that_is_not_there_and_one_that_speaks_otherwise(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        home.write(port=port)
        answering = threading.Thread(target=lambda: greet(listening))
        answering.start()
        sentence = home.look()
        answering.join()
    assert sentence == f"127.0.0.1:{port} ended the connection or does not speak SFTP (ProtocolNotSupported)."
    assert home.look() == (
        f"127.0.0.1:{port} cannot be reached (Connection refused): check sftp under [feed.main] of aexdash.toml."
    )


def greet(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.sendall(b"SSH-1.0-of-old\r\n")
        while connection.recv(1000):
            pass


def test_a_folder_that_is_not_there(home: Home, server: Server) -> None:
    server.outgoing.rmdir()
    assert home.look() == (f"127.0.0.1:{server.port} does not show its folder /outgoing: check sftp under [feed.main].")


def test_a_home_that_cannot_be_written_is_not_taken_for_a_server_that_fails(home: Home) -> None:
    (home.folder / "feed").write_text("in the way")
    home.look()
    assert [sentence.partition(" cannot be written (")[0] for sentence in home.said] == [
        f"main: {home.folder / 'feed' / 'main'}"
    ]


def test_notes_that_are_damaged_let_files_come_again_and_count_once(home: Home, server: Server) -> None:
    server.put("report.csv", GOOD)
    home.look()
    (folder_of(home.folder, "main") / NOTES).write_text('{"known": 7')
    home.begin()
    assert (home.look(), home.laid, len(server.mood.opened)) == ("", [GOOD], 2)


def test_without_the_library_a_sentence_says_what_to_install(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "aexdash.feed.sftp", raising=False)
    monkeypatch.delattr("aexdash.feed.sftp", raising=False)
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    assert home.look() == (
        "Fetching by SFTP needs a package that is not installed: run pip install 'asyncssh>=2.24,<3'."
    )
    assert [found.well for found in sftp_findings(home)] == [False]


def sftp_findings(home: Home) -> list[Finding]:
    found = examine(home.folder, home.clock, free_bytes=lambda _: 10**10)
    return [finding for finding in found if finding.name == "SFTP for main"]


def test_the_doctor_says_whether_the_folder_can_be_listed(home: Home, server: Server) -> None:
    server.put("report.csv", GOOD)
    assert sftp_findings(home) == [
        Finding("SFTP for main", True, f"127.0.0.1:{server.port} lets feed in; files in /outgoing: 1.")
    ]
    home.write(secret='sftp_password = "another"')
    [finding] = sftp_findings(home)
    assert (finding.well, finding.text.startswith(f"127.0.0.1:{server.port} does not let feed in")) == (False, True)
    assert (server.mood.opened, (home.folder / "feed").exists()) == ([], False)
