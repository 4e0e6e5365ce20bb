"""Promise 1, by machine: in six worlds no sentence of a page, export, command or message claims more than was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.reading import ids_of, read_aloud, tick
from tests.worlds.evidence import PAGE, SURFACES, counts_of
from tests.worlds.made import FRESH, JOINED, NEVER, ONE_SILENT, PARTLY, STALE_DAYS, STALE_HOUR, WORLDS, World, Worlds
from tests.worlds.overclaims import Allowed, allowed, kinds, search, searched, unnamed
from tests.worlds.surfaces import Said, everything, page

pytestmark = pytest.mark.slow

NOT_READ = Allowed(present=False, whole=False, windows=False)
SLOW = [pytest.param(world, marks=pytest.mark.slow, id=world.name) for world in (STALE_HOUR, PARTLY, JOINED)]
QUICK = [pytest.param(world, id=world.name) for world in (NEVER, STALE_DAYS, ONE_SILENT)]

PLANTED = [
    ("58 listings held now", "the present"),
    ("**Today:** 58 were held", "the present"),
    ("5 of 5 newly held in 24 hours", "the present"),
    ("Rejected, 24 hours 41 | ✓ Performing", "a verdict"),
    ('{"title": "At risk", "value": 4, "sentiment": "Needs attention"}', "a verdict"),
    ("Active listings 4,768 +173", "a difference"),
    ("Required attributes 92.1 % −0.4 points", "a difference"),
    ("## 0 listings", "a bare zero"),
    ("Rejected, 24 hours at least 0 | ? Not confirmed | 24 h not read", "at least 0"),
    ("5 at midnight + at least **0** entered − at least 2 left = 5", "at least 0"),
    ("Suppressed share 0 %", "a bare zero"),
    ("Oldest audit 0 days", "a bare zero"),
    ("Main: 0 listings held (0 rejected, 0 in audit)", "a bare zero"),
    ("attachment; aexdash-all-stores-20260309T120000Z.csv | 0 rows", "a bare zero"),
]
HONEST = [
    "0 listings held when last read, 9 Mar 2026 12:00 UTC",
    "Not read yet: nothing is known to be held, and nothing is known to be free.",
    "aexdash-all-stores-20260309T120000Z-not-read-since.csv | 0 rows",
    "Rejected, 24 hours none seen | ? Not confirmed | 12 h of 24 h read",
    "Listing quality score – | ○ No data | details known for 0 of 40",
    "5 listings, longest held 0.0 d",
    "Sync now",
]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="module")
def spoken(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Said]]:
    """What was said in the worlds that were looked at so far."""
    return {}


def said_in(world: World, worlds: Worlds, spoken: dict[str, list[Said]], folder: Path) -> list[Said]:
    """All that is said in a world, rendered once."""
    if world.name not in spoken:
        spoken[world.name] = everything(worlds.of(world), folder, world.now, (world.inside, world.outside))
    return spoken[world.name]


@pytest.mark.parametrize("world", [*QUICK, *SLOW])
def test_no_sentence_claims_more_than_was_read(world, worlds, spoken, tmp_path):
    said = said_in(world, worlds, spoken, tmp_path)
    assert {one.surface for one in said} == set(SURFACES)
    assert [str(one) for one in searched(world, said)] == []


@pytest.mark.parametrize("world", [pytest.param(ONE_SILENT, id=ONE_SILENT.name)])
def test_a_silent_store_is_named_wherever_all_are_spoken_of(world, worlds, spoken, tmp_path):
    assert unnamed(said_in(world, worlds, spoken, tmp_path), allowed(world, None)) == []


@pytest.mark.parametrize(("sentence", "kind"), PLANTED)
def test_the_search_finds_a_sentence_that_claims_too_much(sentence, kind):
    assert kind in list(kinds(sentence, NOT_READ))


@pytest.mark.parametrize("sentence", HONEST)
def test_the_search_lets_an_honest_sentence_pass(sentence):
    assert list(kinds(sentence, NOT_READ)) == []


def test_the_search_finds_overclaims_on_every_surface_of_a_home_that_is_taken_for_unread(worlds, spoken, tmp_path):
    said = said_in(FRESH, worlds, spoken, tmp_path)
    assert search([one for one in said if one.past is None], allowed(FRESH, None)) == []
    found = search(said, NOT_READ)
    places = {one.said.place for one in found}
    assert {one.kind for one in found} == {"the present", "a verdict", "a difference", "a bare zero"}
    assert {"page overview", "page worklist", "cards", "cards --json", "alert webhook"} <= places


@pytest.mark.parametrize("world", [STALE_DAYS, PARTLY, ONE_SILENT], ids=lambda world: world.name)
def test_a_command_gives_a_script_no_verdict_that_the_page_does_not_give(world, worlds, spoken, tmp_path):
    said = said_in(world, worlds, spoken, tmp_path)
    told = [one.text for one in said if one.place == "cards --json" and one.past is None]
    assert len(told) == 19
    assert all('"sentiment": "Not confirmed"' in text or '"sentiment": "No data"' in text for text in told)


def test_the_heading_of_a_past_view_names_the_moment_and_nothing_can_be_done_to_it(worlds, monkeypatch):
    home = worlds.of(STALE_DAYS)
    monkeypatch.setenv("AEXDASH_HOME", str(home))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(home / "clock.txt"))
    app = page(home, "worklist", as_of="2026-03-09T12:00Z")
    heading = next(read_aloud(one.value) for one in app.markdown if one.value.startswith("## "))
    assert heading == "## 5 listings :gray[:small[held at 9 Mar 2026 12:00 UTC]]"
    tick(app, ids_of(app)[0])
    acts = {button.label: button.disabled for button in app.button if (button.key or "").startswith("stage-")}
    assert acts == {"Take": True, "Mark fixed": True, "Back to do": True}


def test_the_evidence_says_no_more_than_was_searched(worlds, spoken, tmp_path):
    told = counts_of(PAGE.read_text(encoding="utf-8"))
    assert list(told) == [world.name for world in WORLDS]
    for world in WORLDS:
        said = said_in(world, worlds, spoken, tmp_path)
        counts = [sum(one.surface == surface for one in said) for surface in SURFACES]
        assert all(least <= count for least, count in zip(told[world.name], counts, strict=False)), world.name
        assert told[world.name][-1] == 0
