"""The evidence pack of a listing: what is in it, and what must never be."""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from aexdash.__main__ import main
from aexdash.clock import CLOCK_FILE_VARIABLE, to_text
from aexdash.desk.decisions.work import Desk
from aexdash.exports.evidence import evidence_html, gather
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from tests.ui.sample import FIRST, IN_AUDIT, JUMP, NOW, with_history


class Read(HTMLParser):
    """The texts of a page, and every tag with its attributes."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.texts, self.tags = [], []
        self.feed(content.decode())

    def handle_data(self, data):
        self.texts.append(data.strip())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def pack(folder, product_id=FIRST, as_of=None):
    snapshot = Snapshot(folder / "snapshot.db", folder / "desk.db", clock=lambda: NOW)
    found = gather(snapshot, ("main", product_id), load_taxonomy(), folder / "pictures", now=NOW, as_of=as_of)
    assert found
    return evidence_html(found)


def test_it_says_what_stood_when_with_both_ends_of_every_change(tmp_path):
    texts = Read(pack(with_history(tmp_path), IN_AUDIT)).texts
    assert f"Evidence on listing {IN_AUDIT}" in texts
    assert "8 Mar 2026 11:59 – 9 Mar 2026 12:00 UTC" in texts
    assert "in audit (re-review)" in texts
    assert "Brand missing (attribute.brand_missing)" in texts
    assert "measured" in texts
    assert any("choices: 14; names: Brand Name" in text for text in texts)
    assert any("The store was last completely read 9 Mar 2026 12:00 UTC." in text for text in texts)


def test_pictures_are_in_the_file_with_their_sizes_and_nothing_is_fetched_or_run(tmp_path):
    home = with_history(tmp_path)
    content = pack(home)
    assert any("350 × 350 px, JPEG, 20,480 bytes" in text for text in Read(content).texts)
    found = Read(content)
    assert {tag for tag, _ in found.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "table", "tr", "th", "td"),
        *("figure", "figcaption", "img"),
    }
    assert all(set(facts) <= {"alt", "src", "charset", "http-equiv", "content", "lang"} for _, facts in found.tags)
    assert all(facts["src"].startswith("data:image/") for tag, facts in found.tags if tag == "img")


def test_hostile_titles_are_text(tmp_path):
    content = pack(with_history(tmp_path)).decode()
    assert "<b>Lamp</b>" not in content
    assert "&lt;b&gt;Lamp&lt;/b&gt;" in content


def test_a_title_of_the_listing_or_the_store_turns_no_words_around_it(tmp_path):
    folder = with_history(tmp_path)
    with closing(open_snapshot(folder / "snapshot.db").conn) as connection, connection:
        connection.execute("UPDATE listing SET title = ?", ["Lamp \u202egnp.exe"])
        connection.execute("UPDATE store SET title = ?", ["Shop \u202e1"])
    content = pack(folder).decode()
    assert "\u202e" not in content
    assert "Lamp ‹U+202E›gnp.exe · Shop ‹U+202E›1 · " in content
    stores = Snapshot(folder / "snapshot.db", folder / "desk.db").stores()
    assert [one.title for one in stores][:1] == ["Shop ‹U+202E›1"]


def test_no_secret_no_path_and_nothing_that_people_wrote_is_in_it(tmp_path):
    home = with_history(tmp_path)
    Desk(home / "desk.db").set_owner("main", [FIRST], "Olga", by="Lead", now=NOW)
    content = pack(home).decode()
    for word in ("Olga", "Lead", "123456", str(tmp_path), "token", "secret"):
        assert word not in content.replace("1005006", ""), word


def test_its_last_line_is_the_digest_of_what_stands_before(tmp_path):
    content = pack(with_history(tmp_path))
    before, digest = re.fullmatch(
        rb"(.*\n)<!-- SHA-256 of what stands before: ([0-9a-f]{64}) -->\n", content, re.DOTALL
    ).groups()
    assert hashlib.sha256(before).hexdigest() == digest.decode()


def test_of_a_past_moment_it_knows_nothing_later(tmp_path):
    texts = Read(pack(with_history(tmp_path), as_of=JUMP - timedelta(hours=1))).texts
    assert "active" in texts
    assert not any("rejected" in text.lower() for text in texts if text.startswith(("rejected", "Main picture too")))


@pytest.fixture
def run(tmp_path, monkeypatch):
    with_history(tmp_path)
    monkeypatch.setenv(CLOCK_FILE_VARIABLE, str(tmp_path / "clock.txt"))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["evidence", "--home", str(tmp_path), *words])


def test_a_past_moment_is_never_called_a_reading(tmp_path):
    text = pack(with_history(tmp_path), as_of=JUMP - timedelta(hours=5)).decode()
    assert "Complete readings of the store speak for that moment." in text
    assert "last completely read" not in text


def test_the_command_writes_it_under_a_name_with_listing_store_and_moment(run, tmp_path):
    told = run(str(FIRST))
    name = f"aexdash-evidence-{FIRST}-main-20260309T120100Z.html"
    assert (told.exit_code, told.output) == (0, f"Written to {name}.\n"), told.output
    assert (tmp_path / name).read_bytes().startswith(b"<!doctype html>")
    assert run(f"main/{FIRST}", "-o", "it.html", "--as-of", to_text(JUMP)).output == "Written to it.html.\n"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["1005009999999999"], 2, "knows no listing 1005009999999999"),
        (["lamp"], 2, "'lamp' is no product id"),
        ([str(FIRST), "--as-of", "2020-01-01T00:00:00Z"], 2, "No reading had shown listing"),
        ([str(FIRST), "--as-of", "2027-01-01T00:00:00Z"], 2, "lies ahead: nobody has read it yet"),
        ([str(FIRST), "-o", "nowhere/it.html"], 2, "There is no folder nowhere"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(run, words, code, says):
    told = run(*words)
    assert (told.exit_code, says in " ".join(told.output.split())) == (code, True), told.output
