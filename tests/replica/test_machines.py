"""What these tests look for among processes: a Litestream that works until it is ended, and is still there."""

from __future__ import annotations

import subprocess
from pathlib import Path

from aexdash.replica import litestream
from tests.replica.machines import kill, stays, words_of


def test_a_process_that_ended_since_it_was_found_has_no_words_and_is_killed_without_an_error():
    process = subprocess.Popen(["true"])
    process.wait()
    assert words_of(process.pid) == []
    kill(process.pid)


def test_a_litestream_that_answers_one_question_is_none_that_stays(monkeypatch):
    monkeypatch.setattr(litestream, "program", lambda: "/usr/bin/litestream")
    config = Path("litestream.yml")
    assert stays([word.encode() for word in litestream.replicate_command(config)])
    original = Path("/srv/snapshot.db")
    assert stays([word.encode() for word in litestream.follow_command(config, original, Path("copy"))])
    assert not stays([b"/usr/bin/litestream", b"ltx", b"-config", b"litestream.yml", b"-json", b"/srv/snapshot.db"])
    assert not stays([b"/usr/bin/python", b"-f"])
