"""The log: quiet by default, with what each line is about, and one object a line for programs."""

from __future__ import annotations

import io
import json
import logging
import re

import pytest

from aexdash import log as logs
from aexdash.cli.actions import log_wanted
from aexdash.cli.errors import BadUse
from aexdash.log import Line, about, log_to

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
TRACE = 'Traceback (most recent call last):\n  File "x.py", line 1\nKeyError: 1'


def said(**how) -> list[str]:
    """What is written of the lines of an ordinary minute."""
    out = io.StringIO()
    log = about(log_to(out, **how), loop="sync-main")
    log(Line("main: pulse complete: held 3, 2 changes.", detail=True, run=7))
    log(Line("main: pulse failed: no answer.", store="main", run=8))
    log(Line("alerts: an error that nobody foresaw (KeyError).", trace=TRACE, loop="alerts"))
    log("The settings have changed and are in force.")
    return out.getvalue().splitlines()


def test_an_ordinary_day_says_little_and_each_line_what_it_is_about():
    lines = said()
    assert [re.sub(MOMENT, "T", line) for line in lines] == [
        "T main: pulse failed: no answer. [loop=sync-main store=main run=8]",
        "T alerts: an error that nobody foresaw (KeyError). [loop=alerts]",
        "T The settings have changed and are in force. [loop=sync-main]",
    ]


def test_who_asks_for_it_gets_every_run_and_how_the_code_came_to_an_error():
    lines = said(verbose=True)
    assert re.sub(MOMENT, "T", lines[0]) == "T main: pulse complete: held 3, 2 changes. [loop=sync-main run=7]"
    assert lines[3:6] == TRACE.splitlines()


def test_programs_get_one_object_a_line():
    told = [json.loads(line) for line in said(verbose=True, as_json=True)]
    assert [one["level"] for one in told] == ["debug", "info", "info", "info"]
    assert {key: told[1][key] for key in ("text", "loop", "store", "run")} == {
        "text": "main: pulse failed: no answer.",
        "loop": "sync-main",
        "store": "main",
        "run": 8,
    }
    assert told[2]["trace"] == TRACE
    assert "trace" not in told[0]


def test_no_library_gets_into_it_and_it_gets_into_no_other(caplog):
    with caplog.at_level(logging.DEBUG):
        assert not any("noise" in line for line in said(verbose=True))
        logging.getLogger("aexdash").warning("noise")
    assert caplog.messages == ["noise"]


@pytest.mark.parametrize(
    ("given", "words"), [("", set()), ("json", {"json"}), (" Verbose, json,", {"json", "verbose"})]
)
def test_the_environment_says_what_is_wanted(monkeypatch, given, words):
    monkeypatch.setenv(logs.VARIABLE, given)
    assert logs.words_of_environment() == words


def test_a_word_that_is_none_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setenv(logs.VARIABLE, "loud")
    with pytest.raises(BadUse, match="AEXDASH_LOG holds 'loud': write verbose or json, or both"):
        log_wanted(verbose=False)
