"""`aexdash sessions`: who is in, and the end of it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from aexdash.cli.main import main
from aexdash.clock import system_clock
from aexdash.desk.sessions import Sessions
from aexdash.people.identity import Identity

ANA = Identity("https://id|1", "Ana\x1b[31m", ("leads",))


def run(home, *words):
    return CliRunner().invoke(main, ["sessions", "--home", str(home), *words])


def test_who_is_in_is_listed_and_ended_by_name_or_by_the_providers_key(tmp_path):
    kept = Sessions(tmp_path / "desk.db")
    unknown = run(tmp_path)  # a home without a desk: mistyped, most often
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "who is signed in is not known; check --home." in unknown.stderr
    for _ in range(2):
        kept.start(ANA, system_clock())
    listed = run(tmp_path).output
    assert listed.count("https://id|1  since 2") == 2
    assert "\x1b" not in listed
    assert [one["groups"] for one in json.loads(run(tmp_path, "--json").output)["sessions"]] == [["leads"], ["leads"]]
    nobody = run(tmp_path, "--end", "Eve")
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    ended = run(tmp_path, "--end", "https://id|1")
    assert (ended.exit_code, ended.output) == (0, "Ended 2 sessions of https://id|1.\n")
    assert run(tmp_path).output == "Nobody is signed in.\n"
