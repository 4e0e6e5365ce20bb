"""All parts run, whatever becomes of one; the exit code says whether one failed."""

from __future__ import annotations

import pytest

from tests.benchmarks.__main__ import ALL, main, run_all
from tests.benchmarks.common import TOY, Bench, Figure, Skipped, beside, spread


def good(_bench):
    yield Figure("a thing", "<= 3 s", "2 s", True)


def misses(_bench):
    yield Figure("a slow thing", "<= 3 s", "4 s", False)


def broken(_bench):
    yield Figure("half a thing", "", "1 s")
    raise ValueError("no such chip\nand more")


def gives_up(_bench):
    yield Figure("half a thing", "", "1 s")
    pytest.fail("the server did not come up")


def measures_nothing(_bench):
    yield from ()


def lacks_something(_bench):
    yield from ()
    raise Skipped("no peer is installed")


@pytest.fixture
def last_lines(tmp_path, capsys):
    """Run parts; return the exit code and the last table without its seconds."""

    def run(**parts):
        code = run_all(parts, parts, Bench(tmp_path, TOY))
        table = capsys.readouterr().out.rpartition("\n\n")[2].splitlines()
        return code, [" ".join(line.split()[:2] + line.split()[4:]) for line in table]

    return run


def test_a_broken_part_hides_none_after_it(last_lines):
    assert last_lines(broken=broken, gives_up=gives_up, nothing=measures_nothing, good=good) == (
        1,
        [
            "broken FAILED ValueError: no such chip",
            "gives_up FAILED Failed: the server did not come up",
            "nothing FAILED it measured nothing",
            "good ok",
        ],
    )


def test_a_missed_target_and_a_peer_that_is_not_here_fail_nothing(last_lines):
    assert last_lines(slow=misses, peer=lacks_something) == (0, ["slow ok", "peer skipped no peer is installed"])


def test_an_unknown_name_is_bad_use(capsys):
    assert main(["--toy", "clock"]) == 2
    assert capsys.readouterr().err == f"There is no benchmark clock: name some of {', '.join(ALL)}.\n"


def test_a_figure_is_a_median_with_its_spread_and_compares_round_by_round():
    assert spread([110.0, 131.0, 116.0], "ms") == "116 ms (110–131)"
    figure = beside("ours", [30.0, 10.0, 90.0], [10.0, 10.0, 45.0], "ms", 1.5)
    assert (figure.target, figure.reached, figure.met) == ("<= 1.5x", "30 / 10 ms = 2.00 x (1.00–3.00)", False)
